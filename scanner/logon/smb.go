package logon

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/cloudsoda/go-smb2"
)

// SMB logs on to a file server with what shows the password, NTLM. Signing is
// required. What it did not show is the error of [Login.Show].
func (l *Login) SMB(ctx context.Context, at Place, raw net.Conn, address string, as smb2.Initiator, password []byte) (*smb2.Session, error) {
	i := &gatedInitiator{Initiator: as, login: l, ctx: ctx, at: at, secret: password, id: l.gate.id(password)}
	session, err := dialSMB(ctx, raw, address, i)
	return session, i.ended(err)
}

func dialSMB(ctx context.Context, raw net.Conn, address string, as smb2.Initiator) (*smb2.Session, error) {
	d := smb2.Dialer{Negotiator: smb2.Negotiator{RequireMessageSigning: true}, Initiator: as}
	return d.DialConn(ctx, raw, address)
}

// gatedInitiator waits before it answers a challenge: the messages before that
// show nothing.
type gatedInitiator struct {
	smb2.Initiator

	login  *Login
	ctx    context.Context //nolint:containedctx // the library hands none on
	at     Place
	secret []byte
	id     [32]byte

	mu   sync.Mutex
	this *attempt
	kept error
}

func (i *gatedInitiator) AcceptSecContext(challenge []byte) ([]byte, error) {
	this, err := i.login.wait(i.ctx, i.at, i.secret, i.id)
	i.mu.Lock()
	i.this, i.kept = this, err
	i.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return i.Initiator.AcceptSecContext(challenge)
}

// ended notes how the log-on ended, and returns why.
func (i *gatedInitiator) ended(err error) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.kept != nil {
		return i.kept // the library keeps its text alone
	}
	if i.this != nil {
		reply, why := judgeSMB(err)
		i.login.end(i.this, i.at, i.secret, i.id, reply, why)
	}
	return err
}

// statuses are what a server says of an account ([MS-ERREF] 2.3.1).
var statuses = map[uint32]struct {
	says  string
	reply Reply
}{
	0xC000006D: {"wrong password", Refused}, // STATUS_LOGON_FAILURE
	0xC000006A: {"wrong password", Refused},
	0xC0000064: {"there is no such account", Refused},
	0xC0000234: {"the account is locked out", Refused},
	0xC0000072: {"the account is disabled", Refused},
	0xC0000071: {"its password has expired", Refused},
	0xC0000224: {"its password must be changed first", Refused},
	0xC0000193: {"the account has expired", Refused},
	0xC000006E: {"the account is restricted", RefusedHere},
	0xC000006F: {"the account may not log on at this time", RefusedHere},
	0xC0000070: {"the account may not log on from here", RefusedHere},
	0xC000015B: {"the account may not log on in this way", RefusedHere},
	0xC0000022: {"access is denied", RefusedHere},
	0xC0000418: {"the server does not take NTLM", Unread},
	0xC00000BB: {"the server does not take NTLM", Unread},
}

// Status is what a server of SMB said of an account, "" for anything else.
func Status(err error) string {
	var r *smb2.ResponseError
	if errors.As(err, &r) {
		return statuses[r.Code].says
	}
	return ""
}

func judgeSMB(err error) (Reply, string) {
	if err == nil {
		return Accepted, ""
	}
	var r *smb2.ResponseError
	if errors.As(err, &r) {
		s := statuses[r.Code]
		return s.reply, s.says
	}
	return Unanswered, ""
}
