package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory/live/limits"
	"github.com/kmsiso/kmsiso/scanner/directory/live/sasl"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// login is the account as one reading uses it: its secret, and what it is trusted
// to be shown to.
type login struct {
	Credential
	gate     *logon.Login
	password []byte
	tickets  *logon.Tickets // for LDAP; nil for a simple bind
	roots    *x509.CertPool
	timeout  time.Duration
	dial     limits.Dialer
	said     string // of the configuration of Kerberos, for people
	// distrusted are the machines that get nothing in this run.
	distrusted *distrust.Places
}

func (s *Source) login(ctx context.Context) (*login, error) {
	l := &login{Credential: s.o.Credential, gate: s.o.Login, timeout: s.o.Timeout, dial: s.o.Dial, distrusted: s.o.Distrusted}
	if l.gate == nil {
		l.gate = logon.Alone(l.Account())
	}
	if s.o.CA != "" {
		text, err := os.ReadFile(s.o.CA)
		if err != nil {
			return nil, reason.Wrap(err, reason.AuthoritiesUnread, "words", err)
		}
		l.roots = x509.NewCertPool()
		if !l.roots.AppendCertsFromPEM(text) {
			return nil, reason.Fail(reason.AuthoritiesAbsent, "file", s.o.CA)
		}
	}
	if l.Kind == Password {
		password, err := l.Password(ctx)
		if err != nil {
			return nil, reason.Wrap(err, reason.PasswordUnread, "account", l.who(), "words", err)
		}
		if len(password) == 0 {
			// An empty one is an anonymous bind to a server (RFC 4513 5.1.2).
			return nil, reason.Fail(reason.PasswordEmpty, "account", l.who())
		}
		l.password = password
	}
	if l.simple() {
		return l, nil
	}
	for _, server := range s.servers {
		if err := server.needsName(); err != nil {
			return nil, err
		}
	}
	kdcs, err := s.trusted()
	if err == nil {
		l.tickets, err = l.newTickets(l.Principal, kdcs)
	}
	return l, err
}

// conn is a bound LDAP connection that ends with its context.
type conn struct {
	*ldap.Conn
	raw     net.Conn
	frames  *limits.Frames
	server  server
	timeout time.Duration
	stop    func() bool
	dead    error // why nothing more is asked over it
}

// connect opens a connection to a server and binds.
func (l *login) connect(ctx context.Context, s server) (*conn, error) {
	c, err := l.open(ctx, s)
	var kept *distrust.Error
	switch {
	case errors.As(err, &kept) && kept.Found.Is(reason.ServerUnread) && kept.Found.Word("server") == s.url:
		return nil, lost{&reason.Error{Reason: kept.Found, Err: err}} // found here before, and said as then
	case err != nil:
		return nil, lost{explain(ctx, s, l, err)}
	}
	return c, nil
}

func (l *login) open(ctx context.Context, s server) (*conn, error) {
	if err := l.distrusted.Check(nil, s.host); err != nil {
		return nil, err
	}
	if l.tickets != nil {
		// Before the connection: a KDC that cannot be reached is told for itself.
		if err := l.tickets.Prepare(ctx, "ldap/"+s.host); err != nil {
			return nil, kerberosError{err}
		}
	}
	raw, err := l.dial.Within(ctx, l.timeout, s.at())
	if err != nil {
		return nil, err
	}
	if err := l.distrusted.Check(raw.RemoteAddr(), s.host); err != nil {
		_ = raw.Close()
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	c := &conn{raw: raw, server: s, timeout: l.timeout, stop: stop}
	if err := l.bind(ctx, c, raw); err != nil {
		stop()
		_ = raw.Close()
		if c.Conn != nil {
			_ = c.Close()
			if hit := c.frames.Failure(); hit != nil {
				err = hit
			}
		}
		return nil, err
	}
	return c, nil
}

// drop ends a connection whose other end is not waited for.
func (c *conn) drop() {
	_ = c.raw.Close()
	c.close()
}

func (c *conn) close() {
	c.stop()
	_ = c.Close()
}

// bind secures the connection and shows the credential over it, in this order.
func (l *login) bind(ctx context.Context, c *conn, raw net.Conn) error {
	var (
		over   net.Conn
		sealed *sasl.Conn
		err    error
	)
	switch {
	case c.server.tls || l.simple():
		if over, err = l.secure(ctx, c.server, raw); err != nil {
			if explainTLS(c.server, err) != nil {
				l.distrusted.Add(reason.Of(explain(ctx, c.server, l, err))[0], raw.RemoteAddr(), c.server.host)
			}
			return err
		}
	default:
		sealed = &sasl.Conn{Conn: raw}
		over = sealed
	}
	c.frames = limits.NewFrames(over, raw, limits.New(l.timeout))
	c.Conn = ldap.NewConn(c.frames, sealed == nil)
	c.Start() // without the library's timeout, which is for a whole page
	if err := c.frames.Begin(mostInBind); err != nil {
		return err
	}
	defer c.frames.End()
	if l.simple() {
		return l.gate.LDAP(ctx, c.server.place(), c.Conn, over, l.User, l.password)
	}
	return l.kerberosBind(c, sealed)
}

// secure is the connection inside TLS, from the first byte or after StartTLS.
func (l *login) secure(ctx context.Context, s server, raw net.Conn) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	if !s.tls {
		if err := startTLS(ctx, raw); err != nil {
			return nil, startTLSError{err}
		}
	}
	over := tls.Client(raw, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: l.roots, ServerName: s.host})
	return over, over.HandshakeContext(ctx)
}

// startTLS asks for TLS (RFC 4511 4.14). It is done here, for the library keeps
// to itself what is wrong with a certificate.
func startTLS(ctx context.Context, raw net.Conn) error {
	const name = "1.3.6.1.4.1.1466.20037"
	if deadline, ok := ctx.Deadline(); ok {
		if err := raw.SetDeadline(deadline); err != nil {
			return err
		}
	}
	request := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationExtendedRequest, nil, "")
	request.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, name, ""))
	message := ber.NewSequence("")
	message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 1, ""))
	message.AppendChild(request)
	if _, err := raw.Write(message.Bytes()); err != nil {
		return err
	}
	answer, err := ber.ReadPacket(io.LimitReader(raw, 64<<10))
	if err != nil {
		return err
	}
	if len(answer.Children) < 2 || answer.Children[1].Tag != ldap.ApplicationExtendedResponse {
		return reason.Fail(reason.StartTLSAnswerOdd)
	}
	if err := ldap.GetLDAPError(answer); err != nil {
		return err
	}
	return raw.SetDeadline(time.Time{})
}

// kerberosBind shows a ticket. Inside TLS Kerberos seals nothing: Windows and
// Samba refuse it there ([MS-ADTS] 5.1.1.1.2).
func (l *login) kerberosBind(c *conn, sealed *sasl.Conn) error {
	n := &sasl.Negotiator{Client: l.tickets.Initiator(), Layer: sasl.LayerNone}
	if sealed != nil {
		n.Layer = sasl.LayerSeal
	}
	if err := l.tickets.LDAP(c.server.place(), c.Conn, n, "ldap/"+c.server.host); err != nil {
		return err
	}
	if sealed != nil {
		return sealed.Seal(n)
	}
	return nil
}

// startTLSError is a server on which a connection could not be secured.
type startTLSError struct{ error }

func (e startTLSError) Unwrap() error { return e.error }
