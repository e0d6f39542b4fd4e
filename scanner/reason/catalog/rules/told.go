package rules

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const natDocuments = "Microsoft's documents differ on the default and on what the value means, so the test from behind NAT decides"

// throughNAT is what an end is told of IPsec through NAT.
func throughNAT(r reason.Reason) string {
	switch {
	case r.Word("gpo") == "":
		return entry.Fill("{end}: IPsecThroughNAT is not set; ", r) + natDocuments
	case r.Number("value") == 0:
		return entry.Fill("{end}: IPsecThroughNAT 0 (never), by GPO {gpo|q}; ", r) + natDocuments
	}
	return entry.Fill("{end}: IPsecThroughNAT {value}, by GPO {gpo|q}; ", r) + natDocuments
}

// forms of a configuration, compared with the paper's one rule.
var comparisons = map[string]string{
	"weaker": "weaker than the paper's", "request": "that of the stage request", "equivalent": "equivalent to the paper's", "paper": "the paper's",
}

// at is where a conduct is, and besides what is said after it.
const (
	conductAt      = "at {end}{from|+ from }"
	conductBesides = "{firewall|+, and the firewall drops it: }{doubt|+, but }"
)

var told = []entry.Entry{
	{Code: reason.ToldRule, Text: "{end}: {verdict} by {by}",
		Means: "What the rules of the machine do with the packets of the check, and which rule decides."},
	{Code: reason.ToldRuleAtRequest, Text: "{end}: {verdict} by {by}, as the stage request has it",
		Means: "The rule asks for IPsec and does not require it, which is what the declared stage wants."},
	{Code: reason.ToldForm, Say: func(r reason.Reason) string { return r.Word("end") + ": form: " + comparisons[r.Word("form")] },
		Means: "How the rules compare with the one rule of the paper: require inbound, request outbound, between any and the KMS hosts. Only a weaker form fails."},
	{Code: reason.ToldMethods, Text: "{end}: {by} accepts {methods}",
		Means: "The ways to authenticate that the deciding rule takes."},
	{Code: reason.ToldProfiles, Text: "{end}: awake in {profiles}",
		Means: "The profiles of the firewall in which the rule counts."},
	{Code: reason.ToldClosed, Text: "{end}: awake or closed in the other profiles",
		Means: "In no profile does the KMS port answer in clear: the rule counts there, or the firewall closes the port."},
	{Code: reason.ToldProposals, Text: "{end}: {by}: {proposals}",
		Means: "The quick mode proposals that the deciding rule takes."},
	{Code: reason.ToldGPOs, Text: "{end}: rules of GPO {gpos|quotes}",
		Means: "The GPOs that the connection security rules of the machine come from."},
	{Code: reason.ToldRanges, Text: "{end}: exempts {ipv4} IPv4 and {ipv6} IPv6 ranges",
		Means: "How many ranges of addresses the exemptions of the machine name."},
	{Code: reason.ToldNAT, Say: throughNAT,
		Means: "The setting for IPsec through NAT that the machine is told. It decides nothing here: the test from behind NAT does."},
	{Code: reason.NATNever, Text: "{end} is told by GPO {gpo|q} to negotiate with nobody behind NAT (IPsecThroughNAT 0); " + natDocuments, Severity: run.Info,
		Means: "A GPO sets IPsecThroughNAT to 0. Clients behind NAT may be shut out by it."},

	{Code: reason.ConductUnknown, Text: "not known: {why}",
		Means: "What the host is told is not known, so there is no middle answer between what is intended and what is observed."},
	{Code: reason.ConductApplied, Text: "applied there: {why}",
		Means: "What the host's own registry says, beside what the directory tells it."},
	{Code: reason.ConductBy, Text: "{verdict} " + conductAt + " by {by}" + conductBesides,
		Means: "What the rules of an end do with a packet of the cell, and which rule decides."},
	{Code: reason.ConductWithout, Text: "{verdict} " + conductAt + ": {why}" + conductBesides,
		Means: "What an end does with a packet of the cell that is told nothing."},
	{Code: reason.ConductNotRead, Text: "not known " + conductAt + ": {why}" + conductBesides,
		Means: "What an end is told is not known, so what it does with the packet is not either."},
}
