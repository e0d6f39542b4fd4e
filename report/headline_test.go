package report

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestHeadline has the first words of each answer, of a whole run and of an audit, and
// the exit codes, plain and strict.
func TestHeadline(t *testing.T) {
	cells := func(verdicts ...run.Verdict) (all []run.Cell) {
		for _, v := range append(verdicts, run.Pass) {
			all = append(all, run.Cell{ID: run.CellID{Check: "a", Vantage: string(v), Target: "b"}, Verdict: v, Reasons: reason.One(reason.NotObserved)})
		}
		return all
	}
	weak := []run.Cell{{ID: run.CellID{Check: "a", Vantage: "b", Target: "c"}, Verdict: run.Pass, Weak: true, Reasons: reason.One(reason.WireNotWatched, "host", "kms01")}}
	beside := []run.Cell{{ID: run.CellID{Check: "a", Vantage: "b", Target: "c"}, Verdict: run.Pass, Weak: true, Reasons: reason.List{
		reason.New(reason.ArrivedUnanswered, "watch", "kms02", "vantage", "guest", "at", "198.18.10.31:1688"), reason.New(reason.WireNotWatched, "host", "kms01"),
	}, Trials: []run.Trial{{At: "x", Claims: []run.Claim{
		{Code: reason.ClaimDeniedByHost, Support: run.Shown, Why: reason.One(reason.ArrivedUnanswered)},
		{Code: reason.ClaimOutsider, Support: run.Weak, Why: reason.One(reason.WireNotWatched, "host", "kms01")}}}}}}
	alone := []run.Cell{beside[0]}
	alone[0].Reasons = alone[0].Reasons[:1]
	inside := []run.Cell{beside[0]}
	inside[0].Reasons = reason.List{beside[0].Reasons[0], reason.New(reason.DenyUnattributed, "why", reason.One(reason.WireNotWatched, "host", "kms01"))}
	owes := func(paid run.Support, what reason.Code, why reason.List) []run.Obligation {
		return []run.Obligation{{What: reason.One(what, "host", "kms01", "check", "gpo-linked", "forest", "contoso.test", "from", "backup", "port", 3389), Paid: paid, Why: why}}
	}
	backup := owes(run.Void, reason.ConfiguredOwed, reason.One(reason.BackupNeverTells))
	export := owes(run.Void, reason.ConfiguredOwed, reason.One(reason.ExportNeverTells))
	nobody := owes(run.Void, reason.InboundOwed, reason.One(reason.FlowWithoutVantage, "from", "backup"))
	signed := owes(run.Weak, reason.WayInOwed, reason.One(reason.WaivedInstead, "owner", "net-ops"))
	unpaid := owes(run.NotShown, reason.ConfiguredOwed, reason.One(reason.ConfiguredNotShown, "check", "gpo-linked", "forest", "contoso.test"))
	beyond := owes(run.Void, reason.ConfiguredOwed, reason.One(reason.DocumentDoesNotKnow, "what", "gpo-linked"))
	for name, c := range map[string]struct {
		run            run.Run
		says           string // how the first line begins
		has            string // what stands in it besides
		exit, strictly int
	}{
		"go":                      {run.Run{Cells: cells()}, "GO  1 pass", "", 0, 0},
		"ports":                   {run.Run{Cells: cells(), Sample: run.Sample{TCP: 5, UDP: 2, From: 3}}, "GO  (5 of 65,535 TCP ports, 2 UDP ports, 3 source ports)  1 pass", "", 0, 0},
		"the KMS port alone":      {run.Run{Cells: cells(), Sample: run.Sample{From: 2}}, "GO  (2 of 65,535 source ports)  1 pass", "", 0, 0},
		"weak":                    {run.Run{Cells: weak}, "GO, but  1 cell is weak: ", "kms01", 0, 1},
		"weak, beside another":    {run.Run{Cells: beside}, "GO, but  1 cell is weak: " + catalog.Text(beside[0].Reasons[1:]), "", 0, 1},
		"weak, told by no reason": {run.Run{Cells: alone}, "GO, but  1 cell is weak: " + catalog.Text(beside[0].Reasons[1:]), "", 0, 1},
		"weak, inside another":    {run.Run{Cells: inside}, "GO, but  1 cell is weak: " + catalog.Text(inside[0].Reasons[1:]), "", 0, 1},
		"beyond the document":     {run.Run{Cells: cells(), Beyond: reason.One(reason.DocumentDoesNotKnow, "what", "gpo-linked"), Obligations: beyond}, "GO, but  " + catalog.Text(reason.One(reason.DocumentDoesNotKnow, "what", "gpo-linked")) + "; 1 pass", "", 0, 1},
		"waived":                  {run.Run{Cells: cells(run.Waived)}, "GO, but  1 cell waived", "", 0, 1},
		"waived in its place":     {run.Run{Cells: cells(), Obligations: signed}, "GO, but  1 obligation waived: ", "net-ops", 0, 1},
		"a flow from nobody":      {run.Run{Cells: cells(), Obligations: nobody}, "GO, but  1 declared thing without a trial: ", "backup", 0, 1},
		"by a backup":             {run.Run{Cells: cells(), Obligations: backup}, "GO, but  as far as a backup tells", "", 0, 1},
		"no-go":                   {run.Run{Cells: cells(run.Fail)}, "NO-GO  1 cause, 1 cell", "", 1, 1},
		"inconclusive":            {run.Run{Cells: cells(run.Inconclusive)}, "UNPROVEN  1 cause, 1 cell", "", 3, 3},
		"not paid":                {run.Run{Cells: cells(), Obligations: unpaid}, "UNPROVEN  ", "gpo-linked", 3, 3},
		"stopped":                 {run.Run{Cells: cells(), Stopped: &run.Stop{Why: "interrupted"}}, "STOPPED  ", "1 of 1 cell", 3, 3},
		"audit":                   {run.Run{Audit: true, Cells: cells()}, "GROUP POLICY OK  1 pass", "", 0, 0},
		"audit of a backup":       {run.Run{Audit: true, Cells: cells(), Obligations: backup}, "GROUP POLICY OK as far as a backup tells  1 pass", "", 0, 0},
		"audit of an export":      {run.Run{Audit: true, Cells: cells(), Obligations: export}, "GROUP POLICY OK as far as the export of a registry tells  1 pass", "", 0, 0},
		"audit, weak":             {run.Run{Audit: true, Cells: weak}, "GROUP POLICY OK, but  1 cell is weak: ", "", 0, 1},
		"audit, waived":           {run.Run{Audit: true, Cells: cells(run.Waived)}, "GROUP POLICY OK, but  1 cell waived", "", 0, 1},
		"audit, wrong":            {run.Run{Audit: true, Cells: cells(run.Fail)}, "NO-GO GROUP POLICY WRONG  1 cause", "", 1, 1},
		"audit, wrong, by backup": {run.Run{Audit: true, Cells: cells(run.Fail), Obligations: backup}, "NO-GO GROUP POLICY WRONG  1 cause", "", 1, 1},
		"audit, in error":         {run.Run{Audit: true, Cells: cells(run.Error)}, "UNPROVEN  1 cause", "", 3, 3},
		"audit, not paid":         {run.Run{Audit: true, Cells: cells(), Obligations: unpaid}, "UNPROVEN  ", "gpo-linked", 3, 3},
		"audit of nothing":        {run.Run{Audit: true}, "UNPROVEN  ", "no cells", 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := &c.run
			var b strings.Builder
			if err := writeTable(&b, r, Options{Width: 1000}); err != nil {
				t.Fatal(err)
			}
			said, _, _ := strings.Cut(b.String(), "\n")
			if !strings.HasPrefix(said, c.says) || !strings.Contains(said, c.has) {
				t.Errorf("it says %q", said)
			}
			if exit := r.ExitCode(false); exit != c.exit {
				t.Errorf("the exit code is %d, not %d", exit, c.exit)
			}
			if exit := r.ExitCode(true); exit != c.strictly {
				t.Errorf("the exit code is strictly %d, not %d", exit, c.strictly)
			}
		})
	}
}

// What is waived in place of an obligation is named, and what a cell says is not said
// again.
func TestOwedLines(t *testing.T) {
	r := &run.Run{Obligations: []run.Obligation{
		{What: reason.One(reason.WayInOwed, "host", "kms01"), Paid: run.Shown},
		{What: reason.One(reason.WayInOwed, "host", "kms02"), Paid: run.Weak, Why: reason.One(reason.WaivedInstead, "owner", "net-ops", "cell", "a/b/c")},
		{What: reason.One(reason.WayInOwed, "host", "kms03"), Paid: run.NotShown, Why: reason.One(reason.CellUndecided, "cell", "a/b/c")},
		{What: reason.One(reason.WayInOwed, "host", "kms04"), Paid: run.NotShown, Why: reason.One(reason.WayInNotShown, "host", "kms04")},
	}}
	lines := owed(r)
	if len(lines) != 2 || !strings.Contains(lines[0], "kms02") || !strings.Contains(lines[0], "net-ops") || !strings.Contains(lines[1], "kms04") {
		t.Errorf("got %q", lines)
	}
}
