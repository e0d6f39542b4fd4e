package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/keytab"
)

// tickets is one Kerberos log-on that everything of one reading shares.
type tickets struct {
	mu     sync.Mutex
	client *client.Client
	kdcs   []string // of the account's realm
	logged bool
}

// newTickets makes a log-on that has not happened yet. The password is for a
// credential that has one.
func newTickets(c Credential, principal, password string, servers []server) (*tickets, error) {
	if c.Kind == CCache {
		cache, err := credentials.LoadCCache(c.File)
		if err != nil {
			return nil, fmt.Errorf("the ticket cache %s cannot be read: %w", c.File, err)
		}
		realm := cache.DefaultPrincipal.Realm
		conf, kdcs, err := kerberosConfig(realm, servers)
		if err != nil {
			return nil, err
		}
		cl, err := client.NewFromCCache(cache, conf, client.DisablePAFXFAST(true))
		if err != nil {
			return nil, fmt.Errorf("the ticket cache %s cannot be used: %w; log on with kinit", c.File, err)
		}
		return &tickets{client: cl, kdcs: kdcs}, nil
	}
	user, realm, err := splitPrincipal(principal)
	if err != nil {
		return nil, err
	}
	conf, kdcs, err := kerberosConfig(realm, servers)
	if err != nil {
		return nil, err
	}
	if c.Kind == Keytab {
		table, err := keytab.Load(c.File)
		if err != nil {
			return nil, fmt.Errorf("the keytab %s cannot be read: %w", c.File, err)
		}
		return &tickets{client: client.NewWithKeytab(user, realm, table, conf, client.DisablePAFXFAST(true)), kdcs: kdcs}, nil
	}
	return &tickets{client: client.NewWithPassword(user, realm, password, conf, client.DisablePAFXFAST(true)), kdcs: kdcs}, nil
}

// kerberosConfig makes the declared domain controllers the KDCs of their domains,
// so that nobody else is asked. Where KRB5_CONFIG is set that file decides.
func kerberosConfig(realm string, servers []server) (*config.Config, []string, error) {
	if file := os.Getenv("KRB5_CONFIG"); file != "" {
		conf, err := config.Load(file)
		if err != nil {
			return nil, nil, fmt.Errorf("KRB5_CONFIG names %s, which cannot be read: %w", file, err)
		}
		return conf, nil, nil
	}
	realms := map[string][]string{}
	var domains strings.Builder
	for _, s := range servers {
		_, domain, ok := strings.Cut(s.host, ".")
		if !ok || net.ParseIP(s.host) != nil {
			continue
		}
		r := strings.ToUpper(domain)
		realms[r] = append(realms[r], s.address(portKerberos))
		fmt.Fprintf(&domains, "  %s = %s\n", s.host, r)
	}
	if len(realms[realm]) == 0 {
		// A realm that is none of the servers' domains: whichever of them is asked
		// says so.
		for _, s := range servers {
			realms[realm] = append(realms[realm], s.address(portKerberos))
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, `[libdefaults]
  default_realm = %s
  dns_lookup_realm = false
  dns_lookup_kdc = false
  udp_preference_limit = 1
  default_tkt_enctypes = %[2]s
  default_tgs_enctypes = %[2]s
  permitted_enctypes = %[2]s
[realms]
`, realm, "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96")
	for r, kdcs := range realms {
		fmt.Fprintf(&text, "  %s = {\n", r)
		for _, kdc := range kdcs {
			fmt.Fprintf(&text, "    kdc = %s\n", kdc)
		}
		text.WriteString("  }\n")
	}
	text.WriteString("[domain_realm]\n" + domains.String())
	conf, err := config.NewFromString(text.String())
	if err != nil {
		return nil, nil, fmt.Errorf("the names of the domain controllers make no Kerberos configuration: %w", err)
	}
	return conf, realms[realm], nil
}

// logOn gets a ticket-granting ticket, once.
func (t *tickets) logOn(ctx context.Context, timeout time.Duration) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.logged {
		return nil
	}
	if err := t.reach(ctx, timeout); err != nil {
		return err
	}
	if err := t.client.AffirmLogin(); err != nil {
		return err
	}
	t.logged = true
	return nil
}

// reach dials a KDC before the library does, which knows no context and waits
// 5 s for each.
func (t *tickets) reach(ctx context.Context, timeout time.Duration) error {
	var errs []error
	for _, kdc := range t.kdcs {
		d := net.Dialer{Timeout: timeout}
		c, err := d.DialContext(ctx, "tcp", kdc)
		if err == nil {
			return c.Close()
		}
		errs = append(errs, fmt.Errorf("the KDC %s: %w", kdc, plain(err)))
	}
	return errors.Join(errs...)
}

// close forgets the tickets and ends their renewal.
func (t *tickets) close() {
	if t != nil {
		t.client.Destroy()
	}
}

// prepare logs on and gets the ticket for a service, so that the libraries that
// want it find it there.
func (t *tickets) prepare(ctx context.Context, timeout time.Duration, service string) error {
	if err := t.logOn(ctx, timeout); err != nil {
		return kerberosError{err}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, _, err := t.client.GetServiceTicket(service); err != nil {
		return kerberosError{err}
	}
	return nil
}

// kerberosError is what went wrong between us and a KDC.
type kerberosError struct{ error }

func (e kerberosError) Unwrap() error { return e.error }
