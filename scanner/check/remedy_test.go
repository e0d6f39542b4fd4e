package check_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What a remedy says to type can be typed: the cmdlets are there, and have those
// parameters.
func TestRemediesCanBeTyped(t *testing.T) {
	seen := map[string]bool{}
	all := maps.Clone(configuredFaults)
	maps.Copy(all, unseen)
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			for id, cell := range audit(t, c.change, c.more...) {
				if cell.Verdict == run.Fail && !catalogtest.Mendable(&cell) {
					t.Errorf("%s fails without a remedy", id)
				}
				for _, name := range catalogtest.Typable(t, &cell) {
					seen[name] = true
				}
			}
		})
	}
	if len(seen) < 20 {
		t.Errorf("only these were seen: %s", slices.Sorted(maps.Keys(seen)))
	}
}
