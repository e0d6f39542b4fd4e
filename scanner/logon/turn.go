package logon

import (
	"context"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// wait waits for the turn of the account.
func (l *Login) wait(ctx context.Context, at Place, secret []byte, id [32]byte) (*attempt, error) {
	l.recall(secret)
	g := l.gate
	for {
		g.mu.Lock()
		if r := l.kept(at, id); r != nil {
			g.mu.Unlock()
			return nil, r
		}
		a, now := l.account, time.Now()
		k, later, left := a.known[id], time.Duration(0), a.limit.left()
		if k.retry {
			left = min(left, 1)
		}
		fresh := 0
		for _, other := range a.active {
			if age := now.Sub(other.began); age < patience {
				fresh++
				later = max(later, patience-age)
			}
		}
		var may bool
		switch {
		case k.accepted:
			may = fresh < max(1, left)
		case fresh > 0:
		case len(a.active)+a.lost < left:
			may = true
		case len(a.active) == 0:
			defer g.mu.Unlock()
			return nil, l.hold(nil, a.limit.says(a.lost))
		default:
			later = 0 // until one of them ends
		}
		if may {
			this := &attempt{began: now}
			a.active = append(a.active, this)
			if k.retry {
				g.memory.tried(k.held)
			}
			g.mu.Unlock()
			return this, nil
		}
		turn := a.turn
		g.mu.Unlock()
		if err := pause(ctx, turn, later); err != nil {
			return nil, reason.Wrap(err, reason.SecretUnshown, "account", l.written, "why", reason.Of(err))
		}
	}
}

// pause waits for the end of an attempt, or for a while; 0 is no while.
func pause(ctx context.Context, turn <-chan struct{}, while time.Duration) error {
	var late <-chan time.Time
	if while > 0 {
		t := time.NewTimer(while)
		defer t.Stop()
		late = t.C
	}
	select {
	case <-turn:
	case <-late:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// end notes what became of an attempt.
func (l *Login) end(this *attempt, at Place, secret []byte, id [32]byte, reply Reply, why reason.List) {
	g := l.gate
	g.mu.Lock()
	a := l.account
	k := a.known[id]
	a.active = slices.DeleteFunc(a.active, func(x *attempt) bool { return x == this })
	var remember, forget bool
	older := k.held
	r := &Refusal{Account: l.who, At: time.Now().UTC(), Place: at.Name, Why: why}
	switch reply {
	case Accepted:
		forget = true
		k.held, k.retry, k.accepted = nil, false, true
		k.proved = k.proved || at.Controller
		a.lost = 0
	case Unanswered:
		if this != nil && !k.accepted {
			a.lost++
		}
		k.retry = false
	case Refused, RefusedHere:
		if k.proved && (!at.Controller || reply == RefusedHere) {
			r.Here = true
			k.refused[at.Name] = r
			break
		}
		if !at.Controller && l.who.Machine == "" {
			r.Advice = l.advice()
		}
		a.ended, remember = r, true
	}
	names := slices.Clone(a.names)
	a.wake()
	g.mu.Unlock()
	switch {
	case g.memory == nil:
	case remember:
		g.memory.remember(g.forests, names, r, older, secret)
	case forget:
		g.memory.forget(older)
	}
}
