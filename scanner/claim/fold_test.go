package claim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// foldOrder is every kind of part, the worst first.
var foldOrder = []Part{
	{verdict: run.Fail}, {verdict: run.Error}, {verdict: run.Inconclusive}, {verdict: run.Waived}, {verdict: run.Skip},
	{verdict: run.Pass, by: run.ByUnknown, weak: true}, {verdict: run.Pass, by: run.ByPath, weak: true},
	{verdict: run.Pass, by: run.ByConfigured, weak: true}, {verdict: run.Pass, by: run.ByPaired, weak: true},
	{verdict: run.Pass, by: run.ByArrived}, {verdict: run.Pass},
}

// some is part n of foldOrder, with a label and all that a part can tell.
func some(n, label int) Part {
	p := foldOrder[n]
	p.label = fmt.Sprintf("part%d", label)
	if p.verdict != run.Pass {
		p.why = reason.One(reason.UnexpectedClass, "class", p.verdict)
	}
	return p
}

// namesPlace reports whether some reason is about a place.
func namesPlace(l reason.List, label string) bool {
	return slices.ContainsFunc(l, func(r reason.Reason) bool { return slices.Contains(r.Words("at"), label) })
}

func foldOf(kinds ...int) run.Cell {
	var f Fold
	for i, n := range kinds {
		f.Add(some(n, i))
	}
	return f.Outcome().Cell()
}

// is complains where a cell is not what its worst part makes it.
func is(t *testing.T, c run.Cell, worst int, parts ...int) {
	t.Helper()
	want := foldOrder[worst]
	if c.Verdict != want.verdict || c.Weak != want.weak || c.By != want.by {
		t.Errorf("parts %v are %s, weak %v, by %q; the worst is %s by %q", parts, c.Verdict, c.Weak, c.By, want.verdict, want.by)
	}
	for i := range parts {
		label := fmt.Sprintf("part%d", i)
		if said := namesPlace(c.Reasons, label); foldOrder[parts[i]].verdict == c.Verdict && c.Verdict != run.Pass && !said {
			t.Errorf("parts %v: the reasons %s do not name %s", parts, c.Reasons.Key(), label)
		}
		if foldOrder[parts[i]].verdict == run.Error && !namesPlace(c.Reasons, label) {
			t.Errorf("parts %v: the reasons %s do not name the error of %s", parts, c.Reasons.Key(), label)
		}
	}
}

// The worst of all pairs and triples of parts decides, in whatever order they
// come.
func TestFoldOfAllPairsAndTriples(t *testing.T) {
	for a := range foldOrder {
		is(t, foldOf(a), a, a)
		for b := range foldOrder {
			is(t, foldOf(a, b), min(a, b), a, b)
			for c := range foldOrder {
				is(t, foldOf(a, b, c), min(a, b, c), a, b, c)
			}
		}
	}
}

func TestEmptyFoldIsSkip(t *testing.T) {
	f := Fold{None: reason.One(reason.NoAddressOfFamily)}
	if c := f.Outcome().Cell(); c.Verdict != run.Skip || !c.Reasons.Equal(f.None) || c.Weak {
		t.Errorf("got %+v", c)
	}
}

// One part more never makes a fold milder that has a part, and loses nothing that
// was said, seen or found of the worst ones.
func TestOnePartMoreIsNeverMilder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	place := func(c run.Cell) int {
		return slices.IndexFunc(foldOrder, func(p Part) bool { return p.verdict == c.Verdict && p.by == c.By })
	}
	for range 5000 {
		kinds := []int{}
		for range 1 + r.IntN(6) {
			kinds = append(kinds, r.IntN(len(foldOrder)))
		}
		before := foldOf(kinds...)
		more := r.IntN(len(foldOrder))
		after := foldOf(append(slices.Clone(kinds), more)...)
		if place(after) > place(before) {
			t.Fatalf("%v are %s by %q, and with %d besides %s by %q", kinds, before.Verdict, before.By, more, after.Verdict, after.By)
		}
		if before.Verdict == run.Fail && !strings.HasPrefix(after.Reasons[0].Word("at"), before.Reasons[0].Word("at")) {
			t.Fatalf("%v with %d: the first that failed is not the first named: %s", kinds, more, after.Reasons.Key())
		}
		shuffled := slices.Clone(kinds)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if place(foldOf(shuffled...)) != place(before) {
			t.Fatalf("%v and %v differ", kinds, shuffled)
		}
	}
}

