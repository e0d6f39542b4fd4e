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
	v := &Vantage{Name: name, Via: map[Capability]string{}, Offers: Offers{}, Missing: map[Capability]reason.List{}}
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
		for _, c := range Capabilities() {
			if _, offered := v.Via[c]; !offered {
				v.Lost[c] = reason.One(reason.CapabilityLost, "vantage", name, "capability", c, "why", failed)
			}
		}
	}
	return v, report, nil
}

// take adds to v what part offers and v still lacks.
func (v *Vantage) take(part *Vantage, via string) {
	for c, why := range part.Missing {
		if _, offered := v.Via[c]; !offered && v.Missing[c] == nil {
			v.Missing[c] = why
		}
	}
	for c, offer := range part.Offers {
		if _, offered := v.Via[c]; !offered {
			v.Via[c], v.Offers[c] = via, offer
			delete(v.Missing, c)
		}
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
