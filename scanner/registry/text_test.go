package registry

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const testKey = `HKLM\SOFTWARE\KT`

// regTexts are what "reg query HKLM\SOFTWARE\KT /s" prints; recorded from wine
// 8.0 where it says so, else in the layout of Windows' reg.exe.
var regTexts = []struct {
	name string
	text string
	want []Value // nil is an error
}{
	{
		name: "wine with every type",
		text: "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\\a b\r\n    (Default)    REG_SZ    def\r\n    a    name  x    REG_MULTI_SZ    one\\0two\r\n    bin    REG_BINARY    00FF\r\n    dw    REG_DWORD    0xb\r\n    empty    REG_SZ    \r\n    nl    REG_SZ    line1\nline2\r\n    qw    REG_QWORD    (null)\r\n\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\\sub\r\n    (Default)    REG_SZ    \r\n\r\n",
		want: []Value{
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Type: "REG_SZ", Data: "def"},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Name: "a    name  x", Type: "REG_MULTI_SZ", Data: `one\0two`},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Name: "bin", Type: "REG_BINARY", Data: "00FF"},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Name: "dw", Type: "REG_DWORD", Data: "0xb"},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Name: "empty", Type: "REG_SZ"},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Name: "nl", Type: "REG_SZ", Data: "line1\nline2"},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\a b`, Name: "qw", Type: "REG_QWORD", Data: "(null)"},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\sub`, Type: "REG_SZ"},
		},
	},
	{
		name: "windows with keys that have no values",
		text: "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\r\n\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\\ConSecRules\r\n    {3F1C}    REG_SZ    v2.0|Action=SecureServer|Name=KMS Isolation|\r\n\r\n",
		want: []Value{
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT`},
			{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT\ConSecRules`, Name: "{3F1C}", Type: "REG_SZ", Data: "v2.0|Action=SecureServer|Name=KMS Isolation|"},
		},
	},
	{
		name: "data with an empty line inside",
		text: "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\r\n    v    REG_SZ    one\r\n\r\nthree\r\n\r\n",
		want: []Value{{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT`, Name: "v", Type: "REG_SZ", Data: "one\n\nthree"}},
	},
	{
		name: "a default value named in German",
		text: "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\r\n    (Standard)    REG_SZ    x\r\n\r\n",
		want: []Value{{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT`, Type: "REG_SZ", Data: "x"}},
	},
	{name: "text before any key", text: "ERROR: Access is denied.\r\n"},
	{name: "another key", text: "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Other\r\n    v    REG_SZ    x\r\n"},
	{name: "no value under a key", text: "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\r\nERROR: Access is denied.\r\n"},
}

func TestParse(t *testing.T) {
	for _, tc := range regTexts {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ParseText(tc.text, testKey)
			if (err == nil) != (tc.want != nil) {
				t.Fatalf("got %+v, %v", got, err)
			}
			if d := cmp.Diff(tc.want, got); tc.want != nil && d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParseOfAnyRoot(t *testing.T) {
	const text = "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\KT\r\n    v    REG_SZ    x\r\n\r\n\r\nHKEY_CURRENT_USER\\KT\r\n    w    REG_DWORD    0x1\r\n\r\n"
	got, err := ParseText(text, "")
	want := []Value{
		{Key: `HKEY_LOCAL_MACHINE\SOFTWARE\KT`, Name: "v", Type: "REG_SZ", Data: "x"},
		{Key: `HKEY_CURRENT_USER\KT`, Name: "w", Type: "REG_DWORD", Data: "0x1"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := ParseText("ERROR: The system was unable to find the specified registry key or value.\r\n", ""); err == nil || !strings.Contains(err.Error(), "before any key of the registry") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		if all, err := ParseText(text, ""); err == nil && len(all) == 0 && strings.TrimSpace(text) != "" {
			t.Errorf("%q is nothing", text)
		}
		values, err := ParseText(text, testKey)
		if err != nil {
			return
		}
		for _, v := range values {
			if !strings.HasPrefix(strings.ToLower(v.Key), strings.ToLower(LongKey(testKey))) {
				t.Errorf("a value under %q", v.Key)
			}
			if v.Type == "" && (v.Name != "" || v.Data != "") {
				t.Errorf("a value without a type: %+v", v)
			}
		}
		if len(values) == 0 && strings.TrimSpace(text) != "" {
			t.Errorf("%q is nothing", text)
		}
	})
}
