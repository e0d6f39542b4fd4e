package policyfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent/prose"
)

// memory is a file system with one file.
type memory []byte

func (m memory) read(path string) ([]byte, error) {
	if filepath.Base(path) == "kmsiso.yaml" {
		return m, nil
	}
	return nil, fs.ErrNotExist
}

func (m memory) glob(pattern string) ([]string, error) {
	if ok, err := filepath.Match(pattern, "kmsiso.yaml"); !ok || err != nil {
		return nil, err
	}
	return []string{"kmsiso.yaml"}, nil
}

func (m memory) stat(string) (fs.FileInfo, error) { return nil, fs.ErrNotExist }

// FuzzLoad: no bytes make the reader panic; every mistake has a message and a
// place in the file; what loads has a host and a vantage and can be explained.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds in %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := loaderOf(memory(data)).load("kmsiso.yaml")
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Message == "" || e.File != "kmsiso.yaml" || e.Line < 0 || e.Column < 0 {
				t.Fatalf("got %#v", err)
			}
			return
		}
		if len(p.Hosts) == 0 || len(p.Vantages) == 0 {
			t.Fatalf("loaded %+v", p)
		}
		if err := prose.Write(io.Discard, p); err != nil {
			t.Fatal(err)
		}
		_ = p.Targets()
	})
}
