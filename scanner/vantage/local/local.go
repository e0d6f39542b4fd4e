// Package local observes with the sockets of the machine it runs on. It is the
// lowest rung: every other way into a vantage ends here, at its far end. Each
// capability that needs sockets is a package below.
//
// One try becomes one class, decided in the package socket. It knows no target, no
// policy and no protocol above TCP, UDP and ICMP.
package local

import (
	"context"
	"errors"
	"net/netip"
	"runtime"
	"sync"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/netinfo"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/ping"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/raw"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/tcp"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/udp"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/watch"
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
	if err := learn(v, netinfo.Interfaces, netinfo.Resolvers); err != nil {
		return nil, err
	}
	var closers []func() error
	slots := socket.NewSlots()
	if p, err := ping.New(); err != nil {
		v.Missing[vantage.CapPing] = reason.Of(err)
	} else {
		v.Offers.Add(vantage.Ping.By(p.Ping))
		closers = append(closers, p.Close)
	}
	d := tcp.New(slots)
	u := udp.New(slots)
	v.Offers.Add(vantage.TCP.By(d.Dial), vantage.TCPFrom.By(d.DialFrom), vantage.UDP.By(u.Exchange), vantage.Clock.By(readClock))
	closers = append(closers, d.Close)
	if s, err := raw.New(); err != nil {
		v.Missing[vantage.CapRaw] = reason.Of(err)
	} else {
		v.Offers.Add(vantage.Raw.By(s.Send))
		closers = append(closers, s.Close)
	}
	if w, err := watch.New(); err != nil {
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
	v.Addresses, v.Gateways = netinfo.Addresses(v.Interfaces), netinfo.Gateways()
	if v.Resolvers, err = resolvers(); err != nil {
		return reason.Wrap(err, reason.ResolversUnread, "words", err)
	}
	return nil
}
