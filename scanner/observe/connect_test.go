package observe

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/secret"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	wayssh "github.com/kmsiso/kmsiso/scanner/vantage/ssh"
	"github.com/kmsiso/kmsiso/scanner/vantage/winrm"
	"github.com/kmsiso/kmsiso/scanner/way"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func hostKey(t *testing.T) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sshPeer takes SSH connections with a host key and lets nobody in.
func sshPeer(t *testing.T, key ssh.Signer) (address string, tried *atomic.Int32) {
	t.Helper()
	tried = new(atomic.Int32)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conf := &ssh.ServerConfig{PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
		tried.Add(1)
		return nil, fmt.Errorf("no")
	}}
	conf.AddHostKey(key)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _, _, _ = ssh.NewServerConn(c, conf)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return l.Addr().String(), tried
}

// webPeer is a WinRM that refuses everybody and counts what was shown to it.
func webPeer(t *testing.T, tls bool) (server *httptest.Server, shown *atomic.Int32) {
	t.Helper()
	shown = new(atomic.Int32)
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			shown.Add(1)
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	server.Config.ErrorLog = nil
	if tls {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server, shown
}

// connectAll enters the vantages, with no controller to show an account to before.
func connectAll(t *testing.T, p *intent.Policy, distrusted *distrust.Places) {
	t.Helper()
	l := newLogins(p, nil)
	l.distrusted = distrusted
	close(l.ready)
	connect(t.Context(), p, l, Options{Version: "test"}).close()
}

// What one way in finds wrong with a machine keeps the others from showing it
// anything: the next way, another vantage, whatever the port and protocol.
func TestNothingIsShownToAMachineWithAnothersIdentity(t *testing.T) {
	right, wrong := hostKey(t), hostKey(t)
	dir := t.TempDir()
	password, identity := filepath.Join(dir, "secret"), filepath.Join(dir, "id")
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string][]byte{password: []byte("S3cret-of-the-tests"), identity: pem.EncodeToMemory(block)} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", dir)
	t.Setenv("SSH_AUTH_SOCK", "")
	for name, tc := range map[string]struct {
		hostKey        ssh.Signer
		known, pinned  bool // the host key is in known_hosts; the certificate is the pinned one
		webBeforeSSH   bool
		wantSSH, wantW bool // something is shown to SSH, to WinRM
	}{
		"all is well":                       {right, true, true, false, true, true},
		"a changed host key":                {wrong, true, true, false, false, false},
		"a host key that is only not known": {right, false, true, false, false, true},
		"a certificate, then SSH":           {right, true, false, true, false, false},
		"a good certificate, then SSH":      {right, true, true, true, true, true},
	} {
		for _, one := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, in one vantage: %v", name, one), func(t *testing.T) {
				at, tried := sshPeer(t, tc.hostKey)
				known := filepath.Join(t.TempDir(), "known_hosts")
				line := ""
				if tc.known {
					line = knownhosts.Line([]string{at}, right.PublicKey()) + "\n"
				}
				if err := os.WriteFile(known, []byte(line), 0o600); err != nil {
					t.Fatal(err)
				}
				web, shown := webPeer(t, true)
				plain, shownPlain := webPeer(t, false)
				pin := sha256.Sum256(web.Certificate().Raw)
				if !tc.pinned {
					pin[0] ^= 1
				}
				ways := []intent.Via{
					by(wayssh.Entry, "key", way.Values{"address": "root@" + at, "known_hosts": known, "install": "never"}),
					by(winrm.Entry, "password", way.Values{"address": web.URL, "auth": "basic", "pin": fmt.Sprintf("%x", pin)}),
				}
				if tc.webBeforeSSH {
					ways[0], ways[1] = ways[1], ways[0]
				}
				ways = append(ways, by(winrm.Entry, "password", way.Values{"address": plain.URL}))
				p := &intent.Policy{
					Limits: intent.Limits{Connect: 10 * time.Second},
					Credentials: []intent.Credential{
						{Name: "key", Kind: "key", File: identity},
						{Name: "password", Kind: "password", User: "u", Password: secret.Reference{File: password}},
					},
				}
				distrusted := new(distrust.Places)
				if one {
					p.Vantages = []intent.Vantage{{Name: "a", Via: ways}}
					connectAll(t, p, distrusted)
				} else {
					for i, w := range ways {
						p.Vantages = []intent.Vantage{{Name: fmt.Sprint(i), Via: []intent.Via{w}}}
						connectAll(t, p, distrusted)
					}
				}
				if got := tried.Load() > 0; got != tc.wantSSH {
					t.Errorf("something is shown to SSH: %v", got)
				}
				if got := shown.Load() > 0; got != (tc.wantW && tc.pinned) {
					t.Errorf("something is shown over HTTPS: %v", got)
				}
				if got := shownPlain.Load() > 0; got != tc.wantW {
					t.Errorf("something is shown over HTTP: %v", got)
				}
			})
		}
	}
}

func TestARunDistrustsAnew(t *testing.T) {
	key := hostKey(t)
	at, _ := sshPeer(t, hostKey(t))
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, []byte(knownhosts.Line([]string{at}, key.PublicKey())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	web, shown := webPeer(t, false)
	password := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(password, []byte("S3cret-of-the-tests"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &intent.Policy{
		Limits:      intent.Limits{Connect: 10 * time.Second},
		Credentials: []intent.Credential{{Name: "password", Kind: "password", User: "u", Password: secret.Reference{File: password}}},
		Vantages: []intent.Vantage{{Name: "a", Role: intent.RoleNonDomain, Via: []intent.Via{
			by(wayssh.Entry, "", way.Values{"address": "root@" + at, "known_hosts": known, "install": "never"}),
			by(winrm.Entry, "password", way.Values{"address": web.URL}),
		}}},
	}
	enter := func() []run.Vantage {
		o := Enter(t.Context(), p, Options{Version: "test"}, func() time.Duration { return 0 })
		defer o.Close()
		return o.Vantages(nil)
	}
	if got := enter()[0].Trouble; shown.Load() > 0 || !got.Names(reason.MachineDistrusted) {
		t.Errorf("%d messages, and the vantage says %s", shown.Load(), got.Key())
	}
	p.Vantages[0].Via = p.Vantages[0].Via[1:]
	if enter(); shown.Load() == 0 {
		t.Error("nothing is shown in the next run")
	}
}

// by is a way in as a policy declares it.
func by(e entry.Entry, credential string, values way.Values) intent.Via {
	v := intent.By(e.Kind, values)
	v.Credential = credential
	return v
}
