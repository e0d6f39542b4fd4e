package gpo

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	idA = "{0A1B2C3D-0000-4000-8000-00000000000A}"
	idB = "{0A1B2C3D-0000-4000-8000-00000000000B}"
	dnA = "cn={0a1b2c3d-0000-4000-8000-00000000000a},cn=policies,cn=system,DC=contoso,DC=test"
	dnB = "CN={0A1B2C3D-0000-4000-8000-00000000000B},CN=Policies,CN=System,DC=fabrikam,DC=test"
)

func TestLinks(t *testing.T) {
	a, b := run.Link{GPO: idA, DN: dnA}, run.Link{GPO: idB, DN: dnB}
	disabled, enforced, both := a, b, a
	disabled.Disabled, enforced.Enforced, both.Disabled, both.Enforced = true, true, true, true
	for _, c := range []struct {
		name, gPLink string
		want         []run.Link
		err          string
	}{
		{"none", "", nil, ""},
		{"all of them were removed", " ", nil, ""},
		{"one", "[LDAP://" + dnA + ";0]", []run.Link{a}, ""},
		{"of two domains, in order", "[LDAP://" + dnB + ";0][LDAP://" + dnA + ";0]", []run.Link{b, a}, ""},
		{"the same twice", "[LDAP://" + dnA + ";0][LDAP://" + dnA + ";1]", []run.Link{a, disabled}, ""},
		{"options", "[LDAP://" + dnA + ";1][LDAP://" + dnB + ";2][LDAP://" + dnA + ";3]", []run.Link{disabled, enforced, both}, ""},
		{"a bit more", "[LDAP://" + dnB + ";6]", []run.Link{enforced}, ""},
		{"any case", "[ldap://" + dnB + ";2]", []run.Link{enforced}, ""},
		{"blanks", " [LDAP://" + dnA + "; 0 ] \r\n[LDAP:// " + dnB + ";2]", []run.Link{a, enforced}, ""},

		{"no scheme", "[" + dnA + ";0][LDAP://" + dnB + ";2]", []run.Link{enforced},
			`gPLink at byte 0: "cn={0a1b2c3d-0000-4000-8000-00000000000a},cn=policies,cn=system,DC=contoso,DC=test;0" does not begin with LDAP://`},
		{"no options", "[LDAP://" + dnB + ";2][LDAP://cn=x]", []run.Link{enforced}, `gPLink at byte 94: "LDAP://cn=x" has no options`},
		{"options in words", "[LDAP://" + dnA + ";on]", nil, `gPLink at byte 0: the options of ` + idA + ` are "on", no number`},
		{"options below zero", "[LDAP://" + dnA + ";-1]", nil, `gPLink at byte 0: the options of ` + idA + ` are "-1", no number`},
		{"no GUID", "[LDAP://cn=policies,DC=contoso,DC=test;0]", nil, `gPLink at byte 0: "cn=policies,DC=contoso,DC=test" does not name a GPO by CN={GUID}`},
		{"a cut GUID", "[LDAP://cn={0a1b2c3d-0000},DC=contoso,DC=test;0]", nil, `gPLink at byte 0: "cn={0a1b2c3d-0000},DC=contoso,DC=test" does not name a GPO by CN={GUID}`},
		{"no domain", "[LDAP://CN=" + idA + ",CN=Policies;0]", nil, `gPLink at byte 0: "CN=` + idA + `,CN=Policies" names no domain`},
		{"another attribute", "[LDAP://OU=" + idA + ",DC=test;0]", nil, `gPLink at byte 0: "OU=` + idA + `,DC=test" does not name a GPO by CN={GUID}`},
		{"not closed", "[LDAP://cn=x;0[LDAP://" + dnB + ";2]", []run.Link{enforced}, `gPLink at byte 0: the bracket of "[LDAP://cn=x;0" is not closed`},
		{"cut off", "[LDAP://" + dnB + ";2][LDAP", []run.Link{enforced}, `gPLink at byte 94: the bracket of "[LDAP" is not closed`},
		{"text between", "[LDAP://" + dnB + ";2] x [LDAP://" + dnA + ";0]y", []run.Link{enforced, a},
			`gPLink at byte 94: " x " is not in brackets; gPLink at byte 190: "y" is not in brackets`},
		{"brackets in disorder", "]x[", nil, `gPLink at byte 0: "]x" is not in brackets; gPLink at byte 2: the bracket of "[" is not closed`},
		{"many faults", strings.Repeat("[]", 7), nil,
			`gPLink at byte 0: "" has no options; gPLink at byte 2: "" has no options; gPLink at byte 4: "" has no options; ` +
				`gPLink at byte 6: "" has no options; gPLink at byte 8: "" has no options; and 2 more`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseLinks(c.gPLink)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if said(err) != c.err {
				t.Errorf("%q\nwant %q", said(err), c.err)
			}
			var one *SyntaxError
			if err != nil && !errors.As(err, &one) {
				t.Errorf("%T", err)
			}
		})
	}
}

// said is the text of an error, "" for none.
func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestBlocks(t *testing.T) {
	for s, want := range map[string]bool{"": false, " ": false, "0": false, "1": true, "2": false, "3": true, " 1 ": true} {
		if got, err := Blocks(s); got != want || err != nil {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	if _, err := Blocks("yes"); said(err) != `gPOptions is "yes", no number` {
		t.Error(err)
	}
}

// FuzzLinks: no text makes the reader panic; the links that it gives, written
// once more, are read the same.
func FuzzLinks(f *testing.F) {
	f.Add("[LDAP://" + dnA + ";0][LDAP://" + dnB + ";2]")
	f.Add("[LDAP://cn=x;0[ldap://" + dnB + ";3] x ]")
	f.Fuzz(func(t *testing.T, s string) {
		links, err := ParseLinks(s)
		if err != nil && err.Error() == "" {
			t.Fatal("an error without a word")
		}
		var again strings.Builder
		for _, l := range links {
			options := 0
			if l.Disabled {
				options |= linkDisabled
			}
			if l.Enforced {
				options |= linkEnforced
			}
			again.WriteString("[LDAP://" + l.DN + ";" + string(rune('0'+options)) + "]")
		}
		same, err := ParseLinks(again.String())
		if diff := cmp.Diff(links, same); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}
