package logon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

var errAnswer = errors.New("no")

// peer answers what shows a secret, after a while, and counts.
type peer struct {
	reply Reply
	after time.Duration
	shown atomic.Int32
}

func (p *peer) show(ctx context.Context, l *Login, at string, secret string) error {
	return l.Show(ctx, Place{Name: at}, []byte(secret), p.send)
}

func (p *peer) send(ctx context.Context) (Reply, reason.List, error) {
	p.shown.Add(1)
	select {
	case <-time.After(p.after):
	case <-ctx.Done():
		return Unanswered, nil, context.Cause(ctx)
	}
	if p.reply == Accepted {
		return Accepted, nil, nil
	}
	return p.reply, reason.One(reason.PasswordWrong), errAnswer
}

var contoso = Forests{{Name: "contoso.test", Domains: []string{"contoso.test", "emea.contoso.test"}}, {Name: "fabrikam.test", Domains: []string{"fabrikam.test"}}}

// Whatever an account is called, a refusal of it is one of all its names.
func TestAccounts(t *testing.T) {
	for _, c := range []struct {
		a, b string
		host string // of b
		same bool
	}{
		{`CONTOSO\svc`, "svc@contoso.test", "", true},
		{`CONTOSO\svc`, "SVC@CONTOSO.TEST", "", true},
		{`contoso.test\svc`, `contoso\SVC`, "", true},
		{"svc@contoso.test.", "svc@CONTOSO.TEST", "", true},
		{`CONTOSO\svc`, `FABRIKAM\svc`, "", false},
		{"svc@contoso.test", "svc@fabrikam.test", "", false},
		{`CONTOSO\svc`, "svc@fabrikam.test", "", false},
		{`OLDNAME\svc`, "svc@contoso.test", "", true},           // a NetBIOS name need not be the first label
		{"svc@corp.example", `CONTOSO\svc`, "", true},           // another UPN suffix
		{"svc@contoso.test", `EMEA\svc`, "", true},              // users of a child have the UPN of the root
		{`CONTOSO\svc`, `EMEA\svc`, "", false},                  // and no two domains one NetBIOS name
		{"svc", `CONTOSO\svc`, "", true},                        // whose that is cannot be told
		{`CONTOSO\svc`, `CONTOSO\svc2`, "", false},              //
		{`CONTOSO\svc`, `.\svc`, "client1.contoso.test", false}, // of the machine itself
		{`CONTOSO\svc`, `CLIENT1\svc`, "client1.contoso.test", false},
		{`CLIENT1\svc`, `.\svc`, "client1.contoso.test", true},
		{"svc", `.\svc`, "client1.contoso.test", true},
	} {
		for _, turned := range []bool{false, true} {
			t.Run(fmt.Sprint(c.a, " ", c.b, turned), func(t *testing.T) {
				g := NewGate(nil, contoso)
				var host []string
				if c.host != "" {
					host = []string{c.host}
				}
				a, b := g.For("a", c.a), g.For("b", c.b, host...)
				if turned {
					a, b = b, a
				}
				p := &peer{reply: Refused}
				if err := p.show(t.Context(), a, "there", "wrong"); !errors.Is(err, errAnswer) {
					t.Fatal(err)
				}
				var held *Held
				if err := p.show(t.Context(), b, "here", "wrong"); errors.As(err, &held) != c.same {
					t.Errorf("the other is said to be %v", err)
				}
			})
		}
	}
}

// Accounts of two machines are two, by whatever name.
func TestLocalAccounts(t *testing.T) {
	g := NewGate(nil, contoso)
	p := &peer{reply: Refused}
	for i, name := range []string{`.\admin`, `CLIENT2\admin`, `.\admin`} {
		l := g.For("a", name, fmt.Sprintf("client%d.contoso.test", i+1), "198.18.0.1")
		if err := p.show(t.Context(), l, fmt.Sprint(i), "wrong"); !errors.Is(err, errAnswer) {
			t.Errorf("%s of machine %d: %v", name, i+1, err)
		}
	}
}

