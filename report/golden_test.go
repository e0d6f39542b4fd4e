package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// runs are the documents in testdata/runs, made by hand.
var runs = []string{"healthy", "nogo", "wait", "fault", "hostile", "wide"}

func readRun(t testing.TB, name string) *run.Run {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "runs", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := document.Read(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// written is a report as a string.
func written(t testing.TB, format string, r *run.Run, o Options) string {
	t.Helper()
	f, err := Named(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got, rewrite with -update):\n%s", path, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, name := range runs {
		for _, f := range Formats {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				golden(t, name+"."+f.Name, written(t, f.Name, readRun(t, name), Options{}))
			})
		}
	}
	t.Run("nogo/table in colour", func(t *testing.T) {
		golden(t, "nogo.table-color", written(t, "table", readRun(t, "nogo"), Options{Color: true}))
	})
	t.Run("healthy/table, strict and wide", func(t *testing.T) {
		golden(t, "healthy.table-strict", written(t, "table", readRun(t, "healthy"), Options{Strict: true, Width: 120}))
	})
	t.Run("healthy/junit, strict", func(t *testing.T) {
		golden(t, "healthy.junit-strict", written(t, "junit", readRun(t, "healthy"), Options{Strict: true}))
	})
}

// The documents in testdata are as [document.Write] writes them, so the JSON report
// of what was read is the file itself.
func TestJSONIsTheDocument(t *testing.T) {
	for _, name := range runs {
		want, err := os.ReadFile(filepath.Join("testdata", "golden", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := document.Read(strings.NewReader(string(want)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), written(t, "json", r, Options{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
