package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const protoTCP = 6

// atHome is a member on its own network.
var atHome = consec.Env{Profile: profile}

// Addresses that stand for a stranger where no outsider's own are known: they
// are kept for documentation (RFC 5737, RFC 9637).
var (
	stranger4 = netip.MustParseAddr("192.0.2.1")
	stranger6 = netip.MustParseAddr("3fff::1")
)

var gpoApplied = Check{
	ID:        "gpo-applied",
	Title:     "the isolation policy has arrived, judged by its effect",
	Section:   "Verify the GPO is applied",
	Confirmed: "spec",
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.WithRole(policy.RoleDomain, policy.RoleKMSHost) {
			for _, g := range policies(p, v) {
				ids = append(ids, run.CellID{Check: "gpo-applied", Vantage: v.Name, Target: g})
			}
		}
		return ids
	},
	Needs: func(_ *policy.Policy, id run.CellID) []run.Need {
		return appliedNeeds(id.Vantage)
	},
	Judge: judgeApplied,
}

// policies names the GPOs that a vantage must have; a policy that declares none
// has one all the same.
func policies(p *policy.Policy, v policy.Vantage) []string {
	if len(p.Isolation.Policies) == 0 {
		return []string{"gpo:isolation"}
	}
	want := "clients"
	if v.Role == policy.RoleKMSHost {
		want = "hosts"
	}
	var names []string
	for _, g := range p.Isolation.Policies {
		name := g.Name
		if name == "" {
			name = g.ID
		}
		if g.Role == want || g.Role == "both" {
			names = append(names, "gpo:"+name)
		}
	}
	return names
}

func judgeApplied(in *Input) run.Cell {
	o := in.See(registry(in.Cell.Vantage, keyFirewall))
	if stopped, stop := blocked(o); stop {
		return stopped
	}
	v := in.vantage()
	cell := run.Cell{Verdict: run.Pass, Intended: "outbound to every KMS host is protected (request or require)"}
	if v.Role == policy.RoleKMSHost {
		cell.Intended = "inbound from everybody who is not exempt is protected (require)"
	}
	if len(o.Registry) == 0 {
		cell.Verdict = run.Fail
		cell.Reason = "the registry of " + v.Name + " holds no Windows Firewall policy: no GPO with one is applied"
		return cell
	}
	given, err := consec.FromRegistry(o.Registry)
	if err != nil {
		cell.Verdict, cell.Reason = run.Error, err.Error()
		return cell
	}
	all, err := in.applied(v.Name)
	if err != nil {
		cell.Verdict, cell.Reason = run.Error, err.Error()
		return cell
	}
	if v.Role == policy.RoleKMSHost {
		in.judgeHostRules(&cell, *all)
	} else {
		in.judgeClientRules(&cell, *all)
	}
	if own := in.See(registry(v.Name, keyOwnFirewall)); !showsStore(own) {
		cell.Configured += "; the machine's own rules are not known: " + orElse(own.Error+own.Missing, "its registry shows none of its settings")
	}
	in.tellStale(&cell, &given)
	return cell
}

// judgeHostRules asks what the host does with strangers, and with the exempt.
func (in *Input) judgeHostRules(cell *run.Cell, told consec.Policy) {
	h, _ := in.Policy.Host(in.vantage().Host)
	sum := effects{cell: cell, right: []consec.Verdict{consec.Require}}
	for _, a := range h.Addresses {
		for _, peer := range in.strangers(a) {
			sum.add(fmt.Sprintf("from %s to %s", peer, label(a, port(h.Port))), told.Inbound(a, peer, protoTCP, h.Port, atHome))
		}
	}
	sum.fold()
	for _, e := range in.Policy.Exemptions {
		if !e.Applies(h.Name) {
			continue
		}
		for _, a := range h.Addresses {
			for _, x := range e.Addresses {
				if x.Addr().Is4() != a.Is4() {
					continue
				}
				inside := x.Addr()
				if !x.IsSingleIP() {
					inside = inside.Next()
				}
				if got := told.Inbound(a, inside, protoTCP, h.Port, atHome); got.Security.Verdict == consec.Require {
					cell.Findings = append(cell.Findings, run.Finding{ID: "exemption-not-applied", Severity: run.Warn,
						Text: fmt.Sprintf("%s does not exempt %s towards %s: rule %s requires protection from it", in.Cell.Vantage, x, a, got.Rule)})
				}
			}
		}
	}
}

