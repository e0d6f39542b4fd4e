package wql

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
)

// seen is a filter as GPMC wrote it, shown in public descriptions of the format.
const seen = `1;3;10;61;WQL;root\CIMv2;SELECT * from Win32_OperatingSystem WHERE Version like "10.%";`

func TestParseFilter(t *testing.T) {
	queries := func(f Filter) []string {
		var out []string
		for _, q := range f.Queries {
			out = append(out, q.Language+" "+q.Namespace+" "+q.Text)
		}
		return out
	}
	for _, tt := range []struct {
		name, parm2 string
		want        []string
	}{
		{"as GPMC writes it", seen, []string{`WQL root\CIMv2 SELECT * from Win32_OperatingSystem WHERE Version like "10.%"`}},
		{"a semicolon in a query", `1;3;10;12;WQL;root\CIMv2;select ";";;;`, []string{`WQL root\CIMv2 select ";";;`}},
		{"two queries", `2;3;10;2;WQL;root\CIMv2;a;;3;4;1;WQL;root;b;`, []string{`WQL root\CIMv2 a;`, `WQL root b`}},
		// The musical clef has two UTF-16 code units, and four octets in UTF-8.
		{"lengths count UTF-16", "1;3;10;4;WQL;root\\CIMv2;a\U0001d11eé;", []string{"WQL root\\CIMv2 a\U0001d11eé"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := ParseFilter(tt.parm2)
			if err != nil || !slices.Equal(queries(f), tt.want) {
				t.Errorf("got %q, %v", queries(f), err)
			}
		})
	}
}

func TestParseFilterErrors(t *testing.T) {
	for _, tt := range []struct {
		name, parm2 string
		code        reason.Code
		word        string // of its arguments
	}{
		{"empty", "", reason.Parm2Missing, "count"},
		{"only a query", `SELECT * FROM Win32_OperatingSystem;`, reason.Parm2Number, "count"},
		{"no query", "0;", reason.Parm2Range, "64"},
		{"too many queries", "65;", reason.Parm2Range, "65"},
		{"fewer queries than said", strings.Replace(seen, "1;", "2;", 1), reason.Parm2Missing, "language"},
		{"more queries than said", seen + "3;", reason.Parm2Trailing, "87"},
		{"no length", `1;3;;61;WQL`, reason.Parm2Number, "namespace"},
		{"a signed length", `1;+3;10;61;WQL`, reason.Parm2Number, "+3"},
		{"a huge length", `1;3;10;99999999999999999999;WQL`, reason.Parm2Number, "7"},
		{"a length too long", strings.Replace(seen, "61", "62", 1), reason.Parm2Short, "62"},
		{"a length too short", strings.Replace(seen, "61", "60", 1), reason.Parm2Length, `";`},
		{"the last semicolon missing", strings.TrimSuffix(seen, ";"), reason.Parm2Short, "61"},
		{"a length in octets", "1;3;10;3;WQL;root\\CIMv2;aé;", reason.Parm2Short, "3"},
		{"no UTF-8", "1;3;10;1;WQL;root\\CIMv2;\xff;", reason.Parm2Encoding, ""},
		{"too long", "1;" + strings.Repeat("9", maxFilter), reason.Parm2Long, "65536"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := ParseFilter(tt.parm2)
			if why := reason.Of(err); !says(why, tt.code, tt.word) || f.Queries != nil {
				t.Errorf("got %v, %v", f, err)
			}
			catalogtest.Complete(t, reason.Of(err))
		})
	}
}

func TestEncodeIsWhatGPMCWrites(t *testing.T) {
	if got := Encode(`SELECT * from Win32_OperatingSystem WHERE Version like "10.%"`); got != seen {
		t.Errorf("got %s", got)
	}
}

func TestErrNamesTheQuery(t *testing.T) {
	f, err := ParseFilter(Encode("SELECT * FROM Win32_OperatingSystem", "SELECT * FROM Win32_OperatingSystem WHERE Version >= \u20186\u2019"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Err(); !errors.Is(err, ErrCurlyQuotes) || !says(reason.Of(err), reason.QueryOfFilter, "2") || !says(reason.Of(err), reason.CurlyQuotes, "53") {
		t.Errorf("got %v", err)
	}
	if f.Queries[0].err != nil || f.Queries[1].err == nil {
		t.Error("the wrong query has the error")
	}
}
