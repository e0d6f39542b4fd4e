package local

import (
	"net"
	"net/netip"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestWithoutCapabilities opens sockets as a user may who is not root.
func TestWithoutCapabilities(t *testing.T) {
	type failures struct{ raw, watch error }
	got := make(chan failures)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, for it has lost its rights
		none := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var nothing [2]unix.CapUserData
		if err := unix.Capset(&none, &nothing[0]); err != nil {
			got <- failures{err, err}
			return
		}
		var f failures
		_, f.raw = newSender()
		_, f.watch = newWatcher()
		got <- f
	}()
	f := <-got
	if why := reason.Of(f.raw); !why.Has(reason.RawSocketMissing) || why[0].Word("words") == "" {
		t.Errorf("raw: %s", why.Key())
	}
	wants(t, f.watch, reason.One(reason.WatchSocketMissing, "words", unix.EPERM))
}

// TestWhyAWatchFails begins watches that cannot be, and asks taps that lost packets.
func TestWhyAWatchFails(t *testing.T) {
	q := vantage.WatchRequest{Hosts: []netip.Addr{netip.MustParseAddr("192.0.2.1")}, Peers: []netip.Addr{netip.MustParseAddr("192.0.2.2")}}
	_, err := watchOn(nil, errSystem, q)
	wants(t, err, reason.One(reason.InterfacesUnread, "words", errSystem))
	_, err = watchOn(nil, nil, q)
	wants(t, err, reason.One(reason.NoEthernet))
	_, err = watchOn([]*net.Interface{{Name: "nowhere", Index: 1 << 30}}, nil, q)
	if why := reason.Of(err); !why.Has(reason.InterfaceUnwatched) || why[0].Word("interface") != "nowhere" {
		t.Errorf("%s", why.Key())
	}
	_, err = new(watcher).Watch(t.Context(), vantage.WatchRequest{})
	wants(t, err, reason.One(reason.RequestUnusable, "try", "watch", "field", "hosts and peers"))

	wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}, failed: errSystem}).lost(nil), reason.One(reason.InterfaceWatchFailed, "interface", "eth0", "words", errSystem))
	wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}, drops: 7}).lost(errSystem), reason.One(reason.InterfaceWatchLossy, "interface", "eth0", "count", 7))
	wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}}).lost(errSystem), reason.One(reason.InterfaceWatchUncertain, "interface", "eth0", "words", errSystem))
	wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}}).lost(nil), nil)
}
