package wql

import (
	"slices"
	"strings"
	"testing"
)

func TestFaults(t *testing.T) {
	const os = "SELECT * FROM Win32_OperatingSystem WHERE "
	for _, tt := range []struct {
		name, query string
		want        []string // ids, information in parentheses
		text        []string // what the first says
	}{
		{"the paper's, as printed", "Select * from Win32_OperatingSystem where Version >=\u20186\u2019",
			[]string{FaultCurlyQuotes, "(" + FaultExcluded + ")"},
			[]string{"as the paper's own text has", "WBEM_E_INVALID_QUERY", "ends policy application", "no Windows gets the GPO", "missing would be skipped and the GPO allowed"}},
		{"the paper's, with straight quotes", "Select * from Win32_OperatingSystem where Version >='6'",
			[]string{FaultVersionOrder, "(" + FaultControllers + ")", "(" + FaultExcluded + ")"},
			[]string{"it keeps out Windows 10 1507 to Windows 11 25H2 as client; Windows Server 2016 to Windows Server 2025 as member server",
				"for Version it is inferred", "The paper's own text has Version >= '6'"}},
		{"build number", os + "BuildNumber > 9600 AND ProductType <> 2",
			[]string{FaultBuildOrder, "(" + FaultExcluded + ")"},
			[]string{"it keeps out Windows 10 1507 to", "KB3119213"}},
		{"build number above 7000 lets all but Windows 10 through", os + "BuildNumber >= 7000 AND ProductType = 1",
			[]string{FaultBuildOrder, "(" + FaultExcluded + ")"}, []string{"it keeps out Windows 10 1507 to Windows 11 25H2 as client"}},
		{"an order that lets through more", os + "Version >= '10' AND ProductType <> 2",
			[]string{FaultVersionOrder}, []string{"it lets through Windows Vista to Windows 8.1 as client"}},
		{"precedence, version first", os + `Version LIKE "6.%" OR Version LIKE "10.%" AND (ProductType = "1" OR ProductType = "3")`,
			[]string{FaultPrecedence, "(" + FaultControllers + ")"},
			[]string{"AND binds tighter", "Windows Server 2008 to Windows Server 2012 R2 as domain controller"}},
		{"precedence, role last", os + `Version LIKE "10.%" AND ProductType = 1 OR ProductType = 3`,
			[]string{FaultPrecedence, "(" + FaultExcluded + ")"}, []string{"Windows Server 2008 to Windows Server 2012 R2 as member server"}},
		{"domain controllers", os + `Version LIKE "6.%" OR Version LIKE "10.%"`, []string{"(" + FaultControllers + ")"}, []string{"every domain controller"}},
		{"no member servers", os + `ProductType = 1`, []string{"(" + FaultExcluded + ")"}, []string{"keeps out every member server"}},
		{"not understood", "SELECT * FROM Win32_Battery", []string{FaultNotUnderstood}, []string{`the class "Win32_Battery"`}},

		// Healthy: nothing that changes the answer.
		{"right", first2(Right()), nil, nil},
		{"an order that does no harm", os + `(Version >= "6" OR Version LIKE "10.%") AND ProductType <> 2`, nil, nil},
		{"an order within one length", os + `Version LIKE "10.%" AND Version >= "10.0.14393" AND ProductType = 3`, []string{"(" + FaultExcluded + ")"}, nil},
		{"alternatives that are whole", os + `Version LIKE "6.%" AND ProductType = 1 OR Version LIKE "10.%" AND ProductType = 1 OR ProductType = 3 AND Version LIKE "%"`,
			nil, nil},
		{"parentheses that mean it", os + `(Version LIKE "10.%" AND ProductType = 1) OR ProductType = 3`, []string{"(" + FaultExcluded + ")"}, nil},
		{"equality", os + `Version <> "5.2.3790" AND ProductType <> 2`, nil, nil},
		{"by role alone", "SELECT * FROM Win32_ComputerSystem WHERE DomainRole < 4", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			faults := parsed(t, tt.query).Faults()
			for _, f := range faults {
				id := f.ID
				if f.Information {
					id = "(" + id + ")"
				}
				got = append(got, id)
				if f.Text == "" || strings.HasSuffix(f.Text, ".") || f.Confirmed != "spec" && f.ID != FaultNotUnderstood ||
					!strings.Contains(f.Remedy, first2(Right())) {
					t.Errorf("got %+v", f)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Fatalf("got %+v", faults)
			}
			for _, want := range tt.text {
				if !strings.Contains(faults[0].Text, want) {
					t.Errorf("no %q in %s", want, faults[0].Text)
				}
			}
		})
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
