package logon

import (
	"context"
	"encoding/base64"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Basic shows a user and a password to a web server (RFC 7617): send gets the
// value of the header Authorization. It is for TLS only. After a place has let
// the account in, each message shows the password anew and waits for no turn.
func (l *Login) Basic(ctx context.Context, at Place, user string, password []byte, before bool, send func(ctx context.Context, authorization string) (Reply, reason.List, error)) error {
	if len(password) == 0 {
		return reason.Fail(reason.PasswordEmpty)
	}
	show := l.Show
	if before {
		show = l.Again
	}
	return show(ctx, at, password, func(ctx context.Context) (Reply, reason.List, error) {
		return send(ctx, "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+string(password))))
	})
}
