// Package logon is the one that shows secrets. Each message that shows one passes
// the [Gate] of the run: one attempt of an account at a time until the secret has
// been accepted, and none after it was refused, by whatever protocol and at
// whatever machine. So a wrong password costs one count of badPwdCount, and no
// account is locked out.
//
// The package knows accounts, LDAP, Kerberos, SMB and HTTP authorization. It does
// not know policies, vantages, directories or checks.
package logon

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// patience is how long one attempt has the account to itself.
const patience = time.Second

// Reply is what became of a message that shows a secret.
type Reply int

// The replies.
const (
	Unanswered  Reply = iota // whether it was looked at is not known
	Accepted                 // the secret is right
	Refused                  // the secret is wrong, or the account is of no use anywhere
	RefusedHere              // the account may not log on there, or not in this way
	Unread                   // turned down without a look at the secret
)

// Place is where a secret is shown.
type Place struct {
	Name string // for people, and the key of what it refused
	// Controller says that it is a domain controller, whose word is that of the
	// domain.
	Controller bool
}

// Gate lets secrets out, or keeps them. It is made for one run.
type Gate struct {
	memory  *Memory
	forests Forests
	salt    [32]byte // of the secrets' names in this process

	mu       sync.Mutex
	accounts []*account
	logins   []*Login
}

// account is what is known of one, whatever it is called.
type account struct {
	names  []Account
	limit  Limit
	ended  *Refusal // nothing of it leaves any more
	active []*attempt
	lost   int // attempts without an answer, while no secret was accepted
	known  map[[32]byte]*known
	turn   chan struct{} // closed when an attempt ends
}

// known is what is known of one secret of an account.
type known struct {
	ask      sync.Once // the memory
	held     *Refusal  // of an earlier run
	retry    bool      // held, and asked for once more
	accepted bool
	proved   bool                // by a domain controller, or by a machine that knows the password itself
	refused  map[string]*Refusal // by places alone
}

type attempt struct{ began time.Time }

// NewGate makes the gate of a run. A nil memory is one that ends with the run.
func NewGate(m *Memory, f Forests) *Gate {
	if m != nil {
		m.begin()
	}
	g := &Gate{memory: m, forests: f}
	_, _ = rand.Read(g.salt[:]) // it never fails
	return g
}

// Login is one credential before the gate.
type Login struct {
	gate       *Gate
	credential string
	written    string // as the policy has it
	who        Account
	account    *account
	held       *Held // why it was last kept
}

// For makes known that a credential will be used, as the account that is
// written. The names are those of the machine, where it is for one.
func (g *Gate) For(credential, written string, machine ...string) *Login {
	g.mu.Lock()
	defer g.mu.Unlock()
	who := ParseAccount(written, machine...)
	l := &Login{gate: g, credential: credential, written: written, who: who, account: g.account(who)}
	g.logins = append(g.logins, l)
	return l
}

// Alone is a login with a gate of its own, for a caller without a run.
func Alone(written string, machine ...string) *Login {
	return NewGate(nil, nil).For("", written, machine...)
}

// Ended reports whether nothing of the account leaves any more in this run.
func (l *Login) Ended() bool {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	return l.account.ended != nil
}

// Same reports whether two credentials are of one account.
func (l *Login) Same(other *Login) bool {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	return l.account == other.account
}

// Who is the account.
func (l *Login) Who() Account { return l.who }

// SetLimit says how near the account is to being locked out.
func (l *Login) SetLimit(limit Limit) {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	l.account.limit = limit
	l.account.wake()
}

// Show sends a message that shows the secret, when it may. send says what became
// of it and, for a refusal, why. The error is that of send, or a
// [*Held] where nothing was sent.
func (l *Login) Show(ctx context.Context, at Place, secret []byte, send func(context.Context) (Reply, reason.List, error)) error {
	id := l.gate.id(secret)
	this, err := l.wait(ctx, at, secret, id)
	if err != nil {
		return err
	}
	reply, why, err := send(ctx)
	l.end(this, at, secret, id, reply, why)
	return err
}

// Again is [Login.Show] for a secret that this place has accepted and that each
// message shows anew, as in HTTP Basic: it has no turn to wait for.
func (l *Login) Again(ctx context.Context, at Place, secret []byte, send func(context.Context) (Reply, reason.List, error)) error {
	id := l.gate.id(secret)
	if err := l.Held(at, secret); err != nil {
		return err
	}
	reply, why, err := send(ctx)
	l.end(nil, at, secret, id, reply, why)
	return err
}

// Held says why nothing may be shown to a place; nil where it may, in its turn.
func (l *Login) Held(at Place, secret []byte) error {
	l.recall(secret)
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	if r := l.kept(at, l.gate.id(secret)); r != nil {
		return r
	}
	return nil
}

func (g *Gate) id(secret []byte) [32]byte {
	h := hmac.New(sha256.New, g.salt[:])
	h.Write(secret)
	return [32]byte(h.Sum(nil))
}

// recall asks the memory for a secret, once in a run. It takes a while, so it is
// done before the gate is locked.
func (l *Login) recall(secret []byte) {
	g := l.gate
	id := g.id(secret)
	g.mu.Lock()
	k := l.account.known[id]
	if k == nil {
		k = &known{refused: map[string]*Refusal{}}
		l.account.known[id] = k
	}
	names := slices.Clone(l.account.names)
	g.mu.Unlock()
	if g.memory == nil {
		return
	}
	k.ask.Do(func() {
		held, retry := g.memory.recall(g.forests, names, secret)
		g.mu.Lock()
		defer g.mu.Unlock()
		k.held, k.retry = held, retry
	})
}

// kept is why nothing may leave; the gate is locked.
func (l *Login) kept(at Place, id [32]byte) *Held {
	a := l.account
	k := a.known[id]
	switch {
	case a.ended != nil:
		return l.hold(a.ended, nil)
	case k.held != nil && !k.retry:
		return l.hold(k.held, nil)
	case k.refused[at.Name] != nil:
		return l.hold(k.refused[at.Name], nil)
	}
	return nil
}

func (l *Login) hold(r *Refusal, limit reason.List) *Held {
	h := &Held{Account: l.written, Refusal: r, Limit: limit}
	l.held = h
	return h
}
