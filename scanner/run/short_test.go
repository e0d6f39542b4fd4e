package run

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// TestManyShortEntriesAreReadBack: the bound on empty entries never refuses what
// was written, however short its entries are.
func TestManyShortEntriesAreReadBack(t *testing.T) {
	r := &Run{}
	for i := range 3 * fewObjects {
		o := Observation{ID: fmt.Sprint(i), Class: Sent}
		o.Tries = append(o.Tries, Try{Class: Sent}, Try{Class: Sent}, Try{Class: Sent})
		o.Registry = append(o.Registry, registry.Value{Key: "k"}, registry.Value{Key: "k"})
		r.Observations = append(r.Observations, o)
		r.Vantages = append(r.Vantages, Vantage{Name: "v", Ways: []Way{{Name: "w"}, {Name: "w"}}})
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
