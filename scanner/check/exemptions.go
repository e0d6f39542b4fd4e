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

var exemptions = Check{
	ID:         "exemptions",
	Title:      "the exemptions that are configured are those declared",
	Section:    "Define exemptions",
	Confirmed:  "spec",
	Configured: true,
	Cells:      configuredHostCells("exemptions"),
	Needs:      directoryNeeds,
	Judge:      ruleCell(judgeExemptions, nil),
}

// exempted is a rule that exempts peers of a host, and which.
type exempted struct {
	rule  *consec.Rule
	peers consec.Addresses
}

func judgeExemptions(in *Input, e end, h policy.Host, s *ruleSum) {
	if !e.Told.Assumed && !in.directories.Isolated(e.Told) {
		s.skipped = "the isolation does not come to it: see rule-present"
		return
	}
	declared := in.declaredFor(h)
	s.intended = fmt.Sprintf("%s exempts %s", h.Name, orElse(list(texts(declared)), "nobody"))
	found := in.exemptedAt(e, h)
	counts := map[bool]int{}
	for _, x := range found {
		for _, r := range x.peers.Ranges {
			counts[r.First.Is4()]++
		}
		in.judgeExemption(e, h, x, declared, s)
	}
	for _, d := range declared {
		if !coveredBy(d, found) && reaches(d, h) {
			s.fail("", fmt.Sprintf("does not exempt %s: the policy declares it, and no active rule has it", d))
			s.remedy = inEditor + "New Rule, Authentication exemption, " + d.String() + "; " +
				fmt.Sprintf("PowerShell: New-NetIPsecRule -PolicyStore %s -DisplayName NAME -InboundSecurity None -OutboundSecurity None -RemoteAddress %s", quoted(e.Domain+`\GPO`), d)
		}
	}
	in.expiredExemptions(h, s)
	s.note("exempts %d IPv4 and %d IPv6 ranges", counts[true], counts[false])
}

// exemptedAt lists the rules of the isolation that exempt peers of the host in
// the Domain profile. What rules of other GPOs exempt is for rule-conflicts.
func (in *Input) exemptedAt(e end, h policy.Host) []exempted {
	var all []exempted
	for i := range e.Told.Policy.Rules {
		r := &e.Told.Policy.Rules[i]
		if r.Action != consec.DoNotSecure || !r.Active || r.Tunnel || r.Rejected() != "" ||
			len(r.Profiles) > 0 && !slices.Contains(r.Profiles, profile) || !e.Told.Assumed && !in.carries(r.Source) && r.Source != "" {
			continue
		}
		for _, sides := range [][2]consec.Addresses{{r.EP1, r.EP2}, {r.EP2, r.EP1}} {
			if slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return sides[0].Covers(a, nil) != consec.No }) {
				all = append(all, exempted{r, sides[1]})
				if sides[0].IsAny() && sides[1].IsAny() {
					break // both ways round it is the same
				}
			}
		}
	}
	return all
}

