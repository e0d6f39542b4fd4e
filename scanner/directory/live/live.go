// Package live reads a forest from its domain controllers: LDAP for what the
// directory holds, SMB (or a folder) for the files of the GPOs in SYSVOL.
//
// It only reads. A credential goes to the declared servers alone, over a
// connection that is encrypted and whose far end has proved who it is: TLS with a
// trusted certificate, or Kerberos with every message sealed. No other server is
// contacted, whatever the directory or a GPO names, unless the declaration has the
// controllers asked that the directory names: those get tickets of Kerberos alone. The
// package delivers facts; it does not know checks.
package live

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Options say which domain controllers to read, and as whom.
type Options struct {
	// URLs of domain controllers, perhaps of several domains of the forest:
	// ldaps://dc01.contoso.test[:636], or ldap://dc01.contoso.test[:389], which is
	// secured with StartTLS for a password and with Kerberos otherwise. The first
	// one of a domain that answers is read; of the others only their copies of
	// the GPOs.
	URLs []string
	// CA is a PEM file of authorities that replaces the system's.
	CA string
	// Credential is that of an account that may read; a plain one does. What an
	// account may not even list is, to it, not there: a directory does not tell
	// the two apart.
	Credential Credential
	// Login is the credential before the gate of the run; nil is a gate of its own.
	Login *logon.Login
	// AllControllers is to ask every controller that the directory names for its copies of
	// the GPOs, with Kerberos alone. Else those of URLs are asked.
	AllControllers bool
	// SYSVOL is a folder, or a UNC path on Windows, that holds <domain>\Policies.
	// "" is to read SYSVOL of the same domain controllers over SMB.
	SYSVOL string
	// ForbidNTLM leaves SMB with Kerberos alone.
	ForbidNTLM bool
	// Distrusted are the machines that nothing is shown to in this run; a
	// certificate that is not the trusted one adds one.
	Distrusted *distrust.Places
	// Timeout is how long a call may last in which nothing arrives; 20 s if zero.
	Timeout time.Duration
	// Dial opens the connections to the servers, for LDAP, SMB and Kerberos; it is
	// that of a [net.Dialer] if nil.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Kind is the kind of a [Credential].
type Kind string

// The kinds of credentials.
const (
	// Password is for a simple bind inside TLS, and for Kerberos or NTLM with SMB.
	// With a Principal in place of a User it is for Kerberos alone.
	Password Kind = "password"
	Keytab   Kind = "keytab"
	CCache   Kind = "ccache" // a Kerberos ticket cache
)

// Credential is what the reading account shows.
type Credential struct {
	Kind      Kind
	User      string // user@domain or DOMAIN\user
	Principal string // user@REALM, for Kerberos
	// Password is asked once per reading.
	Password func(context.Context) ([]byte, error)
	File     string // of the keytab or the ticket cache
}

// Source is a forest that can be read.
type Source struct {
	o       Options
	servers []server
}

var _ directory.Source = (*Source)(nil)

// New looks at the options; it opens nothing.
func New(o Options) (*Source, error) {
	if o.Timeout <= 0 {
		o.Timeout = 20 * time.Second
	}
	s := &Source{o: o}
	for _, u := range o.URLs {
		server, err := parseServer(u)
		if err != nil {
			return nil, err
		}
		s.servers = append(s.servers, server)
	}
	if len(s.servers) == 0 {
		return nil, reason.Fail(reason.DirectoryURLMissing)
	}
	if err := o.Credential.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// String is the servers and where their SYSVOL is read.
func (s *Source) String() string {
	text := strings.Join(s.o.URLs, ", ")
	if s.o.AllControllers {
		text += ", the controllers that they name"
	}
	switch {
	case s.o.SYSVOL != "":
		return text + " with SYSVOL in " + s.o.SYSVOL
	case len(s.servers) > 1, s.o.AllControllers:
		return text + " and their SYSVOL"
	}
	return text + " and its SYSVOL"
}

// Read reads the forest. See [directory.Source].
func (s *Source) Read(ctx context.Context, ask directory.Ask) (*run.Forest, error) {
	return s.read(ctx, ask)
}
