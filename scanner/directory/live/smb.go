package live

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/kmsiso/kmsiso/scanner/directory/live/limits"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// smbFiles is the SYSVOL of a domain controller over SMB, signed.
type smbFiles struct {
	session *smb2.Session
	share   *smb2.Share
	raw     *limits.Metered
	stop    func() bool
	bound   *limits.Bound
	dead    atomic.Pointer[error] // why nothing more is asked
}

// openSMB logs on to the SYSVOL of a server: with Kerberos where the account can,
// else with NTLM. The account has been let in over LDAP before, so that a second
// try does not count as a second wrong password.
func (r *reading) openSMB(ctx context.Context, m *member) (files, error) {
	l := r.login
	if err := l.distrusted.Check(nil, m.host, m.name()); err != nil {
		return nil, l.explainSMB(ctx, m, err)
	}
	t, err := r.ticketsForSMB()
	if err == nil && t != nil {
		var f files
		f, err = l.kerberosSMB(ctx, m, t)
		if err == nil {
			return f, nil
		}
	}
	if !l.simple() || ctx.Err() != nil {
		return nil, err
	}
	if r.source.o.ForbidNTLM {
		return nil, withoutNTLM(m, err)
	}
	f, second := l.dialSMB(ctx, m, func(ctx context.Context, raw net.Conn) (*smb2.Session, error) {
		return l.gate.SMB(ctx, m.share(), raw, m.address(portSMB), l.ntlm(m), l.password)
	})
	if second == nil {
		return f, nil
	}
	if err != nil && err.Error() != second.Error() {
		return nil, errors.Join(second, part(err, reason.WithKerberos))
	}
	return nil, second
}

