package probes

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	espSmall     = 3
	espLarge     = 2
	espLargeSize = 1400 // octets of the IP datagram
	espWait      = 1500 * time.Millisecond
	espFirstLook = 20 * time.Millisecond // then twice that, and so on up to:
	espLook      = 200 * time.Millisecond
)

// esp sends raw ESP datagrams from env.At to the address of the spec, and
// watches for them at env.Peer. They carry a random SPI, the large ones the
// next one, so that the two are counted apart. Nothing answers ESP of an
// unknown SPI: what counts is that it is seen to arrive.
func esp(ctx context.Context, env *Env, o *run.Observation) {
	if env.Peer == nil || !env.Peer.Has(vantage.CapWatch) {
		o.End = o.Start
		switch {
		case env.Peer == nil:
			o.Missing = reason.One(reason.SecondEndMissing)
		case env.Peer.Lost[vantage.CapWatch] != nil:
			o.Trouble = reason.One(reason.SecondEndTrouble, "vantage", env.Peer.Name, "why", env.Peer.Lost[vantage.CapWatch])
		default:
			o.Missing = reason.One(reason.SecondEndTrouble, "vantage", env.Peer.Name, "why", missing(env.Peer, vantage.CapWatch))
		}
		return
	}
	watch, err := vantage.Watch.At(env.Peer)(ctx, vantage.WatchRequest{
		Hosts: []netip.Addr{o.Need.Addr},
		Peers: slices.Concat(env.At.Addresses, env.Peers),
	})
	if err != nil {
		failed(env, o, reason.Wrap(err, reason.WatchFailed, "vantage", env.Peer.Name, "why", reason.Of(err)))
		return
	}
	facts := run.ESP{SPI: randomSPI(), LargeSize: espLargeSize}
	err = sendESP(ctx, env, o, &facts)
	if err == nil && facts.Small > 0 {
		err = lookForESP(ctx, env, watch, o.Need.Addr, &facts)
	}
	if closed := watch.Close(); err == nil && facts.SmallSeen+facts.LargeSeen < facts.Small+facts.Large {
		err = closed // a watch that lost packets must not be taken for silence
	}
	if err != nil {
		failed(env, o, err)
		return
	}
	o.ESP = &facts
	switch {
	case facts.SmallSeen > 0:
		o.Class = run.Answered
	case facts.Small > 0:
		o.Class = run.Silent
	default:
		o.Class = best(o.Tries)
	}
	o.End = env.Clock()
}

func randomSPI() uint32 {
	for {
		var b [4]byte
		rand.Read(b[:])
		if spi := binary.BigEndian.Uint32(b[:]); spi >= 256 && spi < 1<<32-1 { // 0 to 255 are reserved
			return spi
		}
	}
}

// sendESP sends the datagrams and counts those that left.
func sendESP(ctx context.Context, env *Env, o *run.Observation, facts *run.ESP) error {
	var nonce [16]byte
	rand.Read(nonce[:])
	header := 40
	if o.Need.Addr.Unmap().Is4() {
		header = 20
	}
	for i := range espSmall + espLarge {
		spi, size, left := facts.SPI, wire.ESPMin, &facts.Small
		if i >= espSmall {
			spi, size, left = facts.SPI+1, espLargeSize-header, &facts.Large
		}
		start := env.Clock()
		r, err := vantage.Raw.At(env.At)(ctx, vantage.SendRequest{
			To: o.Need.Addr, Protocol: wire.ProtocolESP,
			Payload: wire.ESP(spi, uint32(i+1), nonce, size),
		})
		if err != nil {
			return reason.Wrap(err, reason.SendFailed, "why", reason.Of(err))
		}
		o.Tries = append(o.Tries, tryOf(env, start, &r))
		if r.Class == run.Sent {
			*left++
		}
	}
	return nil
}

// lookForESP asks the watch until everything that left was seen, or time is up.
func lookForESP(ctx context.Context, env *Env, watch vantage.Watching, to netip.Addr, facts *run.ESP) error {
	begun, look := time.Now(), espFirstLook
	for {
		seen, err := watch.Read(ctx)
		if err != nil {
			return reason.Wrap(err, reason.WatchFailed, "why", reason.Of(err))
		}
		at := func(spi uint32) int {
			return run.Packets(seen.Flows, func(f *run.Flow) bool { return f.Kind == run.FlowESP && f.Dst == to && f.SPI == spi })
		}
		facts.SmallSeen, facts.LargeSeen = at(facts.SPI), at(facts.SPI+1)
		left := env.patience(espWait) - time.Since(begun)
		if left <= 0 || facts.SmallSeen >= facts.Small && facts.LargeSeen >= facts.Large {
			return nil
		}
		if err := pause(ctx, min(look, left)); err != nil {
			return errors.Join(errors.New("watch"), err)
		}
		look = min(2*look, espLook)
	}
}
