package observe

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/directory/export"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/registry/pol"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// The keys that are planted. The first has what XML and quotes would change.
const (
	planted = "Zq7-Winter2026!-planted-Kx"
	other   = "Bv3-Sommer2031?-another-Qj"
)

const suiteKey = run.FirewallKey + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}\0000`

// utf16le is text as Windows keeps it, with its NUL where there is one.
func utf16le(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// traces are the forms in which a key might be found: text, UTF-16, hex and
// base64 of both at each of its three alignments.
func traces(key string) map[string][]byte {
	out := make(map[string][]byte)
	for name, b := range map[string][]byte{"UTF-8": []byte(key), "UTF-16": utf16le(key)} {
		out[name] = b
		out[name+" in hex"] = []byte(hex.EncodeToString(b))
		for lead := range 3 {
			// Whole groups of three octets, wherever they begin.
			from := (3 - lead) % 3
			part := b[from : from+(len(b)-from)/3*3]
			out[fmt.Sprintf("%s in base64, %d octets on", name, lead)] = []byte(base64.RawStdEncoding.EncodeToString(part))
		}
	}
	return out
}

// untraced wants no trace of a key, and no half of it, in a text.
func untraced(t *testing.T, where string, text []byte) {
	t.Helper()
	low := bytes.ToLower(text)
	for _, key := range []string{planted, other} {
		for form, b := range traces(key) {
			if bytes.Contains(text, b) || strings.HasSuffix(form, "hex") && bytes.Contains(low, b) {
				t.Errorf("%s holds the key in %s", where, form)
			}
		}
		for i := 0; i+8 <= len(key); i++ {
			if bytes.Contains(text, []byte(key[i:i+8])) {
				t.Errorf("%s holds a part of the key: %s", where, key[i:i+8])
				break
			}
		}
	}
}

// record is one of a Registry.pol ([MS-GPREG] 2.2.1).
func record(key, name string, kind uint32, data []byte) []byte {
	b := append(utf16le("["), utf16le(key+"\x00;"+name+"\x00;")...)
	b = append(binary.LittleEndian.AppendUint32(b, kind), utf16le(";")...)
	b = append(binary.LittleEndian.AppendUint32(b, uint32(len(data))), utf16le(";")...)
	return append(append(b, data...), utf16le("]")...)
}

func polFile(key string) []byte {
	b := []byte("PReg\x01\x00\x00\x00")
	text := utf16le(key + "\x00")
	b = append(b, record(suiteKey, "Method", 1, utf16le("MachineSHKey\x00"))...)
	b = append(b, record(suiteKey, "SHKey", 1, text)...)
	b = append(b, record(suiteKey+"a", "shkey", 3, text)...)
	b = append(b, record(suiteKey+"b", "**soft.SHKey", 2, text)...)
	return append(b, record(suiteKey+"c", "SHKey", 7, text)...)
}

func reg(key string) string {
	return "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\" + suiteKey + "]\r\n\"Method\"=\"MachineSHKey\"\r\n\"SHKey\"=\"" + key + "\"\r\n" +
		"\r\n[HKEY_LOCAL_MACHINE\\" + suiteKey + "a]\r\n\"SHKey\"=hex(1):" + octets(utf16le(key+"\x00")) + "\r\n" +
		"\r\n[HKEY_LOCAL_MACHINE\\" + suiteKey + "b]\r\n\"SHKEY\"=hex:" + octets([]byte(key)) + "\r\n" +
		"\r\n[HKEY_LOCAL_MACHINE\\" + run.LocalFirewallKey + "\\MainModeRules]\r\n\"{1}\"=\"v2.26|SHKey=" + key + "|Name=Local|\"\r\n"
}

func octets(b []byte) string {
	var all []string
	for _, c := range b {
		all = append(all, fmt.Sprintf("%02x", c))
	}
	return strings.Join(all, ",")
}

func query(key string) string {
	return "\r\nHKEY_LOCAL_MACHINE\\" + suiteKey + "\r\n    Method    REG_SZ    MachineSHKey\r\n    SHKey    REG_SZ    " + key + "\r\n" +
		"\r\nHKEY_LOCAL_MACHINE\\" + suiteKey + "a\r\n    SHKey    REG_BINARY    " + strings.ToUpper(hex.EncodeToString(utf16le(key))) + "\r\n\r\n"
}

func xmlReport(key string) string {
	return `<?xml version="1.0" encoding="utf-8"?><GPO xmlns="http://www.microsoft.com/GroupPolicy/Settings"><Identifier><Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">{6C0DE000-1688-4A00-8000-00000000A001}</Identifier><Domain xmlns="http://www.microsoft.com/GroupPolicy/Types">contoso.test</Domain></Identifier><Name>Keys</Name>` +
		`<Computer><VersionDirectory>1</VersionDirectory><VersionSysvol>1</VersionSysvol><Enabled>true</Enabled><ExtensionData><Extension xmlns:q1="http://www.microsoft.com/GroupPolicy/Settings/WindowsFirewall">` +
		`<q1:Phase1AuthenticationSets><q1:GUID>{7B2E0000-0000-0000-0000-000000000001}</q1:GUID><q1:AuthenticationSuites><q1:Method>MachineSHKey</q1:Method><q1:SHKey>` + key + `</q1:SHKey></q1:AuthenticationSuites></q1:Phase1AuthenticationSets>` +
		`</Extension><Name>Windows Firewall</Name></ExtensionData></Computer></GPO>`
}

