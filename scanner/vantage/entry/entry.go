// Package entry is what a way into a vantage registers: what it says of itself
// (package way), and how it is opened. package ways lists them all.
//
// A way's folder imports this package; this one knows none of them.
package entry

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Entry is one kind of way in.
type Entry struct {
	way.Kind
	// Open makes the way that a declaration asks for. Nothing is sent by it.
	Open func(Declared) vantage.Way
}

// Declared is a way as the policy declares it, with what a run has for it.
type Declared struct {
	Values way.Values
	// User, File and Password are of the credential that logs in; the secret is read
	// when it is needed.
	User, File string
	Password   func(context.Context) ([]byte, error)
	// Login is the credential before the gate of the run; nil where the machine is
	// shown none.
	Login *logon.Login
	// ForbidNTLM says that no credential is shown by NTLM.
	ForbidNTLM bool
	// Version of this kmsiso; a far end must be of the same.
	Version string
	// FarEnd is the directory of the release binaries; "" is beside the executable.
	FarEnd string
	// Ask puts a yes-or-no question to a person; nil answers no.
	Ask func(question string) bool
	// Distrusted are the machines that get nothing in this run.
	Distrusted *distrust.Places
	// Timeout is for opening the way.
	Timeout time.Duration
}
