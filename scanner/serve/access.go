package serve

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"
)

// guarded serves what is confidential: the page, the run document, a reload. It
// is for a request with a log-on, and for one from this machine itself.
//
// The Host of a request without a log-on must be an address or a name of this
// machine: a page in a browser could otherwise have a name of its own resolve
// to 127.0.0.1, and read what is served there.
func (d *daemon) guarded(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case d.loggedOn(r):
		case !d.ownName(r.Context(), r.Host):
			name := hostName(r.Host)
			plain(w, http.StatusMisdirectedRequest, fmt.Sprintf("%q is no name of this machine that kmsiso knows. If it is one, start kmsiso serve with\n\n  --web.external-url=http://%s/\n",
				name, url.PathEscape(name)))
			return
		case !fromHere(r):
			plain(w, http.StatusForbidden, "this is for requests from the machine of kmsiso itself, and for whoever logs on: --web.config.file with basic_auth_users, or with client certificates that are verified\n")
			return
		}
		next(w, r)
	}
}

// loggedOn reports whether a request has shown who it is from: by a client
// certificate that was verified, or by a password that the web configuration
// asks for (the handler of exporter-toolkit before this one has checked it).
func (d *daemon) loggedOn(r *http.Request) bool {
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		return true
	}
	user, _, sent := r.BasicAuth()
	if !sent || d.config == "" {
		return false
	}
	// The file is read anew for every request, as exporter-toolkit does: without
	// users in it nobody has checked the password.
	var c struct {
		Users map[string]string `yaml:"basic_auth_users"`
	}
	b, err := os.ReadFile(d.config)
	if err != nil || yaml.Unmarshal(b, &c) != nil {
		return false
	}
	_, known := c.Users[user]
	return known
}

// fromHere reports whether a request comes from this machine itself, and from
// no proxy on it.
func fromHere(r *http.Request) bool {
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded") {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback()
}

// hostName is the name in a Host header: without port, brackets and final dot,
// in lower case.
func hostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// ownName reports whether a Host header names this machine.
func (d *daemon) ownName(ctx context.Context, host string) bool {
	name := hostName(host)
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	switch name {
	case "", "localhost", d.external:
		return true // HTTP/1.0 may have no Host; no browser speaks it
	}
	own := d.Hostname
	if own == nil {
		own = os.Hostname
	}
	machine, err := own()
	if err != nil || machine == "" {
		return false
	}
	machine = hostName(machine)
	if name == machine {
		return true
	}
	// Only a name that begins as the machine's does is worth a question.
	short, _, _ := strings.Cut(machine, ".")
	if name == short {
		return true
	}
	return strings.HasPrefix(name, short+".") && name == d.fqdn.of(ctx, machine)
}

// fqdn is the full name of this machine, as its resolver gives it.
type fqdn struct {
	// lookup is the resolver; nil is that of the system.
	lookup func(context.Context, string) (string, error)

	mu    sync.Mutex
	name  string
	asked time.Time
}

// The resolver is asked again after a minute, and has two seconds.
const (
	fqdnFresh = time.Minute
	fqdnWait  = 2 * time.Second
)

func (f *fqdn) of(ctx context.Context, machine string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.asked.IsZero() && time.Since(f.asked) < fqdnFresh {
		return f.name
	}
	lookup := f.lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupCNAME
	}
	ctx, cancel := context.WithTimeout(ctx, fqdnWait)
	defer cancel()
	name, err := lookup(ctx, machine)
	f.asked = time.Now()
	if f.name = hostName(name); err != nil {
		f.name = ""
	}
	return f.name
}

// externalName is the name in --web.external-url.
func externalName(external string) (string, error) {
	if external == "" {
		return "", nil
	}
	u, err := url.Parse(external)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("--web.external-url %q: want the address that people type, such as https://kmsiso.contoso.com/", external)
	}
	return hostName(u.Hostname()), nil
}
