package live

import (
	"net"
	"net/url"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// server is a domain controller as declared.
type server struct {
	url  string
	host string // lower case
	port string
	tls  bool // from the first byte
}

// The ports of LDAP, SMB and Kerberos.
const (
	portLDAP     = "389"
	portLDAPS    = "636"
	portSMB      = "445"
	portKerberos = "88"
)

func parseServer(text string) (server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return server{}, reason.Fail(reason.DirectoryURLOdd, "url", text)
	}
	if u.User != nil {
		return server{}, reason.Fail(reason.DirectoryURLSecret)
	}
	s := server{url: text, host: strings.ToLower(u.Hostname()), port: u.Port(), tls: u.Scheme == "ldaps"}
	switch {
	case u.Scheme != "ldaps" && u.Scheme != "ldap":
		return server{}, reason.Fail(reason.DirectoryURLScheme, "url", text, "scheme", u.Scheme)
	case s.port == "" && s.tls:
		s.port = portLDAPS
	case s.port == "":
		s.port = portLDAP
	}
	return s, nil
}

// at is where LDAP is spoken.
func (s server) at() string { return net.JoinHostPort(s.host, s.port) }

// address is that of another service of the same machine.
func (s server) address(port string) string { return net.JoinHostPort(s.host, port) }

// needsName says that Kerberos cannot be used with a server that is declared by
// its address: its tickets are for names.
func (s server) needsName() error {
	if net.ParseIP(s.host) != nil {
		return reason.Fail(reason.KerberosByAddress, "server", s.url)
	}
	return nil
}

// check says what a credential lacks.
func (c Credential) check() error {
	switch {
	case c.Kind == "":
		return reason.Fail(reason.DirectoryCredentialMissing)
	case c.Kind == Password && c.Password == nil:
		return reason.Fail(reason.CredentialPasswordMissing)
	case c.Kind == Password && c.User == "" && c.Principal == "":
		return reason.Fail(reason.CredentialUserMissing)
	case c.Kind == Keytab && (c.File == "" || c.Principal == ""):
		return reason.Fail(reason.CredentialKeytabPartial)
	case c.Kind == CCache && c.File == "":
		return reason.Fail(reason.CredentialCacheMissing)
	case c.Kind != Password && c.Kind != Keytab && c.Kind != CCache:
		return reason.Fail(reason.CredentialKindOther, "kind", c.Kind)
	}
	if c.Kind == Keytab || c.Kind == Password && c.User == "" {
		if _, _, err := logon.Principal(c.Principal); err != nil {
			return err
		}
	}
	return nil
}

// simple says that the account binds with a name and a password.
func (c Credential) simple() bool { return c.Kind == Password && c.User != "" }

// Account is what the gate knows it by.
func (c Credential) Account() string {
	if c.Kind == CCache {
		if cache, err := logon.LoadCache(c.File); err == nil {
			return cache.Principal()
		}
	}
	return c.who()
}

// place is the server as one where a secret is shown.
func (s server) place() logon.Place { return logon.Place{Name: s.url, Controller: true} }

// who names the account for people.
func (c Credential) who() string {
	switch {
	case c.User != "":
		return c.User
	case c.Principal != "":
		return c.Principal
	}
	return "the owner of " + c.File
}

// trusted are the servers that may be asked for tickets in this run, as KDCs; an
// error where there is none.
func (s *Source) trusted() ([]server, error) {
	var all []server
	var kept error
	for _, at := range s.servers {
		if err := s.o.Distrusted.Check(nil, at.host); err != nil {
			kept = err
		} else {
			all = append(all, at)
		}
	}
	if len(all) == 0 {
		return nil, kept
	}
	return all, nil
}
