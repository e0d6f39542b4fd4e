package live

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	"github.com/kmsiso/kmsiso/fixtures/hostile/smb"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Whatever a SYSVOL does: the reading ends, and all that LDAP told is kept.
func TestHostileSMB(t *testing.T) {
	for _, habit := range []hostile.Habit{hostile.Mute, hostile.Drip, hostile.Endless, hostile.Lie, hostile.Refuse, smb.Garbage, smb.Wildcard, smb.Mumble, smb.Wait} {
		t.Run(string(habit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n hostile.Net
				_, o := aPeer(t, &n)
				o.SYSVOL, o.Credential.User = "", "reader"
				p := &smb.Peer{Habit: habit, Pause: time.Second}
				n.Serve("dc01.contoso.test:445", func(c net.Conn) { p.Serve(t.Context(), c) })
				began := time.Now()
				f, err := read(t, o)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took > time.Minute {
					t.Errorf("it took %s", took)
				}
				if len(f.Domains[0].Computers) != 1 || len(f.Problems) != 1 || f.Problems[0].Aspect != run.AspectSettings || !f.Problems[0].Unread {
					t.Errorf("computers %+v, problems %+v", f.Domains[0].Computers, f.Problems)
				}
				if p.Logons.Load() > 1 || n.Dials("dc01.contoso.test:445") != 1 {
					t.Errorf("%d log-ons over %d connections", p.Logons.Load(), n.Dials("dc01.contoso.test:445"))
				}
			})
		})
	}
}

func TestHostileSMBCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n hostile.Net
		_, o := aPeer(t, &n)
		o.SYSVOL, o.Credential.User = "", "reader"
		p := &smb.Peer{Habit: smb.Mumble}
		n.Serve("dc01.contoso.test:445", func(c net.Conn) { p.Serve(t.Context(), c) })
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := s.Read(ctx, directory.Ask{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

// A server that says something before each of its deadlines, and no more, is too
// slow; one that sends what a slow link carries is not.
func TestPace(t *testing.T) {
	for _, row := range []struct {
		octets int64
		each   time.Duration
		fine   bool
	}{{100, 19 * time.Second, false}, {slowest, time.Second, true}, {slowest / 2, time.Second, false}} {
		synctest.Test(t, func(t *testing.T) {
			b := newBound(20 * time.Second)
			b.begin()
			var err error
			for range 1000 {
				time.Sleep(row.each)
				if err = b.took(row.octets); err != nil {
					break
				}
			}
			if row.fine != (err == nil) {
				t.Errorf("%d octets each %s: %v", row.octets, row.each, err)
			}
			// Time in which nothing is asked does not count.
			idle := newBound(20 * time.Second)
			time.Sleep(24 * time.Hour)
			if err := idle.took(1); err != nil {
				t.Error(err)
			}
		})
	}
}

// No server sends more than a directory has, and nothing more is kept.
func TestMost(t *testing.T) {
	b := newBound(time.Second)
	if err := errors.Join(b.took(largestReading), b.keep(largestKept)); err != nil {
		t.Error(err)
	}
	if one, other := reason.Of(b.took(1)), reason.Of(b.keep(1)); !one.Has(reason.ReadingTooLarge) || !other.Has(reason.TooManyObjects) {
		t.Errorf("the limits are %s and %s", one.Key(), other.Key())
	}
	if !errors.As(b.took(0), new(boundError)) {
		t.Error("it is another error")
	}
}
