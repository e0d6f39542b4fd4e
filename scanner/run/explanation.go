package run

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// ExplainSchema is the version of the document [Explanation]. In version 1 what
// says why was text alone.
const ExplainSchema = "kmsiso/explain/v2"

// Explanation says what becomes of one packet between two machines by what
// each of them has been told, and why.
type Explanation struct {
	Schema  string       `json:"schema"`
	Version string       `json:"version"` // of kmsiso
	Packet  Packet       `json:"packet"`
	From    ExplainedEnd `json:"from"`
	To      ExplainedEnd `json:"to"`
	Outcome Outcome      `json:"outcome"`
	// Others is what becomes of it at the other addresses of To.
	Others  []OtherAddress    `json:"others,omitempty"`
	Sources []ExplainedSource `json:"sources"`
}

// Packet is the first one of a flow: a TCP SYN, a datagram, an echo request.
type Packet struct {
	Protocol    string     `json:"protocol"`       // tcp, udp or icmp
	Port        uint16     `json:"port,omitempty"` // of the destination; none with icmp
	Source      netip.Addr `json:"source"`         // as the destination sees it
	Destination netip.Addr `json:"destination"`
}

// ExplainedSource is something that was read.
type ExplainedSource struct {
	Forest string      `json:"forest"`
	Source string      `json:"source,omitempty"`
	Read   time.Time   `json:"read,omitzero"`
	Why    reason.List `json:"why,omitempty"` // it was not read
}

// ExplainedEnd is one end of the packet: who it is, what it has been told, and
// what it does.
type ExplainedEnd struct {
	Name    string     `json:"name"`
	Kind    string     `json:"kind"` // host, vantage, computer, client, exemption, outsider or address
	Role    string     `json:"role,omitempty"`
	Address netip.Addr `json:"address"` // its own
	// StandIn says that the address stands for one that is not known: the
	// answer is that for a machine whose address no rule names.
	StandIn bool             `json:"standIn,omitempty"`
	SeenAs  netip.Addr       `json:"seenAs,omitzero"` // behind NAT
	Profile string           `json:"profile,omitempty"`
	Account *ExplainedMember `json:"account,omitempty"`
	// Premise is what is taken for granted of it, where the source cannot tell.
	Premise reason.List    `json:"premise,omitempty"`
	GPOs    []ExplainedGPO `json:"gpos,omitempty"`
	// OtherGPOs counts those above it that say nothing of this.
	OtherGPOs int `json:"otherGPOs,omitempty"`

	// Verdict is what it does with the packet: protected(require),
	// protected(request), clear, exempt, dropped or unknown.
	Verdict      string      `json:"verdict"`
	Rule         string      `json:"rule,omitempty"`   // title of the deciding rule
	Source       string      `json:"source,omitempty"` // whose it is
	Why          reason.List `json:"why"`
	Undocumented bool        `json:"undocumented,omitempty"`
	Doubts       reason.List `json:"doubts,omitempty"` // why it may have been told something else

	// Security and Firewall are the halves of the verdict; nil where no policy
	// was asked.
	Security *ExplainedHalf `json:"security,omitempty"`
	Firewall *ExplainedHalf `json:"firewall,omitempty"`
	// What the deciding rules accept.
	Authentication     []string    `json:"authentication,omitempty"`
	UserAuthentication []string    `json:"userAuthentication,omitempty"`
	Proposals          []string    `json:"proposals,omitempty"`
	Peers              []string    `json:"peers,omitempty"` // SDDL of those it lets in; none is everybody
	Notes              reason.List `json:"notes,omitempty"`
}

// ExplainedMember is an account of a computer.
type ExplainedMember struct {
	DN     string `json:"dn,omitempty"` // "" where it stands for many
	In     string `json:"in"`           // DN of what it is in
	Domain string `json:"domain"`
	OS     string `json:"os,omitempty"`
	State  string `json:"state,omitempty"` // what is odd about it: "disabled"
}

