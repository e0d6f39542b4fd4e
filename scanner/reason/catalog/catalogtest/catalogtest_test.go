package catalogtest

import (
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
