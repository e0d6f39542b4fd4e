// Package local observes with the sockets of the machine it runs on. It is the
// lowest rung: every other way into a vantage ends here, at its far end.
//
// One try becomes one class, decided in the file classes_OS.go beside the
// socket; nothing above this package looks at an errno. It knows no target, no
// policy and no protocol above TCP, UDP and ICMP.
package local

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Way is the way into the machine that kmsiso runs on.
type Way struct{}

// String is "local".
func (Way) String() string { return "local" }

// Open opens the sockets that all calls share. What this machine or this user
// may not do is in Missing of the vantage; that alone is no error.
func (Way) Open(context.Context) (*vantage.Vantage, error) {
	v := &vantage.Vantage{
		Offers:  vantage.Offers{},
		Missing: map[vantage.Capability]reason.List{},
		OS:      runtime.GOOS + "/" + runtime.GOARCH,
	}
	if err := learn(v, interfaces, resolvers); err != nil {
		return nil, err
	}
	var closers []func() error
	slots := newSlots()
	if p, err := newPinger(); err != nil {
		v.Missing[vantage.CapPing] = reason.Of(err)
	} else {
		v.Offers.Add(vantage.Ping.By(p.Ping))
		closers = append(closers, p.close)
	}
	d := newDialer(slots)
	u := &exchanger{slots: slots}
	v.Offers.Add(vantage.TCP.By(d.Dial), vantage.UDP.By(u.Exchange), vantage.Clock.By(readClock))
	closers = append(closers, d.close)
	if s, err := newSender(); err != nil {
		v.Missing[vantage.CapRaw] = reason.Of(err)
	} else {
		v.Offers.Add(vantage.Raw.By(s.Send))
		closers = append(closers, s.close)
	}
	if w, err := newWatcher(); err != nil {
		v.Missing[vantage.CapWatch] = reason.Of(err)
	} else {
		v.Offers.Add(vantage.Watch.By(w.Watch))
	}
	if r, err := newRegistry(); err != nil {
		v.Missing[vantage.CapRegistry] = reason.Of(err)
	} else {
		v.Offers.Add(vantage.Registry.By(r.ReadRegistry))
	}
	v.Close = sync.OnceValue(func() error {
		var errs []error
		for _, c := range closers {
			errs = append(errs, c())
		}
		return errors.Join(errs...)
	})
	return v, nil
}

// learn reads what the machine knows of its network.
func learn(v *vantage.Vantage, interfaces func() ([]run.Interface, error), resolvers func() ([]netip.AddrPort, error)) (err error) {
	if v.Interfaces, err = interfaces(); err != nil {
		return reason.Wrap(err, reason.AddressesUnread, "words", err)
	}
	v.Addresses, v.Gateways = addressesOf(v.Interfaces), gateways()
	if v.Resolvers, err = resolvers(); err != nil {
		return reason.Wrap(err, reason.ResolversUnread, "words", err)
	}
	return nil
}

// checkTry is what every request must have.
func checkTry(try string, to netip.Addr, timeout time.Duration) error {
	switch {
	case !to.IsValid():
		return reason.Fail(reason.RequestUnusable, "try", try, "field", "address")
	case to.IsUnspecified(), to.IsMulticast(), to == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return unusable(try, to, "address", to)
	case timeout <= 0:
		return unusable(try, to, "time", timeout)
	}
	return nil
}

// unusable is a request of which a field cannot be.
func unusable(try string, to fmt.Stringer, field string, is any) error {
	return reason.Fail(reason.RequestUnusable, "try", try, "to", to, "field", field, "value", is)
}

// tryFailed is a try at which the system failed: "ping", "connect", "send" or
// "receive".
func tryFailed(try string, to fmt.Stringer, err error) error {
	return reason.Wrap(err, reason.TryFailed, "try", try, "to", to, "words", err)
}

// noEcho is why no echo requests can be sent.
func noEcho(err error) error {
	return reason.Wrap(err, reason.EchoSocketMissing, "words", err, "system", runtime.GOOS)
}
