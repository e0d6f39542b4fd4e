package check

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A forest that could not be read does not hide that another one trusts nobody.
func TestUnreadForestDoesNotHideAMissingTrust(t *testing.T) {
	const unread = "the trusts were not read"
	third := contoso()
	third.Name = "northwind.test"
	d := &third.Domains[0]
	d.Name, d.DN, d.NetBIOS, d.Trusts = "northwind.test", "DC=northwind,DC=test", "NORTHWIND", nil
	d.Accounts = d.Accounts[1:]
	d.Accounts[0].DNSName = "kms02.northwind.test"
	for _, lost := range []bool{false, true} {
		cells := audit(t, func(p *policy.Policy, f *run.Forest) {
			p.Hosts[1].FQDN = "kms02.northwind.test"
			if lost {
				f.Problems = append(f.Problems, run.Problem{Where: "contoso.test", Why: reason.List{reason.Quote(unread)}, Aspect: run.AspectTrusts})
			}
		}, fabrikam(), third)
		c := cells["forest-trust/forest:fabrikam.test"]
		if c.Verdict != run.Fail || len(c.Reasons) == 0 || !c.Reasons[0].Is(reason.TrustMissing) || lost != saysCode(c.Reasons, reason.DirectoryProblem, unread) {
			t.Errorf("lost %v: %s: %s", lost, c.Verdict, c.Reasons.Key())
		}
	}
}

// A rule that lets everybody in fails whatever else is not known.
func TestAnonymousBesideAnUnknownPacket(t *testing.T) {
	l := ledger{claims: []reason.Code{reason.ClaimEqual}}
	equal := l.of(reason.ClaimEqual)
	s := effects{entry: equal, wrong: &equal.exposed, right: []consec.Verdict{consec.Require}}
	s.packet(netip.MustParseAddr("198.18.30.9"), "one", consec.Effect{Security: consec.Decision{Verdict: consec.Require, Rule: "R"}, Weak: []string{"Anonymous"}})
	s.packet(netip.MustParseAddr("198.18.30.9"), "two", consec.Effect{Security: consec.Decision{Verdict: consec.Unknown}})
	s.enter(&l, &run.Observation{ID: "o1"})
	if got := l.support(reason.ClaimEqual); got.Level() != run.Exposure || !got.Why().Has(reason.AnonymousAccepted) || len(l.findings) != 1 {
		t.Errorf("%s: %s", got.Level(), got.Why().Key())
	}
}

func TestEndsAreFolded(t *testing.T) {
	for _, c := range []struct {
		name string
		say  func(*ruleSum)
		want run.Verdict
	}{
		{"no end", func(*ruleSum) {}, run.Inconclusive},
		{"an end of which nothing was looked at", func(s *ruleSum) { s.end = "a"; s.shown(s.whole) }, run.Inconclusive},
		{"a right end", func(s *ruleSum) { s.begun("a") }, run.Pass},
		{"one that is skipped", func(s *ruleSum) { s.begun("a"); s.begun("b"); s.skip(reason.NothingProtects) }, run.Skip},
		{"one that is not sure", func(s *ruleSum) {
			s.begun("a")
			s.skip(reason.NothingProtects)
			s.unsure("", reason.New(reason.PacketUnknown))
		}, run.Inconclusive},
		{"one that is doubted", func(s *ruleSum) { s.begun("a"); s.doubt(reason.ToldOtherwise, reason.Quote("half read")) }, run.Inconclusive},
		{"one that is wrong among all of these", func(s *ruleSum) {
			s.begun("a")
			s.doubt(reason.ToldOtherwise, reason.Quote("half read"))
			s.unsure("", reason.New(reason.PacketUnknown))
			s.skip(reason.NothingProtects)
			s.breaks("", reason.New(reason.AcceptsNoESP))
		}, run.Fail},
	} {
		s := newSum()
		c.say(s)
		s.enter()
		got := claim.Conclude([]claim.Asked{{Code: s.whole, Support: s.support(s.whole)}, {Code: s.claim, Support: s.support(s.claim)}})
		if got.Verdict() != c.want {
			t.Errorf("%s: %s: %s", c.name, got.Verdict(), got.Why().Key())
		}
	}
}

func newSum() *ruleSum {
	return &ruleSum{ledger: &ledger{claims: []reason.Code{reason.ClaimComplete, reason.ClaimAgree}}, whole: reason.ClaimComplete, claim: reason.ClaimAgree, by: []*run.Observation{{ID: "o1"}}}
}

// begun begins an end of which nothing is known, and looks at it.
func (s *ruleSum) begun(name string) {
	s.end = name
	s.shown(s.whole)
	s.shown(s.claim)
}

// What a doubt rests on is not said once more; what it does not rest on is.
func TestDoubtedAlready(t *testing.T) {
	inner, other := reason.New(reason.RuleOfInterfaceTypes, "rule", "R"), reason.New(reason.RuleOfInterfaceTypes, "rule", "S")
	s := newSum()
	s.begun("a")
	s.doubt(reason.ToldUnreadable, reason.New(reason.RuleSetUnresolved, "rule", "R", "why", inner))
	for _, c := range []struct {
		why  reason.List
		want bool
	}{{reason.List{inner}, true}, {reason.List{other}, false}, {reason.List{inner, other}, false}, {nil, false}} {
		if got := s.doubted(c.why); got != c.want {
			t.Errorf("%s: %v", c.why.Key(), got)
		}
	}
}
