package watch

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"github.com/mdlayher/packet"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Watcher watches the Ethernet interfaces of this machine.
type Watcher struct{}

// New fails where packet sockets are not allowed.
func New() (*Watcher, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, reason.Wrap(err, reason.WatchSocketMissing, "words", err)
	}
	return &Watcher{}, unix.Close(fd)
}

// Watch begins to count.
func (*Watcher) Watch(_ context.Context, q vantage.WatchRequest) (vantage.Watching, error) {
	if len(q.Hosts) == 0 || len(q.Peers) == 0 {
		return nil, reason.Fail(reason.RequestUnusable, "try", "watch", "field", "hosts and peers")
	}
	ifs, err := ethernets()
	return watchOn(ifs, err, q)
}

// watchOn begins to count on interfaces, which could be listed or not.
func watchOn(ifs []*net.Interface, err error, q vantage.WatchRequest) (vantage.Watching, error) {
	if err != nil {
		return nil, reason.Wrap(err, reason.InterfacesUnread, "words", err)
	}
	if len(ifs) == 0 {
		return nil, reason.Fail(reason.NoEthernet)
	}
	filter, err := bpf.Assemble(watchFilter(q.Hosts, q.Answers && q.Own))
	if err != nil {
		return nil, reason.Wrap(err, reason.WatchSocketMissing, "words", err)
	}
	w := &watch{counter: NewCounter(&q)}
	for _, i := range ifs {
		if err := w.add(i, filter); err != nil {
			return nil, errors.Join(reason.Wrap(err, reason.InterfaceUnwatched, "interface", i.Name, "words", err), w.Close())
		}
	}
	w.start = time.Now()
	for _, t := range w.taps {
		t.reading.Go(func() { t.read(w) })
	}
	return w, nil
}

// ethernets are the Ethernet interfaces that are up. A tunnel has another link
// type: what it carries is not what the wire carries.
func ethernets() ([]*net.Interface, error) {
	rib, err := syscall.NetlinkRIB(syscall.RTM_GETLINK, syscall.AF_UNSPEC)
	if err != nil {
		return nil, err
	}
	ms, err := syscall.ParseNetlinkMessage(rib)
	if err != nil {
		return nil, err
	}
	var out []*net.Interface
	for _, m := range ms {
		// struct ifinfomsg: family, pad, type (16 bits), index (32), flags (32)
		if m.Header.Type != syscall.RTM_NEWLINK || len(m.Data) < unix.SizeofIfInfomsg {
			continue
		}
		typ := binary.NativeEndian.Uint16(m.Data[2:])
		index, flags := binary.NativeEndian.Uint32(m.Data[4:]), binary.NativeEndian.Uint32(m.Data[8:])
		if typ != unix.ARPHRD_ETHER || flags&unix.IFF_UP == 0 || flags&unix.IFF_LOOPBACK != 0 {
			continue
		}
		i, err := net.InterfaceByIndex(int(index))
		if err != nil {
			continue // it went away just now
		}
		out = append(out, i)
	}
	return out, nil
}

// watch is a watch in place.
type watch struct {
	start   time.Time
	counter *Counter
	taps    []*tap
}

// tap hears one interface.
type tap struct {
	run.WatchedInterface
	conn    *packet.Conn
	reading sync.WaitGroup

	mu     sync.Mutex
	drops  uint64
	failed error
}

// add begins to hear i.
func (w *watch) add(i *net.Interface, filter []bpf.RawInstruction) error {
	c, err := packet.Listen(i, packet.Raw, unix.ETH_P_ALL, &packet.Config{Filter: filter})
	if err != nil {
		return err
	}
	// A mirror port shows frames that are for others. Where that cannot be had
	// the watch sees less, as on any other port.
	c.SetPromiscuous(true) //nolint:errcheck // see above
	err = errors.Join(socket.Widen(c), socket.Control(c, func(fd int) error {
		return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	}))
	if err != nil {
		return errors.Join(err, c.Close())
	}
	t := &tap{WatchedInterface: run.WatchedInterface{Name: i.Name, Link: i.HardwareAddr.String()}, conn: c}
	w.taps = append(w.taps, t)
	as, err := i.Addrs()
	for _, a := range as {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			t.Addresses = append(t.Addresses, p.Addr().Unmap().WithZone(""))
		}
	}
	return err
}

