package logon

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/cloudsoda/go-smb2"

	"github.com/kmsiso/kmsiso/scanner/reason"
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
	why   reason.Code
	reply Reply
}{
	0xC000006D: {reason.PasswordWrong, Refused}, // STATUS_LOGON_FAILURE
	0xC000006A: {reason.PasswordWrong, Refused},
	0xC0000064: {reason.AccountAbsent, Refused},
	0xC0000234: {reason.AccountLockedOut, Refused},
	0xC0000072: {reason.LogonAccountDisabled, Refused},
	0xC0000071: {reason.PasswordExpired, Refused},
	0xC0000224: {reason.PasswordMustChange, Refused},
	0xC0000193: {reason.LogonAccountExpired, Refused},
	0xC000006E: {reason.AccountRestricted, RefusedHere},
	0xC000006F: {reason.LogonHours, RefusedHere},
	0xC0000070: {reason.LogonPlaces, RefusedHere},
	0xC000015B: {reason.LogonTypeDenied, RefusedHere},
	0xC0000022: {reason.LogonAccessDenied, RefusedHere},
	0xC0000418: {reason.NTLMNotTaken, Unread},
	0xC00000BB: {reason.NTLMNotTaken, Unread},
}

// Status is what a server of SMB said of an account, none for anything else.
func Status(err error) reason.List {
	_, why := judgeSMB(err)
	return why
}

func judgeSMB(err error) (Reply, reason.List) {
	if err == nil {
		return Accepted, nil
	}
	var r *smb2.ResponseError
	if !errors.As(err, &r) {
		return Unanswered, nil
	}
	s, ok := statuses[r.Code]
	if !ok {
		return Unanswered, nil
	}
	return s.reply, reason.One(s.why)
}
