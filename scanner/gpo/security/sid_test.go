package security

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func TestParseSID(t *testing.T) {
	for text, want := range map[string]SID{
		"S-1-5-11":                AuthenticatedUsers,
		"s-1-5-0011":              AuthenticatedUsers,
		"S-1-0x5-11":              AuthenticatedUsers,
		"S-1-5":                   "S-1-5",
		"S-1-5-21-4294967295-0-1": "S-1-5-21-4294967295-0-1",
		"S-1-4294967295-1":        "S-1-4294967295-1",
		"S-1-4294967296-1":        "S-1-0x000100000000-1",
		"S-1-0xFFFFFFFFFFFF":      "S-1-0xffffffffffff",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15": "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
		"":                      "",
		"S-1":                   "",
		"S-1-":                  "",
		"S-2-5-11":              "",
		"X-1-5-11":              "",
		"S-1-5-":                "",
		"S-1-5-+1":              "",
		"S-1-5-4294967296":      "",
		"S-1-5-0x20":            "",
		"S-1-0x1000000000000-1": "",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16": "",
		"S-1-5-1 ": "",
	} {
		got, err := ParseSID(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
		if err == nil {
			if back, err := ParseBinarySID(encodeSID(t, got)); back != got || err != nil {
				t.Errorf("%s: in binary form %s, %v", got, back, err)
			}
		}
	}
	if _, err := ParseBinarySID([]byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, 0}); !says(reason.Of(err), reason.SIDBytes, "13") || !says(reason.Of(err), reason.SIDTrailing, "1") {
		t.Error(err)
	}
}

func TestSIDParts(t *testing.T) {
	if d, rid, ok := home.Child(515).Domain(); d != home || rid != 515 || !ok {
		t.Error(d, rid, ok)
	}
	if _, _, ok := SID("S-1-5").Domain(); ok {
		t.Error("S-1-5 has no domain")
	}
	if SID("").Child(512) != "" {
		t.Error("a group of no domain")
	}
	if !SID("s-1-5-11").Equal(AuthenticatedUsers) || AuthenticatedUsers.Equal(Everyone) {
		t.Error("comparison")
	}
}

func TestName(t *testing.T) {
	for want, c := range map[string]struct{ sid, domain SID }{
		"ENTERPRISE DOMAIN CONTROLLERS (S-1-5-9)":                      {EnterpriseControllers, home},
		"Authenticated Users (S-1-5-11)":                               {AuthenticatedUsers, ""},
		"Domain Computers (S-1-5-21-1-2-3-515)":                        {home.Child(515), home},
		"Domain Controllers (S-1-5-21-1-2-3-516)":                      {home.Child(516), ""},
		"Read-only Domain Controllers (S-1-5-21-1-2-3-521)":            {home.Child(521), home},
		"Domain Computers of another domain (S-1-5-21-1-2-3-515)":      {home.Child(515), root},
		"Enterprise Read-only Domain Controllers (S-1-5-21-7-8-9-498)": {root.Child(498), home},
		"This Organization (S-1-5-15)":                                 {ThisOrganization, home},
		"S-1-5-21-1-2-3-1105":                                          {group, home},
		"S-1-5-21-515":                                                 {"S-1-5-21-515", ""},
		"BUILTIN\\Administrators (S-1-5-32-544)":                       {"S-1-5-32-544", home},
		"nobody":                                                       {"", home},
	} {
		if got := c.sid.Name(c.domain); got != want {
			t.Errorf("%s is not %s", got, want)
		}
	}
}

func TestGUID(t *testing.T) {
	g, err := ParseGUID("{EDACFD8F-FFB3-11D1-B41D-00A0C968F939}")
	if err != nil || g != ApplyGroupPolicyRight {
		t.Error(g, err)
	}
	// The order of the wire, from a descriptor that Windows wrote.
	if g != (GUID{0x8f, 0xfd, 0xac, 0xed, 0xb3, 0xff, 0xd1, 0x11, 0xb4, 0x1d, 0x00, 0xa0, 0xc9, 0x68, 0xf9, 0x39}) {
		t.Errorf("% x", g)
	}
	for _, bad := range []string{"", "{}", "edacfd8f-ffb3-11d1-b41d-00a0c968f93", "edacfd8f-ffb3-11d1-b41d-00a0c968f93x",
		"edacfd8f0ffb3-11d1-b41d-00a0c968f939", "{edacfd8f-ffb3-11d1-b41d-00a0c968f939"} {
		if _, err := ParseGUID(bad); err == nil {
			t.Errorf("%q is a GUID", bad)
		}
	}
}
