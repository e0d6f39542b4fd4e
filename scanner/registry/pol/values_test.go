package pol

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// isolation.pol was written by Samba 4.17 (samba.dcerpc.preg): a rule, its
// authentication set, directives, and what does not concern the firewall.
func TestValues(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("testdata", "isolation.pol"))
	if err != nil {
		t.Fatal(err)
	}
	const upper = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	want := []registry.Value{
		{Key: `SOFTWARE\Policies`, Name: "**DeleteKeys", Type: "REG_SZ", Data: "Other;microsoft"},
		{Key: upper, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"},
		{Key: upper + `\ConSecRules`, Name: "{3F1C0000-0000-4000-8000-000000000001}", Type: "REG_SZ",
			Data: "v2.10|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=192.168.0.30|Name=KMS für alle|Auth1Set={7B2E0000-0000-4000-8000-000000000001}|"},
		{Key: upper + `\ConSecRules`, Name: "**del.{3F1C0000-0000-4000-8000-000000000002}", Type: "REG_SZ", Data: " "},
		{Key: upper + `\Phase1AuthenticationSets\{7B2E0000-0000-4000-8000-000000000001}\0000`, Name: "Method", Type: "REG_SZ", Data: "MachineKerb"},
		{Key: upper + `\MainModeRules`},
		{Key: upper, Name: "**SecureKey", Type: "REG_DWORD", Data: "0x1"},
		{Key: upper, Name: "**soft.IPsecExempt", Type: "REG_DWORD", Data: "0x9"},
		{Key: upper, Name: "**deletevalues", Type: "REG_SZ", Data: "IPsecExempt;SAIdlTime"},
		{Key: upper, Name: "Blob", Type: "REG_BINARY", Data: "00FF5D00"},
		{Key: upper, Name: "Path", Type: "REG_EXPAND_SZ", Data: `%windir%\x`},
		{Key: upper, Name: "Many", Type: "REG_MULTI_SZ", Data: `one\0two`},
		{Key: upper, Name: "Long", Type: "REG_QWORD", Data: "0x100000000"},
		{Key: upper, Name: "Big", Type: "REG_DWORD_BIG_ENDIAN", Data: "0x21a"},
		{Key: `software\policies\microsoft\windowsfirewall\consecrules`, Name: "**delvals.", Type: "REG_SZ", Data: " "},
	}
	got, records, err := Values(file, firewall)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if records != len(want)+3 {
		t.Errorf("%d records", records)
	}
	all, records, err := Values(file, "")
	if err != nil || len(all) != records || records != len(want)+3 {
		t.Errorf("%d values of %d records, %v", len(all), records, err)
	}
	// What was read before an error is returned with it.
	got, records, err = Values(file[:len(file)-1], firewall)
	if diff := cmp.Diff(want[:len(want)-1], got); !reason.Of(err).Names(reason.PolCutIn, reason.PolCutAfter) || diff != "" || records != len(want)+2 {
		t.Error(records, err, diff)
	}
}

func TestNothingToRead(t *testing.T) {
	if v, n, err := Values(encode(), firewall); v != nil || n != 0 || err != nil {
		t.Error(v, n, err)
	}
	if v, n, err := Values(nil, firewall); v != nil || n != 0 || !reason.Of(err).Names(reason.FileEmpty) {
		t.Error(v, n, err)
	}
}

func TestDeletedWithAKeyAbove(t *testing.T) {
	for _, c := range []struct {
		key, name, data string
		want            bool
	}{
		{`Software\Policies\Microsoft`, "**DeleteKeys", "WindowsFirewall", true},
		{`Software\Policies\Microsoft`, "**DeleteKeys.", "a; windowsfirewall ;b", true},
		{`software`, "**deletekeys", "POLICIES", true},
		{`Software\Policies\Microsoft`, "**DeleteKeys", "WindowsFirewall2;Windows", false},
		{`Software\Policies\Microsoft`, "**DeleteKeysX", "WindowsFirewall", false},
		{`Software\Policies\Microsoft`, "DeleteKeys", "WindowsFirewall", false},
		{`Software\Policies\Microsoft`, "**delvals.", " ", false},
		{`Software\Policies\Microsof`, "**DeleteKeys", "WindowsFirewall", false},
		{`Software\Policies\Micro`, "**DeleteKeys", "soft", false},
		{`Software\Policies\Mozilla`, "**DeleteKeys", "WindowsFirewall", false},
	} {
		v, _, err := Values(encode(rec(c.key, c.name, 1, text(c.data))), firewall)
		if err != nil || (len(v) == 1) != c.want {
			t.Errorf("%+v: %v, %v", c, v, err)
		}
	}
}

// A rule of 5 MB and 100,000 of them are read like any other.
func TestLargeFiles(t *testing.T) {
	long := strings.Repeat("EP2_4=192.168.0.30|", 5<<20/19)
	v, _, err := Values(encode(rec(firewall+`\ConSecRules`, "{1}", 1, text(long))), firewall)
	if err != nil || len(v) != 1 || v[0].Data != long {
		t.Errorf("%d values, %v", len(v), err)
	}
	rules := make([]Record, 100_000)
	for i := range rules {
		rules[i] = rec(firewall+`\ConSecRules`, "{1}", 1, text("v2.10|"))
	}
	v, n, err := Values(encode(rules...), firewall)
	if err != nil || len(v) != len(rules) || n != len(rules) {
		t.Errorf("%d values of %d records, %v", len(v), n, err)
	}
}
