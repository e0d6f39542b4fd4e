//go:build lab

package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tool runs a foreign program on a report and returns what it said.
func tool(t *testing.T, stdin, name string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	return string(out), err
}

// xmllint is the judge of our XML: well-formed, and as the schema says.
func TestJUnitIsValidForXmllint(t *testing.T) {
	schema := filepath.Join("testdata", "junit.xsd")
	for _, name := range runs {
		for _, o := range []Options{{}, {Strict: true}} {
			if out, err := tool(t, written(t, "junit", readRun(t, name), o), "xmllint", "--noout", "--nonet", "--schema", schema, "-"); err != nil {
				t.Errorf("%s %+v: %v\n%s", name, o, err, out)
			}
		}
	}
	// The schema can say no: what is left out or twice is not valid.
	whole := written(t, "junit", readRun(t, "nogo"), Options{})
	for what, broken := range map[string]string{
		"a time that is empty":  strings.Replace(whole, `time="3.500"`, `time=""`, 1),
		"no message":            strings.Replace(whole, `<failure message="`, `<failure massage="`, 1),
		"two outcomes":          strings.Replace(whole, `</failure>`, `</failure><error message="x" type="y"/>`, 1),
		"a case twice":          strings.Replace(whole, `name="hq-client/kms02"`, `name="hq-client/kms01"`, 1),
		"a control byte inside": strings.Replace(whole, `CDATA[`, "CDATA[\x1b", 1),
	} {
		if broken == whole {
			t.Fatalf("%s: nothing was broken", what)
		}
		if _, err := tool(t, broken, "xmllint", "--noout", "--nonet", "--schema", schema, "-"); err == nil {
			t.Errorf("%s: the schema takes it", what)
		}
	}
}

// Python reads a line for every cell, each with every column, and no formula.
func TestPythonReadsTheCSV(t *testing.T) {
	const read = `import csv, io, sys
lines = list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))
assert all(len(l) == len(lines[0]) for l in lines), "columns"
assert not any(f[:1] in ("=", "+", "-", "@") for l in lines for f in l if f), "formula"
print(len(lines) - 1, sorted({l[7] for l in lines[1:]}))`
	for _, name := range runs {
		r := readRun(t, name)
		verdicts := map[string]bool{}
		for _, c := range r.Cells {
			verdicts[string(c.Verdict)] = true
		}
		list := slices.Sorted(maps.Keys(verdicts))
		if len(list) == 0 {
			list = []string{""}
		}
		want := fmt.Sprintf("%d ['%s']\n", max(len(r.Cells), 1), strings.Join(list, "', '"))
		if out, err := tool(t, written(t, "csv", r, Options{}), "python3", "-c", read); err != nil || out != want {
			t.Errorf("%s: %v\n%s, want %s", name, err, out, want)
		}
	}
	for what, broken := range map[string]string{
		"a formula":         strings.Replace(written(t, "csv", readRun(t, "nogo"), Options{}), ",fail,", ",=fail,", 1),
		"a column too many": strings.Replace(written(t, "csv", readRun(t, "nogo"), Options{}), ",fail,", ",fail,,", 1),
	} {
		if _, err := tool(t, broken, "python3", "-c", read); err == nil {
			t.Errorf("%s is not seen", what)
		}
	}
}

func TestMetricsAreCleanForPromtool(t *testing.T) {
	for _, name := range runs {
		out, err := tool(t, written(t, "prometheus", readRun(t, name), Options{}), "promtool", "check", "metrics")
		if err != nil || strings.TrimSpace(out) != "" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// Debian's node_exporter reads the report as a text file, and serves
// every series in it.
func TestNodeExporterReadsTheTextFile(t *testing.T) {
	dir := t.TempDir()
	r := readRun(t, "nogo")
	if err := os.WriteFile(filepath.Join(dir, "kmsiso.prom"), []byte(written(t, "prometheus", r, Options{})), 0o644); err != nil {
		t.Fatal(err)
	}
	address := freePort(t)
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	c := exec.CommandContext(ctx, "prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
		"--collector.textfile.directory="+dir, "--web.listen-address="+address)
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = c.Wait() })
	body := scrape(t, "http://"+address+"/metrics", 20*time.Second)
	for line := range strings.Lines(written(t, "prometheus", r, Options{})) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(body, line) {
			t.Errorf("node_exporter does not serve %s", line)
		}
	}
	for _, want := range []string{"node_textfile_scrape_error 0\n", `kmsiso_cell_status{check="non-domain-kms",target="kms02",vantage="guest"} 6`} {
		if !strings.Contains(body, want) {
			t.Errorf("node_exporter does not say %s", want)
		}
	}
	if t.Failed() {
		t.Log(body)
	}
}

// freePort is a loopback address that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// scrape asks until it is answered, for a bounded time.
func scrape(t *testing.T, url string, limit time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		body, err := try(ctx, url)
		if err == nil {
			return body
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("%s: %v", url, err)
		}
	}
}

func try(ctx context.Context, url string) (string, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	if r.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s", r.Status)
	}
	return string(b), nil
}