// judgeClientRules asks what the client does with packets for each KMS host.
func (in *Input) judgeClientRules(cell *run.Cell, told consec.Policy) {
	sum := effects{cell: cell, right: []consec.Verdict{consec.Request, consec.Require}}
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			for _, own := range in.own(a) {
				sum.add(fmt.Sprintf("from %s to %s", own, label(a, port(h.Port))), told.Outbound(own, a, protoTCP, h.Port, atHome))
			}
		}
	}
	sum.fold()
}

// strangers are addresses, of the family of the given one, of the declared
// outsiders, or else one that stands for all.
func (in *Input) strangers(like netip.Addr) []netip.Addr {
	var all []netip.Addr
	for _, v := range in.Policy.WithRole(policy.RoleNonDomain) {
		all = append(all, family(in.sources(v.Name), like.Is6())...)
	}
	return orStranger(all, like)
}

// own is an address of the vantage itself in that family.
func (in *Input) own(like netip.Addr) []netip.Addr {
	own := orStranger(family(in.sources(in.Cell.Vantage), like.Is6()), like)
	return own[:1]
}

func orStranger(addrs []netip.Addr, like netip.Addr) []netip.Addr {
	switch {
	case len(addrs) > 0:
		return addrs
	case like.Is6():
		return []netip.Addr{stranger6}
	}
	return []netip.Addr{stranger4}
}

// effects sums up what the rules do with several packets.
type effects struct {
	cell         *run.Cell
	right        []consec.Verdict
	good         []string // rules that decide as they should
	wrong, vague []string
	weak, notes  []string
}

// add looks at what connection security does with a packet. What a firewall
// drops beside it is no isolation: it may allow it tomorrow.
func (s *effects) add(packet string, e consec.Effect) {
	switch d := e.Security; {
	case slices.Contains(s.right, d.Verdict):
		s.good = appendNew(s.good, d.Rule)
		s.weak = appendNew(s.weak, e.Weak...)
	case d.Verdict == consec.Unknown:
		s.vague = append(s.vague, fmt.Sprintf("%s: %s", packet, d.Why))
	default:
		s.wrong = append(s.wrong, fmt.Sprintf("%s: %s (%s)", packet, d.Verdict, d.Why))
	}
	s.notes = appendNew(s.notes, e.Notes...)
}

func (s *effects) fold() {
	c := s.cell
	switch {
	case len(s.wrong) > 0:
		c.Verdict, c.Reason = run.Fail, clauses(s.wrong)
		c.Configured = s.wrong[0]
	case len(s.vague) > 0:
		c.Verdict, c.Reason = run.Inconclusive, clauses(s.vague)
		c.Configured = s.vague[0]
	default:
		c.Configured = "by rule " + strings.Join(s.good, ", ")
	}
	for _, m := range s.weak {
		c.Findings = append(c.Findings, run.Finding{ID: "weak-authentication", Severity: run.High,
			Text:   fmt.Sprintf("rule %s accepts %s beside computer Kerberos", strings.Join(s.good, ", "), m),
			Remedy: "leave only Computer (Kerberos V5) in the first authentication of the rule"})
		if m == "Anonymous" && c.Verdict == run.Pass {
			c.Verdict, c.Reason = run.Fail, "the rule accepts anonymous authentication, which lets everybody in"
		}
	}
	for _, n := range s.notes {
		c.Findings = append(c.Findings, run.Finding{ID: "rule-note", Severity: run.Info, Text: n})
	}
}

func appendNew(to []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}
