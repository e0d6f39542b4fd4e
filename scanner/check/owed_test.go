package check_test

import (
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/check/gpo"
	"github.com/kmsiso/kmsiso/scanner/check/obligation"
	"github.com/kmsiso/kmsiso/scanner/check/rule"
	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestOwedOfADirectory has how the cells of a check pay what is owed of a directory:
// those of two hosts and of the clients of a domain.
func TestOwedOfADirectory(t *testing.T) {
	pass, skip := run.Cell{Verdict: run.Pass}, run.Cell{Verdict: run.Skip, Reasons: reason.One(reason.ResultantUnknown)}
	weak, waived := run.Cell{Verdict: run.Pass, Weak: true}, run.Cell{Verdict: run.Waived}
	own := run.Cell{Verdict: run.Skip, Reasons: reason.One(reason.OwnRulesDecide, "port", 1688)}
	live, backup := intent.Directory{URLs: []string{"ldaps://dc01.contoso.test"}, Credential: "reader"}, intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "gpos")}
	for name, c := range map[string]struct {
		source       intent.Directory
		kms01, kms02 run.Cell
		waiver       string
		want         run.Support
		why          reason.Code
	}{
		"both pass":                           {live, pass, pass, "", run.Shown, ""},
		"one passes":                          {live, pass, skip, "", run.Shown, ""},
		"one is weak":                         {live, weak, skip, "", run.Weak, ""},
		"one is waived":                       {live, waived, skip, "", run.Weak, ""},
		"none passes":                         {live, skip, skip, "", run.NotShown, reason.ConfiguredNotShown},
		"none passes, and a waiver":           {live, skip, skip, "fails-open/directory/*", run.Weak, reason.WaivedInstead},
		"one fails":                           {live, skip, run.Cell{Verdict: run.Fail}, "", run.NotShown, reason.CellUndecided},
		"one is in error":                     {live, skip, run.Cell{Verdict: run.Error}, "", run.NotShown, reason.CellUndecided},
		"own rules decide at both":            {live, own, own, "", run.Void, reason.OwnRulesDecide},
		"own rules decide at one":             {live, pass, own, "", run.Void, reason.OwnRulesDecide},
		"own rules decide, and the other one": {live, run.Cell{Verdict: run.Fail}, own, "", run.NotShown, reason.CellUndecided},
		"a backup that does not tell":         {backup, skip, skip, "", run.Void, reason.BackupNeverTells},
		"a backup that tells of one":          {backup, pass, skip, "", run.Shown, ""},
		"a backup that is wrong":              {backup, run.Cell{Verdict: run.Fail}, skip, "", run.NotShown, reason.CellUndecided},
	} {
		t.Run(name, func(t *testing.T) {
			p := &intent.Policy{
				Hosts:   []intent.Host{{Name: "kms01", FQDN: "kms01.contoso.test"}, {Name: "kms02", FQDN: "kms02.contoso.test"}},
				Forests: []intent.Forest{{Name: "contoso.test", Directory: c.source}},
			}
			if c.waiver != "" {
				p.Waivers = []intent.Waiver{{Cell: c.waiver, Expires: time.Unix(1e10, 0)}}
			}
			var cells []run.Cell
			pl := checks.NewPlan(p, true)
			for _, id := range pl.Cells {
				cell := run.Cell{ID: id, Verdict: run.Pass}
				if cell.ID.Check == rule.FailsOpen.ID {
					cell = c.kms01
					if id.Target == "kms02" {
						cell = c.kms02
					}
					cell.ID = id
				}
				cells = append(cells, cell)
			}
			for _, o := range obligation.Owed(pl, &run.Run{Audit: true}, cells) {
				switch failing := o.What[0].Word("check") == rule.FailsOpen.ID; {
				case !failing && o.Paid != run.Shown:
					t.Errorf("%s is %s", o.What.Key(), o.Paid)
				case failing && (o.Paid != c.want || c.why != "" && !o.Why.Has(c.why)):
					t.Errorf("it is %s because of %s", o.Paid, o.Why.Key())
				}
			}
		})
	}
}

// TestOwedByDomain has the cells of a check pay in the directory that they are of.
func TestOwedByDomain(t *testing.T) {
	directory := intent.Directory{URLs: []string{"ldaps://dc01"}, Credential: "reader"}
	p := &intent.Policy{
		Isolation: intent.Isolation{Policies: []intent.GPO{{Name: "Isolation", Role: "both", Domains: []string{"contoso.test", "west.contoso.test", "fabrikam.test"}}}},
		Hosts:     []intent.Host{{Name: "kms01", FQDN: "kms01.west.contoso.test"}},
		Forests:   []intent.Forest{{Name: "contoso.test", Directory: directory}, {Name: "fabrikam.test", Directory: directory}},
	}
	pl := checks.NewPlan(p, true)
	var cells []run.Cell
	for _, id := range pl.Cells {
		cells = append(cells, run.Cell{ID: id, Verdict: run.Pass})
	}
	want := map[string]map[string]int{
		gpo.Exists.ID: {"contoso.test": 2, "fabrikam.test": 1}, rule.FailsOpen.ID: {"contoso.test": 1}, gpo.ForestTrust.ID: {"contoso.test": 1, "fabrikam.test": 1},
	}
	for _, o := range obligation.Owed(pl, &run.Run{Audit: true}, cells) {
		check, forest := o.What[0].Word("check"), o.What[0].Word("forest")
		if n, known := want[check]; known && len(o.By) != n[forest] {
			t.Errorf("%s of %s is paid by %v", check, forest, o.By)
		}
		if want[check] != nil {
			delete(want[check], forest)
		}
	}
	for check, left := range want {
		if len(left) > 0 {
			t.Errorf("%s is not owed of %v", check, left)
		}
	}
}
