package live

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	peer "github.com/kmsiso/kmsiso/fixtures/hostile/ldap"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// hostileLDAP is what a domain controller may do wrong over LDAP.
var hostileLDAP = []struct {
	habit hostile.Habit
	at    peer.Stage
	only  string
	pause time.Duration
	// failed says that nothing at all can be read.
	failed bool
	// why is what the peer did, in a problem or in the error.
	why reason.Code
}{
	{habit: hostile.Mute, at: peer.Accepted, failed: true, why: reason.AnswerLimit},
	{habit: hostile.Mute, at: peer.Bind, failed: true},
	{habit: hostile.Mute, at: peer.Root, failed: true},
	{habit: hostile.Mute, at: peer.Search, only: "computer", why: reason.AnswerLimit},
	{habit: hostile.Drip, at: peer.Accepted, failed: true},
	{habit: hostile.Drip, at: peer.Secured, failed: true},
	{habit: hostile.Drip, at: peer.Bind, failed: true},
	{habit: hostile.Drip, at: peer.Search, only: "computer"},
	{habit: hostile.Drip, at: peer.Search, only: "computer", pause: 19 * time.Second, why: reason.AnswerLimit},
	{habit: hostile.Endless, at: peer.Accepted, failed: true},
	{habit: hostile.Endless, at: peer.Secured, failed: true},
	{habit: hostile.Endless, at: peer.Bind, failed: true},
	{habit: hostile.Endless, at: peer.Root, failed: true},
	{habit: hostile.Endless, at: peer.Search, only: "computer", why: reason.AnswerTooLong},
	{habit: hostile.Endless, at: peer.Search, only: "CN=Policies,"},
	{habit: hostile.Refuse, at: peer.Bind, failed: true},
	{habit: hostile.Refuse, at: peer.Search, only: "computer"},
	{habit: hostile.Lie, at: peer.Bind, failed: true},
	{habit: hostile.Lie, at: peer.Search, only: "computer", why: reason.MessageTooLarge},
	{habit: peer.SASL, at: peer.Bind, failed: true, why: reason.ServerSaid},
	{habit: peer.SamePage, at: peer.Search, only: "computer", why: reason.PageRepeated},
	{habit: peer.EmptyPages, at: peer.Search, only: "computer", why: reason.PagesEmpty},
	{habit: peer.SlowPages, at: peer.Search, only: "computer", pause: 19 * time.Second, why: reason.ServerTooSlow},
	{habit: peer.References, at: peer.Search, only: "computer", why: reason.AnswerTooLong},
	{habit: peer.Unasked, at: peer.Search, only: "computer", why: reason.AnswerTooLong},
	{habit: peer.Giant, at: peer.Search, only: "computer", why: reason.MessageTooLarge},
	{habit: peer.TenMB, at: peer.Search, only: "computer", why: reason.MessageTooLarge},
	{habit: peer.Deep, at: peer.Search, only: "computer", why: reason.MessageTooLarge},
	{habit: peer.Indefinite, at: peer.Search, only: "computer", why: reason.MessageWithoutLength},
	{habit: peer.Values, at: peer.Search, only: "computer", why: reason.MessageTooLarge},
}

// aPeer is a peer and the options that read it, over a network in memory.
func aPeer(t *testing.T, n *hostile.Net) (*peer.Peer, Options) {
	t.Helper()
	p, authority, err := peer.New("dc01.contoso.test")
	if err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	n.Serve("dc01.contoso.test:636", func(c net.Conn) { p.Serve(t.Context(), c) })
	sysvol := t.TempDir()
	if err := os.MkdirAll(filepath.Join(sysvol, "contoso.test", "Policies"), 0o700); err != nil {
		t.Fatal(err)
	}
	return p, Options{
		URLs: []string{"ldaps://dc01.contoso.test"}, CA: ca, SYSVOL: sysvol, Dial: n.Dial,
		Credential: Credential{Kind: Password, User: "reader@contoso.test", Password: told(secret)},
	}
}

