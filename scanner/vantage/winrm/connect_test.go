package winrm

import (
	"context"
	"encoding/pem"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	far "github.com/kmsiso/kmsiso/fixtures/hostile/winrm"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// wantCode fails unless err says the code, at the top or beneath.
func wantCode(t *testing.T, err error, code reason.Code) {
	t.Helper()
	if why := reason.Of(err); !why.Has(reason.WayNotOpened) || !why.Names(code) {
		t.Errorf("%s, want %s", why.Key(), code)
	}
}

// TestWhyWinRMIsNotReached opens ways to what is no WinRM, or none to be trusted.
func TestWhyWinRMIsNotReached(t *testing.T) {
	ends := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
	})
	wantCode(t, mustFail(t.Context(), t, testWay(ends.URL)), reason.ConnectionBroke)
	bare := newPeer(t, false, func(http.ResponseWriter, *http.Request) {})
	wantCode(t, mustFail(t.Context(), t, testWay("https://"+bare.Listener.Addr().String())), reason.NoTLS)
	wantCode(t, mustFail(t.Context(), t, testWay("http://nowhere.invalid")), reason.NameUnresolved)

	// The certificate is for 127.0.0.1 and example.com.
	sealed := newPeer(t, true, func(http.ResponseWriter, *http.Request) {})
	wantCode(t, mustFail(t.Context(), t, testWay(sealed.URL)), reason.CertificateUntrusted)
	w := testWay(sealed.URL)
	w.CA = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(w.CA, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: sealed.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(sealed.Listener.Addr().String())
	w.Address = "https://localhost:" + port + "/wsman"
	wantCode(t, mustFail(t.Context(), t, w), reason.CertificateInvalid)
}

// TestWhyALogOnIsNotMade opens ways that are declared wrong, and ways to peers
// with which no log-on comes about.
func TestWhyALogOnIsNotMade(t *testing.T) {
	w := testWay("http://127.0.0.1:9")
	w.User = ""
	wantCode(t, mustFail(t.Context(), t, w), reason.CredentialMissing)
	w = testWay("http://127.0.0.1:9")
	w.Auth = "digest"
	wantCode(t, mustFail(t.Context(), t, w), reason.AuthUnknown)

	for want, header := range map[reason.Code]http.Header{
		reason.NTLMUnanswerable: {"WWW-Authenticate": {"Negotiate AAAA"}},
		reason.LogonCut:         {"WWW-Authenticate": {"Negotiate " + challengeWith(1|flagsSealing)}, "Connection": {"close"}},
		reason.AnswerEndless:    {"X": {strings.Repeat("x", 2<<20)}},
	} {
		p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[name] = values
			}
			w.WriteHeader(http.StatusUnauthorized)
		})
		wantCode(t, mustFail(t.Context(), t, testWay(p.URL)), want)
		p.neverSent(t)
	}
}

// TestAFaultThatNobodyKnows keeps its number and its words.
func TestAFaultThatNobodyKnows(t *testing.T) {
	f := &hostFault{code: 995, subcode: "w:InternalError", text: "The I/O operation has been aborted"}
	if got, want := f.Why(), reason.One(reason.HostFault, "kind", "w:InternalError", "number", 995, "words", f.text); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}
}

// TestWhatCommandsCannotDo opens a way that works, and asks why it is no far end.
func TestWhatCommandsCannotDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		v, err := inMemory(ctx, new(far.Peer), authNegotiate).Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		for _, c := range []vantage.Capability{vantage.CapTCP, vantage.CapUDP, vantage.CapRaw, vantage.CapWatch} {
			if want := reason.One(reason.CommandTier, "capability", c); !v.Missing[c].Equal(want) {
				t.Errorf("%s: %s", c, v.Missing[c].Key())
			}
		}
	})
}

// TestWhatHTTPSaysOfAnAccount is no more than its status.
func TestWhatHTTPSaysOfAnAccount(t *testing.T) {
	reply, why, err := new(transport).let(answer{status: http.StatusUnauthorized})
	if reply != logon.Refused || !why.Equal(reason.One(reason.Unauthorized)) || !reason.Of(err).Has(reason.WinRMRefused) {
		t.Errorf("%v, %s, %v", reply, why.Key(), err)
	}
}
