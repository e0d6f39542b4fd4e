package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	policy = run.FirewallKey
	rules  = run.FirewallKey + `\ConSecRules`
	rule   = "v2.26|Action=SecureServer|Active=TRUE|EP2_4=198.18.10.30|Name=KMS|"
)

// text is a reg export of version 5 whose lines end as Windows' do.
func text(lines ...string) []byte {
	return []byte(strings.Join(append([]string{version5, ""}, lines...), "\r\n") + "\r\n")
}

const inRules = `[HKEY_LOCAL_MACHINE\` + rules + `]`

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want []registry.Value
	}{
		"every form": {text(`[HKEY_LOCAL_MACHINE\`+policy+`]`, `"PolicyVersion"=dword:0000021a`, `@="default"`, `"e"=hex(2):25,00,78,00,00,00`,
			`"m"=hex(7):6f,00,6e,00,65,00,00,00,74,00,\`, `  77,00,6f,00,00,00,00,00`, `"b"=hex:00,FF`, `"q"=hex(b):01,00,00,00,00,00,00,00`, `"n"=hex(0):`, `"odd"=hex(99):01`), []registry.Value{
			{Key: policy, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"},
			{Key: policy, Type: "REG_SZ", Data: "default"},
			{Key: policy, Name: "e", Type: "REG_EXPAND_SZ", Data: "%x"},
			{Key: policy, Name: "m", Type: "REG_MULTI_SZ", Data: `one\0two`},
			{Key: policy, Name: "b", Type: "REG_BINARY", Data: "00FF"},
			{Key: policy, Name: "q", Type: "REG_QWORD", Data: "0x1"},
			{Key: policy, Name: "n", Type: "REG_NONE"},
			{Key: policy, Name: "odd", Type: "0x99", Data: "01"},
		}},
		"escapes": {text(inRules, `"a \"b\" \\c"="C:\\x \"y\""`), []registry.Value{{Key: rules, Name: `a "b" \c`, Type: "REG_SZ", Data: `C:\x "y"`}}},
		"a text over lines": {text(inRules, `"a"="one`, ``, `three"`, `"b"="x"`), []registry.Value{
			{Key: rules, Name: "a", Type: "REG_SZ", Data: "one\n\nthree"}, {Key: rules, Name: "b", Type: "REG_SZ", Data: "x"}}},
		"a key in brackets": {text(`[HKEY_LOCAL_MACHINE\` + policy + `\a]b]`), []registry.Value{{Key: policy + `\a]b`}}},
		"comments":          {text(`; [x]`, inRules, `;"a"="b"`, `"c"="d" ; e`), []registry.Value{{Key: rules, Name: "c", Type: "REG_SZ", Data: "d"}}},
		"in another case": {text(strings.ToUpper(inRules), `"A"="1"`, strings.ToLower(inRules), `"a"="2"`), []registry.Value{
			{Key: strings.ToUpper(rules), Name: "a", Type: "REG_SZ", Data: "2"}}},
		"what a hand deletes": {text(inRules, `"a"="1"`, `"b"="2"`, `"a"=-`, `[-HKEY_LOCAL_MACHINE\`+policy+`\X]`, `[HKEY_LOCAL_MACHINE\`+policy+`\FirewallRules]`, `"c"="3"`, `[-HKEY_LOCAL_MACHINE\`+policy+`\FirewallRules]`), []registry.Value{
			{Key: rules, Name: "b", Type: "REG_SZ", Data: "2"}}},
		"what is deleted and comes back": {text(inRules, `"a"="1"`, `[-HKEY_LOCAL_MACHINE\`+policy+`]`, inRules, `"b"="2"`), []registry.Value{{Key: rules, Name: "b", Type: "REG_SZ", Data: "2"}}},
		"of two stores": {text(`[HKEY_LOCAL_MACHINE\`+run.LocalFirewallKey+`\FirewallRules]`, `"SPPSVC-In-TCP"="v2.10|"`, inRules, `"a"="b"`, `[HKEY_LOCAL_MACHINE\SOFTWARE\Other]`, `"x"="y"`, `[HKEY_CURRENT_USER\`+rules+`]`, `"x"="y"`), []registry.Value{
			{Key: run.LocalFirewallKey + `\FirewallRules`, Name: "SPPSVC-In-TCP", Type: "REG_SZ", Data: "v2.10|"}, {Key: rules, Name: "a", Type: "REG_SZ", Data: "b"}}},
		"version 4": {[]byte("REGEDIT4\r\n\r\n" + inRules + "\r\n\"a\"=hex(2):25,78,e4,00\r\n\"\xe4\"=hex(7):61,00,62,00,00\r\n"), []registry.Value{
			{Key: rules, Name: "a", Type: "REG_EXPAND_SZ", Data: "%x\uFFFD"}, {Key: rules, Name: "\uFFFD", Type: "REG_MULTI_SZ", Data: `a\0b`}}},
		"UTF-16 without its mark": {func() []byte {
			var out []byte
			for _, c := range text(inRules, `"a"="b"`) {
				out = append(out, c, 0)
			}
			return out
		}(), []registry.Value{{Key: rules, Name: "a", Type: "REG_SZ", Data: "b"}}},
		"what reg query prints": {[]byte("\r\nHKEY_LOCAL_MACHINE\\" + policy + "\r\n    PolicyVersion    REG_DWORD    0x21a\r\n\r\nHKEY_LOCAL_MACHINE\\" + rules + "\r\n    {3F1C}    REG_SZ    " + rule + "\r\n\r\n" +
			"\r\nHKEY_LOCAL_MACHINE\\" + run.LocalFirewallKey + "\\ConSecRules\r\n    x    REG_SZ    y\r\n\r\n"), []registry.Value{
			{Key: policy, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"}, {Key: rules, Name: "{3F1C}", Type: "REG_SZ", Data: rule}, {Key: run.LocalFirewallKey + `\ConSecRules`, Name: "x", Type: "REG_SZ", Data: "y"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parse(c.data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.values()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		line int
		code reason.Code
	}{
		"empty":                      {nil, 0, reason.ExportEmpty},
		"something else":             {[]byte("<html>"), 0, reason.ExportUnknown},
		"Git LFS pointer":            {[]byte("version https://git-lfs.github.com/spec/v1"), 0, reason.ExportUnknown},
		"text between":               {text(inRules, `hello`), 4, reason.ExportNeither},
		"a value before any key":     {text(`"a"="b"`), 3, reason.ExportValueAlone},
		"a key without its end":      {text(`[HKEY_LOCAL_MACHINE\x`), 3, reason.ExportBracket},
		"a text without its end":     {text(inRules, `"a"="b`), 4, reason.ExportQuote},
		"a backslash alone":          {text(inRules, `"a"="\n"`), 4, reason.ExportBackslash},
		"no equals sign":             {text(inRules, `"a":"b"`), 4, reason.ExportEquals},
		"a number too large":         {text(inRules, `"a"=dword:100000000`), 4, reason.ExportNumber},
		"no number":                  {text(inRules, `"a"=dword:`), 4, reason.ExportNumber},
		"hex that is none":           {text(inRules, `"a"=hex:00,123`), 4, reason.ExportOctets},
		"hex cut":                    {text(inRules, `"a"=hex:00,0g`), 4, reason.ExportTrailing},
		"a type that is none":        {text(inRules, `"a"=hex(x):00`), 4, reason.ExportType},
		"hex without colon":          {text(inRules, `"a"=hex(2)00`), 4, reason.ExportColon},
		"data of another form":       {text(inRules, `"a"=qword:1`), 4, reason.ExportForm},
		"two values in a line":       {text(inRules, `"a"="b" "c"="d"`), 4, reason.ExportTrailing},
		"what reg.exe says in error": {[]byte("HKEY_LOCAL_MACHINE\\" + policy + "\r\nERROR: Access is denied.\r\n"), 0, reason.Quoted},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(c.data)
			var at *registry.LineError
			line := 0
			if errors.As(err, &at) {
				line = at.Line
			}
			if why := reason.Of(err); strings.HasPrefix(why.Key(), `"export-value-unreadable"`) && (!why.Has(reason.ExportValue) || why[0].Word("value") != "a") {
				t.Errorf("the value is not named: %s", why.Key())
			}
			if !reason.Of(err).Names(c.code) || line != c.line {
				t.Errorf("line %d: %s", line, reason.Of(err).Key())
			}
		})
	}
}