// ExplainedGPO is a GPO and whether it comes to the machine.
type ExplainedGPO struct {
	Name    string      `json:"name"`
	ID      string      `json:"id"`
	Domain  string      `json:"domain,omitempty"`
	Applies string      `json:"applies"`          // yes, no, unknown, or assumed
	Linked  string      `json:"linked,omitempty"` // DN of the site, domain or OU
	Why     reason.List `json:"why,omitempty"`    // not, or not surely
	Notes   reason.List `json:"notes,omitempty"`
}

// ExplainedHalf is what connection security or the firewall does, rule by rule.
type ExplainedHalf struct {
	Verdict string          `json:"verdict"`
	Why     reason.List     `json:"why"`
	Rules   []ExplainedRule `json:"rules,omitempty"`  // that are for the packet, may be, or nearly are
	Others  int             `json:"others,omitempty"` // rules that have nothing to do with it
}

// ExplainedRule is one rule and what it has to do with the packet.
type ExplainedRule struct {
	Rule   string      `json:"rule,omitempty"` // title
	ID     string      `json:"id,omitempty"`
	Source string      `json:"source,omitempty"`
	For    string      `json:"for"` // yes, maybe or no
	Why    reason.List `json:"why"` // the rule is not named again in it
}

// Outcome is what becomes of a packet between two ends.
type Outcome struct {
	Fate
	// May are the things that may become of it, where Verdict is unknown.
	May []Fate `json:"may,omitempty"`
	// Sends and Takes are what the ends do with it, and by what. Why says why they
	// do not agree on IPsec, or why that is not known, and what may still happen.
	Sends reason.List `json:"sends"`
	Takes reason.List `json:"takes"`
	Why   reason.List `json:"why,omitempty"`
	// Undocumented says that Microsoft leaves open which rule comes first, and
	// this is the looser reading.
	Undocumented bool `json:"undocumented,omitempty"`
}

// Equal reports whether two outcomes are the same, for the same reasons.
func (o Outcome) Equal(p Outcome) bool {
	return o.Fate == p.Fate && slices.Equal(o.May, p.May) && o.Undocumented == p.Undocumented &&
		o.Sends.Equal(p.Sends) && o.Takes.Equal(p.Takes) && o.Why.Equal(p.Why)
}

// Fate is one thing that becomes of a packet.
type Fate struct {
	Verdict OutcomeVerdict `json:"verdict"`
	// At is the end where it is dropped or fails: from or to.
	At string `json:"at,omitempty"`
}

// OutcomeVerdict is the word of a [Fate].
type OutcomeVerdict string

// The outcomes.
const (
	OutcomeProtected OutcomeVerdict = "protected" // inside IPsec
	OutcomeClear     OutcomeVerdict = "clear"     // passes in clear
	OutcomeDropped   OutcomeVerdict = "dropped"
	OutcomeFails     OutcomeVerdict = "fails" // IPsec is wanted and does not come about
	OutcomeUnknown   OutcomeVerdict = "unknown"
)

// OtherAddress is the same packet to another address.
type OtherAddress struct {
	Address netip.Addr `json:"address"`
	Outcome Outcome    `json:"outcome"`
}

// MethodWords names methods of authentication, as [MS-GPFAS] 2.2.4.7 spells
// them, for people.
func MethodWords(methods []string) string {
	var all []string
	for _, m := range methods {
		if w, ok := methodWords[m]; ok {
			m = w
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, " or ")
}

var methodWords = map[string]string{
	"MachineKerb": "computer Kerberos", "MachineCert": "computer certificate", "MachineSHKey": "preshared key",
	"MachineNtlm": "computer NTLM", "Anonymous": "nothing (Anonymous)",
	"UserKerb": "user Kerberos", "UserCert": "user certificate", "UserNtlm": "user NTLM",
}
