package live

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/logon"
)

// A wrong password is shown to one of the controllers, whatever their number, and
// the next reading with the same memory shows it to none.
func TestOneControllerRefuses(t *testing.T) {
	noLeak(t)
	var mocks []*mock
	o := Options{Timeout: 2 * time.Second, Credential: Credential{Kind: Password, User: `CONTOSO\reader`, Password: told(secret)}}
	for range 3 {
		m := newMock(t)
		if len(mocks) > 0 {
			m.pair, m.ca = mocks[0].pair, mocks[0].ca
		}
		m.bind = func(string, string) (uint16, string) {
			return ldap.LDAPResultInvalidCredentials, "80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 52e, v4f7c\x00"
		}
		mocks = append(mocks, m)
		o.URLs, o.CA = append(o.URLs, m.serve("ldaps")), m.ca
	}
	memory := logon.NewMemory(t.TempDir())
	for range 3 {
		o.Login = logon.NewGate(memory, nil).For("reader", o.Credential.Account())
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Read(t.Context(), directory.Ask{Forest: "contoso.test"})
		var held *logon.Held
		if err == nil || !errors.As(err, &held) || strings.Contains(err.Error(), secret) {
			t.Errorf("said %v", err)
		}
	}
	binds := 0
	for _, m := range mocks {
		binds += m.bound()
	}
	if binds != 1 {
		t.Errorf("the password was shown %d times", binds)
	}
}
