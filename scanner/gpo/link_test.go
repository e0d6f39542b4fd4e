package gpo

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
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
		err          reason.List
	}{
		{"none", "", nil, nil},
		{"all of them were removed", " ", nil, nil},
		{"one", "[LDAP://" + dnA + ";0]", []run.Link{a}, nil},
		{"of two domains, in order", "[LDAP://" + dnB + ";0][LDAP://" + dnA + ";0]", []run.Link{b, a}, nil},
		{"the same twice", "[LDAP://" + dnA + ";0][LDAP://" + dnA + ";1]", []run.Link{a, disabled}, nil},
		{"options", "[LDAP://" + dnA + ";1][LDAP://" + dnB + ";2][LDAP://" + dnA + ";3]", []run.Link{disabled, enforced, both}, nil},
		{"a bit more", "[LDAP://" + dnB + ";6]", []run.Link{enforced}, nil},
		{"any case", "[ldap://" + dnB + ";2]", []run.Link{enforced}, nil},
		{"blanks", " [LDAP://" + dnA + "; 0 ] \r\n[LDAP:// " + dnB + ";2]", []run.Link{a, enforced}, nil},

		{"no scheme", "[" + dnA + ";0][LDAP://" + dnB + ";2]", []run.Link{enforced},
			partAt("gPLink", 0, reason.LinkScheme, "found", dnA+";0", "want", "LDAP://")},
		{"no options", "[LDAP://" + dnB + ";2][LDAP://cn=x]", []run.Link{enforced}, partAt("gPLink", 94, reason.LinkWithoutOptions, "found", "LDAP://cn=x")},
		{"options in words", "[LDAP://" + dnA + ";on]", nil, partAt("gPLink", 0, reason.LinkOptions, "gpo-id", idA, "found", "on")},
		{"options below zero", "[LDAP://" + dnA + ";-1]", nil, partAt("gPLink", 0, reason.LinkOptions, "gpo-id", idA, "found", "-1")},
		{"no GUID", "[LDAP://cn=policies,DC=contoso,DC=test;0]", nil, partAt("gPLink", 0, reason.LinkWithoutGPO, "found", "cn=policies,DC=contoso,DC=test")},
		{"a cut GUID", "[LDAP://cn={0a1b2c3d-0000},DC=contoso,DC=test;0]", nil, partAt("gPLink", 0, reason.LinkWithoutGPO, "found", "cn={0a1b2c3d-0000},DC=contoso,DC=test")},
		{"no domain", "[LDAP://CN=" + idA + ",CN=Policies;0]", nil, partAt("gPLink", 0, reason.DomainNotNamed, "found", "CN="+idA+",CN=Policies")},
		{"another attribute", "[LDAP://OU=" + idA + ",DC=test;0]", nil, partAt("gPLink", 0, reason.LinkWithoutGPO, "found", "OU="+idA+",DC=test")},
		{"not closed", "[LDAP://cn=x;0[LDAP://" + dnB + ";2]", []run.Link{enforced}, partAt("gPLink", 0, reason.BracketOpen, "found", "[LDAP://cn=x;0")},
		{"cut off", "[LDAP://" + dnB + ";2][LDAP", []run.Link{enforced}, partAt("gPLink", 94, reason.BracketOpen, "found", "[LDAP")},
		{"text between", "[LDAP://" + dnB + ";2] x [LDAP://" + dnA + ";0]y", []run.Link{enforced, a},
			append(partAt("gPLink", 94, reason.OutsideBrackets, "found", " x "), partAt("gPLink", 190, reason.OutsideBrackets, "found", "y")...)},
		{"brackets in disorder", "]x[", nil, append(partAt("gPLink", 0, reason.OutsideBrackets, "found", "]x"), partAt("gPLink", 2, reason.BracketOpen, "found", "[")...)},
		{"many faults", strings.Repeat("[]", 7), nil,
			slices.Concat(partAt("gPLink", 0, reason.LinkWithoutOptions), partAt("gPLink", 2, reason.LinkWithoutOptions), partAt("gPLink", 4, reason.LinkWithoutOptions),
				partAt("gPLink", 6, reason.LinkWithoutOptions), partAt("gPLink", 8, reason.LinkWithoutOptions), reason.One(reason.AttributeMore, "count", 2))},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseLinks(c.gPLink)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if why := reason.Of(err); !why.Equal(c.err) {
				t.Errorf("%s\nwant %s", why.Key(), c.err.Key())
			}
		})
	}
}

// partAt is a part of an attribute that cannot be read.
func partAt(in string, offset int, code reason.Code, args ...any) reason.List {
	return reason.One(reason.AttributePart, "in", in, "offset", offset, "why", reason.New(code, args...))
}

func TestBlocks(t *testing.T) {
	for s, want := range map[string]bool{"": false, " ": false, "0": false, "1": true, "2": false, "3": true, " 1 ": true} {
		if got, err := Blocks(s); got != want || err != nil {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	if _, err := Blocks("yes"); !reason.Of(err).Equal(reason.One(reason.NotANumber, "field", "gPOptions", "value", "yes", "bits", 32)) {
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
		for _, r := range reason.Of(err) {
			if !r.Is(reason.AttributePart, reason.AttributeMore) {
				t.Fatalf("an error without a place: %s", r.Key())
			}
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