func written(t *testing.T, dir, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// everywhere reads a key from every source there is: the registry of a host as
// reg.exe prints it and as Windows gives it, files of a registry in four forms,
// Registry.pol in SYSVOL and in a backup, and the report of a backup. It returns
// how many values each has.
func everywhere(t *testing.T, key string) (all []run.Observation, counts []int) {
	t.Helper()
	dir := t.TempDir()
	host := func(values []registry.Value, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, run.Observation{Need: run.Need{Vantage: "kms01", Spec: run.Spec{Probe: run.ProbeRegistry, Param: run.FirewallKey}}, Class: run.Answered, Registry: values})
	}
	forest := func(s directory.Source) {
		f, err := s.Read(t.Context(), directory.Ask{Forest: "contoso.test", Machines: []string{"kms01.contoso.test"}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, run.Observation{Need: run.Need{Vantage: run.DirectoryVantage, Spec: run.Spec{Probe: run.ProbeDirectory, Param: f.Name}}, Class: run.Answered, Forest: f})
	}
	host(registry.ParseText(query(key), ""))
	host([]registry.Value{
		registry.NewValue(suiteKey, "SHKey", 1, utf16le(key+"\x00")), registry.NewValue(suiteKey, "SHKey", 0, utf16le(key)),
		registry.NewValue(suiteKey, "PreSharedKey", 0x77, []byte(key)),
	}, nil)
	values, _, err := pol.Values(polFile(key), run.FirewallKey)
	host(values, err)
	forest(export.Files(written(t, dir, "utf16/kms01.reg", append([]byte{0xff, 0xfe}, utf16le(reg(key))...))))
	forest(export.Files(written(t, dir, "utf8/kms01.reg", []byte(reg(key)))))
	forest(export.Files(written(t, dir, "v4/kms01.reg", []byte(strings.NewReplacer("Windows Registry Editor Version 5.00", "REGEDIT4", octets(utf16le(key)), octets([]byte(key)), ",00,00\r\n", ",00\r\n").Replace(reg(key))))))
	forest(export.Files(written(t, dir, "query/kms01.txt", []byte(query(key)))))
	const id = "{0A11B200-0001-4000-8000-000000000001}"
	one := filepath.Join(dir, "backup", id)
	if err := os.CopyFS(one, os.DirFS(filepath.Join("../directory/backup/testdata/isolation", id))); err != nil {
		t.Fatal(err)
	}
	written(t, one, "DomainSysvol/GPO/Machine/registry.pol", polFile(key))
	forest(backup.Folder(filepath.Join(dir, "backup")))
	written(t, dir, "report/"+id+"/gpreport.xml", []byte(xmlReport(key)))
	forest(backup.Folder(filepath.Join(dir, "report")))
	for i := range all {
		b, err := json.Marshal(all[i])
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, len(shkeys(&all[i])))
		if !bytes.Contains(b, []byte(key)) || counts[i] == 0 {
			t.Errorf("source %d did not read the key: %s", i, b)
		}
	}
	return all, counts
}

