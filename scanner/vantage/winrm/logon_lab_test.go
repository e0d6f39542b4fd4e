//go:build lab && linux

package winrm

import (
	"crypto/sha256"
	"crypto/tls"
	"testing"

	fixture "github.com/kmsiso/kmsiso/fixtures/winrm"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Samba reads the log-on: the MIC that it checks, the account, the service that
// the log-on is for and the connection that it is made on.
func TestSambaReadsTheLogOn(t *testing.T) {
	b := newBench(t)
	pair, _, pin := certificate(t)
	sum := sha256.Sum256(pair.Certificate[0])
	binding := append([]byte("tls-server-end-point:"), sum[:]...)
	for _, tc := range []struct {
		name     string
		pair     *tls.Certificate
		target   string
		binding  []byte
		password string
		fails    reason.Code
	}{
		{"HTTP", nil, "HTTP/127.0.0.1", nil, labPassword, ""},
		{"HTTPS", &pair, "HTTP/127.0.0.1", binding, labPassword, ""},
		{"a log-on for another host", nil, "HTTP/another", nil, labPassword, reason.WinRMRefused},
		{"a log-on for another service", nil, "cifs/127.0.0.1", nil, labPassword, reason.WinRMRefused},
		{"a log-on on another connection", &pair, "HTTP/127.0.0.1", binding[1:], labPassword, reason.WinRMRefused},
		{"a wrong password", nil, "HTTP/127.0.0.1", nil, "not-the-Passw0rd", reason.WinRMRefused},
		{"a wrong password over HTTPS", &pair, "HTTP/127.0.0.1", binding, "not-the-Passw0rd", reason.WinRMRefused},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := labWay(b.serve(t, fixture.Options{Target: tc.target, Binding: tc.binding}, tc.pair))
			if tc.pair != nil {
				w.Pin = pin
			}
			w.Password = secret(tc.password)
			v, err := w.Open(t.Context())
			if err == nil {
				if err := v.Close(); err != nil {
					t.Error(err)
				}
			}
			if tc.fails != "" {
				wantCode(t, err, tc.fails)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}
