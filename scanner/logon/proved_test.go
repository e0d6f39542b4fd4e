package logon

import (
	"context"
	"errors"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Without a controller a machine's word proves nothing, unless it knows the
// password itself: only then is a later refusal another machine's own.
func TestProved(t *testing.T) {
	for _, proved := range []bool{false, true} {
		g := NewGate(nil, contoso)
		l := g.For("admin", `CONTOSO\admin`)
		good, bad := &peer{reply: Accepted}, &peer{reply: Refused}
		if err := good.show(t.Context(), l, "one", "right"); err != nil {
			t.Fatal(err)
		}
		if proved {
			l.Proved([]byte("right"))
		}
		_ = bad.show(t.Context(), l, "two", "right")
		if err := good.show(t.Context(), l, "three", "right"); (err == nil) != proved {
			t.Errorf("proved %t: %v", proved, err)
		}
	}
}

// What HTTP Basic shows with each message waits for no turn, and ends with the
// account all the same.
func TestAgain(t *testing.T) {
	g := NewGate(nil, contoso)
	l := g.For("admin", `CONTOSO\admin`)
	one := Place{Name: "one"}
	good, bad := &peer{reply: Accepted}, &peer{reply: Refused}
	send := func(before bool, p *peer) error {
		return l.Basic(t.Context(), one, "admin", []byte("right"), before, func(ctx context.Context, _ string) (Reply, reason.List, error) { return p.send(ctx) })
	}
	if err := errors.Join(send(false, good), send(true, good)); err != nil {
		t.Fatal(err)
	}
	_ = send(true, bad)
	if err := send(true, good); err == nil || good.shown.Load() != 2 {
		t.Errorf("shown after it was refused: %v", err)
	}
}