// ntlm is the log-on that names the server that it is for.
func (l *login) ntlm(m *member) smb2.Initiator {
	i := &smb2.NTLMInitiator{User: l.User, Password: string(l.password), TargetSPN: "cifs/" + m.name()}
	if flat, name, ok := strings.Cut(l.User, `\`); ok {
		i.User, i.Domain = name, flat
	}
	return i
}

// withoutNTLM is a SYSVOL that only NTLM would open; err is what became of Kerberos,
// nil where the domain of the account is not known.
func withoutNTLM(m *member, err error) error {
	if err == nil {
		err = reason.Fail(reason.AccountDomainUnknown)
	}
	return m.closed(part(err, reason.NTLMForbidden))
}

// share is its SYSVOL as a place where a secret is shown.
func (m *member) share() logon.Place {
	return logon.Place{Name: "SYSVOL of " + m.host, Controller: true}
}

// name is what Kerberos knows the server by.
func (m *member) name() string {
	if net.ParseIP(m.host) != nil && m.root.host != "" {
		return m.root.host
	}
	return m.host
}

// ticketsForSMB are those of LDAP, or for a password the tickets that it gets in
// the account's domain; nil where it is not known which that is.
func (r *reading) ticketsForSMB() (*logon.Tickets, error) {
	l := r.login
	if l.tickets != nil {
		return l.tickets, nil
	}
	if r.smbTickets != nil || r.smbTried {
		return r.smbTickets, nil
	}
	r.smbTried = true
	principal := l.User
	if flat, name, ok := strings.Cut(l.User, `\`); ok {
		principal = ""
		for _, d := range r.domains {
			if strings.EqualFold(flat, d.NetBIOS) {
				principal = name + "@" + d.Name
			}
		}
	}
	if !strings.Contains(principal, "@") {
		return nil, nil
	}
	kdcs, err := r.source.trusted()
	if err == nil {
		r.smbTickets, err = l.newTickets(principal, kdcs)
	}
	return r.smbTickets, err
}

func (l *login) kerberosSMB(ctx context.Context, m *member, t *logon.Tickets) (files, error) {
	service := "cifs/" + m.name()
	if err := t.Prepare(ctx, service); err != nil {
		return nil, l.explainSMB(ctx, m, kerberosError{err})
	}
	return l.dialSMB(ctx, m, func(ctx context.Context, raw net.Conn) (*smb2.Session, error) {
		return t.SMB(ctx, m.share(), raw, m.address(portSMB), service)
	})
}

func (l *login) dialSMB(whole context.Context, m *member, logOn func(context.Context, net.Conn) (*smb2.Session, error)) (files, error) {
	ctx, cancel := context.WithTimeout(whole, l.timeout)
	defer cancel()
	plain, err := l.dial.Within(ctx, l.timeout, m.address(portSMB))
	if err != nil {
		return nil, l.explainSMB(ctx, m, err)
	}
	if err := l.distrusted.Check(plain.RemoteAddr(), m.host, m.name()); err != nil {
		_ = plain.Close()
		return nil, l.explainSMB(ctx, m, err)
	}
	b := limits.New(l.timeout)
	b.Begin()
	defer b.End()
	raw := &limits.Metered{Conn: plain, Bound: b}
	// The library's goroutine reads as long as the connection is there.
	stop := context.AfterFunc(whole, func() { _ = raw.Close() })
	session, err := logOn(ctx, raw)
	var share *smb2.Share
	if err == nil {
		share, err = session.WithContext(ctx).Mount(`\\` + m.host + `\SYSVOL`)
	}
	if err != nil {
		stop()
		_ = raw.Close()
		return nil, l.explainSMB(ctx, m, err)
	}
	return &smbFiles{session: session, share: share, raw: raw, stop: stop, bound: b}, nil
}

// closed is an error of its SYSVOL, which could not be opened.
func (m *member) closed(err error) error { return part(err, reason.SYSVOLUnread, "server", m.host) }

// explainSMB says why a SYSVOL could not be opened.
func (l *login) explainSMB(ctx context.Context, m *member, err error) error {
	const badNetworkName = 0xC00000CC // STATUS_BAD_NETWORK_NAME ([MS-ERREF] 2.3.1)
	var (
		krb    kerberosError
		held   *logon.Held
		status *smb2.ResponseError
		dns    *net.DNSError
	)
	switch {
	case errors.As(err, &held):
		return m.closed(held)
	case errors.As(err, &krb):
		return m.closed(part(explainKerberos(l, krb.error), reason.KerberosFailed, "account", l.who()))
	case errors.Is(err, os.ErrPermission):
		return m.closed(errRefused)
	case errors.Is(err, os.ErrNotExist), errors.As(err, &status) && status.Code == badNetworkName:
		return m.closed(reason.Fail(reason.ShareMissing))
	case errors.Is(ctx.Err(), context.DeadlineExceeded), isLate(err) && !errors.As(err, &dns):
		// The connection's limit is the same, and may run out a moment before ctx says so.
		return m.closed(reason.Fail(reason.NoAnswerWithin, "timeout", l.timeout))
	}
	if why := logon.Status(err); why != nil {
		return m.closed(reason.Fail(reason.LogonRefused, "account", l.who(), "why", why))
	}
	return m.closed(plain(err))
}

func (f *smbFiles) close() {
	defer func() { _ = f.raw.Close() }()
	defer f.stop()
	if f.dead.Load() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = f.share.WithContext(ctx).Umount()
	_ = f.session.WithContext(ctx).Logoff()
}

func (f *smbFiles) read(ctx context.Context, path []string, limit int) (b []byte, err error) {
	err = f.ask(ctx, func(share *smb2.Share, came func()) error {
		file, err := share.Open(strings.Join(path, `\`))
		if err != nil {
			return err
		}
		came()
		defer func() { _ = file.Close() }()
		b, err = whole(bufio.NewReaderSize(progress{file, came}, 64<<10), limit)
		return err
	})
	return b, err
}

// progress tells of everything that was read.
type progress struct {
	from io.Reader
	came func()
}

func (p progress) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	if n > 0 {
		p.came()
	}
	return n, err
}

func (f *smbFiles) exists(ctx context.Context, path []string) error {
	return f.ask(ctx, func(share *smb2.Share, _ func()) error {
		_, err := share.Stat(strings.Join(path, `\`))
		return err
	})
}

// ask asks the server something. After it left one question unanswered it is
// asked no more: every GPO would wait as long. What is asked says when something
// came, and has as much time again.
func (f *smbFiles) ask(ctx context.Context, what func(share *smb2.Share, came func()) error) error {
	if dead := f.dead.Load(); dead != nil {
		return *dead
	}
	f.bound.Begin()
	defer f.bound.End()
	bounded, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(f.bound.Timeout, cancel)
	defer late.Stop()
	f.raw.Came()
	err := what(f.share.WithContext(bounded), func() {
		f.raw.Came()
		late.Reset(f.bound.Timeout)
	})
	if err == nil {
		return nil
	}
	var (
		broken *smb2.TransportError
		limit  limits.Error
	)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &limit):
		err = limit
	case errors.As(err, &broken) && errors.As(broken.Err, &limit):
		err = limit
	case bounded.Err() != nil:
		err = reason.Fail(reason.NoAnswerWithin, "timeout", f.bound.Timeout)
	case errors.As(err, &broken):
		err = broke(broken.Err)
	default:
		return plainFile(err)
	}
	f.dead.CompareAndSwap(nil, &err)
	_ = f.raw.Close()
	return *f.dead.Load()
}
