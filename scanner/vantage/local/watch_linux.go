package local

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/mdlayher/packet"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// watcher watches the Ethernet interfaces of this machine.
type watcher struct{}

// newWatcher fails where packet sockets are not allowed.
func newWatcher() (*watcher, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, reason.Wrap(err, reason.WatchSocketMissing, "words", err)
	}
	return &watcher{}, unix.Close(fd)
}

// Watch begins to count.
func (*watcher) Watch(_ context.Context, q vantage.WatchRequest) (vantage.Watch, error) {
	if len(q.Hosts) == 0 || len(q.Peers) == 0 {
		return nil, reason.Fail(reason.RequestUnusable, "try", "watch", "field", "hosts and peers")
	}
	ifs, err := ethernets()
	return watchOn(ifs, err, q)
}

// watchOn begins to count on interfaces, which could be listed or not.
func watchOn(ifs []*net.Interface, err error, q vantage.WatchRequest) (vantage.Watch, error) {
	if err != nil {
		return nil, reason.Wrap(err, reason.InterfacesUnread, "words", err)
	}
	if len(ifs) == 0 {
		return nil, reason.Fail(reason.NoEthernet)
	}
	filter, err := bpf.Assemble(watchFilter(q.Hosts))
	if err != nil {
		return nil, reason.Wrap(err, reason.WatchSocketMissing, "words", err)
	}
	w := &watch{hosts: set(q.Hosts), peers: set(q.Peers)}
	for _, i := range ifs {
		if err := w.add(i, filter); err != nil {
			return nil, errors.Join(reason.Wrap(err, reason.InterfaceUnwatched, "interface", i.Name, "words", err), w.Close())
		}
	}
	return w, nil
}

func set(as []netip.Addr) map[netip.Addr]bool {
	m := make(map[netip.Addr]bool, len(as))
	for _, a := range as {
		m[a.Unmap().WithZone("")] = true
	}
	return m
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
		typ := native.Uint16(m.Data[2:])
		index, flags := native.Uint32(m.Data[4:]), native.Uint32(m.Data[8:])
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
	hosts, peers map[netip.Addr]bool
	taps         []*tap
}

// tap counts what one interface carries.
type tap struct {
	name string
	conn *packet.Conn
	done chan struct{}

	mu     sync.Mutex
	flows  map[key]*tally
	drops  uint64
	failed error
}

// key tells the flows apart.
type key struct {
	src, dst netip.Addr
	kind     run.FlowKind
	port     uint16
	spi      uint32
}

type tally struct{ count, maxSize int }

// add begins to count on i.
func (w *watch) add(i *net.Interface, filter []bpf.RawInstruction) error {
	c, err := packet.Listen(i, packet.Raw, unix.ETH_P_ALL, &packet.Config{Filter: filter})
	if err != nil {
		return err
	}
	// A mirror port shows frames that are for others. Where that cannot be had
	// the watch sees less, as on any other port.
	c.SetPromiscuous(true) //nolint:errcheck // see above
	if err := widen(c); err != nil {
		return errors.Join(err, c.Close())
	}
	t := &tap{name: i.Name, conn: c, done: make(chan struct{}), flows: map[key]*tally{}}
	w.taps = append(w.taps, t)
	go t.read(w)
	return nil
}

func (t *tap) read(w *watch) {
	defer close(t.done)
	b := make([]byte, snapLength)
	for {
		n, _, err := t.conn.ReadFrom(b)
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				t.mu.Lock()
				t.failed = err
				t.mu.Unlock()
			}
			return
		}
		f, ok := decode(b[:n])
		if !ok || !w.between(f.Src, f.Dst) {
			continue
		}
		k := key{f.Src, f.Dst, f.Kind, f.DstPort, f.SPI}
		t.mu.Lock()
		y := t.flows[k]
		if y == nil {
			y = &tally{}
			t.flows[k] = y
		}
		y.count++
		y.maxSize = max(y.maxSize, f.MaxSize)
		t.mu.Unlock()
	}
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
		return reason.Wrap(t.failed, reason.InterfaceWatchFailed, "interface", t.name, "words", t.failed)
	case t.drops > 0:
		return reason.Fail(reason.InterfaceWatchLossy, "interface", t.name, "count", t.drops)
	case err != nil:
		return reason.Wrap(err, reason.InterfaceWatchUncertain, "interface", t.name, "words", err)
	}
	return nil
}

// between reports whether the two addresses are a host and a peer, either way.
func (w *watch) between(a, b netip.Addr) bool {
	return w.hosts[a] && w.peers[b] || w.hosts[b] && w.peers[a]
}

// Flows is what was seen so far. What passes several interfaces of a router or
// a bridge is counted once: by the interface that saw most of it.
func (w *watch) Flows(ctx context.Context) ([]run.Flow, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	sum := map[key]tally{}
	var errs []error
	for _, t := range w.taps {
		errs = append(errs, t.whole())
		t.mu.Lock()
		for f, y := range t.flows {
			s := sum[f]
			sum[f] = tally{max(s.count, y.count), max(s.maxSize, y.maxSize)}
		}
		t.mu.Unlock()
	}
	out := make([]run.Flow, 0, len(sum))
	for k, y := range sum {
		out = append(out, run.Flow{Src: k.src, Dst: k.dst, Kind: k.kind, DstPort: k.port, SPI: k.spi, Count: y.count, MaxSize: y.maxSize})
	}
	slices.SortFunc(out, order)
	return out, errors.Join(errs...)
}

func order(a, b run.Flow) int {
	for _, c := range [...]int{
		a.Src.Compare(b.Src), a.Dst.Compare(b.Dst), strings.Compare(string(a.Kind), string(b.Kind)),
		int(a.DstPort) - int(b.DstPort),
	} {
		if c != 0 {
			return c
		}
	}
	return int(int64(a.SPI) - int64(b.SPI))
}

// Close ends the watch.
func (w *watch) Close() error {
	var errs []error
	for _, t := range w.taps {
		errs = append(errs, t.whole(), t.conn.Close())
		<-t.done
	}
	return errors.Join(errs...)
}