// Two names that may each be a third make one account of all three.
func TestAccountBetweenTwo(t *testing.T) {
	g := NewGate(nil, contoso)
	a, b := g.For("a", `CONTOSO\svc`), g.For("b", `FABRIKAM\svc`)
	g.For("c", "svc")
	p := &peer{reply: Refused}
	_ = p.show(t.Context(), a, "there", "wrong")
	if err := p.show(t.Context(), b, "here", "wrong"); errors.Is(err, errAnswer) {
		t.Error("it was shown")
	}
}

// Twenty machines at once and a wrong password: one of them sees it.
func TestOneRefusalEndsIt(t *testing.T) {
	for name, limit := range map[string]Limit{"unknown": {}, "no limit": {Known: true}, "of 10": {Known: true, Threshold: 10}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewGate(nil, contoso)
				p := &peer{reply: Refused, after: 300 * time.Millisecond}
				var all sync.WaitGroup
				for i := range 20 {
					l := g.For("admin", `CONTOSO\admin`, fmt.Sprintf("client%d.contoso.test", i))
					l.SetLimit(limit)
					all.Go(func() {
						if err := p.show(t.Context(), l, fmt.Sprint(i), "wrong"); err == nil {
							t.Error("let in")
						}
					})
				}
				all.Wait()
				if n := p.shown.Load(); n != 1 {
					t.Errorf("shown %d times", n)
				}
				if c := g.Credentials(); len(c) != 1 || !c[0].Held || c[0].Since.IsZero() {
					t.Errorf("it says %+v", c)
				}
			})
		})
	}
}

