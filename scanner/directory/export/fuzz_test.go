package export

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func FuzzExport(f *testing.F) {
	files, err := filepath.Glob("testdata/wine.*")
	if err != nil || len(files) != 2 {
		f.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(text(inRules, `"a"="\"\\"`, `"b"=hex(7):61,00,\`, `  00,00`, `@=dword:1`, `"a"=-`, `[-HKEY_LOCAL_MACHINE\SOFTWARE]`, inRules))
	f.Add([]byte("REGEDIT4\n" + inRules + "\n\"a\"=hex(2):25\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := parse(data)
		if err != nil {
			var at *registry.LineError
			if err.Error() == "" || errors.As(err, &at) && at.Line < 1 {
				t.Errorf("got %#v", err)
			}
			return
		}
		names := map[string]bool{}
		for _, v := range tr.values() {
			low := strings.ToLower(v.Key)
			if !within(low, strings.ToLower(run.FirewallKey)) && !within(low, strings.ToLower(run.LocalFirewallKey)) {
				t.Errorf("a value under %q", v.Key)
			}
			if v.Type == "" && (v.Name != "" || v.Data != "") {
				t.Errorf("a value without a type: %+v", v)
			}
			if id := low + "\x00" + strings.ToLower(v.Name); v.Type != "" && names[id] {
				t.Errorf("%q twice", id)
			} else {
				names[id] = true
			}
		}
	})
}
