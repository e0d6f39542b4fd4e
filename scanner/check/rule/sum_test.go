package rule

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

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
		got := claim.Conclude([]claim.Asked{{Code: s.whole, Support: s.Support(s.whole)}, {Code: s.claim, Support: s.Support(s.claim)}})
		if got.Verdict() != c.want {
			t.Errorf("%s: %s: %s", c.name, got.Verdict(), got.Why().Key())
		}
	}
}

func newSum() *ruleSum {
	return &ruleSum{Ledger: &check.Ledger{Claims: []reason.Code{reason.ClaimComplete, reason.ClaimAgree}}, whole: reason.ClaimComplete, claim: reason.ClaimAgree, by: []*run.Observation{{ID: "o1"}}}
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
