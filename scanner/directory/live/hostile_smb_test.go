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
