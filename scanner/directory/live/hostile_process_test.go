package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	peer "github.com/kmsiso/kmsiso/fixtures/hostile/ldap"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const asPeer = "KMSISO_TEST_LDAP_PEER" // a habit

// TestLDAPPeer is no test: it is the process that the other ones talk to.
func TestLDAPPeer(t *testing.T) {
	habit, is := os.LookupEnv(asPeer)
	if !is {
		t.Skip("the process of another test")
	}
	p, authority, err := peer.New("localhost")
	if err != nil {
		t.Fatal(err)
	}
	p.Habit, p.At, p.Only = hostile.Habit(habit), peer.Search, "computer"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	fmt.Printf("%s\n%s\n", l.Addr(), authority)
	// It ends with the test that started it.
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = bufio.NewReader(os.Stdin).ReadByte()
		cancel()
		_ = l.Close()
	}()
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go p.Serve(ctx, c)
	}
}

// startPeer starts a peer and returns its URL and the file of its authority.
func startPeer(t *testing.T, habit hostile.Habit) (url, ca string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestLDAPPeer$")
	cmd.Env = append(os.Environ(), asPeer+"="+string(habit))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	r := bufio.NewReader(out)
	address, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var authority strings.Builder
	for !strings.Contains(authority.String(), "END CERTIFICATE") {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		authority.WriteString(line)
	}
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(authority.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return "ldaps://" + strings.TrimSpace(address), ca
}

// peak measures how much more memory a function has in use than there was before.
func peak(f func()) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	used := func() uint64 { metrics.Read(sample); return sample[0].Value.Uint64() }
	var (
		most   uint64
		before = used()
		stop   = make(chan struct{})
		all    sync.WaitGroup
	)
	all.Go(func() {
		for {
			most = max(most, used())
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	f()
	close(stop)
	all.Wait()
	return most - min(before, most)
}

// In real time, over real sockets, against real processes: what a peer sends
// costs little memory, and the forest beside it is read as if it were alone.
func TestHostileProcess(t *testing.T) {
	healthy, ca := startPeer(t, "")
	alone, err := readURL(t, healthy, ca)
	if err != nil || len(alone.Problems) > 0 {
		t.Fatalf("%v, %+v", err, alone)
	}
	for _, habit := range []hostile.Habit{hostile.Mute, hostile.Drip, hostile.Endless, hostile.Lie, peer.Giant, peer.TenMB, peer.Deep, peer.Values, peer.FourMB, peer.LargePage} {
		t.Run(string(habit), func(t *testing.T) {
			url, authority := startPeer(t, habit)
			var (
				f, other *run.Forest
				errs     [2]error
				all      sync.WaitGroup
			)
			began := time.Now()
			used := peak(func() {
				all.Go(func() { f, errs[0] = readURL(t, url, authority) })
				all.Go(func() { other, errs[1] = readURL(t, healthy, ca) })
				all.Wait()
			})
			t.Logf("%s, %d MiB", time.Since(began).Round(time.Millisecond), used>>20)
			if err := errors.Join(errs[:]...); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > 10*time.Second || used > 500<<20 {
				t.Errorf("it took %s and %d MiB", took, used>>20)
			}
			if valid := habit == peer.FourMB || habit == peer.LargePage; valid {
				// A value of 4 MB is none of a computer, which is said and no more.
				if slices.ContainsFunc(f.Problems, func(p run.Problem) bool { return p.Why.Names(reason.ComputersUnread) }) {
					t.Errorf("its problems are %+v", f.Problems)
				}
			} else if len(f.Problems) != 1 || !f.Problems[0].Unread {
				t.Errorf("its problems are %+v", f.Problems)
			}
			if len(other.Problems) > 0 || len(other.Domains[0].Computers) != len(alone.Domains[0].Computers) {
				t.Errorf("the other forest was read differently: %+v", other)
			}
		})
	}
}

// readURL reads a peer that waits for 2 s only.
func readURL(t *testing.T, url, ca string) (*run.Forest, error) {
	sysvol := filepath.Join(t.TempDir(), "sysvol")
	if err := os.MkdirAll(filepath.Join(sysvol, "contoso.test", "Policies"), 0o700); err != nil {
		return nil, err
	}
	s, err := New(Options{
		URLs: []string{url}, CA: ca, SYSVOL: sysvol, Timeout: 2 * time.Second,
		Credential: Credential{Kind: Password, User: "reader@contoso.test", Password: told(secret)},
	})
	if err != nil {
		return nil, err
	}
	return s.Read(t.Context(), directory.Ask{Forest: "contoso.test"})
}