func (in *Input) judgeExemption(e end, h policy.Host, x exempted, declared []netip.Prefix, s *ruleSum) {
	name := fmt.Sprintf("rule %s of GPO %q", x.rule.Title(), x.rule.Source)
	s.remedy = inEditor + "the rule's Computers tab: only the addresses declared; " +
		fmt.Sprintf("PowerShell: Set-NetIPsecRule -PolicyStore %s -DisplayName %s -RemoteAddress %s",
			quoted(e.Domain+`\`+x.rule.Source), quoted(x.rule.Name), orElse(strings.Join(texts(declared), ", "), "ADDRESSES"))
	for _, k := range x.peers.Keywords {
		s.fail("", "exempts "+k.Name+" by "+name+": each machine finds out for itself which addresses that is, so nobody can say who gets in")
	}
	if x.peers.IsAny() {
		s.fail("", "exempts everybody: "+name+" names no peer")
		return
	}
	for _, r := range x.peers.Ranges {
		if host, a := in.hostIn(r); a.IsValid() {
			if !x.covers(h) {
				s.fail("", fmt.Sprintf("exempts %s by %s: it covers KMS host %s (%s) itself, which then accepts everybody in clear", r.String(), name, host, a))
			}
			continue
		}
		for _, v := range in.Policy.WithRole(policy.RoleNonDomain, policy.RoleDomain) {
			for _, a := range in.sources(v.Name) {
				if r.Contains(a) {
					s.fail("", fmt.Sprintf("exempts %s by %s: %s vantage %s (%s) is inside", r.String(), name, v.Role, v.Name, a))
				}
			}
		}
		if rest := outside(r, declared); rest != "" {
			s.fail("", fmt.Sprintf("exempts %s by %s: the policy declares no exemption for %s", r.String(), name, rest))
		}
	}
	if x.rule.EP1.IsAny() || x.rule.EP2.IsAny() {
		severity := run.Warn
		if in.Policy.Isolation.Basis == policy.BasisPaper {
			severity = run.Info // the paper's own form
		}
		s.find(run.Finding{ID: "exemption-any", Severity: severity,
			Text:   name + " has an endpoint that is any: it exempts traffic with every machine, not with the KMS hosts only",
			Remedy: inEditor + "the rule's Computers tab, Endpoint 1: the KMS hosts"})
	}
}

// covers reports whether the rule has the host on the side that is no peer.
func (x exempted) covers(h policy.Host) bool {
	side := x.rule.EP1
	if slices.Equal(side.Ranges, x.peers.Ranges) {
		side = x.rule.EP2
	}
	return !side.IsAny() && slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return side.Covers(a, nil) == consec.Yes })
}

// hostIn is a KMS host whose address is in the range.
func (in *Input) hostIn(r consec.Range) (string, netip.Addr) {
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			if r.Contains(a) {
				return h.Name, a
			}
		}
	}
	return "", netip.Addr{}
}

// declaredFor are the networks that may reach a host in clear.
func (in *Input) declaredFor(h policy.Host) []netip.Prefix {
	var all []netip.Prefix
	for _, x := range in.Policy.Exemptions {
		if x.Applies(h.Name) {
			all = append(all, x.Addresses...)
		}
	}
	return all
}

// expiredExemptions and those about to expire are findings of the declaration.
func (in *Input) expiredExemptions(h policy.Host, s *ruleSum) {
	for _, x := range in.Policy.Exemptions {
		if !x.Applies(h.Name) {
			continue
		}
		if !x.Expires.IsZero() && !x.Expires.After(in.started) {
			s.find(run.Finding{ID: "exemption-expired", Severity: run.Warn,
				Text: fmt.Sprintf("exemption %s expired on %s (owner %s) and is still declared", x.Name, x.Expires.Format("2006-01-02"), orElse(x.Owner, "nobody"))})
		}
		if x.Reason == "" || x.Owner == "" || x.Control == "" {
			s.find(run.Finding{ID: "exemption-unowned", Severity: run.Info,
				Text: fmt.Sprintf("exemption %s lacks a reason, an owner or another control", x.Name)})
		}
	}
}

// reaches reports whether a network and a host have a family in common.
func reaches(d netip.Prefix, h policy.Host) bool {
	return slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return a.Is4() == d.Addr().Is4() })
}

// coveredBy reports whether the rules exempt all of a network.
func coveredBy(d netip.Prefix, found []exempted) bool {
	rest := []consec.Range{rangeOf(d)}
	for _, x := range found {
		if x.peers.IsAny() {
			return true
		}
		for _, r := range x.peers.Ranges {
			rest = without(rest, r)
		}
	}
	return len(rest) == 0
}

// outside says what of a range is in none of the networks, "" where all is.
func outside(r consec.Range, declared []netip.Prefix) string {
	rest := []consec.Range{r}
	for _, d := range declared {
		rest = without(rest, rangeOf(d))
	}
	var all []string
	for _, x := range rest {
		all = append(all, x.String())
	}
	return list(all)
}

// without takes a range out of others.
func without(rest []consec.Range, out consec.Range) []consec.Range {
	var left []consec.Range
	for _, r := range rest {
		if r.First.BitLen() != out.First.BitLen() || out.Last.Less(r.First) || r.Last.Less(out.First) {
			left = append(left, r)
			continue
		}
		if r.First.Less(out.First) {
			left = append(left, consec.Range{First: r.First, Last: out.First.Prev()})
		}
		if out.Last.Less(r.Last) {
			left = append(left, consec.Range{First: out.Last.Next(), Last: r.Last})
		}
	}
	return left
}

func rangeOf(p netip.Prefix) consec.Range {
	last := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(last)*8; i++ {
		last[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(last)
	return consec.Range{First: p.Masked().Addr(), Last: a}
}

func texts[T fmt.Stringer](all []T) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.String())
	}
	return out
}
