package probes

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	// ikePace is between the first messages. They are few: Windows drops a
	// peer with 20 SAs or 35 negotiations ([MS-AIPS] 3.3.7.1).
	ikePace = 500 * time.Millisecond
	// ikeRetry is when the first message is sent again, the same octets.
	ikeRetry = 2 * time.Second
	// ikeEnd is when the waiting ends, for all. By the second time of the first message
	// it is known whether the link is slow, and then that one waits longer.
	ikeEnd = 4 * time.Second
)

// ike sends the first messages of IKEv1, AuthIP and IKEv2 to UDP 500 or 4500,
// each once and the first a second time, until anything ISAKMP comes back. A
// port unreachable ends it too.
func ike(ctx context.Context, env *Env, o *run.Observation) {
	at := make([]time.Duration, 0, len(wire.Protocols)+1)
	for i := range wire.Protocols {
		at = append(at, time.Duration(i)*ikePace)
	}
	at = append(at, ikeRetry)
	negotiate(ctx, env, o, &opening{
		at: at,
		request: func(i int, before []wire.Request) wire.Request {
			if i < len(wire.Protocols) {
				return ikeRequest(env.At, to(o), wire.Protocols[i], 0)
			}
			return before[0]
		},
		wait: func(i int) time.Duration {
			wait := ikeEnd - at[i]
			if at[i] == ikeRetry {
				wait = env.patience(wait)
			}
			return wait
		},
	})
}

// opening are the first messages of an exchange, one of which is to be answered.
type opening struct {
	at []time.Duration // when each is sent, since the first; ascending from 0
	// request makes one, after those before it.
	request func(i int, before []wire.Request) wire.Request
	// wait is how long the answer to one is waited for.
	wait func(i int) time.Duration
}

// negotiate sends first messages until anything ISAKMP comes back, or a port
// unreachable.
func negotiate(ctx context.Context, env *Env, o *run.Observation, p *opening) {
	var (
		marked   = o.Need.Port == wire.PortNATT
		requests = make([]wire.Request, len(p.at)) // made as they begin
		answer   *wire.Reply
	)
	s := stagger{
		at:    p.at,
		begin: func(i int) { requests[i] = p.request(i, requests[:i]) },
		try: func(ctx context.Context, i int) (vantage.Reply, error) {
			send := requests[i].Bytes
			if marked {
				send = wire.Mark(send)
			}
			return vantage.UDP.At(env.At)(ctx, vantage.DatagramRequest{To: to(o), Send: send, Timeout: p.wait(i)})
		},
		decide: func(i int, r *vantage.Reply) bool {
			if r.Class == run.Answered {
				reply, err := wire.ParseReply(requests[i], r.Data, marked)
				if err != nil {
					r.Class, r.Note = run.Cut, err.Error()
				} else {
					if answer == nil {
						answer, o.Weak = &reply, r.Weak
					}
					if reply.Principal != "" {
						r.Note = fmt.Sprintf("%s: calls itself %s", reply.Protocol, reply.Principal)
					}
				}
			}
			if r.Note == "" {
				r.Note = string(requests[i].Protocol)
			}
			return r.Class == run.Answered || r.Class == run.Refused
		},
	}
	tries, begun, err := s.run(ctx, env)
	o.Tries, o.Class = tries, best(tries)
	if err != nil && o.Class != run.Answered {
		failed(env, o, err)
		return
	}
	o.IKE = &run.IKE{}
	if answer != nil {
		o.IKE = &run.IKE{
			Protocol: string(answer.Protocol), Answer: string(answer.Answer),
			Notify: answer.Notify, VendorIDs: answer.VendorIDs,
		}
	}
	for _, r := range requests[:begun] {
		if p := string(r.Protocol); !slices.Contains(o.IKE.Asked, p) {
			o.IKE.Asked = append(o.IKE.Asked, p)
		}
	}
	o.End = env.Clock()
}

// to is the end that an observation speaks to.
func to(o *run.Observation) netip.AddrPort { return netip.AddrPortFrom(o.Need.Addr, o.Need.Port) }

// ikeRequest builds the first message of a protocol, with a cookie of its own. It is
// filled up to a size, where one is given.
func ikeRequest(at *vantage.Vantage, to netip.AddrPort, p wire.Protocol, size int) wire.Request {
	s := wire.Seeds{Local: localTo(at, to.Addr()), Remote: to, Size: size}
	rand.Read(s.SPI[:])
	rand.Read(s.Nonce[:])
	rand.Read(s.Public[:])
	s.SPI[0] |= 1       // not zero
	s.Public[0] &= 0x7f // below the prime of the group
	return wire.Initiate(p, s)
}

// localTo is the vantage's first address of the target's family. Its port is
// not known here: see [wire.Seeds].
func localTo(at *vantage.Vantage, to netip.Addr) netip.AddrPort {
	for _, a := range at.Addresses {
		if a.Is4() == to.Unmap().Is4() {
			return netip.AddrPortFrom(a, 0)
		}
	}
	return netip.AddrPort{}
}
