package winrm

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

const testPassword = "S3cret-of-the-tests"

// peer is an HTTP peer that keeps all it was sent.
type peer struct {
	*httptest.Server
	mu   sync.Mutex
	got  strings.Builder
	auth []string
}

func newPeer(t *testing.T, tls bool, answer http.HandlerFunc) *peer {
	t.Helper()
	p := &peer{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		fmt.Fprintf(&p.got, "%s %s %v %s\n", r.Method, r.URL, r.Header, body)
		p.auth = append(p.auth, r.Header.Get("Authorization"))
		p.mu.Unlock()
		answer(w, r)
	})
	if tls {
		p.Server = httptest.NewTLSServer(h)
	} else {
		p.Server = httptest.NewServer(h)
	}
	p.Config.ErrorLog = nil
	t.Cleanup(p.Close)
	return p
}

// sent is everything that reached the peer.
func (p *peer) sent() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got.String()
}

// neverSent fails where the password, or a message in clear, reached the peer.
func (p *peer) neverSent(t *testing.T) {
	t.Helper()
	all := p.sent()
	for _, bad := range []string{testPassword, base64.StdEncoding.EncodeToString([]byte("user:" + testPassword)), "Basic ", "Envelope", "cmd"} {
		if strings.Contains(all, bad) {
			t.Errorf("%q reached the peer: %.500s", bad, all)
		}
	}
}

func testWay(url string) Way {
	return Way{Address: url + "/wsman", User: "user", Password: secret(testPassword), Timeout: 5 * time.Second}
}

// mustFail opens and returns the sentence it failed with.
func mustFail(ctx context.Context, t *testing.T, w Way) error {
	t.Helper()
	v, err := w.Open(ctx)
	if err == nil {
		_ = v.Close()
		t.Fatal("it opened")
	}
	if strings.Contains(err.Error(), testPassword) || strings.Contains(err.Error(), "\n") {
		t.Errorf("not a sentence without a secret: %q", err)
	}
	return err
}

func says(t *testing.T, err error, words string) {
	t.Helper()
	if !strings.Contains(err.Error(), words) {
		t.Errorf("said %q, want %q in it", err, words)
	}
}

func TestAPeerThatOffersBasicGetsNothing(t *testing.T) {
	p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="WSMAN"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	wantCode(t, mustFail(t.Context(), t, testWay(p.URL)), reason.NTLMNotOffered)
	p.neverSent(t)
}

func TestBasicNeedsHTTPS(t *testing.T) {
	p := newPeer(t, false, func(http.ResponseWriter, *http.Request) {})
	w := testWay(p.URL)
	w.Auth = "basic"
	wantCode(t, mustFail(t.Context(), t, w), reason.BasicInClear)
	if p.sent() != "" {
		t.Errorf("sent %q", p.sent())
	}
}

func TestBasicOverHTTPSGoesOnlyToTheTrustedPeer(t *testing.T) {
	p := newPeer(t, true, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	leaf := p.Certificate().Raw
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}), 0o600); err != nil {
		t.Fatal(err)
	}
	right, wrong := sha256.Sum256(leaf), sha256.Sum256([]byte("another"))
	for _, tc := range []struct {
		name    string
		ca, pin string
		words   string
		reached bool
		other   bool // the certificate is not the trusted one
	}{
		{"nothing said", "", "", string(reason.CertificateUntrusted), false, true},
		{"another certificate", "", fmt.Sprintf("%x", wrong), string(reason.PinMissed), false, true},
		{"the pin", "", fmt.Sprintf("%X", right), string(reason.WinRMRefused), true, false},
		{"the authority", ca, "", string(reason.WinRMRefused), true, false},
		{"no pin", "", "abc", string(reason.PinOdd), false, false},
		{"no file", filepath.Join(t.TempDir(), "none"), "", string(reason.AuthoritiesUnread), false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := len(p.sent())
			w := testWay(p.URL)
			w.Auth, w.CA, w.Pin = "basic", tc.ca, tc.pin
			w.Distrusted = new(distrust.Places)
			says(t, mustFail(t.Context(), t, w), tc.words)
			if got := p.sent()[before:]; (got != "") != tc.reached {
				t.Errorf("the peer got %q", got)
			}
			if why := reason.Of(w.Distrusted.Check(nil, "127.0.0.1")); why.Names(reason.OtherCertificate) != tc.other {
				t.Errorf("afterwards it is distrusted for %s", why.Key())
			}
		})
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	other := newPeer(t, false, func(http.ResponseWriter, *http.Request) {})
	p := newPeer(t, false, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/wsman", http.StatusTemporaryRedirect)
	})
	wantCode(t, mustFail(t.Context(), t, testWay(p.URL)), reason.NotWinRM)
	if other.sent() != "" {
		t.Errorf("the other peer got %q", other.sent())
	}
}

func TestAProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	proxy := newPeer(t, false, func(http.ResponseWriter, *http.Request) {})
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	w := testWay("http://198.51.100.7:9")
	w.Timeout = 200 * time.Millisecond
	mustFail(t.Context(), t, w)
	if proxy.sent() != "" {
		t.Errorf("the proxy got %q", proxy.sent())
	}
}

func TestCancelEndsItAtOnce(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	var began time.Time
	p := newPeer(t, false, func(http.ResponseWriter, *http.Request) {
		began = time.Now()
		cancel()
		<-release
	})
	err := mustFail(ctx, t, testWay(p.URL))
	took := time.Since(began)
	close(release)
	p.Close()
	wantCode(t, err, reason.WaitCancelled)
	if !errors.Is(err, context.Canceled) || took > 100*time.Millisecond {
		t.Errorf("%v after %s", err, took)
	}
}

func TestASilentPeerHasADeadline(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // the kernel takes the connection, nobody answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w := testWay("http://" + l.Addr().String())
	w.Timeout = 150 * time.Millisecond
	began := time.Now()
	wantCode(t, mustFail(t.Context(), t, w), reason.AnswerLimit)
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %s", took)
	}
}

func TestWhatIsNotWinRMIsSaidSo(t *testing.T) {
	html := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>hello</html>")
	})
	wantCode(t, mustFail(t.Context(), t, testWay(html.URL)), reason.NotWinRM)
	html.neverSent(t)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if c, err := l.Accept(); err == nil {
			_, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
			_ = c.Close()
		}
	}()
	wantCode(t, mustFail(t.Context(), t, testWay("http://"+l.Addr().String())), reason.NotHTTP)
	<-ended

	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := closed.Addr().String()
	_ = closed.Close()
	wantCode(t, mustFail(t.Context(), t, testWay("http://"+at)), reason.ConnectionRefused)
}

func TestAnUnreadablePasswordIsAnError(t *testing.T) {
	w := testWay("http://127.0.0.1:9")
	w.Password = func(context.Context) ([]byte, error) { return nil, errors.New("secrets/t2: no such file") }
	err := mustFail(t.Context(), t, w)
	wantCode(t, err, reason.PasswordUnread)
	says(t, err, "secrets/t2: no such file")
}
