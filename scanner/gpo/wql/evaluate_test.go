package wql

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// a row of the table.
func row(t *testing.T, name string, role Role) Windows {
	t.Helper()
	for _, w := range Table() {
		if w.Name == name && w.Role == role {
			return w
		}
	}
	t.Fatalf("no %s as %s", name, role)
	return Windows{}
}

func TestEvaluate(t *testing.T) {
	xp, vista := row(t, "Windows XP", Client), row(t, "Windows Vista SP2", Client)
	win81, win11 := row(t, "Windows 8.1", Client), row(t, "Windows 11 24H2", Client)
	s2008, s2022 := row(t, "Windows Server 2008 SP2", MemberServer), row(t, "Windows Server 2022", MemberServer)
	dc2012, dc2025 := row(t, "Windows Server 2012 R2", Controller), row(t, "Windows Server 2025", Controller)
	all := []Windows{xp, vista, win81, win11, s2008, s2022, dc2012, dc2025}

	// One letter for each of all: y, n, or ? for unknown.
	for _, tt := range []struct{ where, want string }{
		// Text, not numbers: KB3119213 for BuildNumber, [MS-WMI] 2.2.1.1.
		{`Version >= '6'`, "nyynynyn"},
		{`Version >= "6"`, "nyynynyn"},
		{`version>="6"`, "nyynynyn"},
		{`'6' <= Version`, "nyynynyn"},
		{`'6' > Version`, "ynnynyny"},
		{`Version >= 6`, "nyynynyn"},
		{`BuildNumber > 9600`, "nnnnnnnn"},
		{`BuildNumber >= 9600`, "nnynnnyn"},
		{`BuildNumber >= "10000"`, "yyyyyyyy"},
		{`BuildNumber < 10000`, "nnnnnnnn"},
		{`Version = '6.3.9600'`, "nnynnnyn"},
		{`Version != '6.3.9600'`, "yynyyyny"},
		{`Version <> '6.3.9600'`, "yynyyyny"},
		{`Version < '6.3.9600'`, "yynyyyny"},
		{`Version <= '6.3.9600'`, "yyyyyyyy"},
		{`Version > '6.3.9600'`, "nnnnnnnn"},
		{`Version LIKE "10.%"`, "nnnynyny"},
		{`Version LIKE "6.[23]%"`, "nnynnnyn"},
		{`Version LIKE "6.%" OR Version LIKE "10.%"`, "nyyyyyyy"},
		// AND binds tighter than OR, NOT tighter than both.
		{`Version LIKE "6.%" OR Version LIKE "10.%" AND ProductType = 1`, "nyyyynyn"},
		{`(Version LIKE "6.%" OR Version LIKE "10.%") AND ProductType = 1`, "nyyynnnn"},
		{`ProductType = 1 AND Version LIKE "10.%" OR ProductType = 2`, "nnnynnyy"},
		{`NOT Version LIKE "6.%" AND ProductType = 1`, "ynnynnnn"},
		{`NOT (Version LIKE "6.%" AND ProductType = 1)`, "ynnyyyyy"},
		{`NOT NOT ProductType = 1`, "yyyynnnn"},
		// A number, compared with a number or a string.
		{`ProductType = "1" OR ProductType = "3"`, "yyyyyynn"},
		{`ProductType <> 2`, "yyyyyynn"},
		{`ProductType > 1`, "nnnnyyyy"},
		{`ProductType LIKE "2"`, "nnnnnnyy"},
		{`ProductType < 10`, "yyyyyyyy"},
		{`ProductType < "10"`, "yyyy????"}, // 1 in both ways
		{`OSType = 18`, "yyyyyyyy"},
		{`ServicePackMajorVersion >= 2`, "?ynnynnn"},
		// The caption: what every edition and language has.
		{`Caption LIKE "%Windows%"`, "yyyyyyyy"},
		{`Caption LIKE "%windows 8%"`, "nnynnnnn"},
		{`Caption LIKE "Microsoft Windows 8%"`, "nn?nnnnn"},
		{`Caption LIKE "%Server%"`, "????yyyy"},
		{`Caption LIKE "%Windows Server%"`, "nnnnyyyy"},
		{`Caption LIKE "%Server 2008%"`, "nnnn?nnn"},
		{`Caption LIKE "%2008 R2%"`, "nnnnnnnn"},
		{`Caption LIKE "%Server 2012%"`, "nnnnnnyn"},
		{`Caption = "Microsoft Windows Server 2022 Standard"`, "nnnnn?nn"},
		{`Caption <> "Microsoft Windows Server 2022 Standard"`, "????????"},
		{`Caption LIKE "%Enterprise%"`, "????????"},
		{`Caption IS NOT NULL`, "yyyyyyyy"},
		// Unknown is kept apart, unless the other side decides.
		{`OSArchitecture = "64-bit"`, "????????"},
		{`OSArchitecture IS NULL`, "????????"},
		{`Version IS NULL`, "nnnnnnnn"},
		{`Version IS NOT NULL`, "yyyyyyyy"},
		{`OSArchitecture = "64-bit" AND ProductType = 2`, "nnnnnn??"},
		{`OSArchitecture = "64-bit" OR ProductType = 2`, "??????yy"},
		{`NOT OSArchitecture = "64-bit"`, "????????"},
		{`Primary = TRUE`, "????????"},
	} {
		t.Run(tt.where, func(t *testing.T) {
			f := parsed(t, "SELECT * FROM Win32_OperatingSystem WHERE "+tt.where)
			if err := f.Err(); err != nil {
				t.Fatal(err)
			}
			for i, w := range all {
				want := map[byte]tri.State{'y': tri.Yes, 'n': tri.No, '?': tri.Unknown}[tt.want[i]]
				if got := f.Evaluate(w); got.Truth != want || (want == tri.Unknown) != (len(got.Why) > 0) {
					t.Errorf("%s: got %v, want %s", w, got, want)
				} else {
					catalogtest.Complete(t, got.Why)
				}
			}
		})
	}
}

