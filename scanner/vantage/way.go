package vantage

import (
	"context"
	"errors"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Way is one way into a vantage. Its String is what evidence names: "local",
// "exec", "ssh guest.example.test", "winrm client1.contoso.test".
type Way interface {
	fmt.Stringer
	// Open connects. The error says what was tried, on what, and what to do; it
	// never holds a secret.
	Open(context.Context) (*Vantage, error)
}

// Join opens the ways in order and takes each capability from the first that
// offers it. It fails only where no way opens; the ways that failed are listed
// in either case, and what they may have offered is lost, not missing.
func Join(ctx context.Context, name string, ways []Way) (*Vantage, []run.Way, error) {
	v := &Vantage{Name: name, Via: map[Capability]string{}, Missing: map[Capability]reason.List{}}
	var (
		report []run.Way
		opened []*Vantage
		failed reason.List
	)
	for _, w := range ways {
		part, err := w.Open(ctx)
		if err != nil {
			why := reason.Of(err)
			failure := run.Way{Name: w.String(), Trouble: why, Unanswered: why.Names(reason.NothingAnswers)}
			if read := (*ReadingError)(nil); errors.As(err, &read) {
				failure.Reading = read.Reading
			}
			report = append(report, failure)
			failed = append(failed, why...)
			continue
		}
		report = append(report, run.Way{Name: w.String(), Reading: part.Reading})
		opened = append(opened, part)
		v.take(part, w.String())
	}
	v.Close = func() error {
		var errs []error
		for _, p := range opened {
			errs = append(errs, p.Close())
		}
		return errors.Join(errs...)
	}
	if len(opened) == 0 {
		return nil, report, reason.Fail(reason.NoWayIn, "vantage", name, "why", failed)
	}
	if len(failed) > 0 {
		v.Lost = map[Capability]reason.List{}
		for _, c := range Capabilities {
			if _, offered := v.Via[c]; !offered {
				v.Lost[c] = reason.One(reason.CapabilityLost, "vantage", name, "capability", c, "why", failed)
			}
		}
	}
	return v, report, nil
}

// take adds to v what part offers and v still lacks.
func (v *Vantage) take(part *Vantage, via string) {
	lacks := func(c Capability, has bool) bool {
		if _, done := v.Via[c]; done {
			return false
		}
		if !has {
			if why := part.Missing[c]; why != nil && v.Missing[c] == nil {
				v.Missing[c] = why
			}
			return false
		}
		v.Via[c] = via
		delete(v.Missing, c)
		return true
	}
	if lacks(CapPing, part.Ping != nil) {
		v.Ping = part.Ping
	}
	if lacks(CapTCP, part.TCP != nil) {
		v.TCP = part.TCP
	}
	if lacks(CapUDP, part.UDP != nil) {
		v.UDP = part.UDP
	}
	if lacks(CapRaw, part.Raw != nil) {
		v.Raw = part.Raw
	}
	if lacks(CapWatch, part.Watch != nil) {
		v.Watch = part.Watch
	}
	if lacks(CapRegistry, part.Registry != nil) {
		v.Registry = part.Registry
	}
	if v.OS == "" {
		v.OS = part.OS
	}
	if len(v.Addresses) == 0 {
		v.Addresses = part.Addresses
	}
	if len(v.Resolvers) == 0 {
		v.Resolvers = part.Resolvers
	}
	if len(v.Interfaces) == 0 {
		v.Interfaces, v.Gateways = part.Interfaces, part.Gateways
	}
}
