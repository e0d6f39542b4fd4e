package wql

import (
	"testing"
	"unicode/utf8"

	"github.com/kmsiso/kmsiso/scanner/tri"
)

// FuzzFilter: no msWMI-Parm2 makes the reader panic, and what was read encodes
// to a filter that reads the same.
func FuzzFilter(f *testing.F) {
	f.Add(seen)
	f.Add(`2;3;10;2;WQL;root\CIMv2;a;;3;4;1;WQL;root;b;`)
	f.Add("1;3;10;50;WQL;root\\CIMv2;Select * from Win32_OperatingSystem where Version >=\u20186\u2019;")
	f.Add("1;3;10;3;WQL;root\\CIMv2;a\U0001d11e;")
	f.Fuzz(func(t *testing.T, parm2 string) {
		filter, err := ParseFilter(parm2)
		if err != nil {
			if filter.Queries != nil || !utf8.ValidString(err.Error()) {
				t.Fatalf("got %+v, %v", filter, err)
			}
			return
		}
		var texts []string
		for _, q := range filter.Queries {
			texts = append(texts, q.Text)
		}
		again, err := ParseFilter(Encode(texts...))
		if err != nil || len(again.Queries) != len(texts) {
			t.Fatalf("%q: read again: %v", texts, err)
		}
		for i, q := range again.Queries {
			if q.Text != texts[i] {
				t.Fatalf("%q became %q", texts[i], q.Text)
			}
		}
		filter.Faults()
	})
}

// FuzzWQL: no query makes the parser or the evaluation panic, every answer has
// a truth and a reason, a query that was not understood is answered for no
// Windows with yes, and NOT turns every answer around.
func FuzzWQL(f *testing.F) {
	const os = "SELECT * FROM Win32_OperatingSystem WHERE "
	f.Add(os + `(Version LIKE "6.%" OR Version LIKE "10.%") AND (ProductType = "1" OR ProductType = "3")`)
	f.Add(os + "Version >= '6'")
	f.Add(os + "NOT '6' <= Version AND BuildNumber > 9600")
	f.Add(os + "Caption LIKE '%Windows 1[01]%' OR Caption IS NOT NULL AND Primary <> TRUE")
	f.Add("SELECT DomainRole, __CLASS FROM Win32_ComputerSystem WHERE DomainRole >= 4 OR PartOfDomain = 0")
	f.Add("Select * from Win32_OperatingSystem where Version >=\u20186\u2019")
	f.Fuzz(func(t *testing.T, text string) {
		q := Query{Language: "WQL", Namespace: namespace, Text: text}
		q.where, q.err = q.parse(false)
		filter := Filter{Queries: []Query{q}}
		opposite := q
		if q.where.expr != nil {
			opposite.where.expr = negation{q.where.expr}
		}
		for _, w := range Table() {
			a := filter.Evaluate(w)
			if a.Truth != tri.Yes && a.Truth != tri.No && a.Truth != tri.Unknown || (a.Truth == tri.Unknown) != (len(a.Why) > 0) {
				t.Fatalf("%s: got %+v", w, a)
			}
			if q.err != nil && a.Truth == tri.Yes {
				t.Fatalf("%s: got %+v though %v", w, a, q.err)
			}
			if b := opposite.evaluate(machine{Windows: w}); q.where.expr != nil && b.not().truth != a.Truth {
				t.Fatalf("%s: %v, and NOT: %s", w, a, b.truth)
			}
		}
	})
}
