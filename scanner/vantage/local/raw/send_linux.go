package raw

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/net/bpf"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// Sender sends raw IP datagrams, from one socket for each family and protocol.
type Sender struct {
	mu     sync.Mutex
	conns  map[string]net.PacketConn // by network, such as "ip4:50"; nil when closed
	filter []bpf.RawInstruction      // keeps nothing
}

// New fails where raw sockets are not allowed.
func New() (*Sender, error) {
	filter, err := bpf.Assemble([]bpf.Instruction{bpf.RetConstant{Val: 0}})
	if err != nil {
		return nil, err
	}
	s := &Sender{conns: map[string]net.PacketConn{}, filter: filter}
	if _, err := s.conn("ip4:50", false); err != nil {
		return nil, reason.Wrap(err, reason.RawSocketMissing, "words", err)
	}
	return s, nil
}

// Close closes the sockets.
func (s *Sender) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, c := range s.conns {
		errs = append(errs, c.Close())
	}
	s.conns = nil
	return errors.Join(errs...)
}

// conn is the socket for a network. What comes back to it is not kept.
func (s *Sender) conn(network string, is6 bool) (net.PacketConn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		return nil, net.ErrClosed
	}
	if c := s.conns[network]; c != nil {
		return c, nil
	}
	c, err := net.ListenPacket(network, "")
	if err != nil {
		return nil, err
	}
	if is6 {
		err = ipv6.NewPacketConn(c).SetBPF(s.filter)
	} else {
		err = ipv4.NewPacketConn(c).SetBPF(s.filter)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	s.conns[network] = c
	return c, nil
}

// Send sends one datagram.
func (s *Sender) Send(ctx context.Context, q vantage.SendRequest) (vantage.Reply, error) {
	if err := socket.CheckTry("send", q.To, time.Second); err != nil {
		return vantage.Reply{}, err
	}
	if q.Protocol < 1 || q.Protocol > 255 {
		return vantage.Reply{}, socket.Unusable("send", q.To, "protocol", q.Protocol)
	}
	if err := ctx.Err(); err != nil {
		return vantage.Reply{}, err
	}
	to := q.To.Unmap()
	network := fmt.Sprintf("ip4:%d", q.Protocol)
	if to.Is6() {
		network = fmt.Sprintf("ip6:%d", q.Protocol)
	}
	start := time.Now()
	c, err := s.conn(network, to.Is6())
	if err == nil {
		_, err = c.WriteTo(q.Payload, &net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()})
	}
	if err == nil {
		return vantage.Reply{Class: run.Sent, RTT: time.Since(start)}, nil
	}
	if class, ok := socket.ClassBefore(err); ok {
		return vantage.Reply{Class: class, RTT: time.Since(start), Note: socket.Words(err)}, nil
	}
	return vantage.Reply{}, socket.Failed("send", to, err)
}
