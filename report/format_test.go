package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kmsiso.prom")
	f, err := Named("prometheus")
	if err != nil {
		t.Fatal(err)
	}
	r := readRun(t, "healthy")
	for range 2 { // anew, and over the old one
		if err := WriteFile(path, f, r, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil || string(b) != written(t, "prometheus", r, Options{}) {
		t.Errorf("%v: the file is not the report", err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
}

// A run document is for nobody but its owner: what a directory says is in it.
func TestRunDocumentIsPrivate(t *testing.T) {
	f, err := Named("json")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "run.json")
	if err := os.WriteFile(path, nil, 0o644); err != nil { // it was everybody's before
		t.Fatal(err)
	}
	if err := WriteFile(path, f, readRun(t, "healthy"), Options{}); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
}

func TestNamed(t *testing.T) {
	if _, err := Named("html"); err == nil || !strings.Contains(err.Error(), "table, json, junit, markdown, prometheus") {
		t.Errorf("got %v", err)
	}
}
