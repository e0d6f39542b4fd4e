package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/policy"
)

var rulePresent = Check{
	ID:         "rule-present",
	Title:      "every address of every KMS host is covered, at both ends",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Cells:      endCells("rule-present"),
	Needs:      directoryNeeds,
	Judge:      ruleCell(presentAtHost, presentAtClient),
}

// presentAtHost asks for protection in any profile: in which one is for
// rule-profile to say. What an exemption lets in is for exemptions to judge.
func presentAtHost(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = fmt.Sprintf("a rule protects what comes in to %s", someAddress(h.Addresses))
	var best []flowAt
	for _, name := range anyProfile {
		for i, f := range in.inboundFlows(e, h, inProfile(e.Env, name)) {
			if len(best) <= i {
				best = append(best, f)
			} else if covered(f.effect.Security.Verdict) > covered(best[i].effect.Security.Verdict) {
				best[i] = f
			}
		}
	}
	in.judgePresent(e, best, s, "inbound")
	if s.remedy != "" {
		return
	}
	s.remedy = in.addEndpoint(e, someAddress(h.Addresses))
}

func presentAtClient(in *Input, e end, s *ruleSum) {
	s.intended = "a rule protects what goes out to every KMS host"
	in.judgePresent(e, in.outboundFlows(e, e.Env), s, "outbound")
	if s.remedy == "" {
		s.remedy = in.addEndpoint(e, someAddress(in.directories.HostAddresses()))
	}
}

// covered ranks verdicts by how well they cover.
func covered(v consec.Verdict) int {
	return slices.Index([]consec.Verdict{consec.Clear, consec.Unknown, consec.Exempt, consec.Request, consec.Require}, v)
}

func (in *Input) judgePresent(e end, flows []flowAt, s *ruleSum, way string) {
	for _, f := range flows {
		switch d := f.effect.Security; {
		case f.effect.Verdict == consec.Dropped:
		case d.Verdict == consec.Unknown:
			if !s.doubted(d.Why) {
				s.unsure(way+" "+f.text, "cannot be told: "+d.Why)
			}
		case d.Verdict == consec.Clear && e.Told.More:
			// Whatever else it has been told may protect the packet.
		case d.Verdict == consec.Clear:
			s.fail(way+" "+f.text, "is not protected: "+in.whyClear(e, d.Why))
		default:
			s.note("%s by %s", d.Verdict, byRule(d))
		}
	}
}

// whyClear says why nothing protects a packet: the isolation GPO does not come
// to the machine, or its rules leave the packet out.
func (in *Input) whyClear(e end, why string) string {
	if e.Told.Assumed || in.directories.Isolated(e.Told) {
		return why
	}
	var reasons []string
	for _, i := range isolations(in.Policy) {
		for _, g := range in.carriers(i) {
			if o := e.Told.Outcome(g); o != nil && o.Applied != estate.Yes {
				reasons = appendNew(reasons, fmt.Sprintf("GPO %q does not come to it: %s", g.Name, o.Why))
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

// addEndpoint is how the addresses get into the rule.
func (in *Input) addEndpoint(e end, addresses string) string {
	name := "the isolation GPO"
	for _, i := range isolations(in.Policy) {
		for _, g := range in.carriers(i) {
			name = g.Name
		}
	}
	return inEditor + fmt.Sprintf("the rule's Computers tab, Endpoint 2: add %s; ", addresses) +
		fmt.Sprintf("PowerShell: Set-NetIPsecRule -PolicyStore %s -DisplayName RULE -RemoteAddress %s", quoted(e.Domain+`\`+name), strings.ReplaceAll(addresses, ",", ", "))
}
