package logon

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// LDAP shows a name and a password to an LDAP server (RFC 4513 5.1.3). The
// connection is over another one, which must be TLS; otherwise nothing is sent.
func (l *Login) LDAP(ctx context.Context, at Place, c *ldap.Conn, over net.Conn, name string, password []byte) error {
	if _, ok := over.(*tls.Conn); !ok {
		return errors.New("there is no TLS, so the password is not sent")
	}
	if len(password) == 0 {
		// An empty one is an anonymous bind to a server (RFC 4513 5.1.2).
		return errors.New("the password is empty, so it is not sent")
	}
	return l.Show(ctx, at, password, func(context.Context) (Reply, string, error) {
		err := c.Bind(name, string(password))
		reply, why := judgeLDAP(err)
		return reply, why, err
	})
}

// denials are the reasons that Active Directory gives with result 49, as the
// hexadecimal Windows error after "data".
var denials = map[string]struct {
	says string
	here bool // it may log on elsewhere, or at another time
}{
	"52e": {says: "wrong password"},
	"525": {says: "there is no such account"},
	"530": {says: "the account may not log on at this time", here: true},
	"531": {says: "the account may not log on from here", here: true},
	"532": {says: "its password has expired"},
	"533": {says: "the account is disabled"},
	"701": {says: "the account has expired"},
	"773": {says: "its password must be changed first"},
	"775": {says: "the account is locked out"},
}

// badBindings is SEC_E_BAD_BINDINGS: no channel binding, where one is required.
const badBindings = "80090346"

// Denial is the code that Active Directory gives with result 49, and what it
// means; "" where it is not known.
func Denial(text string) (code, says string) {
	_, data, _ := strings.Cut(text, ", data ")
	code, _, _ = strings.Cut(data, ",")
	return code, denials[code].says
}

// judgeLDAP tells what a result of a bind says of the secret (RFC 4511 A.2).
func judgeLDAP(err error) (Reply, string) {
	var result *ldap.Error
	switch {
	case err == nil:
		return Accepted, ""
	case !errors.As(err, &result):
		return Unanswered, ""
	}
	switch result.ResultCode {
	case ldap.LDAPResultInvalidCredentials:
		code, says := "", ""
		if result.Err != nil {
			code, says = Denial(strings.TrimRight(result.Err.Error(), "\x00\n ."))
		}
		switch {
		case code == badBindings:
			return Unread, ""
		case denials[code].here:
			return RefusedHere, says
		case says == "":
			says = "invalid credentials"
		}
		return Refused, says
	case ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired, ldap.LDAPResultAuthMethodNotSupported,
		ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultUnwillingToPerform:
		return Unread, ""
	}
	return Unanswered, ""
}
