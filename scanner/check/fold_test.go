package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// foldOrder is every kind of part, the worst first.
var foldOrder = []part{
	{verdict: run.Fail}, {verdict: run.Error}, {verdict: run.Inconclusive}, {verdict: run.Waived}, {verdict: run.Skip},
	{verdict: run.Pass, by: run.ByUnknown}, {verdict: run.Pass, by: run.ByPath},
	{verdict: run.Pass, by: run.ByHostFirewall}, {verdict: run.Pass, by: run.ByIsolation}, {verdict: run.Pass},
}

// some is part n of foldOrder, with a label and all that a part can tell.
func some(n, label int) part {
	p := foldOrder[n]
	p.label = fmt.Sprintf("part%d", label)
	p.seen = p.label + " was seen"
	p.findings = []run.Finding{{ID: p.label}}
	if p.verdict == run.Pass {
		p.ground = p.label + " is closed"
	} else {
		p.reason = "came to " + string(p.verdict)
	}
	return p
}

func foldOf(kinds ...int) run.Cell {
	var f fold
	for i, n := range kinds {
		f.add(some(n, i))
	}
	return f.cell()
}

// is complains where a cell is not what its worst part makes it.
func is(t *testing.T, c run.Cell, worst int, parts ...int) {
	t.Helper()
	want := foldOrder[worst]
	if c.Verdict != want.verdict || c.Weak != (want.by == run.ByUnknown || want.by == run.ByPath) || c.By != want.by {
		t.Errorf("parts %v are %s, weak %v, by %q; the worst is %s by %q", parts, c.Verdict, c.Weak, c.By, want.verdict, want.by)
	}
	for i := range parts {
		label := fmt.Sprintf("part%d", i)
		if !strings.Contains(c.Observed, label) || !slices.ContainsFunc(c.Findings, func(f run.Finding) bool { return f.ID == label }) {
			t.Errorf("parts %v: what was seen or found of %s is lost", parts, label)
		}
		if said := strings.Contains(c.Reason, label); foldOrder[parts[i]].verdict == c.Verdict && c.Verdict != run.Pass && !said {
			t.Errorf("parts %v: the reason %q does not name %s", parts, c.Reason, label)
		}
		if foldOrder[parts[i]].verdict == run.Error && !strings.Contains(c.Reason, label) {
			t.Errorf("parts %v: the reason %q does not name the error of %s", parts, c.Reason, label)
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
	f := fold{none: "nothing was tried", intended: "something"}
	if c := f.cell(); c.Verdict != run.Skip || c.Reason != f.none || c.Weak || c.Intended != "" {
		t.Errorf("got %+v", c)
	}
	if c := denyCell(&fold{none: "nothing"}); c.Verdict != run.Skip {
		t.Errorf("no port denied is %s", c.Verdict)
	}
}

// One part more never makes a fold milder that has a part, and loses nothing that
// was said, seen or found of the worst ones.
func TestOnePartMoreIsNeverMilder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	place := func(c run.Cell) int {
		return slices.IndexFunc(foldOrder, func(p part) bool { return p.verdict == c.Verdict && p.by == c.By })
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
		if len(after.Findings) != len(before.Findings)+1 || !strings.HasPrefix(after.Observed, before.Observed) {
			t.Fatalf("%v with %d: evidence is lost", kinds, more)
		}
		if before.Verdict == run.Fail && !strings.HasPrefix(after.Reason, strings.SplitN(before.Reason, " came", 2)[0]) {
			t.Fatalf("%v with %d: the first that failed is not the first named: %q", kinds, more, after.Reason)
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
	var f fold
	f.sees("a:5985", &run.Observation{Error: "the far end ended"})
	f.sees("a:3389", &run.Observation{Missing: "no TCP"})
	f.sees("a:445", &run.Observation{Error: "the far end ended"})
	if c := f.cell(); c.Verdict != run.Error || c.Reason != "the far end ended; a:3389 was not observed: no TCP" {
		t.Errorf("without a fail: %s: %s", c.Verdict, c.Reason)
	}
	f.add(part{label: "a:1688", verdict: run.Fail, reason: "answered"})
	want := "a:1688 answered; a:5985, a:445 was not observed: the far end ended; a:3389 was not observed: no TCP"
	if c := f.cell(); c.Verdict != run.Fail || c.Reason != want {
		t.Errorf("with a fail: %s: %s", c.Verdict, c.Reason)
	}
}
