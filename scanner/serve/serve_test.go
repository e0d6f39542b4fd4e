package serve

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"golang.org/x/crypto/bcrypt"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// serving runs a server on a loopback port of its own until the test ends, and
// returns its URL. It has made its first run when serving returns.
func serving(t *testing.T, s Server, config string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Log = slog.New(slog.DiscardHandler)
	made := make(chan struct{})
	inner := s.Run
	var once atomic.Bool
	s.Run = func(ctx context.Context) *run.Run {
		r := inner(ctx)
		if once.CompareAndSwap(false, true) {
			defer close(made)
		}
		return r
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.ServeOn(ctx, []net.Listener{l}, config) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	select {
	case <-made:
	case err := <-ended:
		ended <- err
		t.Fatalf("the server ended: %v", err)
	case <-time.After(10 * time.Second):
		t.Fatal("no first run")
	}
	return "http://" + l.Addr().String()
}

// get asks a handler, without a network between.
func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request(t, http.MethodGet, path))
	return w
}

func TestPagesBeforeAndAfterTheFirstRun(t *testing.T) {
	d := daemonOf(t, Server{
		Interval: time.Hour, Run: func(context.Context) *run.Run { return good() },
		Table: func(*run.Run) ([]byte, error) { return []byte("GO <matrix>\n"), nil },
	})
	type want struct {
		path, text, contentType string
		code                    int
	}
	look := func(when string, wants []want) {
		for _, x := range wants {
			w := get(t, d.handler(), x.path)
			if w.Code != x.code || !strings.Contains(w.Body.String(), x.text) || !strings.HasPrefix(w.Header().Get("Content-Type"), x.contentType) {
				t.Errorf("%s: GET %s: %d %s %q, want %+v", when, x.path, w.Code, w.Header().Get("Content-Type"), w.Body, x)
			}
		}
	}
	look("before", []want{
		{"/-/healthy", "healthy", "text/plain", 200},
		{"/-/ready", "no run yet", "text/plain", 503},
		{"/run.json", "no run yet", "text/plain", 404},
		{"/metrics", "kmsiso_serve_go 0", "text/plain; version=0.0.4; charset=utf-8", 200},
		{"/", "No run yet", "text/html", 200},
		{"/else", "not found", "text/plain", 404},
	})
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	look("after", []want{
		{"/-/healthy", "healthy", "text/plain", 200},
		{"/-/ready", "ready", "text/plain", 200},
		{"/run.json", `"schema":"kmsiso/run/v2"`, "application/json", 200},
		{"/metrics", "kmsiso_run_cells 1\n", "text/plain; version=0.0.4; charset=utf-8", 200},
		{"/metrics", "kmsiso_serve_go 1\n", "text/plain", 200},
		{"/", "GO &lt;matrix&gt;", "text/html", 200},
	})
}

// The exposition as a whole parses, whatever the scraper offers to accept.
func TestMetricsAreOneExposition(t *testing.T) {
	d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run { return good() }})
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := expfmt.NewTextParser(model.UTF8Validation)
	families, err := p.TextToMetricFamilies(get(t, d.handler(), "/metrics").Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kmsiso_run_cells", "kmsiso_serve_runs_total", "go_goroutines", "process_start_time_seconds"} {
		if families[name] == nil {
			t.Errorf("no %s", name)
		}
	}
}

func TestRunIsEncodedOnceNotPerScrape(t *testing.T) {
	n := 0
	d := daemonOf(t, Server{
		Interval: time.Hour, Run: func(context.Context) *run.Run { return good() },
		Encode: func(r *run.Run) ([]byte, error) { n++; return encode(r) },
	})
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		get(t, d.handler(), "/metrics")
	}
	if n != 1 {
		t.Errorf("encoded %d times", n)
	}
}

