package check_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/judge"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// twiceOver declares many things of the deployment once more, at random.
func twiceOver(r *rand.Rand) *intent.Policy {
	p := deployment()
	p.Isolation.Inbound = append(p.Isolation.Inbound, intent.Access{From: []string{"client", "client"}, To: []string{"kms01", intent.NameAllHosts}, Ports: []uint16{3389, 445}})
	p.Isolation.Outbound = append(p.Isolation.Outbound, intent.Access{From: []string{intent.NameAllHosts}, To: []string{"files:445", "files:445", intent.NameDNS}})
	more := func(n int, again func(i int)) {
		for range r.IntN(3) {
			if n > 0 {
				again(r.IntN(n))
			}
		}
	}
	more(len(p.Isolation.Inbound), func(i int) { p.Isolation.Inbound = append(p.Isolation.Inbound, p.Isolation.Inbound[i]) })
	more(len(p.Isolation.Outbound), func(i int) { p.Isolation.Outbound = append(p.Isolation.Outbound, p.Isolation.Outbound[i]) })
	more(len(p.Isolation.Policies), func(i int) { p.Isolation.Policies = append(p.Isolation.Policies, p.Isolation.Policies[i]) })
	more(len(p.Exemptions), func(i int) { p.Exemptions = append(p.Exemptions, p.Exemptions[i]) })
	for i := range p.Hosts {
		h := &p.Hosts[i]
		more(len(h.PublishedIn), func(j int) { h.PublishedIn = append(slices.Clone(h.PublishedIn), h.PublishedIn[j]) })
		more(len(h.Addresses), func(j int) { h.Addresses = append(slices.Clone(h.Addresses), h.Addresses[j]) })
	}
	more(len(p.Forests), func(i int) { p.Forests = append(p.Forests, p.Forests[i]) })
	p = intent.New(*p)
	return p
}

// TestEachCellIsThereOnce: whatever is declared twice, no check lists a cell
// twice, and what is judged can be written and read back.
func TestEachCellIsThereOnce(t *testing.T) {
	for seed := range uint64(200) {
		p := twiceOver(rand.New(rand.NewPCG(seed, 1)))
		for _, c := range checks.All {
			seen := map[run.CellID]bool{}
			for _, id := range c.CellIDs(p) {
				if seen[id] {
					t.Fatalf("seed %d: %s lists %s twice", seed, c.ID, id)
				}
				seen[id] = true
			}
		}
		w := newWorld()
		w.policy = p
		w.judged(t)
		r := &run.Run{Cells: judge.Judge(checks.NewPlan(p, false), w.run)}
		var b bytes.Buffer
		if err := document.Write(&b, r); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if _, err := document.Read(&b); err != nil {
			t.Fatalf("seed %d: what was written cannot be read: %v", seed, err)
		}
	}
}

// TestTwoFlowsAreOneCell: a flow that is declared twice makes one cell, over what
// either declares.
func TestTwoFlowsAreOneCell(t *testing.T) {
	p := deployment()
	p.Isolation.Inbound = []intent.Access{
		{From: []string{"client"}, To: []string{"kms01"}, Ports: []uint16{3389}},
		{From: []string{"client"}, To: []string{intent.NameAllHosts}, Ports: []uint16{3389, 10000}},
	}
	p = intent.New(*p)
	var ports []string
	for _, n := range checks.NewPlan(p, false).NeedsOf(run.CellID{Check: "kms-inbound", Vantage: "client", Target: "kms01"}) {
		if s := fmt.Sprint(n.Port); n.Port != 0 && !slices.Contains(ports, s) {
			ports = append(ports, s)
		}
	}
	if !slices.Contains(ports, "3389") || !slices.Contains(ports, "10000") {
		t.Errorf("the cell asks for the ports %v", ports)
	}
}
