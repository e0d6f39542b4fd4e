//go:build lab

package backup

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// TestSambaReadsTheSame compares every backup with what Python's XML reader and
// Samba's readers of Registry.pol and of descriptors find in it.
func TestSambaReadsTheSame(t *testing.T) {
	types := map[string]int{"REG_SZ": 1, "REG_DWORD": 4}
	for _, root := range []string{realBackups, "testdata/isolation"} {
		out, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/read.py", root).Output()
		if err != nil {
			t.Fatalf("is python3-samba installed? %v", err)
		}
		type saved struct {
			ID, Domain, Name, Extensions, Security string
			Flags, Version, FileVersion            uint32
			Links                                  []string
			Settings                               int
			Values                                 [][]any
		}
		want := map[string]saved{}
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		if len(want) < 2 {
			t.Fatalf("%s has %d backups", root, len(want))
		}
		for folder, w := range want {
			f, err := Folder(filepath.Join(root, folder)).Read(t.Context(), directory.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			g := f.Domains[0].GPOs[0]
			got := saved{
				ID: g.ID, Domain: f.Domains[0].Name, Name: g.Name, Extensions: g.Extensions, Security: g.Security,
				Flags: g.Flags, Version: *g.Version, FileVersion: *g.FileVersion, Links: []string{}, Settings: g.Settings, Values: [][]any{},
			}
			for _, l := range g.LinkedTo {
				path, _, _ := strings.Cut(l, ",")
				got.Links = append(got.Links, path)
			}
			if !g.RegistryFile { // then they are rebuilt, and Samba has none
				g.Registry, got.Settings = []registry.Value{}, 0
			}
			for _, v := range g.Registry {
				got.Values = append(got.Values, []any{v.Key, v.Name, float64(types[v.Type])})
			}
			if diff := cmp.Diff(w, got); diff != "" {
				t.Errorf("%s: %s", folder, diff)
			}
		}
	}
}
