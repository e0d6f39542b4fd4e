package document

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// whole is a run that uses every part of the document.
func whole() *run.Run {
	r := &run.Run{Cells: []run.Cell{
		{ID: run.CellID{Check: "check", Vantage: "vantage", Target: "a"}, Verdict: run.Pass},
		{ID: run.CellID{Check: "check", Vantage: "vantage", Target: "b"}, Verdict: run.Fail},
	}}
	r.Version, r.Name, r.Stage, r.Basis, r.Scope = "0.1.0", "contoso.test", "require", "hardened", "host"
	r.Started, r.Duration, r.Window = time.Date(2026, 11, 23, 9, 0, 0, 5, time.UTC), 14200*time.Millisecond, 3500*time.Millisecond
	r.Policy = []byte(`{"isolation": {"stage":"require"}}`)
	r.Vantages = []run.Vantage{{Name: "guest", Role: "non-domain", Ways: []run.Way{{Name: "ssh guest"}}, Addresses: []netip.Addr{netip.MustParseAddr("198.18.20.9")}}}
	r.Cells[0].CausedBy = &r.Cells[1].ID
	r.Cells[0].Findings = []run.Finding{{Severity: run.Warn, Reason: reason.List{reason.Quote("<b> & \u2028")}}}
	r.Observations = []run.Observation{{
		ID: "o1", Need: run.Need{Vantage: "guest", When: run.Window, Spec: run.Spec{Probe: run.ProbeTCP, Addr: netip.MustParseAddr("2001:db8::1"), Port: 1688}},
		Start: time.Second, End: 2 * time.Second, Class: run.Silent, Tries: []run.Try{{Start: time.Second, Class: run.Silent}},
	}}
	r.Untested = reason.List{reason.Quote("activation")}
	return r
}

func document(t testing.TB, r *run.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDocumentReadsBack(t *testing.T) {
	want := whole()
	text := document(t, want)
	got, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}, netip.Prefix{}), cmpopts.IgnoreFields(run.Run{}, "Policy")); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	if again := document(t, got); again != text {
		t.Errorf("written again it differs:\n%s", cmp.Diff(text, again))
	}
	if strings.Contains(text, `\u003c`) {
		t.Error("text is escaped for HTML, which a run document is not")
	}
}

func TestReadRefuses(t *testing.T) {
	text := document(t, whole())
	for name, x := range map[string]struct{ text, want string }{
		"an empty file":        {"", "the file is empty"},
		"blanks only":          {" \n\n", "the file is empty"},
		"a half-written file":  {text[:len(text)/2], "the file is cut at byte"},
		"its last byte gone":   {strings.TrimSpace(text)[:len(text)-2], "the file is cut at byte"},
		"a YAML file":          {"version: 1\n", "not JSON: byte 1"},
		"two documents in one": {text + text, "not JSON: byte"},
		"a list":               {"[1,2]", "not a kmsiso run document"},
		"other JSON":           {`{"a":1}`, "it has no schema"},
		"another schema":       {strings.Replace(text, run.Schema, "kmsiso/run/v9", 1), `schema "kmsiso/run/v9" is neither kmsiso/run/v2 nor kmsiso/run/v1`},
		"a field of later":     {strings.Replace(text, `"version"`, `"moon": 1, "version"`, 1), "moon"},
		"a verdict unknown":    {strings.Replace(text, `"verdict":"fail"`, `"verdict":"green"`, 1), `verdict "green" is none of fail, error`},
		"a severity unknown":   {strings.Replace(text, `"severity":"warn"`, `"severity":"bad"`, 1), `severity "bad"`},
		"a cell twice":         {strings.Replace(text, `"check/vantage/b",`, `"check/vantage/a",`, 2), "check/vantage/a is there twice"},
		"an id cut":            {strings.Replace(text, `"check/vantage/b"`, `"check/vantage"`, 1), "want check/vantage/target"},
		"an id half empty":     {strings.ReplaceAll(text, `"check/vantage/b"`, `"check//b"`), "lacks a check, vantage or target"},
		"an observation no id": {strings.Replace(text, `"id":"o1"`, `"id":""`, 1), "observation 0 has no id"},
		"a number for a text":  {strings.Replace(text, `"name":"contoso.test"`, `"name":7`, 1), "cannot read whole"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Read(strings.NewReader(x.text))
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v, %v; want an error with %q", r != nil, err, x.want)
			}
		})
	}
}

func TestReadSaysWhereTheFileIsCut(t *testing.T) {
	text := strings.TrimSpace(document(t, whole()))
	for n := 1; n < len(text); n++ {
		_, err := Read(strings.NewReader(text[:n]))
		if err == nil || !strings.Contains(err.Error(), "cut at byte") {
			t.Fatalf("cut at byte %d: %v", n, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(document(f, usual())))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		text := document(t, r)
		again, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("what was read and written cannot be read: %v\n%s", err, text)
		}
		if second := document(t, again); second != text {
			t.Fatalf("not stable:\n%s\n%s", text, second)
		}
	})
}
