package live

import (
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// A search finds no more than there can be, and no more in a page than it asked for.
func TestSearchesThatFindTooMuch(t *testing.T) {
	two := these(ldap.NewEntry("CN=a", nil), ldap.NewEntry("CN=b", nil))
	for want, finds := range map[reason.Code]found{
		reason.MoreThanThereIs: two,
		reason.PageTooLarge:    {n: page + 1, at: func(int) *ldap.Entry { return two.at(0) }, once: true},
	} {
		m := newMock(t)
		m.search = func(asked) found { return finds }
		if err := readMock(t, m, m.serve("ldaps")); !reason.Of(err).Names(want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for text, want := range map[string]string{
		"20261123120000.0Z": "2026-11-23T12:00:00Z", "20261123120000Z": "2026-11-23T12:00:00Z", "20261123120000+0100": "2026-11-23T11:00:00Z",
		"": "", "2026": "", "yesterday": "",
	} {
		got, ok := generalized(text)
		if ok != (want != "") || ok && got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%q is %s, %v", text, got, ok)
		}
	}
	for text, want := range map[string]string{
		"116444736000000000": "1970-01-01T00:00:00Z", "133970976000000000": "2025-07-16T00:00:00Z", "0": "", "": "", "-1": "", "x": "",
	} {
		got, ok := filetime(text)
		if ok != (want != "") || ok && got.Format(time.RFC3339) != want {
			t.Errorf("%q is %s, %v", text, got, ok)
		}
	}
}

func TestNames(t *testing.T) {
	for dn, want := range map[string][2]string{
		`CN=KMS01,OU=Hosts,DC=contoso,DC=test`: {"KMS01", "OU=Hosts,DC=contoso,DC=test"},
		`CN=A\,B,OU=X\\,DC=test`:               {`A\,B`, `OU=X\\,DC=test`},
		`DC=test`:                              {"test", ""},
		``:                                     {"", ""},
	} {
		if got := [2]string{rdn(dn), parent(dn)}; got != want {
			t.Errorf("%q is %q", dn, got)
		}
	}
	if got, want := anyOf("cn", []string{"a*", "(b)"}), `(|(cn=a\2a)(cn=\28b\29))`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func FuzzNames(f *testing.F) {
	f.Add(`CN=A\,B,OU=X\\,DC=test`, "20261123120000.0Z")
	f.Add(`CN=A\`, "133970976000000000")
	f.Add(`,,=`, "-9223372036854775808")
	f.Fuzz(func(t *testing.T, dn, when string) {
		if up := parent(dn); !strings.HasSuffix(dn, up) || len(up) >= len(dn) && dn != "" {
			t.Errorf("%q is in %q", dn, up)
		}
		rdn(dn)
		if at, ok := generalized(when); ok && !strings.HasPrefix(when, at.Format("2006")) {
			t.Errorf("%q is %s", when, at)
		}
		if at, ok := filetime(when); ok && at.Year() < 1601 {
			t.Errorf("%q is %s", when, at)
		}
	})
}
