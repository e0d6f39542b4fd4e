package check

import (
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
	Needs: directoryNeeds,
	Judge: func(in *Input) run.Cell {
		cell := natCell(in)
		if cell.Verdict == run.Inconclusive { // it never decides anything
			cell.Verdict = run.Skip
		}
		return cell
	},
}

var natCell = ruleCell(func(_ *Input, e end, _ policy.Host, s *ruleSum) {
	s.intended = reason.One(reason.IntendedNAT)
	t := e.Told.Policy.ThroughNAT
	if t == nil {
		s.note(reason.ToldNAT)
		return
	}
	s.note(reason.ToldNAT, "gpo", t.Source, "value", t.Value)
	if t.Value == 0 {
		s.find(found(reason.NATNever, "end", e.Name, "gpo", t.Source))
	}
}, nil)