// TestRecordedFromWine reads one key as wine 8.0 exported and as it printed it.
func TestRecordedFromWine(t *testing.T) {
	var got [2][]registry.Value
	for i, file := range []string{"testdata/wine.reg", "testdata/wine.txt"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := parse(data)
		if err != nil {
			t.Fatal(err)
		}
		got[i] = tr.values()
	}
	if diff := cmp.Diff(got[1], got[0]); diff != "" || len(got[0]) != 6 {
		t.Error(len(got[0]), diff)
	}
}

func TestSeveralMachines(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("kms01.reg", text(`[HKEY_LOCAL_MACHINE\SOFTWARE\Policies]`, inRules, `"a"="`+rule+`"`))
	write("kms02.TXT", []byte("HKEY_LOCAL_MACHINE\\"+policy+"\r\n    PolicyVersion    REG_DWORD    0x21a\r\n\r\nHKEY_LOCAL_MACHINE\\"+rules+"\r\n"))
	write("kms03.reg", text(inRules, `"a"="`+rule+`"`))
	write("kms04.reg", []byte("version https://git-lfs.github.com/spec/v1\n"))
	write("kms05.reg", text("what"))
	write("notes.md", []byte("x"))
	f, err := Files(dir).Read(t.Context(), directory.Ask{Forest: "Contoso.test"})
	if err != nil {
		t.Fatal(err)
	}
	if f.Name != "contoso.test" || f.Kind != run.SourceRegistry || f.Source != "registry export "+dir || f.Read.IsZero() || len(f.Lost) != 8 || !f.Lost[run.AspectTrusts].Equal(reason.One(reason.NotInExport, "aspect", "trusts")) || f.Domains != nil {
		t.Errorf("%+v", f)
	}
	said := map[string]string{}
	for _, g := range f.Machines {
		said[g.Name] = ""
		for _, p := range g.Problems {
			said[g.Name] += string(p.Why[0].Code)
		}
		if g.Path != filepath.Join(dir, g.Name) || g.Settings != 1 {
			t.Errorf("%+v", g)
		}
	}
	for _, p := range f.Problems {
		said[filepath.Base(p.Where)] = string(p.Why[0].Code)
	}
	for name, say := range map[string]reason.Code{"kms01.reg": "", "kms02.TXT": reason.ExportShallow, "kms03.reg": reason.ExportOfOtherKeys, "kms04.reg": reason.FilePointer, "kms05.reg:3": reason.ExportNeither} {
		got, ok := said[name]
		if !ok || got != string(say) {
			t.Errorf("%s: %q, want %q", name, got, say)
		}
	}
	if len(said) != 5 {
		t.Errorf("%+v", said)
	}
	one, err := Files(filepath.Join(dir, "kms01.reg")).Read(t.Context(), directory.Ask{})
	if err != nil || len(one.Machines) != 1 {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestNothingToRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.reg"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, say := range map[string]reason.Code{filepath.Join(dir, "none"): reason.FileMissing, t.TempDir(): reason.ExportsMissing, dir: reason.ExportUnknown} {
		if _, err := Files(path).Read(t.Context(), directory.Ask{}); !reason.Of(err).Has(reason.ExportUnread) || !reason.Of(err).Names(say) {
			t.Errorf("%s: %s", path, reason.Of(err).Key())
		}
	}
	many := t.TempDir()
	for i := range maxFiles + 1 {
		if err := os.WriteFile(filepath.Join(many, fmt.Sprintf("%d.reg", i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Files(many).Read(t.Context(), directory.Ask{}); !reason.Of(err).Names(reason.ExportsTooMany) {
		t.Errorf("too many files: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Files("testdata/wine.reg").Read(ctx, directory.Ask{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	tree := fstest.MapFS{"a.reg": {Data: text(inRules)}}
	if f, err := read(t.Context(), tree, "d", []string{"a.reg"}, "d", directory.Ask{}); err != nil || f.Machines[0].Path != filepath.Join("d", "a.reg") {
		t.Errorf("%+v, %v", f, err)
	}
}
