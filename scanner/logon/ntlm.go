package logon

import (
	"context"

	"github.com/kmsiso/kmsiso/scanner/logon/ntlm"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// NTLM answers a challenge over HTTP ([MS-NTHT]): send gets the message that shows
// that the password is known, and the session that follows it. What a place says
// is its own word until the session has opened a sealed answer, see
// [Login.Proved].
func (l *Login) NTLM(ctx context.Context, at Place, c *ntlm.Challenge, as ntlm.Logon, password []byte, send func(context.Context, []byte, *ntlm.Session) (Reply, reason.List, error)) error {
	as.Password = string(password)
	return l.Show(ctx, at, password, func(ctx context.Context) (Reply, reason.List, error) {
		// Made when its turn has come: it holds the time.
		proof, s, err := c.Authenticate(as)
		if err != nil {
			return Unread, nil, err
		}
		return send(ctx, proof, s)
	})
}

// Proved notes that a machine of the domain knows the password as well: the keys
// that are made of it opened what it sealed.
func (l *Login) Proved(secret []byte) {
	id := l.gate.id(secret)
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	if k := l.account.known[id]; k != nil && k.accepted && !l.who.bare() {
		k.proved = true
	}
}
