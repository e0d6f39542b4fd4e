package wql

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
)

func TestFaults(t *testing.T) {
	const os = "SELECT * FROM Win32_OperatingSystem WHERE "
	for _, tt := range []struct {
		name, query string
		want        []reason.Code
		words       []string // of the arguments of the first, or of what it rests on
	}{
		{"the paper's, as printed", "Select * from Win32_OperatingSystem where Version >=\u20186\u2019", []reason.Code{reason.FilterCurlyQuotes, reason.FilterExcluded},
			[]string{"1", "Select * from Win32_OperatingSystem where Version >=\u20186\u2019"}},
		{"the paper's, with straight quotes", "Select * from Win32_OperatingSystem where Version >='6'", []reason.Code{reason.FilterVersionOrder, reason.FilterControllers, reason.FilterExcluded},
			[]string{"lost", "client", "Windows 10 1507", "Windows 11 25H2", "member server", "Windows Server 2016", "Windows Server 2025"}},
		{"build number", os + "BuildNumber > 9600 AND ProductType <> 2", []reason.Code{reason.FilterBuildOrder, reason.FilterExcluded},
			[]string{"lost", "Windows 10 1507"}},
		{"build number above 7000 lets all but Windows 10 through", os + "BuildNumber >= 7000 AND ProductType = 1", []reason.Code{reason.FilterBuildOrder, reason.FilterExcluded}, []string{"lost", "Windows 10 1507", "Windows 11 25H2", "client"}},
		{"an order that lets through more", os + "Version >= '10' AND ProductType <> 2", []reason.Code{reason.FilterVersionOrder}, []string{"gained", "Windows Vista", "Windows 8.1", "client"}},
		{"precedence, version first", os + `Version LIKE "6.%" OR Version LIKE "10.%" AND (ProductType = "1" OR ProductType = "3")`, []reason.Code{reason.FilterPrecedence, reason.FilterControllers},
			[]string{"1", "gained", "Windows Server 2008", "Windows Server 2012 R2", "domain controller"}},
		{"precedence, role last", os + `Version LIKE "10.%" AND ProductType = 1 OR ProductType = 3`, []reason.Code{reason.FilterPrecedence, reason.FilterExcluded}, []string{"1", "gained", "Windows Server 2008", "Windows Server 2012 R2", "member server"}},
		{"domain controllers", os + `Version LIKE "6.%" OR Version LIKE "10.%"`, []reason.Code{reason.FilterControllers}, []string{"gained", "domain controller"}},
		{"no member servers", os + `ProductType = 1`, []reason.Code{reason.FilterExcluded}, []string{"lost", "member server"}},
		{"not understood", "SELECT * FROM Win32_Battery", []reason.Code{reason.FilterNotUnderstood}, []string{"1", "Win32_Battery"}},

		// Healthy: nothing that changes the answer.
		{"right", first2(Right()), nil, nil},
		{"an order that does no harm", os + `(Version >= "6" OR Version LIKE "10.%") AND ProductType <> 2`, nil, nil},
		{"an order within one length", os + `Version LIKE "10.%" AND Version >= "10.0.14393" AND ProductType = 3`, []reason.Code{reason.FilterExcluded}, nil},
		{"alternatives that are whole", os + `Version LIKE "6.%" AND ProductType = 1 OR Version LIKE "10.%" AND ProductType = 1 OR ProductType = 3 AND Version LIKE "%"`,
			nil, nil},
		{"parentheses that mean it", os + `(Version LIKE "10.%" AND ProductType = 1) OR ProductType = 3`, []reason.Code{reason.FilterExcluded}, nil},
		{"equality", os + `Version <> "5.2.3790" AND ProductType <> 2`, nil, nil},
		{"by role alone", "SELECT * FROM Win32_ComputerSystem WHERE DomainRole < 4", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			faults := parsed(t, tt.query).Faults()
			var got []reason.Code
			for _, f := range faults {
				got = append(got, f.Code)
				if f.Word("right-query") != first2(Right()) {
					t.Errorf("got %s", f.Key())
				}
				catalogtest.Complete(t, reason.List{f.With("filter", "a filter")})
			}
			if !slices.Equal(got, tt.want) {
				t.Fatalf("got %s", faults.Key())
			}
			for _, want := range tt.words {
				if !has(faults[0], want) {
					t.Errorf("no %q in %s", want, faults[0].Key())
				}
			}
		})
	}
}

// has reports whether an argument of a reason, or of one that it rests on, has a
// name or a word.
func has(r reason.Reason, word string) bool {
	for inner := range (reason.List{r}).All {
		for _, a := range inner.Args {
			if a.Name == word || slices.Contains(inner.Words(a.Name), word) {
				return true
			}
		}
	}
	return false
}

// Windows are named by ranges, and all of a role at once.
func TestWindowsAreNamedByRanges(t *testing.T) {
	of := func(names ...string) (some []Windows) {
		for _, n := range names {
			some = append(some, row(t, n, Client))
		}
		return some
	}
	want := reason.One(reason.WindowsOfRole, "role", Client, "first", []string{"Windows Vista", "Windows 8"}, "last", []string{"Windows Vista SP1", "Windows 8"})
	if got := list(of("Windows Vista", "Windows Vista SP1", "Windows 8")); !got.Equal(want) {
		t.Errorf("got %s", got.Key())
	}
	if got := list(Table()); len(got) != 3 || !got.Has(reason.WindowsOfEveryRole) || got.Has(reason.WindowsOfRole) {
		t.Errorf("got %s", got.Key())
	}
}

func first2(query, _ string) string { return query }

// Right is right for exactly the roles it is asked for, from Vista on, and its
// msWMI-Parm2 says the same.
func TestRight(t *testing.T) {
	for _, roles := range [][]Role{nil, {Client}, {MemberServer}, {MemberServer, Client, MemberServer}, {Client, Controller, MemberServer}} {
		want := roles
		if want == nil {
			want = []Role{Client, MemberServer}
		}
		query, parm2 := Right(roles...)
		f, err := ParseFilter(parm2)
		if err != nil || f.Err() != nil || len(f.Queries) != 1 || f.Queries[0].Text != query {
			t.Fatalf("%v: %v, %v, %+v", roles, err, f.Err(), f)
		}
		gets, misses, unsure := f.Coverage()
		if len(gets) == 0 || len(misses) == 0 || len(unsure) != 0 || len(gets)+len(misses) != len(Table()) {
			t.Errorf("%v: gets %v, misses %v, unsure %v", roles, gets, misses, unsure)
		}
		for _, w := range Table() {
			if should := w.HasRules() && slices.Contains(want, w.Role); slices.Contains(gets, w) != should {
				t.Errorf("%v: %s gets it: %t", roles, w, !should)
			}
		}
	}
	if query, _ := Right(); query != `SELECT * FROM Win32_OperatingSystem WHERE (Version LIKE "6.%" OR Version LIKE "10.%") AND (ProductType = "1" OR ProductType = "3")` {
		t.Errorf("got %s", query)
	}
}