func read(t *testing.T, o Options) (*run.Forest, error) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s.Read(t.Context(), directory.Ask{Forest: "contoso.test"})
}

// Whatever a domain controller does: the reading ends, the credential is shown
// once, what was read before is kept, and what was not is said.
func TestHostileLDAP(t *testing.T) {
	for _, row := range hostileLDAP {
		t.Run(string(row.habit)+" from "+string(row.at)+" "+row.only+row.pause.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n hostile.Net
				p, o := aPeer(t, &n)
				p.Habit, p.At, p.Only = row.habit, row.at, row.only
				if row.pause > 0 {
					p.Pause = row.pause
				}
				began := time.Now()
				f, err := read(t, o)
				if took := time.Since(began); took > 6*time.Minute {
					t.Errorf("it took %s", took)
				}
				if p.Binds.Load() > 1 || n.Dials("dc01.contoso.test:636") != 1 {
					t.Errorf("%d binds over %d connections", p.Binds.Load(), n.Dials("dc01.contoso.test:636"))
				}
				if row.failed {
					if err == nil {
						t.Fatal("it was read")
					}
					if row.why != "" && !reason.Of(err).Names(row.why) {
						t.Errorf("%v, want %s", err, row.why)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if len(f.Domains) != 1 || f.Domains[0].SID == "" || f.Domains[0].NetBIOS != "CONTOSO" {
					t.Errorf("what was read before is lost: %+v", f.Domains)
				}
				if !slices.ContainsFunc(f.Problems, func(p run.Problem) bool { return p.Unread && (row.why == "" || p.Why.Names(row.why)) }) {
					t.Errorf("the problems are %+v", f.Problems)
				}
			})
		})
	}
}

// The same peer in order is read whole, and so is one whose cookies are Samba's.
func TestPeerInOrder(t *testing.T) {
	for habit, want := range map[hostile.Habit]int{"": 2, peer.SambaPages: 3} {
		synctest.Test(t, func(t *testing.T) {
			var n hostile.Net
			p, o := aPeer(t, &n)
			if p.Habit, p.Only = habit, "computer"; habit != "" {
				p.At = peer.Search
			}
			f, err := read(t, o)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Domains[0].Computers; len(f.Problems) > 0 || len(got) != 1 || len(got[0].Names) != want {
				t.Errorf("%q: problems %+v, computers %+v", habit, f.Problems, got)
			}
		})
	}
}

// Members come in ranges, which a server may send for ever.
func TestHostileRanges(t *testing.T) {
	for _, habit := range []hostile.Habit{peer.SameRange, peer.Ranges} {
		synctest.Test(t, func(t *testing.T) {
			var n hostile.Net
			p, o := aPeer(t, &n)
			p.Habit, p.At, p.Only = habit, peer.Search, "CN=Group"
			s, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			l, err := s.login(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c, err := l.connect(t.Context(), s.servers[0])
			if err != nil {
				t.Fatal(err)
			}
			defer c.close()
			_ = c.frames.Bound.Keep(380 << 20) // 4 MiB are left
			got := 0
			err = c.members(t.Context(), "CN=Group", func(string) { got++ })
			if want := map[hostile.Habit]reason.Code{peer.SameRange: reason.OtherRange, peer.Ranges: reason.TooManyObjects}[habit]; !reason.Of(err).Names(want) {
				t.Errorf("after %d members: %v, want %s", got, err, want)
			}
			if want := 1500; habit == peer.SameRange && got != want {
				t.Errorf("%d members, want %d", got, want)
			}
		})
	}
}

// A reading that is given up ends at once, wherever it is.
func TestHostileCancelled(t *testing.T) {
	for _, at := range []peer.Stage{peer.Accepted, peer.Bind, peer.Root, peer.Search} {
		synctest.Test(t, func(t *testing.T) {
			var n hostile.Net
			p, o := aPeer(t, &n)
			p.Habit, p.At = hostile.Mute, at
			s, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			began := time.Now()
			if _, err := s.Read(ctx, directory.Ask{}); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
				t.Errorf("%s: after %s: %v", at, time.Since(began), err)
			}
		})
	}
}
