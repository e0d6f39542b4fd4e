package serve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// request is one that a person on this machine would make.
func request(t *testing.T, method, path string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "127.0.0.1:9688"
	return r
}

func TestWhoMayAsk(t *testing.T) {
	users := filepath.Join(t.TempDir(), "web.yml")
	if err := os.WriteFile(users, []byte("basic_auth_users: {anna: $2y$10$x}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tlsOnly := filepath.Join(t.TempDir(), "web.yml")
	if err := os.WriteFile(tlsOnly, []byte("tls_server_config: {cert_file: a, key_file: b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	header := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	from := func(a string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = a } }
	for name, c := range map[string]struct {
		config string
		change func(*http.Request)
		code   int // of the page, the document and a reload
	}{
		"this machine":                              {"", func(*http.Request) {}, 200},
		"this machine over IPv6":                    {"", from("[::1]:1234"), 200},
		"this machine as it is written now":         {"", from("[::ffff:127.0.0.1]:1234"), 200},
		"elsewhere":                                 {"", from("192.0.2.7:1234"), 403},
		"who knows where":                           {"", from(""), 403},
		"elsewhere, with TLS alone":                 {tlsOnly, from("192.0.2.7:1234"), 403},
		"elsewhere, a password that nobody checked": {tlsOnly, func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1"; r.SetBasicAuth("anna", "x") }, 403},
		"elsewhere, another name than was checked":  {users, func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1"; r.SetBasicAuth("eve", "x") }, 403},
		"elsewhere, logged on":                      {users, func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1"; r.SetBasicAuth("anna", "x") }, 200},
		"logged on, whatever the host": {users, func(r *http.Request) {
			r.RemoteAddr = "192.0.2.7:1"
			r.Host = "proxy.example"
			r.SetBasicAuth("anna", "x")
		}, 200},
		"elsewhere, with a certificate": {tlsOnly, func(r *http.Request) {
			r.RemoteAddr, r.TLS = "192.0.2.7:1", &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{{}}}}
		}, 200},
		"elsewhere, a certificate that nobody verified": {tlsOnly, func(r *http.Request) {
			r.RemoteAddr, r.TLS = "192.0.2.7:1", &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{}}}
		}, 403},
		"a proxy on this machine":               {"", header("X-Forwarded-For", "192.0.2.7"), 403},
		"a proxy that says only the host":       {"", header("X-Forwarded-Host", "kmsiso"), 403},
		"a proxy of RFC 7239":                   {"", header("Forwarded", "for=192.0.2.7"), 403},
		"a proxy that says Via":                 {"", header("Via", "1.1 proxy"), 403},
		"a name that resolves here (rebinding)": {"", host("evil.example"), 421},
		"the same with a port":                  {"", host("evil.example:9688"), 421},
		"localhost":                             {"", host("localhost:9688"), 200},
		"Localhost with a final dot":            {"", host("LOCALHOST.:9688"), 200},
		"an address":                            {"", host("192.0.2.1"), 200},
		"an IPv6 address":                       {"", host("[2001:db8::1]:9688"), 200},
		"the name of the machine":               {"", host("MON1:9688"), 200},
		"its full name":                         {"", host("mon1.contoso.test.:9688"), 200},
		"a full name that begins the same":      {"", host("mon1.evil.example"), 421},
		"a name that ends the same":             {"", host("evilmon1.example"), 421},
		"the external name":                     {"", host("kmsiso.contoso.test"), 200},
	} {
		t.Run(name, func(t *testing.T) {
			d := daemonOf(t, Server{
				Interval: time.Hour, ExternalURL: "https://KMSISO.contoso.test:8443/x",
				Hostname: func() (string, error) { return "mon1", nil },
				Run:      func(context.Context) *run.Run { return good() },
			})
			d.config = c.config
			d.fqdn.lookup = func(context.Context, string) (string, error) { return "mon1.contoso.test.", nil }
			if err := d.attempt(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, x := range []struct {
				method, path string
				code         int
			}{
				{"GET", "/", c.code}, {"GET", "/run.json", c.code}, {"POST", "/-/reload", c.code},
				{"GET", "/metrics", 200}, {"GET", "/-/healthy", 200}, {"GET", "/-/ready", 200},
			} {
				r, w := request(t, x.method, x.path), httptest.NewRecorder()
				c.change(r)
				d.handler().ServeHTTP(w, r)
				if w.Code != x.code || x.code >= 400 && strings.Contains(w.Body.String(), "contoso") {
					t.Errorf("%s %s: %d %s", x.method, x.path, w.Code, w.Body)
				}
				if x.code == 421 && !strings.Contains(w.Body.String(), "--web.external-url=http://"+hostName(r.Host)) {
					t.Errorf("it does not say what to add: %s", w.Body)
				}
			}
		})
	}
}

// A page of another site cannot have a browser on this machine ask for a reload.
func TestReloadIsNotForOtherSites(t *testing.T) {
	for name, c := range map[string]struct {
		change func(http.Header)
		code   int
	}{
		"no browser":       {func(http.Header) {}, 200},
		"another site":     {func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"an old browser":   {func(h http.Header) { h.Set("Origin", "https://evil.example") }, 403},
		"the page itself":  {func(h http.Header) { h.Set("Sec-Fetch-Site", "same-origin") }, 200},
		"a typed address":  {func(h http.Header) { h.Set("Sec-Fetch-Site", "none") }, 200},
		"its own old page": {func(h http.Header) { h.Set("Origin", "http://127.0.0.1:9688") }, 200},
	} {
		t.Run(name, func(t *testing.T) {
			reloads := 0
			d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run { return good() }, Reload: func() error { reloads++; return nil }})
			r, w := request(t, http.MethodPost, "/-/reload"), httptest.NewRecorder()
			c.change(r.Header)
			d.handler().ServeHTTP(w, r)
			if w.Code != c.code || (reloads == 1) != (c.code == 200) {
				t.Errorf("%d, %d reloads: %s", w.Code, reloads, w.Body)
			}
		})
	}
	d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run { return good() }})
	w := httptest.NewRecorder()
	d.handler().ServeHTTP(w, request(t, http.MethodGet, "/-/reload"))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestABadPolicyAtReload(t *testing.T) {
	d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run { return good() }, Reload: func() error { return errors.New("kmsiso.yaml:3: unknown key") }})
	w := httptest.NewRecorder()
	d.handler().ServeHTTP(w, request(t, http.MethodPost, "/-/reload"))
	if w.Code != 500 || !strings.Contains(w.Body.String(), "kmsiso.yaml:3") || len(d.asked) != 1 {
		t.Errorf("%d %s, %d runs asked for", w.Code, w.Body, len(d.asked))
	}
}
