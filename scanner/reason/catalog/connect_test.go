package catalog

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// A connection to a directory is told behind the name of the server, one of WinRM
// names its address.
func TestConnectionsByService(t *testing.T) {
	for want, r := range map[string]reason.Reason{
		"the name dc01 does not resolve: no such host":                                                                     reason.New(reason.NameUnresolved, "service", "directory", "host", "dc01", "words", "no such host"),
		"no answer within the time given: it is down or filtered":                                                          reason.New(reason.NothingAnswers, "service", "directory"),
		"no connection: connect: connection refused":                                                                       reason.New(reason.ConnectionRefused, "service", "directory", "words", "connect: connection refused"),
		"no connection: no route":                                                                                          reason.New(reason.NotConnected, "service", "directory", "words", "no route"),
		"the connection broke: reset":                                                                                      reason.New(reason.ConnectionBroke, "service", "directory", "why", reason.Quote("reset")),
		"a:5986: the connection broke: reset":                                                                              reason.New(reason.ConnectionBroke, "address", "a:5986", "why", reason.Quote("reset")),
		"it took the connection and did not answer within the time given":                                                  reason.New(reason.AnswerLimit, "service", "directory"),
		"a took the connection and did not answer within the time given: late":                                             reason.New(reason.AnswerLimit, "address", "a", "words", "late"),
		"it does not speak TLS there; is it the port of ldap:// (389)?":                                                    reason.New(reason.NoTLS, "service", "directory"),
		"a does not speak TLS; is it the HTTP port (5985)?":                                                                reason.New(reason.NoTLS, "address", "a"),
		`the certificate of "CN=a", issued by "CN=b", is not valid: it expired`:                                            reason.New(reason.CertificateInvalid, "service", "directory", "subject", "CN=a", "issuer", "CN=b", "words", "it expired"),
		"the certificate is for a, b, not for c; name the domain controller as its certificate does":                       reason.New(reason.CertificateOfOthers, "names", []string{"a", "b"}, "host", "c"),
		"the certificate is for no DNS name at all (CN=a), not for c; name the domain controller as its certificate does":  reason.New(reason.CertificateOfOthers, "subject", "CN=a", "host", "c"),
		`the certificate of "CN=a", issued by "CN=b", is not trusted; name its authority with ca: (a PEM file)`:            reason.New(reason.CertificateUntrusted, "service", "directory", "subject", "CN=a", "issuer", "CN=b"),
		"no connection to a:5985: connection refused; is WinRM on there (winrm quickconfig)?":                              reason.New(reason.ConnectionRefused, "service", "winrm", "address", "a:5985", "words", "connection refused"),
		"the certificate of a is not trusted; name its authority with ca: (a PEM file), or itself with pin: (its SHA-256)": reason.New(reason.CertificateUntrusted, "service", "winrm", "address", "a"),
		"the certificate of a is not valid for it: old; name the certificate itself with pin: if it is the right one":      reason.New(reason.CertificateInvalid, "service", "winrm", "address", "a", "words", "old"),
	} {
		if got := Text(reason.List{r}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
