//go:build lab && linux

package wql_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/winrm"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// The judge is the WQL of wine, wbemprox, which shares nothing with ours. Its
// Version and BuildNumber follow the Windows that it is told to be, as a client.
//
// It is no judge of what wine 8.0 does not have or does otherwise than Microsoft
// documents: in LIKE the wildcards _ and [], a % before other text, and
// blindness to case; a string compared with a numeral without quotes, which is
// always true there; OR and AND side by side without parentheses, where it does
// not put AND first. None of those is asked here.
var asked = []string{
	"SELECT * FROM Win32_OperatingSystem",
	"Version >= '6'", `Version >= "6"`, `version>="6"`, "'6' <= Version", "'6' > Version",
	"Version < '6'", "Version <= '10.0'", "Version > '10'", "Version = '6.1.7601'", "Version <> '6.1.7601'", "Version != '5.1.2600'",
	"BuildNumber > '9600'", "BuildNumber >= '9600'", "BuildNumber < '10000'", "BuildNumber = '7601'",
	"Version LIKE '6.%'", "Version LIKE '10.%'", "Version LIKE '6.1.7601'", "Version LIKE '%'",
	"ProductType = '1'", "ProductType = 1", "ProductType <> 2", "ProductType >= 2", "ProductType = '3' OR ProductType = '1'",
	`(Version LIKE "6.%" OR Version LIKE "10.%") AND (ProductType = "1" OR ProductType = "3")`,
	"(Version LIKE '6.%' AND ProductType = 3) OR Version >= '5.1'",
	"NOT Version LIKE '6.%'", "NOT Version >= '6'", "NOT (Version >= '6' AND ProductType = 1)", "ProductType = 1 AND NOT Version < '6'",
	"Version IS NULL", "Version IS NOT NULL",
	// The paper's, and what else does not parse.
	"Version >=\u20186\u2019", "Version >= \u201c6\u201d", "Version >= '6\u2019",
	"Version NOT LIKE '6.%'", "Version = Version", "1 = 1", "(Version = '6'", "Version = '6')", "Version = '6' '7'", "Version ISA 'x'",
	"Version = ", "Version LIKE", "SELECT * Win32_OperatingSystem",
}

// invalidQuery is WBEM_E_INVALID_QUERY.
const invalidQuery = "80041017"

// script prints what Windows this is, then for each query the number of rows or
// the error.
func script(queries []string) string {
	var b strings.Builder
	b.WriteString("On Error Resume Next\r\nSet wmi = GetObject(\"winmgmts:\\\\.\\root\\cimv2\")\r\n" +
		"For Each os In wmi.ExecQuery(\"SELECT * FROM Win32_OperatingSystem\")\r\n" +
		"WScript.Echo os.Version & \" \" & os.ProductType & \" \" & Asc(\"\u2018\")\r\nNext\r\n" +
		"Sub Ask(query)\r\nOn Error Resume Next\r\nErr.Clear\r\nSet rows = wmi.ExecQuery(query)\r\n" +
		"If Err.Number <> 0 Then\r\nWScript.Echo Hex(Err.Number)\r\nExit Sub\r\nEnd If\r\n" +
		"n = 0\r\nFor Each row In rows\r\nn = n + 1\r\nNext\r\nWScript.Echo n\r\nEnd Sub\r\n")
	for _, q := range queries {
		fmt.Fprintf(&b, "Ask \"%s\"\r\n", strings.ReplaceAll(q, `"`, `""`))
	}
	return b.String()
}

// windows1252 is text as wine's cscript reads it.
func windows1252(text string) []byte {
	return []byte(strings.NewReplacer("\u2018", "\x91", "\u2019", "\x92", "\u201c", "\x93", "\u201d", "\x94").Replace(text))
}

func TestWineAgrees(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	template, err := winrm.Template(ctx, filepath.Join(cache, "kmsiso-lab", "wine"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	prefix := filepath.Join(dir, "wine")
	if err := winrm.Clone(template, prefix); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { winrm.EndWine(context.Background(), prefix) })
	if err := winrm.StartWine(ctx, prefix); err != nil {
		t.Fatal(err)
	}
	wine := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(ctx, "wine", args...)
		cmd.Env = append(os.Environ(), winrm.WineEnv(prefix)...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("wine %q: %v", args, err)
		}
		return string(out)
	}

	queries := make([]string, len(asked))
	for i, q := range asked {
		queries[i] = q
		if !strings.HasPrefix(q, "SELECT") {
			queries[i] = "SELECT * FROM Win32_OperatingSystem WHERE " + q
		}
	}
	file := filepath.Join(dir, "ask.vbs")
	if err := os.WriteFile(file, windows1252(script(queries)), 0o644); err != nil {
		t.Fatal(err)
	}
	truths := map[tri.State]int{}
	for _, name := range []string{"winxp", "win2k3", "vista", "win7", "win81", "win10"} {
		wine("reg", "add", `HKCU\Software\Wine`, "/v", "Version", "/d", name, "/f")
		lines := strings.Fields(strings.ReplaceAll(wine("cscript", "//nologo", "Z:"+strings.ReplaceAll(file, "/", `\`)), "\r", ""))
		if len(lines) != len(queries)+3 || lines[2] != "145" { // a curly quote came over as one
			t.Fatalf("%s: %d queries, wine said %q", name, len(queries), lines)
		}
		w := wql.Windows{Name: name, Version: lines[0]}
		if _, err := fmt.Sscan(lines[1], &w.Role); err != nil {
			t.Fatalf("%s: product type %q", name, lines[1])
		}
		for i, q := range queries {
			f, err := wql.ParseFilter(wql.Encode(q))
			if err != nil {
				t.Fatal(err)
			}
			answer := f.Evaluate(w)
			truths[answer.Truth]++
			want := map[tri.State]string{tri.Yes: "1", tri.No: "0"}[answer.Truth]
			if f.Err() != nil {
				want = invalidQuery
			}
			if got := lines[i+3]; got != want {
				t.Errorf("%s %s, product type %d: %s: wine says %s; ours is %v, which means %s", name, w.Version, w.Role, q, got, answer, want)
			}
			if curly := strings.ContainsAny(q, "\u2018\u2019\u201c\u201d"); curly != errors.Is(f.Err(), wql.ErrCurlyQuotes) {
				t.Errorf("%s: %v", q, f.Err())
			}
		}
	}
	if truths[tri.Yes] == 0 || truths[tri.No] == 0 || truths[tri.Unknown] == 0 {
		t.Errorf("the queries do not tell anything apart: %v", truths)
	}
	t.Logf("%d queries on 6 Windows: %v", len(queries), truths)
}
