package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var natPolicy = Check{
	ID:         "nat-policy",
	Title:      "what the hosts are told about IPsec through NAT; nat-client decides",
	Section:    "Network address translation",
	Confirmed:  "spec",
	Configured: true,
	After:      arrival,
	Cells: func(p *policy.Policy) []run.CellID {
		for _, v := range p.Vantages {
			if behindNAT(v) {
				return configuredHostCells("nat-policy")(p)
			}
		}
		return nil
	},
	Trials: itsTarget,
	Claims: together(func(e *Evidence, l *ledger) {
		sum := &ruleSum{ledger: l, whole: reason.ClaimRead, by: e.forests()}
		sum.look(e.Input, natTold, nil)
		read := l.of(reason.ClaimRead)
		read.void, read.unsure = slices.Concat(read.void, read.unsure, sum.doubts), nil // it never decides anything
	}, reason.ClaimRead),
}

// natTold says what a host is told.
func natTold(_ *Input, e end, _ policy.Host, s *ruleSum) {
	s.intended = reason.One(reason.IntendedNAT)
	t := e.Resultant.Policy.ThroughNAT
	if t == nil {
		s.note(reason.ToldNAT)
		return
	}
	s.note(reason.ToldNAT, "gpo", t.Source, "value", t.Value)
	if t.Value == 0 {
		s.find(found(reason.NATNever, "end", e.Name, "gpo", t.Source))
	}
}
