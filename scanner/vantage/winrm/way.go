// Package winrm reaches a Windows machine over WS-Management and offers what
// commands of every Windows can do there: ping, the registry, and the clock.
//
// The messages are those of masterzen/winrm; the transport is ours, so that the
// context reaches every request, nothing is posted in clear, and a password goes
// to no peer that was not told to get it. The package knows cmd.exe, ping.exe,
// reg.exe and one line of PowerShell; it does not know checks or verdicts.
package winrm

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Way is a way into a Windows machine over WinRM.
type Way struct {
	// Address is host, host:port or http(s)://host[:port]/wsman. Without a scheme
	// it is HTTP (port 5985), where every message is sealed; port 5986 alone means
	// HTTPS.
	Address string
	// User is DOMAIN\user, user@domain or a local user.
	User string
	// Password is asked once, when the way is opened.
	Password func(context.Context) ([]byte, error)
	// Login is the credential before the gate of the run; nil is a gate of its own.
	Login *logon.Login
	// Auth is "negotiate" (the default; NTLM, sealed over HTTP) or "basic", which
	// is possible over HTTPS only.
	Auth string
	// ForbidNTLM refuses negotiate, before anything is sent.
	ForbidNTLM bool
	// CA is a PEM file of authorities that replaces the system's, for HTTPS.
	CA string
	// Pin is the SHA-256 of the host's certificate in hexadecimal; colons are
	// allowed. It replaces the check of the chain and the name.
	Pin string
	// Distrusted are the machines that nothing is shown to in this run; a
	// certificate that is not the trusted one adds one.
	Distrusted *distrust.Places
	// Timeout is for opening the way; 20 s if zero. Each later message has as
	// long, and at least 20 s.
	Timeout time.Duration
	// Dial connects; that of a net.Dialer if nil.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

var _ vantage.Way = Way{}

// String names the way for evidence.
func (w Way) String() string { return "winrm " + w.Address }

// Open logs on, makes one shell and asks the machine for its architecture. The
// error is one sentence and never holds the password.
func (w Way) Open(ctx context.Context) (*vantage.Vantage, error) {
	v, err := w.open(ctx)
	if err != nil {
		return nil, reason.Wrap(err, reason.WayNotOpened, "way", w, "why", reason.Of(err))
	}
	return v, nil
}

func (w Way) open(ctx context.Context) (*vantage.Vantage, error) {
	if w.Timeout == 0 {
		w.Timeout = 20 * time.Second
	}
	ep, err := parseAddress(w.Address)
	if err != nil {
		return nil, err
	}
	if w.User == "" || w.Password == nil {
		return nil, reason.Fail(reason.CredentialMissing)
	}
	tlsConfig, err := trust(ep, w.CA, w.Pin)
	if err != nil {
		return nil, err
	}
	auth := strings.ToLower(w.Auth)
	switch auth {
	case "":
		auth = authNegotiate
	case authNegotiate:
	case authBasic:
		if !ep.https {
			return nil, reason.Fail(reason.BasicInClear)
		}
	default:
		return nil, reason.Fail(reason.AuthUnknown, "word", w.Auth)
	}
	if auth == authNegotiate && w.ForbidNTLM {
		return nil, reason.Fail(reason.WinRMNeedsNTLM)
	}
	if w.Login == nil {
		w.Login = logon.Alone(w.User, ep.host)
	}
	ctx, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	password, err := w.Password(ctx)
	if err != nil {
		return nil, reason.Wrap(err, reason.PasswordUnread, "account", w.User, "words", err)
	}
	h := newHost(newTransport(ep, tlsConfig, auth, w.User, password, w.Login, w.Timeout, w.Dial))
	h.post.distrusted = w.Distrusted
	arch, err := h.architecture(ctx)
	if err != nil {
		_ = h.close() // what went wrong before says more
		return nil, err
	}
	v := &vantage.Vantage{
		Via:     map[vantage.Capability]string{},
		Missing: map[vantage.Capability]reason.List{},
		OS:      "windows/" + arch,
		Offers:  vantage.Offering(vantage.Ping.By(pinger{h}.Ping).InTurn(), vantage.Registry.By(reader{h}.ReadRegistry), vantage.Clock.By(clock{h}.ReadClock)),
		Close:   h.close,
	}
	for _, c := range []vantage.Capability{vantage.CapTCP, vantage.CapUDP, vantage.CapRaw, vantage.CapWatch} {
		v.Missing[c] = reason.One(reason.CommandTier, "capability", c)
	}
	return v, nil
}
