package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory/live/limits"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// explain says why a server could not be read. It never holds a
// secret.
func explain(ctx context.Context, s server, l *login, err error) error {
	if c := context.Cause(ctx); c != nil {
		return unread(s.url, part(c, reason.ReadingEnded))
	}
	var (
		krb    kerberosError
		start  startTLSError
		result *ldap.Error
		held   *logon.Held
	)
	if errors.As(err, &held) {
		return unread(s.url, held)
	}
	if errors.As(err, &krb) {
		return unread(s.url, part(explainKerberos(l, krb.error), reason.KerberosFailed, "account", l.who()))
	}
	if why := explainTLS(s, err); why != nil {
		return unread(s.url, why)
	}
	if errors.As(err, &start) {
		return unread(s.url, explainStartTLS(start.error))
	}
	if errors.As(err, &result) && result.ResultCode < ldap.ErrorNetwork {
		return unread(s.url, explainResult(l, result))
	}
	return unread(s.url, plain(err))
}

// readFailed is how the library begins where it could not read an answer.
const readFailed = "unable to read LDAP response packet: "

// trouble is an error of the network, by its code.
func trouble(err error, code reason.Code, args ...any) error {
	return reason.Wrap(err, code, append(args, "service", "directory")...)
}

// broke is a connection that ended before the answer came.
func broke(err error) error { return trouble(err, reason.ConnectionBroke, "why", reason.Of(err)) }

// isLate tells whether an error is a time limit that ran out.
func isLate(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// plain gives an error of the network its code.
func plain(err error) error {
	var (
		dns    *net.DNSError
		op     *net.OpError
		result *ldap.Error
		record tls.RecordHeaderError
		limit  limits.Error
	)
	if errors.As(err, &limit) || errors.Is(err, limits.ErrLate) {
		return err
	}
	late := isLate(err)
	switch {
	case errors.As(err, &dns):
		return trouble(err, reason.NameUnresolved, "host", dns.Name, "words", dns.Err)
	case errors.As(err, &op) && op.Op == "dial" && late:
		return trouble(err, reason.NothingAnswers)
	case errors.As(err, &op) && op.Op == "dial" && errors.Is(op, syscall.ECONNREFUSED):
		return trouble(err, reason.ConnectionRefused, "words", op.Err)
	case errors.As(err, &op) && op.Op == "dial":
		return trouble(err, reason.NotConnected, "words", op.Err)
	case errors.As(err, &op) && !late:
		return broke(op.Err)
	case late:
		return limits.ErrLate
	case errors.As(err, &record):
		return trouble(err, reason.NoTLS)
	case errors.As(err, &result) && result.Err != nil:
		if text := result.Err.Error(); strings.Contains(text, "timed out") || strings.Contains(text, "timeout") {
			return limits.ErrLate
		}
		return broke(result.Err)
	case strings.HasPrefix(err.Error(), readFailed):
		return broke(errors.New(strings.TrimPrefix(err.Error(), readFailed)))
	case errors.Is(err, io.EOF):
		return reason.Wrap(err, reason.ServerClosed)
	}
	return err
}

// explainTLS tells what is wrong with a certificate, nil for another error.
func explainTLS(s server, err error) error {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &authority) && authority.Cert != nil:
		return trouble(err, reason.CertificateUntrusted, "subject", authority.Cert.Subject, "issuer", authority.Cert.Issuer)
	case errors.As(err, &name) && name.Certificate != nil:
		names := slices.Clone(name.Certificate.DNSNames)
		for _, ip := range name.Certificate.IPAddresses {
			names = append(names, ip.String())
		}
		if len(names) == 0 {
			return reason.Wrap(err, reason.CertificateOfOthers, "subject", name.Certificate.Subject, "host", s.host)
		}
		return reason.Wrap(err, reason.CertificateOfOthers, "names", names, "host", s.host)
	case errors.As(err, &invalid) && invalid.Cert != nil:
		return trouble(err, reason.CertificateInvalid, "subject", invalid.Cert.Subject, "issuer", invalid.Cert.Issuer, "words", invalid)
	}
	return nil
}

// explainStartTLS tells why a connection could not be secured.
func explainStartTLS(err error) error {
	var result *ldap.Error
	if errors.As(err, &result) && result.ResultCode < ldap.ErrorNetwork && result.Err != nil {
		return reason.Wrap(err, reason.StartTLSRefused, "result", ldap.LDAPResultCodeMap[result.ResultCode], "words", strings.TrimRight(result.Err.Error(), "\x00\n ."))
	}
	return part(plain(err), reason.StartTLSFailed)
}

// explainResult tells what a server said by an LDAP result (RFC 4511 A.2).
func explainResult(l *login, e *ldap.Error) error {
	text := ""
	if e.Err != nil {
		text = strings.TrimRight(e.Err.Error(), "\x00\n .")
	}
	switch e.ResultCode {
	case ldap.LDAPResultInvalidCredentials:
		data, why := logon.Denial(text)
		if data == "80090346" { // SEC_E_BAD_BINDINGS
			return reason.Wrap(e, reason.ChannelBindingWanted)
		}
		if why == nil && text != "" {
			why = reason.List{reason.Quote(text)}
		}
		return reason.Wrap(e, reason.BindRefused, "account", l.who(), "why", why)
	case ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired:
		if l.simple() {
			return reason.Wrap(e, reason.PasswordTooWeak, "words", text)
		}
		return reason.Wrap(e, reason.KerberosInTLSRefused, "words", text)
	case ldap.LDAPResultAuthMethodNotSupported:
		return reason.Wrap(e, reason.LogonUnknown, "words", text)
	}
	return reason.Wrap(e, reason.ServerSaid, "result", ldap.LDAPResultCodeMap[e.ResultCode], "words", text)
}
