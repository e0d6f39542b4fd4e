package live

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	"github.com/kmsiso/kmsiso/fixtures/hostile/kdc"
	"github.com/kmsiso/kmsiso/fixtures/hostile/smb"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// listen lets serve answer on a socket until the test is over.
func listen(t *testing.T, serve func(context.Context, net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { serve(ctx, c) })
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = l.Close()
		all.Wait()
	})
	return l.Addr().String()
}

// In real time, over real sockets: a file server.
func TestHostileSMBOverLoopback(t *testing.T) {
	url, ca := startPeer(t, "")
	for _, habit := range []hostile.Habit{hostile.Mute, hostile.Drip, hostile.Endless, hostile.Lie, smb.Garbage, smb.Wildcard, smb.Wait} {
		t.Run(string(habit), func(t *testing.T) {
			noLeak(t)
			p := &smb.Peer{Habit: habit, Pause: 100 * time.Millisecond}
			files := listen(t, p.Serve)
			s, err := New(Options{
				URLs: []string{url}, CA: ca, Timeout: time.Second, Credential: Credential{Kind: Password, User: "reader", Password: told(secret)},
				Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
					if strings.HasSuffix(address, ":"+portSMB) {
						address = files
					}
					return new(net.Dialer).DialContext(ctx, network, address)
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			var f *run.Forest
			used := peak(func() { f, err = s.Read(t.Context(), askContoso) })
			if err != nil || len(f.Problems) != 1 || f.Problems[0].Aspect != run.AspectSettings {
				t.Fatalf("%v, %+v", err, f)
			}
			if took := time.Since(began); took > 5*time.Second || used > 100<<20 {
				t.Errorf("it took %s and %d MiB", took, used>>20)
			}
		})
	}
}

// In real time, over real sockets: a KDC.
func TestHostileKDCOverLoopback(t *testing.T) {
	for _, habit := range []hostile.Habit{hostile.Mute, hostile.Drip, hostile.Endless, hostile.Lie} {
		for _, at := range []kdc.Stage{kdc.LogOn, kdc.Grant} {
			t.Run(fmt.Sprint(habit, " ", at), func(t *testing.T) {
				noLeak(t)
				p := &kdc.Peer{Habit: habit, At: at, Password: secret}
				conf := filepath.Join(t.TempDir(), "krb5.conf")
				text := "[realms]\nCONTOSO.TEST = {\n kdc = " + listen(t, p.Serve) + "\n}\n"
				if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				t.Setenv("KRB5_CONFIG", conf)
				s, err := New(Options{URLs: []string{"ldap://dc01.contoso.test"}, Timeout: time.Second, Credential: Credential{Kind: Password, Principal: "reader@CONTOSO.TEST", Password: told(secret)}})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				used := peak(func() { _, err = s.Read(t.Context(), askContoso) })
				if took := time.Since(began); err == nil || took > 5*time.Second || used > 100<<20 || p.Shown.Load() > 1 {
					t.Errorf("it took %s and %d MiB, the secret was shown %d times: %v", took, used>>20, p.Shown.Load(), err)
				}
			})
		}
	}
}

var askContoso = directory.Ask{Forest: "contoso.test"}
