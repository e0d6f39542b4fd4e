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

func TestNamed(t *testing.T) {
	if _, err := Named("html"); err == nil || !strings.Contains(err.Error(), "table, json, junit, markdown, prometheus") {
		t.Errorf("got %v", err)
	}
}
