package rule

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// NATPolicy is the check nat-policy: what the hosts are told about IPsec through NAT; nat-client decides.
var NATPolicy = check.Check{
	ID:         "nat-policy",
	Title:      "what the hosts are told about IPsec through NAT; nat-client decides",
	Section:    "Network address translation",
	Confirmed:  "spec",
	Configured: true,
	After:      check.Arrival,
	Cells: func(p *intent.Policy) []run.CellID {
		for _, v := range p.Vantages {
			if check.BehindNAT(v) {
				return check.ConfiguredHostCells("nat-policy")(p)
			}
		}
		return nil
	},
	Trials: check.ItsTarget,
	Claims: check.Together(func(e *check.Evidence, l *check.Ledger) {
		sum := &ruleSum{Ledger: l, whole: reason.ClaimRead, by: e.Forests()}
		sum.look(e.Input, natTold, nil)
		read := l.Of(reason.ClaimRead)
		read.Void, read.Unsure = slices.Concat(read.Void, read.Unsure, sum.doubts), nil // it never decides anything
	}, reason.ClaimRead),
}

// natTold says what a host is told.
func natTold(_ *check.Input, e configured.End, _ intent.Host, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedNAT)
	t := e.Resultant.Policy.ThroughNAT
	if t == nil {
		s.note(reason.ToldNAT)
		return
	}
	s.note(reason.ToldNAT, "gpo", t.Source, "value", t.Value)
	if t.Value == 0 {
		s.Find(check.Found(reason.NATNever, "end", e.Name, "gpo", t.Source))
	}
}
