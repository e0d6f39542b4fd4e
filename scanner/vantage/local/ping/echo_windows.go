package ping

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/windows"
)

var (
	iphlpapi        = windows.NewLazySystemDLL("iphlpapi.dll")
	icmpCreateFile  = iphlpapi.NewProc("IcmpCreateFile")
	icmp6CreateFile = iphlpapi.NewProc("Icmp6CreateFile")
	icmpCloseHandle = iphlpapi.NewProc("IcmpCloseHandle")
	icmpSendEcho2   = iphlpapi.NewProc("IcmpSendEcho2")
	icmp6SendEcho2  = iphlpapi.NewProc("Icmp6SendEcho2")
)

// Pinger sends echo requests through the service that ping.exe uses: it needs
// no privilege, and a thread for the time of each.
type Pinger struct {
	v4, v6  uintptr // handles; 0 where there is none
	threads socket.Slots
}

// New opens the service. It fails where there is none for IPv4.
func New() (*Pinger, error) {
	p := &Pinger{threads: make(socket.Slots, socket.MaxThreads)}
	if err := iphlpapi.Load(); err != nil {
		return nil, noEcho(err)
	}
	open := func(proc *windows.LazyProc) (uintptr, error) {
		if err := proc.Find(); err != nil {
			return 0, err
		}
		h, _, err := proc.Call()
		if windows.Handle(h) == windows.InvalidHandle {
			return 0, err
		}
		return h, nil
	}
	var err error
	if p.v4, err = open(icmpCreateFile); err != nil {
		return nil, noEcho(err)
	}
	p.v6, _ = open(icmp6CreateFile) // a machine without IPv6 has none
	return p, nil
}

// Close waits for the calls under way: the handles are theirs.
func (p *Pinger) Close() error {
	for range socket.MaxThreads {
		p.threads <- struct{}{}
	}
	for _, h := range []uintptr{p.v4, p.v6} {
		if h != 0 {
			icmpCloseHandle.Call(h) //nolint:errcheck // nothing can be done about it
		}
	}
	return nil
}

// Ping sends one echo request. The call cannot be cut short: where ctx ends
// first it goes on, unseen, for the rest of its time.
func (p *Pinger) Ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	if err := socket.CheckTry("ping", q.To, q.Timeout); err != nil {
		return vantage.Reply{}, err
	}
	if q.Size < 0 || q.Size > 65000 {
		return vantage.Reply{}, socket.Unusable("ping", q.To, "size", q.Size)
	}
	if q.To = q.To.Unmap(); q.To.Is6() && p.v6 == 0 {
		return vantage.Reply{}, reason.Fail(reason.EchoFamilyMissing, "to", q.To)
	}
	if err := p.threads.Take(ctx); err != nil {
		return vantage.Reply{}, err
	}
	type outcome struct {
		r   vantage.Reply
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		defer p.threads.Give()
		r, err := p.ping(q)
		done <- outcome{r, err}
	}()
	select {
	case o := <-done:
		return o.r, o.err
	case <-ctx.Done():
		return vantage.Reply{}, ctx.Err()
	}
}

// The layout of ICMP_ECHO_REPLY on 64-bit Windows and of ICMPV6_ECHO_REPLY_LH
// (ipexport.h), in octets.
const (
	reply4Status, reply4TTL, reply4Size  = 4, 24, 40
	reply6Addr, reply6Status, reply6Size = 6, 28, 36
)

func (p *Pinger) ping(q vantage.PingRequest) (vantage.Reply, error) {
	data := make([]byte, q.Size)
	if q.Size == 0 {
		data = make([]byte, 32)
	}
	for i := range data {
		data[i] = byte('a' + i%23)
	}
	// Room for the reply, an ICMP error of eight octets and an IO_STATUS_BLOCK.
	buf := make([]byte, reply4Size+len(data)+8+16+64)
	millis := uintptr(max(1, q.Timeout.Milliseconds()))
	start := time.Now()
	var (
		n   uintptr
		err error
	)
	if q.To.Is4() {
		to := q.To.As4()
		n, _, err = icmpSendEcho2.Call(p.v4, 0, 0, 0, uintptr(binary.LittleEndian.Uint32(to[:])),
			uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), 0,
			uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), millis)
	} else {
		from := windows.RawSockaddrInet6{Family: windows.AF_INET6}
		to := windows.RawSockaddrInet6{Family: windows.AF_INET6, Addr: q.To.As16()}
		if to.Scope_id, err = socket.ZoneIndex(q.To.Zone()); err != nil {
			return vantage.Reply{}, socket.Failed("ping", q.To, err)
		}
		n, _, err = icmp6SendEcho2.Call(p.v6, 0, 0, 0, uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&to)),
			uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), 0,
			uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), millis)
	}
	r := vantage.Reply{RTT: time.Since(start)}
	if n == 0 {
		return statusOf(q.To, r, err)
	}
	// A count of one is not an answer: the status is what counts.
	status := binary.LittleEndian.Uint32(buf[reply4Status:])
	r.From = netip.AddrFrom4([4]byte(buf[:4]))
	if q.To.Is6() {
		status = binary.LittleEndian.Uint32(buf[reply6Status:])
		r.From = netip.AddrFrom16([16]byte(buf[reply6Addr:]))
	}
	if !tellStatus(&r, status, q.To.Is6()) {
		return vantage.Reply{}, reason.Fail(reason.TryFailed, "try", "ping", "to", q.To, "words", fmt.Sprintf("IP_STATUS %d", status))
	}
	if r.Class == run.Answered && q.To.Is4() {
		r.TTL = int(buf[reply4TTL])
	}
	if r.Class == run.Refused && r.From != q.To.WithZone("") {
		r.Class = run.Unreachable
	}
	if err := own(q.To, r); err != nil {
		return vantage.Reply{}, err
	}
	if r.Class == run.Silent || r.Class.Local() {
		r.From = netip.Addr{}
	}
	return r, nil
}

// own fails where another address answered than the one that was asked.
func own(to netip.Addr, r vantage.Reply) error {
	if r.Class == run.Answered && r.From != to.WithZone("") {
		return reason.Fail(reason.AnotherAnswered, "to", to, "from", r.From)
	}
	return nil
}

// statusOf reads the error of a call that got no reply: an IP_STATUS, or one
// of the system's own.
func statusOf(to netip.Addr, r vantage.Reply, err error) (vantage.Reply, error) {
	var no windows.Errno
	if errors.As(err, &no) {
		if no != 0 && tellStatus(&r, uint32(no), to.Is6()) {
			return r, nil
		}
		if c, known := socket.ClassBefore(err); known {
			r.Class, r.Note = c, socket.Words(err)
			return r, nil
		}
	}
	return vantage.Reply{}, socket.Failed("ping", to, err)
}