// read counts what the interface carries, until the socket is closed.
func (t *tap) read(w *watch) {
	var (
		frames  = frame.New()
		p       frame.Packet
		b       = make([]byte, snapLength)
		oob     = make([]byte, unix.CmsgSpace(16)) // a struct timespec
		n, more int
		from    unix.Sockaddr
		failed  error
	)
	raw, err := t.conn.SyscallConn()
	for err == nil {
		err = raw.Read(func(fd uintptr) bool {
			for {
				n, more, _, from, failed = unix.Recvmsg(int(fd), b, oob, 0)
				if failed != unix.EINTR {
					return failed != unix.EAGAIN
				}
			}
		})
		if err == nil {
			err = failed
		}
		if err != nil || !frames.Decode(b[:n], &p) {
			continue
		}
		if ll, ok := from.(*unix.SockaddrLinklayer); ok {
			w.counter.Add(&p, t.Name, passage(ll.Pkttype), since(w.start, oob[:more]))
		}
	}
	if !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrClosed) {
		t.mu.Lock()
		t.failed = err
		t.mu.Unlock()
	}
}

// passage is the way of a packet by its type (packet(7)).
func passage(pkttype uint8) run.Passage {
	switch pkttype {
	case unix.PACKET_OUTGOING:
		return run.PassedOut
	case unix.PACKET_OTHERHOST:
		return run.PassedForwarded
	}
	return run.PassedIn
}

// longestQueue is more than a packet waits in the kernel. A stamp that is older
// was made by a clock that was set since.
const longestQueue = 10 * time.Second

// since is when the kernel saw a packet, since a time. Its stamp is by the clock of
// the day, which may be set while we watch: only the time from there to now is
// taken from it.
func since(start time.Time, oob []byte) time.Duration {
	now := time.Now()
	at := now.Sub(start)
	h, data, _, err := unix.ParseOneSocketControlMessage(oob)
	if err != nil || h.Level != unix.SOL_SOCKET || h.Type != unix.SO_TIMESTAMPNS || len(data) < 16 {
		return max(0, at)
	}
	stamp := time.Unix(int64(binary.NativeEndian.Uint64(data)), int64(binary.NativeEndian.Uint64(data[8:]))) //nolint:gosec // a struct timespec
	if waited := now.Sub(stamp); waited > 0 && waited < longestQueue {
		at -= waited
	}
	return max(0, at)
}

// whole says whether the tap has seen everything so far.
func (t *tap) whole() error {
	s, err := t.conn.Stats()
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.drops += uint64(s.Drops) // reading resets the kernel's count
	}
	return t.lost(err)
}

// lost is why the tap may not have seen everything, where err says whether the
// system told how much it dropped.
func (t *tap) lost(err error) error {
	switch {
	case t.failed != nil:
		return reason.Wrap(t.failed, reason.InterfaceWatchFailed, "interface", t.Name, "words", t.failed)
	case t.drops > 0:
		return reason.Fail(reason.InterfaceWatchLossy, "interface", t.Name, "count", t.drops)
	case err != nil:
		return reason.Wrap(err, reason.InterfaceWatchUncertain, "interface", t.Name, "words", err)
	}
	return nil
}

// Read is what was seen so far.
func (w *watch) Read(ctx context.Context) (*vantage.Seen, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var interfaces []run.WatchedInterface
	for _, t := range w.taps {
		interfaces = append(interfaces, t.WatchedInterface)
	}
	seen := w.counter.Seen(interfaces...)
	var errs []error // asked last, so that they say of all that was seen whether it is whole
	for _, t := range w.taps {
		errs = append(errs, t.whole())
	}
	return seen, errors.Join(errs...)
}

// Close ends the watch.
func (w *watch) Close() error {
	var errs []error
	for _, t := range w.taps {
		errs = append(errs, t.whole(), t.conn.Close())
		t.reading.Wait()
	}
	return errors.Join(errs...)
}
