package explain

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The documents are promised to stay as they are; package report shows them.
func TestGolden(t *testing.T) {
	lab := func(p *intent.Policy, f *run.Forest) {
		second := newGPO(labID, "Lab", dn, []registry.Value{rule("{L}", `v2.26|Action=Boundary|Active=TRUE|EP1_4=10.1.0.0/16|EP2_4=10.2.0.0/16|Name=Lab|`+sets)})
		second.Filter, second.Security = "", "O:BAG:BAD:P(A;CI;RPLCLORC;;;AU)"
		f.Domains[0].GPOs = append(f.Domains[0].GPOs, second)
		f.Domains[0].Containers[0].Links = append(f.Domains[0].Containers[0].Links, run.Link{GPO: labID, DN: second.DN})
		replace("EP2_6=2001:db8:10::30|", "")(p, f)
	}
	for name, q := range map[string]Question{
		"outsider": {From: "outsider", To: "kms01"},
		"member":   {From: "pc1.contoso.test@198.18.20.8", To: "kms02:445"},
		"unknown":  {From: "198.18.99.9", To: "kms01", Protocol: "icmp"},
	} {
		t.Run(name, func(t *testing.T) {
			p, f := deployment(), contoso()
			lab(p, f)
			got, err := world(t, p, f).Explain(q)
			if err != nil {
				t.Fatal(err)
			}
			got.Version = "1.2.3"
			golden(t, name, got)
		})
	}
	t.Run("difference", func(t *testing.T) {
		_, d := changes(t, nil, replace("EP2_4=198.18.10.31|", "", "SecureServer", "Secure"))
		d.Version, d.Old, d.New = "1.2.3", "monday", "tuesday"
		golden(t, "difference", d)
	})
}

func golden(t *testing.T, name string, doc any) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		t.Fatal(err)
	}
	goldenText(t, name+".json", b.String())
}

func goldenText(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run with -update and read what it wrote", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// closing is what a report says last of a packet: what becomes of it.
func closing(t *testing.T, x *run.Explanation) string {
	t.Helper()
	var b strings.Builder
	if err := report.WriteExplanation(&b, x, report.Options{Width: 4000}); err != nil {
		t.Fatal(err)
	}
	return b.String()[strings.LastIndex(b.String(), "\n\n")+2:]
}

// codes are those that an answer has among others.
type codes []reason.Code

func (c codes) in(t *testing.T, l reason.List) {
	t.Helper()
	for _, code := range c {
		if !l.Names(code) {
			t.Errorf("%s is not in: %s", code, l.Key())
		}
	}
}

// said is everything that is said of an end.
func said(e *run.ExplainedEnd) reason.List {
	all := slices.Concat(e.Why, e.Premise, e.Notes, e.Doubts)
	for _, g := range e.GPOs {
		all = append(all, g.Why...)
	}
	for _, h := range []*run.ExplainedHalf{e.Security, e.Firewall} {
		if h != nil {
			for _, r := range h.Rules {
				all = append(all, r.Why...)
			}
		}
	}
	return all
}
