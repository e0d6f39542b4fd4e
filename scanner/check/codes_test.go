package check_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A codeRow makes one code occur: a world, and the cell of it that has the code.
type codeRow struct {
	// want is the code with those of its arguments that tell most.
	want    reason.Reason
	cell    string
	verdict run.Verdict
	world   func() *world
	// beside is a world where the same cell does not have the code; nil is the
	// healthy one.
	beside func() *world
}

// testCodes judges the worlds of rows.
func testCodes(t *testing.T, rows []codeRow) {
	t.Helper()
	healthy := newWorld().judged(t)
	for _, row := range rows {
		t.Run(string(row.want.Code), func(t *testing.T) {
			c, ok := row.world().judged(t)[row.cell]
			if !ok {
				t.Fatalf("no cell %s", row.cell)
			}
			if c.Verdict != row.verdict {
				t.Errorf("%s is %s, want %s", row.cell, c.Verdict, row.verdict)
			}
			if !slices.ContainsFunc(slices.Collect(saidOf(c).All), func(r reason.Reason) bool { return tells(r, row.want) }) {
				t.Errorf("%s has not %s:\n%s", row.cell, row.want.Key(), saidOf(c).Key())
			}
			beside := healthy
			if row.beside != nil {
				beside = row.beside().judged(t)
			}
			if b, ok := beside[row.cell]; !ok || saidOf(b).Names(row.want.Code) {
				t.Errorf("beside it %s is there: %v, and has %s", row.cell, ok, saidOf(b).Key())
			}
		})
	}
}

// saidOf are all reasons of a cell: why, what was seen, and what
// was found.
func saidOf(c run.Cell) reason.List {
	all := slices.Concat(c.Reasons, c.Seen)
	for _, f := range c.Findings {
		all = append(all, f.Reason...)
	}
	return all
}

// tells reports whether a reason has the code and the arguments of another one.
func tells(r, want reason.Reason) bool {
	return r.Code == want.Code && !slices.ContainsFunc(want.Args, func(a reason.Arg) bool {
		return !slices.ContainsFunc(r.Args, func(b reason.Arg) bool {
			return reason.Reason{Args: []reason.Arg{a}}.Equal(reason.Reason{Args: []reason.Arg{b}})
		})
	})
}

// changed is the healthy world after changes.
func changed(changes ...func(*world)) func() *world { return after(newWorld, changes...) }

// after is a world after changes.
func after(before func() *world, changes ...func(*world)) func() *world {
	return func() *world {
		w := before()
		for _, change := range changes {
			change(w)
		}
		return w
	}
}

// asked picks needs; what it leaves out may be anything, but for the tries at addresses
// that only a run learns of.
type asked struct {
	vantage, target string
	probe           run.Probe
	port            uint16
	when            run.When
	param           string
}

func (a asked) picks(n run.Need) bool {
	return (a.vantage == "" || a.vantage == n.Vantage) && (a.target == "" || a.target == n.Target) &&
		(a.probe == "" && n.Probe != run.ProbeAddresses || a.probe == n.Probe) && (a.port == 0 || a.port == n.Port) &&
		(a.when == "" || a.when == n.When) && (a.param == "" || a.param == n.Param)
}

// on has the needs that are picked come to something else.
func on(a asked, become func(*run.Observation)) func(*world) {
	return func(w *world) {
		before := w.answer
		w.answer = func(n run.Need, o run.Observation) run.Observation {
			if before != nil {
				o = before(n, o)
			}
			if o.Need = n; a.picks(n) {
				become(&o)
			}
			return o
		}
	}
}

func mute(o *run.Observation) { *o = silent(o.Need) }

func reply(o *run.Observation) { *o = answered(o.Need) }

// outcome is one try that came to a class, with the words of a system.
func outcome(c run.Class, words string) func(*run.Observation) {
	return func(o *run.Observation) {
		*o = tried(o.Need, c, 10*time.Millisecond)
		o.Tries[0].Note = words
	}
}

// refusal is one with a hop count, 0 for none.
func refusal(hops int) func(*run.Observation) {
	return func(o *run.Observation) {
		*o = tried(o.Need, run.Refused, time.Millisecond)
		o.Tries[0].TTL = hops
	}
}

func failed(words string) func(*run.Observation) {
	return func(o *run.Observation) {
		*o = run.Observation{Need: o.Need, Trouble: reason.List{reason.Quote(words)}}
	}
}

// declared changes the policy.
func declared(change func(*intent.Policy)) func(*world) {
	return func(w *world) { change(w.policy) }
}

// vantaged changes one declared vantage.
func vantaged(name string, change func(*intent.Vantage)) func(*world) {
	return func(w *world) {
		for i := range w.policy.Vantages {
			if v := &w.policy.Vantages[i]; v.Name == name {
				change(v)
			}
		}
	}
}

// undeclared takes away the vantages of some roles.
func undeclared(roles ...intent.Role) func(*world) {
	return func(w *world) {
		w.policy.Vantages = slices.DeleteFunc(w.policy.Vantages, func(v intent.Vantage) bool { return slices.Contains(roles, v.Role) })
	}
}

// unwatched is a world where nobody sees the wire at a host.
var unwatched = on(asked{probe: run.ProbeFlows}, func(o *run.Observation) {
	*o = run.Observation{Need: o.Need, Missing: reason.List{reason.Quote("it cannot capture")}}
})

// nothingArrives is one where no packet of an outsider is seen at a host.
var nothingArrives = on(asked{probe: run.ProbeFlows}, func(o *run.Observation) { *o = membersOnly(*o) })

// directories is a world with a directory.
func directories(change func(*intent.Policy, *run.Forest), applied *told) func() *world {
	return func() *world { return toldWorld(change, applied) }
}

// TestRowsAreOfDifferentCodes finds a code that has two rows.
func TestRowsAreOfDifferentCodes(t *testing.T) {
	rows := map[reason.Code]bool{}
	for _, row := range slices.Concat(codesObserved(), codesServices(), codesOfHosts()) {
		if rows[row.want.Code] {
			t.Errorf("%s has two rows", row.want.Code)
		}
		rows[row.want.Code] = true
	}
	if n := len(slices.Collect(maps.Keys(rows))); n < 100 {
		t.Errorf("%d rows", n)
	}
}
