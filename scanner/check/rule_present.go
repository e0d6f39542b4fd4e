package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
)

const rulePresentID = "rule-present"

var rulePresent = Check{
	ID:         rulePresentID,
	Title:      "every address of every KMS host is covered, at both ends",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      append([]string{"rule-conflicts", "exemptions"}, arrival...),
	Cells:      endCells(rulePresentID),
	Needs:      directoryNeeds,
	Judge:      ruleCell(presentAtHost, presentAtClient),
}

// presentAtHost asks for protection in any profile: in which one is for
// rule-profile to say. What an exemption lets in is for exemptions to judge, or
// for rule-conflicts.
func presentAtHost(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = fmt.Sprintf("a rule protects what comes in to %s", someAddress(h.Addresses))
	best := in.bestFlows(e, func(env consec.Env) []flowAt { return in.inboundFlows(e, h, env) })
	// What the firewall drops is closed to strangers too, but for the KMS port: to
	// be closed to everybody is not what that is for.
	best = slices.DeleteFunc(best, func(f flowAt) bool { return f.effect.Verdict == consec.Dropped && !f.kms })
	in.judgePresent(e, best, s, "inbound")
	s.remedy = in.addEndpoint(e)
}

func presentAtClient(in *Input, e end, s *ruleSum) {
	s.intended = "a rule protects what goes out to every KMS host"
	flows := append(in.bestFlows(e, func(env consec.Env) []flowAt { return in.outboundFlows(e, env) }), in.awayFlows(e)...)
	in.judgePresent(e, flows, s, "outbound")
	for _, f := range flows {
		d := f.effect.Security
		switch {
		case d.Verdict == consec.Exempt && d.Undocumented:
			s.unsure("outbound "+f.text, "may go in clear: "+catalog.Text(d.Why))
		case d.Verdict == consec.Exempt:
			s.fail("outbound "+f.text, "goes in clear: "+catalog.Text(d.Why))
		case f.effect.Verdict == consec.Dropped:
			s.fail("outbound "+f.text, "is dropped by the client's own firewall: "+catalog.Text(f.effect.Why))
		}
	}
	s.remedy = in.addEndpoint(e)
}

// bestFlows are packets in the profile in which each is covered best.
func (in *Input) bestFlows(e end, flows func(consec.Env) []flowAt) []flowAt {
	var best []flowAt
	for _, name := range anyProfile {
		for i, f := range flows(inProfile(e.Env, name)) {
			if len(best) <= i {
				best = append(best, f)
			} else if covered(f.effect.Security.Verdict) > covered(best[i].effect.Security.Verdict) {
				best[i] = f
			}
		}
	}
	return best
}

// covered ranks verdicts by how well they cover.
func covered(v consec.Verdict) int {
	return slices.Index([]consec.Verdict{consec.Clear, consec.Unknown, consec.Exempt, consec.Request, consec.Require}, v)
}

func (in *Input) judgePresent(e end, flows []flowAt, s *ruleSum, way string) {
	each(way, flows, func(f flowAt) string {
		if d := f.effect.Security; d.Verdict == consec.Clear && !e.Told.More { // else more than this may protect it
			return "is not protected: " + in.whyClear(e, catalog.Text(d.Why))
		}
		return ""
	}, s.fail)
	s.unknowns(way, flows)
	for _, f := range flows {
		if d := f.effect.Security; d.Verdict != consec.Clear && d.Verdict != consec.Unknown {
			s.note("%s by %s", d.Verdict, byRule(d))
		}
	}
}

// whyClear says why nothing protects a packet: the isolation GPO does not come
// to the machine, or its rules leave the packet out.
func (in *Input) whyClear(e end, why string) string {
	if !e.Told.Assumed && len(in.carriersFor("hosts", ""))+len(in.carriersFor("clients", "")) == 0 {
		return "the isolation does not come to it: there is no GPO that carries it; " + why
	}
	var reasons []string
	for _, o := range e.Told.Left {
		reasons = append(reasons, fmt.Sprintf("GPO %q comes to no machine: %s", o.GPO.Name, catalog.Text(o.Why)))
	}
	if len(reasons) > 0 {
		return clauses(reasons)
	}
	if e.Told.Assumed || in.directories.Isolated(e.Told) {
		return why
	}
	for _, i := range isolations(in.Policy) {
		for _, g := range in.carriers(i) {
			if o := e.Told.Outcome(g); o != nil && o.Applied != estate.Yes {
				reasons = appendNew(reasons, fmt.Sprintf("GPO %q does not come to it: %s", g.Name, catalog.Text(o.Why)))
			} else if o == nil {
				reasons = appendNew(reasons, fmt.Sprintf("GPO %q does not come to it: it is not linked above %s", g.Name, orElse(accountDN(e), "it")))
			}
		}
	}
	if len(reasons) == 0 {
		return why
	}
	return clauses(reasons)
}

func accountDN(e end) string {
	if e.Account != nil {
		return e.Account.DN
	}
	return ""
}

// addEndpoint is how the addresses of all KMS hosts get into the rule: what
// PowerShell sets takes the place of what was there.
func (in *Input) addEndpoint(e end) string {
	hosts := someAddress(in.directories.HostAddresses())
	gpoName, rule, side, gui := "GPO", "RULE", "-RemoteAddress", "Endpoint 2"
	for i := range e.Told.Policy.Rules {
		r := &e.Told.Policy.Rules[i]
		if r.Action == consec.DoNotSecure || r.Tunnel || !in.carries(r.Source) {
			continue
		}
		gpoName, rule = r.Source, r.Name
		if !r.EP1.IsAny() && r.EP2.IsAny() {
			side, gui = "-LocalAddress", "Endpoint 1"
		}
		break
	}
	if carriers := in.carriersFor("hosts", e.Domain); gpoName == "GPO" && len(carriers) > 0 {
		gpoName = carriers[0].Name
	}
	return inEditor + fmt.Sprintf("the rule's Computers tab, %s: %s; ", gui, hosts) +
		fmt.Sprintf("PowerShell: Set-NetIPsecRule -PolicyStore %s -DisplayName %s %s %s", quoted(e.Domain+`\`+gpoName), quoted(rule), side, strings.ReplaceAll(hosts, ",", ", "))
}