// shkeys are the data of all values and tokens that are named as a key.
func shkeys(o *run.Observation) []string {
	values := o.Registry
	if o.Forest != nil {
		for _, d := range o.Forest.Domains {
			for _, g := range d.GPOs {
				values = append(values, g.Registry...)
			}
		}
		for _, m := range o.Forest.Machines {
			values = append(values, m.Registry...)
		}
	}
	var out []string
	for _, v := range values {
		if strings.HasSuffix(strings.ToLower(v.Name), "shkey") || v.Name == "PreSharedKey" {
			out = append(out, v.Data)
		}
		if _, token, ok := strings.Cut(v.Data, "SHKey="); ok {
			token, _, _ = strings.Cut(token, "|")
			out = append(out, token)
		}
	}
	return out
}

// No output holds a preshared key, in whatever source it was, and equal keys of a
// run have one letter in all of them.
func TestPresharedKeysAreNotKept(t *testing.T) {
	first, n := everywhere(t, planted)
	second, m := everywhere(t, other)
	raw := append(bytes.Clone(documentOf(t, first)), documentOf(t, second)...)
	all := append(first, second...)
	for i := range all {
		all[i].Trouble = reason.One(reason.ForestUnread, "forest", "contoso.test", "why", reason.Quote("as "+planted+" and "+other+" were read")) // whatever a source says in error
	}
	name(all) // as all of them are before anybody sees them
	once := documentOf(t, all)
	if name(all); !bytes.Equal(documentOf(t, all), once) {
		t.Error("the second time changes something")
	}
	for i, o := range all {
		want := "(preshared key A)"
		if i >= len(n) {
			want = "(preshared key B)"
		}
		for _, got := range shkeys(&o) {
			if got != want {
				t.Errorf("observation %s has %q, want %q", o.ID, got, want)
			}
		}
		if len(shkeys(&o)) != append(n, m...)[i] {
			t.Errorf("observation %s has lost values", o.ID)
		}
	}
	outputs(t, "the run", all)

	// A document of an older version, in which the keys are.
	old := run.Run{}
	var a, b struct{ Observations []run.Observation }
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&a); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(&b); err != nil {
		t.Fatal(err)
	}
	old.Observations = append(a.Observations, b.Observations...)
	for i := range old.Observations {
		old.Observations[i].ID = fmt.Sprint("o", i)
	}
	old.Observations[0].Trouble = reason.List{reason.Quote(fmt.Sprintf(`registry of kms01: reg.exe printed under %s what is no value: %q`, suiteKey, "SHKey REG_SZ "+planted[:12]))}
	old.Cells = []run.Cell{{ID: run.CellID{Check: "a", Vantage: "b", Target: "c"}, Verdict: run.Error, Reasons: old.Observations[0].Trouble, Causes: reason.List{reason.Quote("it is " + other)}}}
	old.Policy = json.RawMessage(`{"credentials":[{"name":"x","password":{"exec":["vault","--token","` + planted + `"]}}]}`)
	text, err := json.Marshal(struct {
		Schema string `json:"schema"`
		run.Run
	}{"kmsiso/run/v1", old})
	if err != nil || !bytes.Contains(text, []byte(planted)) {
		t.Fatal(err)
	}
	read, err := document.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(read.Policy, []byte(`"exec":["vault"]`)) {
		t.Errorf("the policy is %s", read.Policy)
	}
	for _, f := range report.Formats {
		var w bytes.Buffer
		if err := f.Write(&w, read, report.Options{Evidence: report.EvidenceAll}); err != nil {
			t.Fatal(err)
		}
		untraced(t, "an old document as "+f.Name, w.Bytes())
	}
}

