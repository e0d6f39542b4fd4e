package claim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var seen = &run.Observation{ID: "o1", Class: run.Silent}

// kinds are one support of each kind, in the order in which they decide.
var kinds = []struct {
	s       Support
	verdict run.Verdict
}{
	{Exposed(reason.One(reason.OutsiderAnswered), seen), run.Fail},
	{Broken(reason.One(reason.Silent), seen), run.Fail},
	{Void(reason.One(reason.ClosedToEverybody), seen), run.Skip},
	{Failed(reason.One(reason.OutsiderNotSent), seen), run.Error},
	{Misdeclared(reason.One(reason.OutsiderExempt), seen), run.Inconclusive},
	{Open(reason.One(reason.NoControlBefore), seen), run.Inconclusive},
	{Weak(reason.One(reason.OutsiderUnshown), seen), run.Pass},
	{Shown(seen), run.Pass},
}

func conclude(which ...int) Conclusion {
	var all []Asked
	for i, n := range which {
		all = append(all, Asked{Code: reason.Code(fmt.Sprint("claim-", i)), Support: kinds[n].s})
	}
	return Conclude(all)
}

// The first kind in order decides, of all pairs and triples, however they are
// ordered.
func TestConclude(t *testing.T) {
	is := func(c Conclusion, worst int) {
		t.Helper()
		k := kinds[worst]
		if c.Verdict() != k.verdict || c.weak != (k.s.Level() == run.Weak) || c.Void() != (k.s.Level() == run.Void) || !c.Why().Equal(k.s.Why()) {
			t.Errorf("%d: %s, weak %v, void %v: %s", worst, c.Verdict(), c.weak, c.Void(), c.Why().Key())
		}
	}
	for a := range kinds {
		is(conclude(a), a)
		for b := range kinds {
			is(conclude(a, b), min(a, b))
			for c := range kinds {
				is(conclude(a, b, c), min(a, b, c))
			}
		}
	}
}

// Nothing passes that an observation does not show.
func TestNothingPassesByItself(t *testing.T) {
	for name, all := range map[string][]Asked{
		"no claim":                 nil,
		"the zero support":         {{Code: reason.ClaimSent}},
		"one of two":               {{Code: reason.ClaimSent, Support: Shown(seen)}, {Code: reason.ClaimWaited}},
		"no observation":           {{Code: reason.ClaimSent, Support: Shown(nil)}},
		"an observation in error":  {{Code: reason.ClaimSent, Support: Shown(&run.Observation{ID: "o2", Trouble: reason.One(reason.NotObserved)})}},
		"one that nobody made":     {{Code: reason.ClaimSent, Support: Shown(seen, &run.Observation{})}},
		"one that cannot be made":  {{Code: reason.ClaimSent, Support: Shown(seen, &run.Observation{ID: "o3", Missing: reason.One(reason.NotObserved)})}},
		"a deny by nobody's watch": {{Code: reason.ClaimDeniedByHost, Support: Denied(run.ByArrived, nil, nil)}},
	} {
		c := Conclude(all)
		if c.Verdict() == run.Pass || len(c.Why()) == 0 || !c.Why().Has(reason.NothingTried, reason.ClaimNotShown) {
			t.Errorf("%s: %s: %s", name, c.Verdict(), c.Why().Key())
		}
	}
	if c := (Conclusion{}); c.Verdict() == run.Pass {
		t.Error("the zero conclusion passes")
	}
}

// A weak pass names all that is weak; a deny says by whom.
func TestWeak(t *testing.T) {
	c := Conclude([]Asked{
		{reason.ClaimOutsider, Weak(reason.One(reason.OutsiderUnshown), seen)},
		{reason.ClaimDeniedByHost, Denied(run.ByPaired, reason.One(reason.PairedAnswered), seen)},
		{reason.ClaimSent, Shown(seen)},
	})
	if c.Verdict() != run.Pass || !c.weak || !c.Why().Has(reason.OutsiderUnshown) || !c.Why().Has(reason.PairedAnswered) {
		t.Errorf("%s, weak %v: %s", c.Verdict(), c.weak, c.Why().Key())
	}
	if s := Denied(run.ByArrived, reason.One(reason.ArrivedUnanswered), seen); s.Level() != run.Shown || s.Denier() != run.ByArrived || !slices.Equal(s.By(), []string{"o1"}) {
		t.Errorf("arrived is %s by %s of %v", s.Level(), s.Denier(), s.By())
	}
}

// What was not made fails the trial or takes it away, and says that it was not made.
func TestUnmade(t *testing.T) {
	if _, made := Unmade(seen); !made {
		t.Error("what was observed is not made")
	}
	for want, o := range map[run.Support]*run.Observation{
		run.ToolFailed: {ID: "o2", Trouble: reason.One(reason.NotObserved)},
		run.Void:       {ID: "o3", Missing: reason.One(reason.NotObserved)},
	} {
		s, made := Unmade(o)
		if made || s.Level() != want || !Conclude([]Asked{{reason.ClaimSent, s}}).Unmade() {
			t.Errorf("%s: made %v, level %s", want, made, s.Level())
		}
	}
}