// A machine that is mute after it was shown the secret has the account to itself
// for a second; never are more attempts unanswered than may fail.
func TestUnanswered(t *testing.T) {
	for _, c := range []struct {
		limit Limit
		want  int32
	}{
		{Limit{}, 1},
		{Limit{Known: true, Threshold: 5, Count: 0}, 3},
		{Limit{Known: true, Threshold: 5, Count: 1}, 2},
		{Limit{Known: true, Threshold: 5, Count: 2}, 1},
		{Limit{Known: true, Threshold: 5, Count: 3}, 0},
		{Limit{Known: true, Threshold: 3, Count: 0}, 1},
		{Limit{Known: true, Threshold: 3, Count: 1}, 0},
		{Limit{Known: true, Threshold: 2, Count: 0}, 1},
		{Limit{Known: true, Threshold: 1, Count: 0}, 1},
		{Limit{Known: true, Threshold: 2, Count: 1}, 0},
		{Limit{Known: true, Threshold: 0, Count: 7}, 10},
	} {
		t.Run(fmt.Sprintf("%+v", c.limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewGate(nil, contoso)
				p := &peer{reply: Unanswered, after: 20 * time.Second}
				began := time.Now()
				var all sync.WaitGroup
				for i := range 10 {
					l := g.For("admin", `CONTOSO\admin`)
					l.SetLimit(c.limit)
					all.Go(func() { _ = p.show(t.Context(), l, fmt.Sprint(i), "maybe") })
				}
				all.Wait()
				if n := p.shown.Load(); n != c.want {
					t.Errorf("shown %d times, want %d", n, c.want)
				}
				if took := time.Since(began); took > 31*time.Second {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

// A secret that was accepted goes on: past machines that refuse it for
// themselves, and past mute ones, each asked once.
func TestAcceptedGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(nil, contoso)
		dc := &peer{reply: Accepted}
		l := g.For("admin", `CONTOSO\admin`)
		if err := l.Show(t.Context(), Place{Name: "dc01", Controller: true}, []byte("right"), dc.send); err != nil {
			t.Fatal(err)
		}
		refuses, mute, good := &peer{reply: Refused}, &peer{reply: Unanswered, after: 20 * time.Second}, &peer{reply: Accepted, after: 100 * time.Millisecond}
		if err := refuses.show(t.Context(), l, "first", "right"); !errors.Is(err, errAnswer) {
			t.Fatal(err)
		}
		if err := refuses.show(t.Context(), l, "first", "right"); errors.Is(err, errAnswer) || refuses.shown.Load() != 1 {
			t.Errorf("asked again: %v", err)
		}
		var all sync.WaitGroup
		began := time.Now()
		for i := range 2 {
			all.Go(func() { _ = mute.show(t.Context(), l, fmt.Sprint("mute", i), "right") })
		}
		synctest.Wait()
		var others sync.WaitGroup
		for i := range 19 {
			others.Go(func() {
				if err := good.show(t.Context(), l, fmt.Sprint(i), "right"); err != nil {
					t.Error(err)
				}
			})
		}
		others.Wait()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the others took %s", took)
		}
		all.Wait()
		if c := g.Credentials(); c[0].Held {
			t.Errorf("it says %+v", c)
		}
	})
}

// A controller that refuses a password which another took, because it was changed
// in the meantime, ends it all the same.
func TestControllerRefusesLater(t *testing.T) {
	g := NewGate(nil, contoso)
	l := g.For("admin", `CONTOSO\admin`)
	dc, p := &peer{reply: Accepted}, &peer{reply: Refused}
	_ = l.Show(t.Context(), Place{Name: "dc01", Controller: true}, []byte("right"), dc.send)
	_ = l.Show(t.Context(), Place{Name: "dc02", Controller: true}, []byte("right"), p.send)
	_ = l.Show(t.Context(), Place{Name: "dc03", Controller: true}, []byte("right"), p.send)
	if p.shown.Load() != 1 {
		t.Errorf("shown %d times", p.shown.Load())
	}
}

// What says that it did not look at the secret costs nothing.
func TestUnread(t *testing.T) {
	g := NewGate(nil, contoso)
	l := g.For("admin", `CONTOSO\admin`)
	p := &peer{reply: Unread}
	for i := range 3 {
		_ = p.show(t.Context(), l, fmt.Sprint(i), "right")
	}
	if p.shown.Load() != 3 {
		t.Errorf("shown %d times", p.shown.Load())
	}
}

func TestWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(nil, contoso)
		l := g.For("admin", `CONTOSO\admin`)
		slow := &peer{reply: Accepted, after: time.Minute}
		go func() { _ = slow.show(t.Context(), l, "slow", "right") }()
		synctest.Wait()
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, errors.New("too late"))
		defer cancel()
		err := slow.show(ctx, l, "other", "right")
		if !reason.Of(err).Equal(reason.One(reason.SecretUnshown, "account", `CONTOSO\admin`, "why", reason.Quote("too late"))) || slow.shown.Load() != 1 {
			t.Error(err)
		}
		time.Sleep(time.Minute)
	})
}

// TestWhyASecretIsKept shows secrets until the gate keeps them.
func TestWhyASecretIsKept(t *testing.T) {
	refuses, silent, good := &peer{reply: Refused}, &peer{reply: Unanswered}, &peer{reply: Accepted}
	for want, before := range map[reason.Code]func(*Login) error{
		reason.AccountHeld:  func(l *Login) error { return refuses.show(t.Context(), l, "one", "right") },
		reason.AccountLimit: func(l *Login) error { return silent.show(t.Context(), l, "one", "right") },
		reason.AccountHeldHere: func(l *Login) error {
			_ = l.Show(t.Context(), Place{Name: "dc01", Controller: true}, []byte("right"), good.send)
			return refuses.show(t.Context(), l, "one", "right")
		},
	} {
		l := NewGate(nil, contoso).For("admin", `CONTOSO\admin`)
		if err := before(l); err == nil {
			t.Fatal("no error")
		}
		why := reason.Of(good.show(t.Context(), l, "one", "right"))
		if !why.Has(want) || why[0].Word("account") != `CONTOSO\admin` || strings.Contains(why.Key(), "right") {
			t.Errorf("%s, want %s", why.Key(), want)
		}
	}
}
