package live

import (
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/jcmturner/gokrb5/v8/config"

	"github.com/kmsiso/kmsiso/scanner/logon"
)

// newTickets makes a log-on that has not happened yet. The password is for a
// credential that has one.
func (l *login) newTickets(principal string, servers []server) (*logon.Tickets, error) {
	if l.Kind == CCache {
		cache, err := logon.LoadCache(l.File)
		if err != nil {
			return nil, err
		}
		conf, err := kerberosConfig(cache.Realm(), servers)
		if err != nil {
			return nil, err
		}
		return l.kerberos(conf).WithCache(l.gate, cache)
	}
	_, realm, err := logon.Principal(principal)
	if err != nil {
		return nil, err
	}
	conf, err := kerberosConfig(realm, servers)
	if err != nil {
		return nil, err
	}
	if l.Kind == Keytab {
		return l.kerberos(conf).WithKeytab(l.gate, principal, l.File)
	}
	return l.kerberos(conf).WithPassword(l.gate, principal, l.password)
}

func (l *login) kerberos(conf *config.Config) logon.Kerberos {
	return logon.Kerberos{Config: conf, Timeout: l.timeout, Dial: logon.Dial(l.dial)}
}

// kerberosConfig makes the declared domain controllers the KDCs of their domains,
// so that nobody else is asked. Where KRB5_CONFIG is set that file decides.
func kerberosConfig(realm string, servers []server) (*config.Config, error) {
	if file := os.Getenv("KRB5_CONFIG"); file != "" {
		conf, err := config.Load(file)
		if err != nil {
			return nil, fmt.Errorf("KRB5_CONFIG names %s, which cannot be read: %w", file, err)
		}
		return conf, nil
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
		return nil, fmt.Errorf("the names of the domain controllers make no Kerberos configuration: %w", err)
	}
	return conf, nil
}

// kerberosError is what went wrong between us and a KDC.
type kerberosError struct{ error }

func (e kerberosError) Unwrap() error { return e.error }
