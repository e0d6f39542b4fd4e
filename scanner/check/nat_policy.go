package check

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/policy"
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
	s.intended = "clients behind NAT get in"
	const doc = "Microsoft's documents differ on the default and on what the value means, so the test from behind NAT decides"
	switch t := e.Told.Policy.ThroughNAT; {
	case t == nil:
		s.note("IPsecThroughNAT is not set; %s", doc)
	case t.Value == 0:
		s.note("IPsecThroughNAT 0 (never), by GPO %q; %s", t.Source, doc)
		s.find(run.Finding{ID: "nat-never", Severity: run.Info,
			Text: fmt.Sprintf("%s is told by GPO %q to negotiate with nobody behind NAT (IPsecThroughNAT 0); %s", e.Name, t.Source, doc)})
	default:
		s.note("IPsecThroughNAT %d, by GPO %q; %s", t.Value, t.Source, doc)
	}
}, nil)
