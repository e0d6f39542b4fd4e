package document

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestManyShortEntriesAreReadBack: the bound on empty entries never refuses what
// was written, however short its entries are.
func TestManyShortEntriesAreReadBack(t *testing.T) {
	r := &run.Run{}
	for i := range 3 * fewObjects {
		o := run.Observation{ID: fmt.Sprint(i), Class: run.Sent}
		o.Tries = append(o.Tries, run.Try{Class: run.Sent}, run.Try{Class: run.Sent}, run.Try{Class: run.Sent})
		o.Registry = append(o.Registry, registry.Value{Key: "k"}, registry.Value{Key: "k"})
		r.Observations = append(r.Observations, o)
		r.Vantages = append(r.Vantages, run.Vantage{Name: "v", Ways: []run.Way{{Name: "w"}, {Name: "w"}}})
	}
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	octets, entries := b.Len(), objects(b.Bytes())
	if _, err := Read(&b); err != nil {
		t.Errorf("%d entries in %d octets: %v", entries, octets, err)
	}
	if entries < fewObjects {
		t.Errorf("only %d entries: the bound does not apply", entries)
	}
}