func documentOf(t *testing.T, all []run.Observation) []byte {
	t.Helper()
	b, err := json.Marshal(struct{ Observations []run.Observation }{all})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// outputs writes a run of these observations in every format.
func outputs(t *testing.T, what string, all []run.Observation) {
	t.Helper()
	r := run.Run{Observations: all}
	for i, v := range []run.Verdict{run.Pass, run.Fail, run.Error, run.Skip} {
		c := run.Cell{ID: run.CellID{Check: "a", Vantage: "b", Target: fmt.Sprint(i)}, Verdict: v}
		for _, o := range all {
			c.Evidence = append(c.Evidence, o.ID)
		}
		r.Cells = append(r.Cells, c)
	}
	for _, f := range report.Formats {
		for _, evidence := range report.Evidences {
			var w bytes.Buffer
			if err := f.Write(&w, &r, report.Options{Evidence: evidence, Strict: true}); err != nil {
				t.Fatal(err)
			}
			untraced(t, what+" as "+f.Name, w.Bytes())
		}
	}
}

// No error about a value that is damaged holds a part of it, wherever it is
// damaged and by what.
func TestErrorsHoldNoPresharedKey(t *testing.T) {
	faults := 0
	check := func(what string, err error) {
		if err != nil {
			faults++
			untraced(t, what, []byte(err.Error()))
		}
	}
	dir := t.TempDir()
	const id = "{0A11B200-0001-4000-8000-000000000001}"
	for what, x := range map[string]struct {
		text []byte
		read func([]byte) error
	}{
		"reg.exe":      {[]byte(query(planted)), func(b []byte) error { _, err := registry.ParseText(string(b), ""); return err }},
		"Registry.pol": {polFile(planted), func(b []byte) error { _, _, err := pol.Values(b, run.FirewallKey); return err }},
		"reg export": {[]byte(reg(planted)), func(b []byte) error {
			f, err := export.Files(written(t, dir, "kms01.reg", b)).Read(t.Context(), directory.Ask{Forest: "contoso.test"})
			if err == nil && len(f.Problems) > 0 {
				err = fmt.Errorf("%v", f.Problems)
			}
			return err
		}},
		"gpreport.xml": {[]byte(xmlReport(planted)), func(b []byte) error {
			written(t, dir, "report/"+id+"/gpreport.xml", b)
			f, err := backup.Folder(filepath.Join(dir, "report")).Read(t.Context(), directory.Ask{Forest: "contoso.test"})
			if err != nil {
				return err
			}
			all := f.Problems
			for _, d := range f.Domains {
				for _, g := range d.GPOs {
					all = append(all, g.Problems...)
				}
			}
			return fmt.Errorf("%v", all)
		}},
	} {
		from := bytes.Index(x.text, []byte("SHKey"))
		if from < 0 {
			from = bytes.Index(x.text, utf16le("SHKey"))
		}
		from = max(from-40, 0)
		to := min(from+130, len(x.text))
		for at := from; at < to; at += 3 {
			check(what+", cut", x.read(x.text[:at]))
			check(what+", headless", x.read(x.text[at:]))
			for _, in := range []string{"\n", "\"", "<", "&x", "\x00", "]", "\r\n\r\n", "=", "[", ":", " "} {
				check(what+", with "+in, x.read(append(append(bytes.Clone(x.text[:at]), in...), x.text[at:]...)))
			}
			for _, with := range []byte{'\n', '"', 0, '<', ']', '\\'} {
				b := bytes.Clone(x.text)
				b[at] = with
				check(what+", damaged", x.read(b))
			}
		}
	}
	if faults < 500 {
		t.Errorf("%d damages were told", faults)
	}
}
