package ssh

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	meanfarend "github.com/kmsiso/kmsiso/fixtures/hostile/farend"
	mean "github.com/kmsiso/kmsiso/fixtures/hostile/ssh"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh/sshconfig"
)

// connectTime is the default of limits.connect.
const connectTime = 20 * time.Second

// meanServer is a server of this habit and a way in to it. The host key is
// known, a key of the user is there, and a release binary of 3 MB.
func meanServer(t *testing.T, h hostile.Habit) (*mean.Server, Way) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	t.Setenv("SSH_AUTH_SOCK", "")
	host := newKey(t)
	block, err := ssh.MarshalPrivateKey(newPrivate(t), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"id":                 pem.EncodeToMemory(block),
		"known":              append([]byte("far,[127.0.0.1]:* "), ssh.MarshalAuthorizedKey(host.PublicKey())...),
		"kmsiso_linux_amd64": bytes.Repeat([]byte("x"), 3<<20),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &mean.Server{Key: host, Habit: h, FarEnd: func(ctx context.Context, r io.Reader, w io.WriteCloser) {
		meanfarend.Serve(ctx, r, w, meanfarend.Hello(farend.Protocol, "v1"), mean.Healthy)
	}}
	return s, Way{
		Address: "root@far", Config: "none", Version: "v1", FarEnd: dir, Timeout: connectTime,
		KnownHosts: filepath.Join(dir, "known"), Identity: filepath.Join(dir, "id"),
	}
}

