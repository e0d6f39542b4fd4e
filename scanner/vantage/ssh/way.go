// Package ssh is a way into a vantage over OpenSSH. It sends the matching
// release binary to the far machine, starts it there and removes it at the end;
// where that cannot be, it makes TCP connections through the SSH server.
//
// It knows host keys, keys and files on the far side. It does not know what the
// far end is asked: that is the stdio protocol of package farend.
package ssh

import (
	"context"
	"errors"
	"time"

	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh/sshconfig"
)

// The words of Install.
const (
	// InstallNever uses a kmsiso on the far PATH, and sends nothing.
	InstallNever = "never"
	// InstallAsk asks a person before it sends.
	InstallAsk = "ask"
	// InstallAuto sends. It is the default.
	InstallAuto = "auto"
)

// defaultTimeout is for the connection, the host key and the login together,
// once per hop. OpenSSH servers give two minutes; nobody waits that long.
const defaultTimeout = 15 * time.Second

// Way is a way in over OpenSSH.
type Way struct {
	// Address is [user@]host[:port]. The host is looked up in ssh_config.
	Address string
	// KnownHosts is the one file of host keys to believe; "" takes the files that
	// ssh_config names, or OpenSSH's own.
	KnownHosts string
	// Identity is a private key file to offer first, to the host itself and not
	// to a hop before it; "" takes what ssh_config names, the agent and OpenSSH's
	// default files.
	Identity string
	// Config is the one ssh_config file to read, "none" for none; "" takes the
	// user's and the system's.
	Config string
	// FarEnd is the directory of the release binaries; "" is beside the running
	// executable.
	FarEnd string
	// Install is never, ask or auto; "" is auto.
	Install string
	// Version is this kmsiso's own: a far end must be of the same.
	Version string
	// Ask puts a yes-or-no question to a person; nil answers no.
	Ask func(question string) bool
	// Distrusted are the machines that nothing is shown to in this run; a changed
	// host key adds one.
	Distrusted *distrust.Places
	// Timeout is for connecting and logging in, per hop; 0 is 15 s.
	Timeout time.Duration

	dial dialFunc // nil is the system's
}

// String is what evidence names.
func (w Way) String() string { return "ssh " + w.Address }

// Open connects, logs in and starts the far end. ctx bounds that: when it ends,
// everything that was opened is closed at once. The vantage itself lives until
// its Close, which removes what was sent. Where no far end can run, the vantage
// has only TCP through the connection, and the reason is in Missing. An unknown
// or changed host key, a login that is refused, a far end that arrives damaged
// or is of another version are errors.
func (w Way) Open(ctx context.Context) (*vantage.Vantage, error) {
	v, how, err := w.open(ctx)
	if err != nil {
		return nil, &vantage.ReadingError{Err: reason.Wrap(err, reason.WayNotOpened, "way", w, "why", reason.Of(err)), Reading: how}
	}
	v.Reading = how
	return v, nil
}

func (w Way) open(ctx context.Context) (*vantage.Vantage, string, error) {
	switch w.Install {
	case "", InstallAuto, InstallAsk, InstallNever:
	default:
		return nil, "", reason.Fail(reason.InstallUnknown, "word", w.Install)
	}
	l, how, err := w.connect(ctx)
	if err != nil {
		return nil, how, err
	}
	stop := context.AfterFunc(ctx, l.cut)
	v, err := w.farEnd(ctx, l)
	var none *noFarEndError
	if err != nil && errors.As(err, &none) {
		v, err = through(l, none), nil
	}
	if !stop() { // cut, whatever came of it
		err = context.Cause(ctx)
	}
	if err != nil {
		l.close()
		return nil, how, err
	}
	return v, how, nil
}

// Runs says which program of this machine is run, and what for; "" is none.
func (w Way) Runs() string {
	command := sshconfig.Command(w.Address)
	if w.Config == "none" || command == "" {
		return ""
	}
	return command + " to learn what the name means, and the same for each ProxyJump that this names"
}

func (w Way) timeout() time.Duration {
	if w.Timeout > 0 {
		return w.Timeout
	}
	return defaultTimeout
}

// noFarEndError says why no far end can run there. It is a reason to use the
// connection itself, not a failure.
type noFarEndError struct {
	why      reason.Reason
	platform string
}

func (e *noFarEndError) Error() string { return e.why.Key() }

// Why is the reason, by code.
func (e *noFarEndError) Why() reason.List { return reason.List{e.why} }

func noFarEnd(code reason.Code, args ...any) *noFarEndError {
	return &noFarEndError{why: reason.New(code, args...)}
}
