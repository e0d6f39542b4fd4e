package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/check/host"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What checks declare of each other can be followed: each name is a check, none
// comes after itself, and no two checks are for the same cells.
func TestAfter(t *testing.T) {
	after := map[string][]string{}
	seen := map[[2]any]bool{}
	for _, c := range checks.All {
		key := [2]any{c.ID, c.Configured}
		if seen[key] {
			t.Errorf("two checks are %s", c.ID)
		}
		seen[key] = true
		after[c.ID] = append(after[c.ID], c.After...)
	}
	for id, names := range after {
		for _, name := range names {
			if _, ok := after[name]; !ok {
				t.Errorf("%s comes after %s, which is no check", id, name)
			}
		}
		reached := map[string]bool{}
		var follow func(string)
		follow = func(at string) {
			for _, before := range after[at] {
				if !reached[before] {
					reached[before] = true
					follow(before)
				}
			}
		}
		if follow(id); reached[id] {
			t.Errorf("%s comes after itself", id)
		}
	}
}

// The cells of a check are those that [Check.Is] knows again.
func TestIs(t *testing.T) {
	w := toldWorld(nil, nil)
	pl := checks.NewPlan(w.declared(), false)
	both := 0
	for check, id := range pl.Cells {
		is := 0
		for _, c := range pl.Checks() {
			if c.Is(id) {
				is++
			}
		}
		if is != 1 || !check.Is(id) {
			t.Errorf("%s is of %d checks", id, is)
		}
		if id.Check == host.ICMPExempt.ID && id.Vantage == run.DirectoryVantage {
			both++
		}
	}
	if both == 0 {
		t.Error("no cell of icmp-exempt is of the directory")
	}
}
