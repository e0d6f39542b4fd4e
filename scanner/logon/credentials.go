package logon

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// account finds whose it is. One that may be any of two makes them one.
func (g *Gate) account(who Account) *account {
	var found *account
	g.accounts = slices.DeleteFunc(g.accounts, func(a *account) bool {
		if !slices.ContainsFunc(a.names, func(n Account) bool { return g.forests.same(n, who) }) {
			return false
		}
		if found == nil {
			found = a
			return false
		}
		g.merge(found, a)
		return true
	})
	if found == nil {
		found = &account{known: map[[32]byte]*known{}, turn: make(chan struct{})}
		g.accounts = append(g.accounts, found)
	}
	if !slices.Contains(found.names, who) {
		found.names = append(found.names, who)
	}
	return found
}

// merge puts two accounts together that were taken for two.
func (g *Gate) merge(a, b *account) {
	a.names = append(a.names, b.names...)
	a.active = append(a.active, b.active...)
	a.lost += b.lost
	if a.ended == nil {
		a.ended = b.ended
	}
	for id, k := range b.known {
		if a.known[id] == nil {
			a.known[id] = k
		}
	}
	for _, l := range g.logins {
		if l.account == b {
			l.account = a
		}
	}
	b.wake()
}

func (a *account) wake() {
	close(a.turn)
	a.turn = make(chan struct{})
}

// advice says what would tell a wrong password from a machine's own refusal.
func (l *Login) advice() reason.List {
	switch {
	case l.who.bare():
		return reason.One(reason.AccountOfWhom, "user", l.who.User)
	case l.gate.forests.controlled(l.gate.forests.Domain(l.who)):
		return nil
	}
	domain := l.gate.forests.Domain(l.who)
	if domain == "" && strings.Contains(l.who.Domain, ".") {
		domain = l.who.Domain
	}
	return reason.One(reason.DenialAmbiguous, "domain", domain)
}

// Credentials says of each credential whether it is held back.
func (g *Gate) Credentials() []run.Credential {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []run.Credential
	for _, l := range g.logins {
		if l.credential == "" {
			continue
		}
		i := slices.IndexFunc(all, func(c run.Credential) bool { return c.Name == l.credential })
		if i < 0 {
			i, all = len(all), append(all, run.Credential{Name: l.credential})
		}
		switch r := l.account.ended; {
		case all[i].Held:
		case r == nil && (l.held == nil || l.held.Refusal != nil && l.held.Refusal.Here):
		case r == nil && l.held.Refusal == nil:
			all[i].Held, all[i].Why = true, l.held.Limit
		default:
			if r == nil {
				r = l.held.Refusal
			}
			all[i] = run.Credential{Name: l.credential, Held: true, Since: r.At, Place: r.Place, Why: r.Why}
		}
	}
	slices.SortFunc(all, func(a, b run.Credential) int { return strings.Compare(a.Name, b.Name) })
	return all
}