// What is not known says why.
func TestEvaluateSaysWhatIsNotKnown(t *testing.T) {
	for where, want := range map[string]struct {
		on   Windows
		code reason.Code
		word string
	}{
		`OSArchitecture = "64-bit"`:   {row(t, "Windows 8.1", Client), reason.PropertyUnknown, "OSArchitecture"},
		`ProductType < "10"`:          {row(t, "Windows Server 2022", MemberServer), reason.NumberAgainstText, `3 < "10"`},
		`Caption LIKE "%Enterprise%"`: {row(t, "Windows 8.1", Client), reason.CaptionUnknown, "Windows 8.1 (client)"},
	} {
		if a := parsed(t, "SELECT * FROM Win32_OperatingSystem WHERE "+where).Evaluate(want.on); !says(a.Why, want.code, want.word) {
			t.Errorf("%s: %s", where, a.Why.Key())
		}
	}
	a := parsed(t, "SELECT * FROM Win32_ComputerSystem WHERE DomainRole = 5").Evaluate(row(t, "Windows Server 2022", Controller))
	if !says(a.Why, reason.PropertyAmbiguous, "4") {
		t.Errorf("%s", a.Why.Key())
	}
}

func TestEvaluateComputerSystem(t *testing.T) {
	client, server, dc := row(t, "Windows 10 22H2", Client), row(t, "Windows Server 2019", MemberServer), row(t, "Windows Server 2019", Controller)
	for where, want := range map[string][3]tri.State{
		"DomainRole = 1":                         {tri.Yes, tri.No, tri.No},
		"DomainRole < 4":                         {tri.Yes, tri.Yes, tri.No},
		"DomainRole >= '4'":                      {tri.No, tri.No, tri.Yes},
		"DomainRole = 5":                         {tri.No, tri.No, tri.Unknown},
		"NOT DomainRole = 5":                     {tri.Yes, tri.Yes, tri.Unknown},
		"PartOfDomain = TRUE":                    {tri.Yes, tri.Yes, tri.Yes},
		"PartOfDomain <> 'false'":                {tri.Yes, tri.Yes, tri.Yes},
		"PartOfDomain = 0":                       {tri.No, tri.No, tri.No},
		`Model LIKE "%Virtual%"`:                 {tri.Unknown, tri.Unknown, tri.Unknown},
		`Model = "x" AND DomainRole = 1`:         {tri.Unknown, tri.No, tri.No},
		`Domain = "contoso.test"`:                {tri.Unknown, tri.Unknown, tri.Unknown},
		`DomainRole = 1 OR NOT PartOfDomain = 1`: {tri.Yes, tri.No, tri.No},
	} {
		f := parsed(t, "SELECT DomainRole, __PATH FROM Win32_ComputerSystem WHERE "+where)
		for i, w := range []Windows{client, server, dc} {
			if a := f.Evaluate(w); a.Truth != want[i] {
				t.Errorf("%s on %s: got %v (%v), want %s", where, w, a, f.Err(), want[i])
			}
		}
	}
}

// All queries must return rows.
func TestEvaluateQueriesTogether(t *testing.T) {
	const os = "SELECT * FROM Win32_OperatingSystem"
	win11 := row(t, "Windows 11 24H2", Client)
	for _, tt := range []struct {
		queries []string
		want    tri.State
		ordinal string // of the query that the answer is about
	}{
		{[]string{os, os + " WHERE ProductType = 1"}, tri.Yes, ""},
		{[]string{os, os + " WHERE ProductType = 3"}, tri.No, ""},
		{[]string{os, "SELECT * FROM Win32_Battery"}, tri.Unknown, "2"},
		{[]string{"SELECT * FROM Win32_Battery", os + " WHERE ProductType = 3"}, tri.No, ""},
		{[]string{"SELECT * FROM Win32_Battery", os + " WHERE Version = \u20186\u2019"}, tri.No, ""},
		{[]string{os, os, os, os, os}, tri.Yes, ""},
	} {
		f, err := ParseFilter(Encode(tt.queries...))
		if err != nil {
			t.Fatal(err)
		}
		if a := f.Evaluate(win11); a.Truth != tt.want || tt.ordinal != "" && !says(a.Why, reason.QueryOfFilter, tt.ordinal) {
			t.Errorf("%q: got %v", tt.queries, a)
		}
	}
}

func TestEvaluateWithoutQueries(t *testing.T) {
	win11 := row(t, "Windows 11 24H2", Client)
	if a := (Filter{}).Evaluate(win11); a.Truth != tri.Unknown {
		t.Errorf("got %v", a)
	}
	if a := (Filter{Queries: []Query{{Text: "SELECT * FROM Win32_OperatingSystem"}}}).Evaluate(win11); a.Truth != tri.Unknown {
		t.Errorf("a query that was not parsed: got %v", a)
	}
	old := Lookup("Windows 2000 Professional", "5.0 (2195)", false)
	if a := parsed(t, "SELECT * FROM Win32_OperatingSystem WHERE ProductType = 3").Evaluate(old[0]); a.Truth != tri.Yes {
		t.Errorf("Windows 2000: got %v", a)
	}
}
