package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// explain says why a server could not be read. It never holds a
// secret.
func explain(ctx context.Context, s server, l *login, err error) error {
	if c := context.Cause(ctx); c != nil {
		return unread(s.url, fmt.Errorf("the reading was ended: %w", c))
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
		return unread(s.url, fmt.Errorf("the domain controller does not secure the connection (StartTLS), so the password is not sent: %w; use ldaps://, or Kerberos", said(start.error)))
	}
	if errors.As(err, &result) && result.ResultCode < ldap.ErrorNetwork {
		return unread(s.url, explainResult(l, result))
	}
	return unread(s.url, plain(err))
}

// readFailed is how the library begins where it could not read an answer.
const readFailed = "unable to read LDAP response packet: "

// plain is an error of the network in words.
func plain(err error) error {
	var (
		dns     *net.DNSError
		op      *net.OpError
		timeout net.Error
		result  *ldap.Error
		record  tls.RecordHeaderError
		limit   boundError
	)
	if errors.As(err, &limit) || errors.Is(err, errLate) {
		return err
	}
	late := errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("the name %s does not resolve: %s", dns.Name, dns.Err)
	case errors.As(err, &op) && op.Op == "dial" && late:
		return errors.New("no answer within the time given: it is down or filtered")
	case errors.As(err, &op) && op.Op == "dial":
		return fmt.Errorf("no connection: %w", op.Err)
	case errors.As(err, &op) && !late:
		return fmt.Errorf("the connection broke: %w", op.Err)
	case late:
		return errors.New("it took the connection and did not answer within the time given")
	case errors.As(err, &record):
		return errors.New("it does not speak TLS there; is it the port of ldap:// (389)?")
	case errors.As(err, &result) && result.Err != nil:
		if text := result.Err.Error(); strings.Contains(text, "timed out") || strings.Contains(text, "timeout") {
			return errors.New("it took the connection and did not answer within the time given")
		}
		return fmt.Errorf("the connection broke: %w", result.Err)
	case strings.HasPrefix(err.Error(), readFailed):
		return fmt.Errorf("the connection broke: %s", strings.TrimPrefix(err.Error(), readFailed))
	case errors.Is(err, io.EOF):
		return errors.New("it closed the connection")
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
		return fmt.Errorf("the certificate of %q, issued by %q, is not trusted; name its authority with ca: (a PEM file)", authority.Cert.Subject, authority.Cert.Issuer)
	case errors.As(err, &name) && name.Certificate != nil:
		return fmt.Errorf("the certificate is for %s, not for %s; name the domain controller as its certificate does", strings.Join(names(name.Certificate), ", "), s.host)
	case errors.As(err, &invalid) && invalid.Cert != nil:
		return fmt.Errorf("the certificate of %q, issued by %q, is not valid: %w", invalid.Cert.Subject, invalid.Cert.Issuer, invalid)
	}
	return nil
}

// names are those a certificate is for.
func names(c *x509.Certificate) []string {
	all := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	if len(all) == 0 {
		all = append(all, "no DNS name at all ("+c.Subject.String()+")")
	}
	return all
}

// said is what a server said by a result, or the error that it is.
func said(err error) error {
	var result *ldap.Error
	if errors.As(err, &result) && result.ResultCode < ldap.ErrorNetwork && result.Err != nil {
		return fmt.Errorf("it said %q: %s", ldap.LDAPResultCodeMap[result.ResultCode], strings.TrimRight(result.Err.Error(), "\x00\n ."))
	}
	return plain(err)
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
			return errors.New("the domain controller requires channel binding (LdapEnforceChannelBinding) for a log-on inside TLS, which Kerberos cannot give here; use ldap://, where Kerberos itself seals the connection")
		}
		if why == "" {
			why = text
		}
		return fmt.Errorf("the bind of %s is refused: %s", l.who(), why)
	case ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired:
		if l.simple() {
			return fmt.Errorf("the domain controller wants stronger authentication than a password, such as Kerberos: %s", text)
		}
		return fmt.Errorf("the domain controller wants stronger authentication: it does not take Kerberos inside TLS (%s); use ldap://, where Kerberos itself seals the connection", text)
	case ldap.LDAPResultAuthMethodNotSupported:
		return fmt.Errorf("the domain controller does not know this way to log on: %s", text)
	}
	return fmt.Errorf("the domain controller said %q: %s", ldap.LDAPResultCodeMap[e.ResultCode], text)
}
