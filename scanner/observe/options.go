package observe

import (
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Options of a run.
type Options struct {
	// Version of this kmsiso; a far end must be of the same.
	Version string
	// FarEnd is the directory of the release binaries; "" is beside the
	// executable.
	FarEnd string
	// Ask puts a yes-or-no question to a person; nil answers no.
	Ask func(question string) bool
	// Memory keeps what was refused beyond the run; nil keeps nothing.
	Memory *logon.Memory
	// Progress is told what the run is at; nil is silence.
	Progress func(format string, args ...any)
	// Warn is told what the names in the policy turned out to be that is hardly meant,
	// when they are resolved; nil is silence.
	Warn func(warnings []string)

	// Enter gives the ways into a vantage in place of those that are declared, and
	// Directory where a forest is read in place of where it is declared to be. Both are
	// for a run against a script; nil is the real ones.
	Enter     func(intent.Vantage) []vantage.Way
	Directory func(intent.Forest) directory.Source
}

// ways are the ways into a vantage, in order.
func (o Options) ways(p *intent.Policy, v intent.Vantage, l *logins) []vantage.Way {
	if o.Enter != nil {
		return o.Enter(v)
	}
	return entries(p, v, l, o)
}

// Tell tells Progress what the run is at.
func (o Options) Tell(format string, args ...any) {
	if o.Progress != nil {
		o.Progress(format, args...)
	}
}