func fetch(t *testing.T, url, user, password string) (int, string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		q.SetBasicAuth(user, password)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func TestWebConfigurationAsksForAPassword(t *testing.T) {
	hash, err := bcrypt.GenerateFromPassword([]byte("open sesame"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "web.yml")
	if err := os.WriteFile(config, []byte("basic_auth_users:\n  prometheus: "+string(hash)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	url := serving(t, Server{Interval: time.Hour, Encode: encode, Run: func(context.Context) *run.Run { return good() }}, config)
	for _, path := range []string{"/metrics", "/", "/run.json", "/-/ready"} {
		if code, body := fetch(t, url+path, "", ""); code != http.StatusUnauthorized || strings.Contains(body, "contoso") {
			t.Errorf("GET %s without a password: %d %q", path, code, body)
		}
		if code, _ := fetch(t, url+path, "prometheus", "wrong"); code != http.StatusUnauthorized {
			t.Errorf("GET %s with a wrong password: %d", path, code)
		}
	}
	if code, body := fetch(t, url+"/metrics", "prometheus", "open sesame"); code != http.StatusOK || !strings.Contains(body, "kmsiso_serve_runs_total") {
		t.Errorf("GET /metrics with the password: %d %q", code, body)
	}
}

// TLS of the web configuration: the certificate named there is served, and
// plain HTTP is not answered with metrics.
func TestWebConfigurationServesTLS(t *testing.T) {
	ca := httptest.NewTLSServer(http.NotFoundHandler()) // lends its certificate for 127.0.0.1
	defer ca.Close()
	dir := t.TempDir()
	pair := ca.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"cert.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}),
		"key.pem":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		"web.yml":  []byte("tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url := serving(t, Server{Interval: time.Hour, Encode: encode, Run: func(context.Context) *run.Run { return good() }}, filepath.Join(dir, "web.yml"))
	client := ca.Client()
	defer client.CloseIdleConnections()
	r, err := client.Get(strings.Replace(url, "http:", "https:", 1) + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if b, err := io.ReadAll(r.Body); err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(b), "kmsiso_serve_go") {
		t.Errorf("over TLS: %s, %v", r.Status, err)
	}
	if code, body := fetch(t, url+"/metrics", "", ""); code == http.StatusOK {
		t.Errorf("in clear: %d %q", code, body)
	}
}

func TestMistakesBeforeTheFirstRun(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	bad := filepath.Join(t.TempDir(), "web.yml")
	if err := os.WriteFile(bad, []byte("basic_auth_user: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		web   Web
		state string
		want  string
	}{
		"no external name":       {Web{Listen: []string{"127.0.0.1:0"}}, "", "--web.external-url"},
		"a port that is taken":   {Web{Listen: []string{"127.0.0.1:0", taken.Addr().String()}}, "", "address already in use"},
		"no such configuration":  {Web{Listen: []string{"127.0.0.1:0"}, ConfigFile: bad + "x"}, "", bad + "x"},
		"an unknown key":         {Web{Listen: []string{"127.0.0.1:0"}, ConfigFile: bad}, "", "basic_auth_user"},
		"a file for a directory": {Web{Listen: []string{"127.0.0.1:0"}}, filepath.Join(file, "state"), "state directory"},
	} {
		t.Run(name, func(t *testing.T) {
			s := Server{Interval: time.Hour, Encode: encode, StateDir: x.state, Log: slog.New(slog.DiscardHandler), Run: func(context.Context) *run.Run {
				t.Error("a run was made")
				return nil
			}}
			if x.want == "--web.external-url" {
				s.ExternalURL = "kmsiso.contoso.test"
			}
			if err := s.Serve(t.Context(), x.web); err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v, want %q in it", err, x.want)
			}
		})
	}
}

// The server ends while a run is under way: the run is told, and nothing of it
// is recorded as a failure.
func TestShutdownEndsTheRunUnderWay(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	state := t.TempDir()
	s := Server{Interval: time.Hour, Encode: encode, StateDir: state, Log: slog.New(slog.DiscardHandler), Run: func(ctx context.Context) *run.Run {
		cancel()
		<-ctx.Done()
		return good()
	}}
	if err := s.ServeOn(ctx, []net.Listener{l}, ""); err != nil {
		t.Errorf("got %v", err)
	}
	if list, _ := os.ReadDir(state); len(list) != 0 {
		t.Errorf("a run that was cut short was kept: %v", list)
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		c.Close()
		t.Error("the port is still open")
	}
}
