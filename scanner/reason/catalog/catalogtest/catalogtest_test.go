package catalogtest

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// complaints counts instead of failing.
type complaints struct {
	testing.TB
	count int
}

func (c *complaints) Helper()               {}
func (c *complaints) Errorf(string, ...any) { c.count++ }

func TestComplete(t *testing.T) {
	whole := reason.New(reason.NoControlBefore, "at", []string{"198.18.10.30:1688"}, "why", reason.New(reason.NotAsked, "vantage", "client"))
	for name, tt := range map[string]struct {
		r    reason.Reason
		want int
	}{
		"whole":                       {whole, 0},
		"an argument too few":         {reason.New(reason.NotAsked), 1},
		"a misspelled one":            {reason.New(reason.NotAsked, "vantag", "client"), 1},
		"one too few, further within": {whole.With("why", reason.New(reason.NotAsked)), 1},
		"one that may be absent":      {reason.New(reason.ICMPExempt, "host", "kms01", "port", 1688), 0},
		"one that the fix names":      {reason.New(reason.ICMPExemptByGPO, "host", "kms01", "port", 1688, "why", reason.Quote("x")), 1},
		"no row":                      {reason.New("no-such-code"), 1},
	} {
		var c complaints
		if Complete(&c, reason.List{tt.r}); c.count != tt.want {
			t.Errorf("%s: %d complaints, want %d", name, c.count, tt.want)
		}
		r := run.Run{Cells: []run.Cell{{}, {Findings: []run.Finding{{Reason: reason.List{tt.r}}}}}}
		if Complete(&c, &r); c.count != 2*tt.want {
			t.Errorf("%s: %d complaints in a run, want %d", name, c.count-tt.want, tt.want)
		}
	}
}

func TestGraded(t *testing.T) {
	link := reason.One(reason.StaleLink, "container", "DC=contoso,DC=test")
	for name, tt := range map[string]struct {
		severity   run.Severity
		besides    []reason.Code
		complaints int
	}{
		"as the catalogue has it": {severity: run.Warn},
		"milder":                  {severity: run.Info, complaints: 1},
		"milder, and named":       {severity: run.Info, besides: []reason.Code{reason.StaleLink}},
		"none, and named":         {besides: []reason.Code{reason.StaleLink}, complaints: 1},
	} {
		var c complaints
		if Graded(&c, &run.Cell{Findings: []run.Finding{{Severity: tt.severity, Reason: link}}}, tt.besides...); c.count != tt.complaints {
			t.Errorf("%s: %d complaints, want %d", name, c.count, tt.complaints)
		}
	}
}

func TestTypable(t *testing.T) {
	for name, tt := range map[string]struct {
		remedy     string
		complaints int
		seen       []string
	}{
		"right":                        {"PowerShell: Set-GPLink -Name 'x -Odd' -LinkEnabled Yes", 0, []string{"Set-GPLink"}},
		"no PowerShell":                {"start the service", 0, nil},
		"no cmdlet":                    {"PowerShell: do it", 1, nil},
		"no such cmdlet":               {"PowerShell: Mend-GPLink -Name x", 1, []string{"Mend-GPLink"}},
		"no such parameter":            {"PowerShell: Set-GPLink -Named x", 1, []string{"Set-GPLink"}},
		"a parameter of the outer one": {"PowerShell: Set-ADObject (Get-GPO -Name x) -Replace y", 0, []string{"Set-ADObject", "Get-GPO"}},
		"none of the inner one":        {"PowerShell: Set-ADObject (Get-GPO -Odd x) -Replace y", 1, []string{"Set-ADObject", "Get-GPO"}},
	} {
		var c complaints
		if seen := typable(&c, "", tt.remedy); c.count != tt.complaints || !slices.Equal(seen, tt.seen) {
			t.Errorf("%s: %d complaints, want %d; saw %q", name, c.count, tt.complaints, seen)
		}
	}
}

func TestMendable(t *testing.T) {
	link := reason.One(reason.NoEnabledLink, "gpo", "G", "name", "G", "home", "contoso.test", "dn", "DC=contoso,DC=test")
	for name, tt := range map[string]struct {
		cell run.Cell
		want bool
	}{
		"by its reason":   {run.Cell{Reasons: link}, true},
		"by its cause":    {run.Cell{Reasons: reason.List{reason.Quote("x")}, Causes: link}, true},
		"by neither":      {run.Cell{Reasons: reason.List{reason.Quote("x")}}, false},
		"without reasons": {run.Cell{}, false},
	} {
		if got := Mendable(&tt.cell); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	// Each remedy of a cell is looked at, and those of its findings.
	cell := run.Cell{Reasons: link, Findings: []run.Finding{{Reason: link}}}
	if seen := Typable(t, &cell); len(seen) < 2 || len(seen)%2 != 0 {
		t.Errorf("it saw %q", seen)
	}
}
