package wql

import (
	"errors"
	"slices"
	"strings"
	"testing"
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
	for _, tt := range []struct{ name, parm2, want string }{
		{"empty", "", `offset 0: the count of queries is missing`},
		{"only a query", `SELECT * FROM Win32_OperatingSystem;`, `offset 0: the count of queries is "SELECT * FROM`},
		{"no query", "0;", "offset 0: the count of queries is 0, not one of 1 to 64"},
		{"too many queries", "65;", "offset 0: the count of queries is 65"},
		{"fewer queries than said", strings.Replace(seen, "1;", "2;", 1), `offset 87: the length of the language of query 2 is missing`},
		{"more queries than said", seen + "3;", `offset 87: "3;" after the last of 1 queries`},
		{"no length", `1;3;;61;WQL`, `offset 4: the length of the namespace of query 1 is "", no number`},
		{"a signed length", `1;+3;10;61;WQL`, `offset 2: the length of the language of query 1 is "+3", no number`},
		{"a huge length", `1;3;10;99999999999999999999;WQL`, `offset 7: the length of the text of query 1`},
		{"a length too long", strings.Replace(seen, "61", "62", 1), "offset 25: the text of query 1 should have 62 characters and a semicolon, but 62 characters are left"},
		{"a length too short", strings.Replace(seen, "61", "60", 1), `offset 25: the text of query 1 should have 60 characters and then a semicolon, but there is "\";"`},
		{"the last semicolon missing", strings.TrimSuffix(seen, ";"), "61 characters are left"},
		{"a length in octets", "1;3;10;3;WQL;root\\CIMv2;aé;", "should have 3 characters and a semicolon, but 3 characters are left"},
		{"no UTF-8", "1;3;10;1;WQL;root\\CIMv2;\xff;", "is not UTF-8"},
		{"too long", "1;" + strings.Repeat("9", maxFilter), "more than 65536"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if f, err := ParseFilter(tt.parm2); err == nil || !strings.Contains(err.Error(), tt.want) || f.Queries != nil {
				t.Errorf("got %v, %v", f, err)
			}
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
	if err := f.Err(); !errors.Is(err, ErrCurlyQuotes) || !strings.HasPrefix(err.Error(), "query 2: offset 53: typographic quotes") {
		t.Errorf("got %v", err)
	}
	if f.Queries[0].Err() != nil || f.Queries[1].Err() == nil {
		t.Error("the wrong query has the error")
	}
}
