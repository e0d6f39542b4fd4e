package logon

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// LDAP shows a name and a password to an LDAP server (RFC 4513 5.1.3). The
// connection is over another one, which must be TLS; otherwise nothing is sent.
func (l *Login) LDAP(ctx context.Context, at Place, c *ldap.Conn, over net.Conn, name string, password []byte) error {
	if _, ok := over.(*tls.Conn); !ok {
		return reason.Fail(reason.TLSMissing)
	}
	if len(password) == 0 {
		// An empty one is an anonymous bind to a server (RFC 4513 5.1.2).
		return reason.Fail(reason.PasswordEmpty)
	}
	return l.Show(ctx, at, password, func(context.Context) (Reply, reason.List, error) {
		err := c.Bind(name, string(password))
		reply, why := judgeLDAP(err)
		return reply, why, err
	})
}

// denials are the reasons that Active Directory gives with result 49, as the
// hexadecimal Windows error after "data".
var denials = map[string]struct {
	why  reason.Code
	here bool // it may log on elsewhere, or at another time
}{
	"52e": {why: reason.PasswordWrong},
	"525": {why: reason.AccountAbsent},
	"530": {why: reason.LogonHours, here: true},
	"531": {why: reason.LogonPlaces, here: true},
	"532": {why: reason.PasswordExpired},
	"533": {why: reason.LogonAccountDisabled},
	"701": {why: reason.LogonAccountExpired},
	"773": {why: reason.PasswordMustChange},
	"775": {why: reason.AccountLockedOut},
}

// badBindings is SEC_E_BAD_BINDINGS: no channel binding, where one is required.
const badBindings = "80090346"

// Denial is the code that Active Directory gives with result 49, and what it
// means; none where it is not known.
func Denial(text string) (code string, why reason.List) {
	_, data, _ := strings.Cut(text, ", data ")
	code, _, _ = strings.Cut(data, ",")
	if d, ok := denials[code]; ok {
		why = reason.One(d.why)
	}
	return code, why
}

// judgeLDAP tells what a result of a bind says of the secret (RFC 4511 A.2).
func judgeLDAP(err error) (Reply, reason.List) {
	var result *ldap.Error
	switch {
	case err == nil:
		return Accepted, nil
	case !errors.As(err, &result):
		return Unanswered, nil
	}
	switch result.ResultCode {
	case ldap.LDAPResultInvalidCredentials:
		code, why := "", reason.List(nil)
		if result.Err != nil {
			code, why = Denial(strings.TrimRight(result.Err.Error(), "\x00\n ."))
		}
		switch {
		case code == badBindings:
			return Unread, nil
		case denials[code].here:
			return RefusedHere, why
		case why == nil:
			why = reason.One(reason.CredentialsInvalid)
		}
		return Refused, why
	case ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired, ldap.LDAPResultAuthMethodNotSupported,
		ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultUnwillingToPerform:
		return Unread, nil
	}
	return Unanswered, nil
}
