package watch

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

var errWatch = errors.New("operation not permitted")

// TestWhyAWatchFails begins watches that cannot be, and asks taps that lost packets.
func TestWhyAWatchFails(t *testing.T) {
	q := vantage.WatchRequest{Hosts: []netip.Addr{netip.MustParseAddr("192.0.2.1")}, Peers: []netip.Addr{netip.MustParseAddr("192.0.2.2")}}
	_, err := watchOn(nil, errWatch, q)
	catalogtest.Wants(t, err, reason.One(reason.InterfacesUnread, "words", errWatch))
	_, err = watchOn(nil, nil, q)
	catalogtest.Wants(t, err, reason.One(reason.NoEthernet))
	_, err = watchOn([]*net.Interface{{Name: "nowhere", Index: 1 << 30}}, nil, q)
	if why := reason.Of(err); !why.Has(reason.InterfaceUnwatched) || why[0].Word("interface") != "nowhere" {
		t.Errorf("%s", why.Key())
	}
	_, err = new(Watcher).Watch(t.Context(), vantage.WatchRequest{})
	catalogtest.Wants(t, err, reason.One(reason.RequestUnusable, "try", "watch", "field", "hosts and peers"))

	catalogtest.Wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}, failed: errWatch}).lost(nil), reason.One(reason.InterfaceWatchFailed, "interface", "eth0", "words", errWatch))
	catalogtest.Wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}, drops: 7}).lost(errWatch), reason.One(reason.InterfaceWatchLossy, "interface", "eth0", "count", 7))
	catalogtest.Wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}}).lost(errWatch), reason.One(reason.InterfaceWatchUncertain, "interface", "eth0", "words", errWatch))
	catalogtest.Wants(t, (&tap{WatchedInterface: run.WatchedInterface{Name: "eth0"}}).lost(nil), nil)
}
