package winrm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"

	azure "github.com/Azure/go-ntlmssp"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Flags of an NTLM challenge, [MS-NLMP] 2.2.2.5.
const (
	flagSeal     = 0x00000020
	flagExtended = 0x00080000
	flag128      = 0x20000000
	flagKeyExch  = 0x40000000
	flagsSealing = 0x00000010 | flagSeal | flagExtended | flag128 | flagKeyExch
)

// challengeWith is an NTLM challenge with these flags.
func challengeWith(flags uint32) string {
	m := make([]byte, 56)
	copy(m, "NTLMSSP\x00")
	binary.LittleEndian.PutUint32(m[8:], 2)
	binary.LittleEndian.PutUint32(m[16:], 56)
	binary.LittleEndian.PutUint32(m[20:], flags)
	binary.LittleEndian.PutUint32(m[44:], 56)
	return base64.StdEncoding.EncodeToString(m)
}

func TestAPeerThatWillNotSealGetsNothing(t *testing.T) {
	const unicode = 0x1
	for name, flags := range map[string]uint32{
		"nothing at all":      unicode,
		"signing only":        unicode | flagsSealing&^flagSeal,
		"40 bits":             unicode | flagsSealing&^flag128,
		"no session security": unicode | flagsSealing&^flagExtended,
		"no key exchange":     unicode | flagsSealing&^flagKeyExch,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("WWW-Authenticate", "Negotiate "+challengeWith(flags))
				w.WriteHeader(http.StatusUnauthorized)
			})
			wantCode(t, mustFail(t.Context(), t, testWay(p.URL)), reason.SealingRefused)
			p.neverSent(t)
			if n := len(p.auth); n != 1 {
				t.Errorf("%d messages went out, want the first only", n)
			}
		})
	}
}

// A peer that takes any log-on knows no session key, so what it answers is
// neither sealed nor believed, and what it got is sealed.
func TestAnAnswerInClearIsNotBelieved(t *testing.T) {
	step := 0
	p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		if step++; step == 1 {
			w.Header().Set("WWW-Authenticate", "Negotiate "+challengeWith(1|flagsSealing))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", typeSOAP)
		fmt.Fprint(w, "<Envelope/>")
	})
	wantCode(t, mustFail(t.Context(), t, testWay(p.URL)), reason.SealingRefused)
	p.neverSent(t)
	if !strings.Contains(p.sent(), "Encrypted Boundary") {
		t.Error("no sealed message was sent, so the test shows nothing")
	}
}

// wide is UTF-16 little-endian.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func TestTheLogOnNamesTheHostThatItIsFor(t *testing.T) {
	for name, tls := range map[string]bool{"HTTP": false, "HTTPS": true} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, tls, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("WWW-Authenticate", "Negotiate "+challengeWith(1|flagsSealing))
				w.WriteHeader(http.StatusUnauthorized)
			})
			w := testWay(p.URL)
			if tls {
				w.Pin = fmt.Sprintf("%x", sha256.Sum256(p.Certificate().Raw))
			}
			mustFail(t.Context(), t, w)
			p.neverSent(t)
			if len(p.auth) != 2 {
				t.Fatalf("%d messages went out, want two", len(p.auth))
			}
			sent, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.auth[1], "Negotiate "))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(sent, append([]byte{9, 0, 28, 0}, wide("HTTP/127.0.0.1")...)) { // MsvAvTargetName
				t.Errorf("the log-on does not name its host: %x", sent)
			}
			if bound := !bytes.Contains(sent, append([]byte{10, 0, 16, 0}, make([]byte, 16)...)); bound != tls { // MsvAvChannelBindings
				t.Errorf("bound to a TLS connection: %v, want %v", bound, tls)
			}
		})
	}
}

func TestNTLMThatIsForbiddenIsNotTried(t *testing.T) {
	for _, tls := range []bool{false, true} {
		p := newPeer(t, tls, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
		w := testWay(p.URL)
		w.ForbidNTLM = true
		w.Password = func(context.Context) ([]byte, error) { t.Error("the password was read"); return nil, nil }
		wantCode(t, mustFail(t.Context(), t, w), reason.WinRMNeedsNTLM)
		if p.sent() != "" {
			t.Errorf("sent %q", p.sent())
		}
	}
}

// A host with the certificate of another, and one that is not there, were shown
// nothing: that is no attempt, and the next host is tried.
func TestWhatWasNotShownIsNoAttempt(t *testing.T) {
	p := newPeer(t, true, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	pin := sha256.Sum256(p.Certificate().Raw)
	gate := logon.NewGate(nil, nil)
	for _, tc := range []struct {
		url, pin string
		want     int
	}{
		{p.URL, strings.Repeat("0", 64), 0},
		{"https://127.0.0.1:1", fmt.Sprintf("%x", pin), 0},
		{p.URL, fmt.Sprintf("%x", pin), 1},
	} {
		w := testWay(tc.url)
		w.User, w.Auth, w.Pin = `CONTOSO\user`, "basic", tc.pin
		w.Login = gate.For("c", w.User, "host.contoso.test")
		mustFail(t.Context(), t, w)
		if len(p.auth) != tc.want {
			t.Errorf("%s with pin %.8s: %d messages went out, want %d", tc.url, tc.pin, len(p.auth), tc.want)
		}
	}
}

func TestADamagedChallengeIsNotAnswered(t *testing.T) {
	whole, err := base64.StdEncoding.DecodeString(challengeWith(1 | flagsSealing))
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string][]byte{"cut": whole[:40], "another type": append([]byte("NTLMSSP\x00\x03"), whole[9:]...), "short": {1}} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("WWW-Authenticate", "Negotiate "+base64.StdEncoding.EncodeToString(token))
				w.WriteHeader(http.StatusUnauthorized)
			})
			mustFail(t.Context(), t, testWay(p.URL))
			if len(p.auth) != 1 {
				t.Errorf("%d messages went out, want the first only", len(p.auth))
			}
		})
	}
}

// masterzen/winrm asks for a version of Azure/go-ntlmssp that hands the password
// to any peer that offers Basic. Our transport does not use it, but it is linked
// in; go.mod holds v0.1.1 or later, and this keeps it there.
func TestTheLinkedNTLMLibraryGivesBasicNothing(t *testing.T) {
	p := newPeer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="WSMAN"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/wsman", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("user", testPassword)
	resp, err := (&http.Client{Transport: azure.Negotiator{RoundTripper: &http.Transport{}}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	for _, a := range p.auth {
		if strings.HasPrefix(a, "Basic") {
			t.Fatalf("it sent %q; require github.com/Azure/go-ntlmssp v0.1.1 or later in go.mod", a)
		}
	}
	if len(p.auth) == 0 {
		t.Error("the peer was not asked, so the test shows nothing")
	}
}
