//go:build lab

package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func goodServer() Server {
	return Server{Interval: time.Hour, Encode: encode, Run: func(context.Context) *run.Run { return good() }}
}

func TestMetricsAreCleanForPromtool(t *testing.T) {
	d := daemonOf(t, goodServer())
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "promtool", "check", "metrics")
	c.Stdin = get(t, d.handler(), "/metrics").Body
	if out, err := c.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// Debian's Prometheus scrapes the daemon on loopback and stores its series.
func TestPrometheusScrapes(t *testing.T) {
	target, err := url.Parse(serving(t, goodServer(), ""))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs:\n  - job_name: kmsiso\n    static_configs: [{targets: ['%s']}]\n", target.Host)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	api := "http://" + freePort(t)
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	c := exec.CommandContext(ctx, "prometheus", "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+strings.TrimPrefix(api, "http://"), "--log.level=warn")
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = c.Wait() // killed: its status says so
		http.DefaultClient.CloseIdleConnections()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	for query, want := range map[string]string{
		`up{job="kmsiso"}`:                              "1",
		`kmsiso_serve_go`:                               "1",
		`kmsiso_run_cells`:                              "1",
		`kmsiso_serve_runs_total{outcome="panic"}`:      "0",
		`kmsiso_serve_runs_total{outcome="made"}`:       "1",
		`kmsiso_serve_last_run_age_seconds < bool 3600`: "1",
	} {
		stored(t, api, query, want)
	}
}

// stored polls Prometheus' own API until a query has the value, for a bounded
// time.
func stored(t *testing.T, api, query, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		got, err := instant(ctx, api, query)
		if err == nil && got == want {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("%s is %q (%v), want %s", query, got, err, want)
		}
	}
}

// instant is the value of the only series of an instant query.
func instant(ctx context.Context, api, query string) (string, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, api+"/api/v1/query?query="+url.QueryEscape(query), nil)
	if err != nil {
		return "", err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return "", err
	}
	if n := len(answer.Data.Result); n != 1 {
		return "", fmt.Errorf("%d series", n)
	}
	return fmt.Sprint(answer.Data.Result[0].Value[1]), nil
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
