package live

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

const secret = "Secret-of-the-test-1"

func told(password string) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return []byte(password), nil }
}

// noLeak looks that no goroutine outlives the test and what it cleans up.
func noLeak(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// readMock reads a mock as a password user.
func readMock(t *testing.T, m *mock, url string) error {
	t.Helper()
	s, err := New(Options{URLs: []string{url}, CA: m.ca, Timeout: 2 * time.Second, Credential: Credential{Kind: Password, User: `CONTOSO\reader`, Password: told(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Read(t.Context(), directory.Ask{Forest: "contoso.test"})
	if err == nil {
		t.Fatal("it was read")
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error holds the password: %v", err)
	}
	return err
}

// inner is why a server could not be read, behind its name.
func inner(t *testing.T, err error) reason.List {
	t.Helper()
	l := reason.Of(err)
	if len(l) != 1 || !l.Has(reason.ServerUnread) {
		t.Fatalf("%s is not about one server", l.Key())
	}
	return l[0].Because("why")
}

// What a domain controller of Windows says by its results ([MS-ADTS] 5.1.1.1,
// MS's list of the errors of AcceptSecurityContext) cannot be had from Samba.
func TestRefusals(t *testing.T) {
	const accept = "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data "
	refused := func(why reason.Reason) reason.Reason {
		return reason.New(reason.BindRefused, "account", `CONTOSO\reader`, "why", why)
	}
	const integrity = "00002028: LdapErr: DSID-0C090202, comment: The server requires binds to turn on integrity checking"
	for name, c := range map[string]struct {
		code uint16
		said string
		want reason.Reason
	}{
		"channel binding": {ldap.LDAPResultInvalidCredentials, "80090346: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 80090346, v4f7c\x00", reason.New(reason.ChannelBindingWanted)},
		"wrong password":  {ldap.LDAPResultInvalidCredentials, accept + "52e, v4f7c\x00", refused(reason.New(reason.PasswordWrong))},
		"locked out":      {ldap.LDAPResultInvalidCredentials, accept + "775, v4f7c\x00", refused(reason.New(reason.AccountLockedOut))},
		"disabled":        {ldap.LDAPResultInvalidCredentials, accept + "533, v4f7c\x00", refused(reason.New(reason.LogonAccountDisabled))},
		"other":           {ldap.LDAPResultInvalidCredentials, "something new", refused(reason.Quote("something new"))},
		"signing":         {ldap.LDAPResultStrongAuthRequired, integrity, reason.New(reason.PasswordTooWeak, "words", integrity)},
		"no method":       {ldap.LDAPResultAuthMethodNotSupported, "no", reason.New(reason.LogonUnknown, "words", "no")},
		"busy":            {ldap.LDAPResultBusy, "later", reason.New(reason.ServerSaid, "result", "Busy", "words", "later")},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			m := newMock(t)
			m.bind = func(user, password string) (uint16, string) {
				if user != `CONTOSO\reader` || password != secret {
					t.Errorf("bind of %q", user)
				}
				return c.code, c.said
			}
			if got := inner(t, readMock(t, m, m.serve("ldaps"))); !got.Equal(reason.List{c.want}) {
				t.Errorf("%s, want %s", got.Key(), c.want.Key())
			}
		})
	}
	// With a ticket a controller means its TLS by the same result.
	l := &login{Credential: Credential{Kind: Keytab, Principal: "reader@CONTOSO.TEST"}, tickets: new(logon.Tickets)}
	signing := ldap.NewError(ldap.LDAPResultStrongAuthRequired, errors.New(integrity))
	if got := inner(t, explain(t.Context(), server{url: "ldaps://dc01"}, l, signing)); !got.Has(reason.KerberosInTLSRefused) {
		t.Errorf("inside TLS: %s", got.Key())
	}
}

func TestNothingIsSentInClear(t *testing.T) {
	m := newMock(t)
	m.noTLS = true
	want := reason.One(reason.StartTLSRefused, "result", "Unwilling To Perform", "words", "no TLS here")
	if got := inner(t, readMock(t, m, m.serve("ldap"))); !got.Equal(want) || m.bound() != 0 {
		t.Errorf("%d binds, %s", m.bound(), got.Key())
	}
	m = newMock(t)
	m.silent = true
	if got := inner(t, readMock(t, m, m.serve("ldap"))); !got.Has(reason.StartTLSFailed) || !got.Names(reason.AnswerLimit) || m.bound() != 0 {
		t.Errorf("without an answer to StartTLS: %d binds, %s", m.bound(), got.Key())
	}
	m = newMock(t)
	m.oddTLS = true
	if got := inner(t, readMock(t, m, m.serve("ldap"))); !got.Has(reason.StartTLSFailed) || !got.Names(reason.StartTLSAnswerOdd) || m.bound() != 0 {
		t.Errorf("another answer to StartTLS: %d binds, %s", m.bound(), got.Key())
	}
	// Nor to a server whose certificate is another's.
	m, other := newMock(t), newMock(t)
	m.ca = other.ca
	for _, scheme := range []string{"ldap", "ldaps"} {
		want := reason.One(reason.CertificateUntrusted, "service", "directory", "subject", "CN=mock", "issuer", "CN=mock")
		if got := inner(t, readMock(t, m, m.serve(scheme))); !got.Equal(want) || m.bound() != 0 {
			t.Errorf("%s: %d binds, %s", scheme, m.bound(), got.Key())
		}
	}
}

// Certificates of a known authority that are not right all the same.
func TestCertificates(t *testing.T) {
	certificate := &x509.Certificate{Subject: pkix.Name{CommonName: "mock"}, DNSNames: []string{"dc01.contoso.test"}, IPAddresses: []net.IP{net.IPv4(198, 18, 0, 1)}}
	bare := &x509.Certificate{Subject: certificate.Subject}
	s := server{host: "dc02.contoso.test"}
	for want, err := range map[string]error{
		reason.New(reason.CertificateOfOthers, "names", []string{"dc01.contoso.test", "198.18.0.1"}, "host", s.host).Key():                                                 x509.HostnameError{Certificate: certificate, Host: s.host},
		reason.New(reason.CertificateOfOthers, "subject", "CN=mock", "host", s.host).Key():                                                                                 x509.HostnameError{Certificate: bare, Host: s.host},
		reason.New(reason.CertificateInvalid, "service", "directory", "subject", "CN=mock", "words", x509.CertificateInvalidError{Cert: bare, Reason: x509.Expired}).Key(): x509.CertificateInvalidError{Cert: bare, Reason: x509.Expired},
	} {
		if got := reason.Of(explainTLS(s, err)); got.Key() != want {
			t.Errorf("%s, want %s", got.Key(), want)
		}
	}
}

func TestSilence(t *testing.T) {
	noLeak(t)
	m := newMock(t)
	m.silent = true
	began := time.Now()
	err := readMock(t, m, m.serve("ldaps"))
	if took := time.Since(began); took > 3*time.Second || !inner(t, err).Has(reason.AnswerLimit) {
		t.Errorf("after %s: %v", took, err)
	}
	// The caller may leave before.
	s, err := New(Options{URLs: []string{m.serve("ldaps")}, CA: m.ca, Credential: Credential{Kind: Password, User: "u", Password: told(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	began = time.Now()
	if _, err := s.Read(ctx, directory.Ask{}); !errors.Is(err, context.Canceled) || !reason.Of(err).Names(reason.ReadingEnded) || time.Since(began) > time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func TestKerberosByAddress(t *testing.T) {
	s, err := New(Options{URLs: []string{"ldap://127.0.0.1"}, Credential: Credential{Kind: Password, Principal: "u@X.TEST", Password: told("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context(), directory.Ask{}); !reason.Of(err).Equal(reason.One(reason.KerberosByAddress, "server", "ldap://127.0.0.1")) {
		t.Error(err)
	}
}

func TestNotActiveDirectory(t *testing.T) {
	m := newMock(t)
	m.search = func(asked) found {
		return these(ldap.NewEntry("", map[string][]string{"supportedCapabilities": {"1.2.3"}}))
	}
	if err := readMock(t, m, m.serve("ldaps")); !reason.Of(err).Names(reason.NotAController) {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	password := Credential{Kind: Password, User: "u", Password: told(secret)}
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		o    Options
		want reason.Code // "" for fine
	}{
		"ldaps":                     {Options{URLs: []string{"ldaps://dc01.contoso.test"}, Credential: password}, ""},
		"ldap with a port":          {Options{URLs: []string{"ldap://dc01.contoso.test:3890/"}, Credential: password}, ""},
		"nothing":                   {Options{Credential: password}, reason.DirectoryURLMissing},
		"http":                      {Options{URLs: []string{"http://dc01.contoso.test"}, Credential: password}, reason.DirectoryURLScheme},
		"a user in the URL":         {Options{URLs: []string{"ldaps://u:" + secret + "@dc01"}, Credential: password}, reason.DirectoryURLSecret},
		"a base in the URL":         {Options{URLs: []string{"ldaps://dc01/dc=contoso"}, Credential: password}, reason.DirectoryURLOdd},
		"no name":                   {Options{URLs: []string{"ldaps://"}, Credential: password}, reason.DirectoryURLOdd},
		"no credential":             {Options{URLs: []string{"ldaps://dc01"}}, reason.DirectoryCredentialMissing},
		"a key":                     {Options{URLs: []string{"ldaps://dc01"}, Credential: Credential{Kind: "key"}}, reason.CredentialKindOther},
		"a password without a user": {Options{URLs: []string{"ldaps://dc01"}, Credential: Credential{Kind: Password, Password: told("x")}}, reason.CredentialUserMissing},
		"no password":               {Options{URLs: []string{"ldaps://dc01"}, Credential: Credential{Kind: Password, User: "u"}}, reason.CredentialPasswordMissing},
		"a keytab alone":            {Options{URLs: []string{"ldaps://dc01"}, Credential: Credential{Kind: Keytab, File: "x"}}, reason.CredentialKeytabPartial},
		"a principal without realm": {Options{URLs: []string{"ldaps://dc01"}, Credential: Credential{Kind: Keytab, File: "x", Principal: "reader"}}, reason.PrincipalOdd},
		"a cache without a file":    {Options{URLs: []string{"ldaps://dc01"}, Credential: Credential{Kind: CCache}}, reason.CredentialCacheMissing},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(c.o)
			if c.want == "" && err != nil || c.want != "" && !reason.Of(err).Has(c.want) {
				t.Errorf("said %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Error("the error holds the password")
			}
		})
	}
	// What is looked at when it is read.
	for name, c := range map[string]struct {
		o    Options
		want reason.Code
	}{
		"no authorities":       {Options{CA: empty, Credential: password}, reason.AuthoritiesAbsent},
		"no such file":         {Options{CA: empty + "x", Credential: password}, reason.AuthoritiesUnread},
		"an empty password":    {Options{Credential: Credential{Kind: Password, User: "u", Password: told("")}}, reason.PasswordEmpty},
		"no such keytab":       {Options{URLs: []string{"ldap://dc01.x.test"}, Credential: Credential{Kind: Keytab, Principal: "u@X.TEST", File: empty + "x"}}, reason.KeytabUnread},
		"no keytab":            {Options{URLs: []string{"ldap://dc01.x.test"}, Credential: Credential{Kind: Keytab, Principal: "u@X.TEST", File: empty}}, reason.KeytabUnread},
		"no such ticket cache": {Options{URLs: []string{"ldap://dc01.x.test"}, Credential: Credential{Kind: CCache, File: empty + "x"}}, reason.CacheUnread},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KRB5_CONFIG", "")
			if len(c.o.URLs) == 0 {
				c.o.URLs = []string{"ldap://127.0.0.1"}
			}
			s, err := New(c.o)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Read(t.Context(), directory.Ask{}); !reason.Of(err).Has(c.want) {
				t.Errorf("said %v, want %q", err, c.want)
			}
		})
	}
}