// Whatever failed is named first, and what could not be looked at after it.
func TestReasonNamesTheFailFirst(t *testing.T) {
	var f Fold
	unseen := func(label string, o *run.Observation) {
		o.ID = "o1"
		s, _ := Unmade(o)
		c := Conclude([]Asked{{reason.ClaimSent, s}})
		f.Add(c.At(label))
	}
	unseen("a:5985", &run.Observation{Trouble: reason.List{reason.Quote("the far end ended")}})
	unseen("a:3389", &run.Observation{Missing: reason.List{reason.Quote("no TCP")}})
	unseen("a:445", &run.Observation{Trouble: reason.List{reason.Quote("the far end ended")}})
	ended, blind := reason.Quote("the far end ended"), reason.New(reason.PlaceNotObserved, "at", []string{"a:3389"}, "why", reason.Quote("no TCP"))
	if c := f.Outcome().Cell(); c.Verdict != run.Error || !c.Reasons.Equal(reason.List{ended, blind}) {
		t.Errorf("without a fail: %s: %s", c.Verdict, c.Reasons.Key())
	}
	f.Add(Against(run.Fail, "a:1688", reason.One(reason.OutsiderAnswered, "vantage", "guest"), false))
	want := reason.List{
		reason.New(reason.OutsiderAnswered, "at", []string{"a:1688"}, "vantage", "guest"),
		reason.New(reason.PlaceNotObserved, "at", []string{"a:5985", "a:445"}, "why", ended),
		blind,
	}
	if c := f.Outcome().Cell(); c.Verdict != run.Fail || !c.Reasons.Equal(want) {
		t.Errorf("with a fail: %s: %s", c.Verdict, c.Reasons.Key())
	}
}

// Nothing makes a pass but a fold of conclusions.
func TestNoOtherOutcomePasses(t *testing.T) {
	why := reason.One(reason.NotObserved)
	var f Fold
	f.Add(Against(run.Pass, "a", why, false), Against("", "a", why, false))
	told := run.Cell{Verdict: run.Pass}
	Outcome{}.Seal(&told)
	for name, v := range map[string]run.Verdict{
		"the zero outcome": Outcome{}.Verdict(), "one of no conclusion": Unpassed(run.Pass, why).Verdict(), "what is against a trial": f.Outcome().Verdict(),
		"an empty fold": (&Fold{}).Outcome().Verdict(), "the zero part": (&Fold{parts: []Part{{}}}).Outcome().Verdict(), "a cell that was told to pass": told.Verdict,
	} {
		if v == run.Pass {
			t.Errorf("%s passes", name)
		}
	}
}

// A part that passes says who denies; other reasons than its own are for one that does
// not pass.
func TestPartOfAConclusion(t *testing.T) {
	denied := Conclude([]Asked{{reason.ClaimDeniedByHost, Denied(run.ByPaired, reason.One(reason.PairedAnswered), seen)}})
	var f Fold
	f.Add(denied.At("a").Because(reason.One(reason.NotObserved)))
	if c := f.Outcome().Cell(); c.Verdict != run.Pass || !c.Weak || c.By != run.ByPaired {
		t.Errorf("%s, weak %v, by %q", c.Verdict, c.Weak, c.By)
	}
	f.Add(conclude(5).At("b").Because(reason.One(reason.NotObserved)))
	if o := f.Outcome(); o.Verdict() != run.Inconclusive || !o.Why().Has(reason.NotObserved) {
		t.Errorf("%s: %s", o.Verdict(), o.Why().Key())
	}
}
