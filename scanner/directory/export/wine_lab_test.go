//go:build lab

package export

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// TestWineExports asks wine's reg.exe for one key in both forms: what was put
// in must come out of each.
func TestWineExports(t *testing.T) {
	dir := t.TempDir()
	wine := func(argv ...string) string {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		c := exec.CommandContext(ctx, argv[0], argv[1:]...)
		c.Dir = dir
		c.Env = append(os.Environ(), "WINEPREFIX="+filepath.Join(dir, "prefix"), "WINEDEBUG=-all", "DISPLAY=", "WINEDLLOVERRIDES=mscoree,mshtml=")
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v", strings.Join(argv, " "), err)
		}
		return string(out)
	}
	// The server of the prefix ends by itself when nobody asks it any more, and
	// has to be gone before its folder is. The context of the test has ended by
	// then.
	defer func() {
		c := exec.Command("wineserver", "--wait")
		c.Env = append(os.Environ(), "WINEPREFIX="+filepath.Join(dir, "prefix"))
		if err := c.Run(); err != nil {
			t.Errorf("wait for the end of wine: %v", err)
		}
	}()
	put := registry.Values{
		{Key: policy, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"},
		{Key: rules, Name: "{3F1C0001-6D8B-4B77-A1F5-0C4A5C3B7E10}", Type: "REG_SZ", Data: `v2.26|Action=SecureServer|Name=a "quoted" \ name|`},
		{Key: policy + `\X`, Type: "REG_SZ", Data: "the default"},
		{Key: policy + `\X`, Name: "many", Type: "REG_MULTI_SZ", Data: `one\0two`},
		{Key: policy + `\X`, Name: "octets", Type: "REG_BINARY", Data: strings.Repeat("00FF", 40)},
		{Key: policy + `\X`, Name: "path", Type: "REG_EXPAND_SZ", Data: `%SystemRoot%\x`},
	}
	for _, v := range put {
		argv := []string{"wine", "reg", "add", `HKLM\` + v.Key, "/t", v.Type, "/d", v.Data, "/f"}
		if v.Name == "" {
			argv = append(argv, "/ve")
		} else {
			argv = append(argv, "/v", v.Name)
		}
		wine(argv...)
	}
	wine("wine", "reg", "export", `HKLM\`+policy, "exported.reg", "/y")
	printed := wine("wine", "reg", "query", `HKLM\`+policy, "/s")
	if err := os.WriteFile(filepath.Join(dir, "printed.txt"), []byte(printed), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Files(dir).Read(t.Context(), directory.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	machines := f.Machines
	if len(machines) != 2 || len(f.Problems) > 0 {
		t.Fatalf("%+v", f)
	}
	for _, g := range machines {
		if diff := cmp.Diff(put, g.Registry); diff != "" || len(g.Problems) > 0 {
			t.Errorf("%s: %s%+v", g.Name, diff, g.Problems)
		}
	}
}