func newPrivate(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newKey(t *testing.T) ssh.Signer {
	t.Helper()
	s, err := ssh.NewSignerFromKey(newPrivate(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAHostileSSHServerCostsBoundedTime(t *testing.T) {
	for _, h := range append(mean.Habits, mean.Healthy) {
		t.Run(string(h), func(t *testing.T) {
			s, w := meanServer(t, h)
			synctest.Test(t, func(t *testing.T) {
				life, end := context.WithCancel(context.Background())
				defer end()
				var network hostile.Net
				network.Serve("far:22", func(c net.Conn) { s.Serve(life, c) })
				w.dial = network.Dial
				hostileRow(t, h, w)
				end()
				synctest.Wait()
				if n := network.Dials("far:22"); n != 1 {
					t.Errorf("%d connections", n)
				}
				if n := s.Offers.Load(); n > 2 || (n > 0) != mean.LogsOn(h) { // asked for, then signed
					t.Errorf("%d keys were offered", n)
				}
				if n := s.Left.Load(); n != 0 && (h == mean.Healthy) {
					t.Errorf("%d directories are left", n)
				}
			})
		})
	}
}

// hostileRow opens the way, makes calls and closes it, each in bounded time.
func hostileRow(t *testing.T, h hostile.Habit, w Way) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), connectTime)
	defer cancel()
	began := time.Now()
	v, err := w.Open(ctx)
	if took := time.Since(began); took > connectTime {
		t.Errorf("Open took %v", took)
	}
	if (err == nil) != mean.Opens(h) {
		t.Fatalf("Open: %v", err)
	}
	if err != nil {
		return
	}
	healthy := h == mean.Healthy || h == mean.QuietRemoval
	q := vantage.DialRequest{To: netip.MustParseAddrPort("192.0.2.1:1688"), Timeout: 21 * time.Second, Read: 5 * time.Second}
	for i, most := range []time.Duration{q.Timeout + aliveEvery + aliveWait, q.Timeout + aliveEvery + aliveWait, q.Timeout} {
		began = time.Now()
		r, err := vantage.TCP.At(v)(t.Context(), q)
		accepted := h == mean.Sleeper && i == 0
		if (err == nil && r.Class == "answered") != (healthy || accepted) {
			t.Errorf("dial: %+v, %v", r, err)
		}
		if took := time.Since(began); took > most {
			t.Errorf("a dial took %v", took)
		}
	}
	began = time.Now()
	if err := v.Close(); (err == nil) == (h == mean.QuietRemoval || h == mean.Asleep) {
		t.Errorf("Close: %v", err)
	}
	if took := time.Since(began); took > closeMost {
		t.Errorf("Close took %v", took)
	}
}

func TestASleepingServerFailsEveryForwardWithOneError(t *testing.T) {
	s, w := meanServer(t, mean.Sleeper)
	synctest.Test(t, func(t *testing.T) {
		life, end := context.WithCancel(context.Background())
		defer end()
		var network hostile.Net
		network.Serve("far:22", func(c net.Conn) { s.Serve(life, c) })
		w.dial = network.Dial
		v, err := w.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		q := vantage.DialRequest{To: netip.MustParseAddrPort("192.0.2.1:1688"), Timeout: time.Minute}
		if _, err := vantage.TCP.At(v)(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 3 {
			_, err := vantage.TCP.At(v)(t.Context(), q)
			wantCode(t, err, reason.ServerMute)
		}
		if took := time.Since(began); took > aliveEvery+aliveWait {
			t.Errorf("the dials took %v", took)
		}
		v.Close()
	})
}

func TestCancelEndsTheOpeningAtOnce(t *testing.T) {
	for _, h := range mean.Habits {
		if mean.Opens(h) || h == hostile.Refuse || h == hostile.Endless || h == mean.LyingKex || h == mean.LongKex {
			continue
		}
		t.Run(string(h), func(t *testing.T) {
			s, w := meanServer(t, h)
			synctest.Test(t, func(t *testing.T) {
				life, end := context.WithCancel(context.Background())
				defer end()
				var network hostile.Net
				network.Serve("far:22", func(c net.Conn) { s.Serve(life, c) })
				w.dial = network.Dial
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				began := time.Now()
				if v, err := w.Open(ctx); err == nil {
					v.Close()
					t.Error("it opened")
				}
				if took := time.Since(began); took > 3*time.Second+closeWait {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// The same in real time, over TCP.
func TestARealSSHServerThatIsQuietAtTheLogOn(t *testing.T) {
	s, w := meanServer(t, mean.QuietAuth)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			s.Serve(t.Context(), c)
		}
	}()
	w.Address, w.Timeout = "root@"+l.Addr().String(), time.Second
	if err := os.WriteFile(w.KnownHosts, append([]byte("["+"127.0.0.1]:"+port(l)+" "), ssh.MarshalAuthorizedKey(s.Key.PublicKey())...), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err = w.Open(t.Context())
	wantCode(t, err, reason.LoginLimit)
	if took := time.Since(began); took > w.Timeout+closeWait {
		t.Errorf("it took %v", took)
	}
}

func port(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// deafAgent has a key and never signs with it.
type deafAgent struct {
	agent.Agent
	until <-chan struct{}
}

func (a deafAgent) Sign(ssh.PublicKey, []byte) (*ssh.Signature, error) {
	<-a.until
	return nil, io.EOF
}

func TestAnAgentThatNeverSignsIsGivenUp(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the agent of Windows is a named pipe")
	}
	s, w := meanServer(t, mean.Healthy)
	keys := agent.NewKeyring()
	if err := keys.Add(agent.AddedKey{PrivateKey: newPrivate(t)}); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "a") // a socket has a short name
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("SSH_AUTH_SOCK", l.Addr().String())
	go func() {
		if c, err := l.Accept(); err == nil {
			agent.ServeAgent(deafAgent{keys, t.Context().Done()}, c)
		}
	}()
	var network hostile.Net
	network.Serve("far:22", func(c net.Conn) { s.Serve(t.Context(), c) })
	w.dial, w.Timeout, w.Identity = network.Dial, time.Second, ""
	began := time.Now()
	_, err = w.Open(t.Context())
	wantCode(t, err, reason.LoginLimit)
	if took := time.Since(began); took > w.Timeout+closeWait {
		t.Errorf("it took %v", took)
	}
}

func TestOnlyARegularFileIsRead(t *testing.T) {
	_, err := readHostKeys(hop{Hop: sshconfig.Hop{KnownHosts: []string{t.TempDir()}}}, nil)
	wantCode(t, err, reason.KnownHostsUnreadable)
}
