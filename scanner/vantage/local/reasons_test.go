package local

import (
	"errors"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

var errSystem = errors.New("operation not permitted")

func wants(t *testing.T, err error, want reason.List) {
	t.Helper()
	if got := reason.Of(err); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}
}

// TestWhatAMachineDoesNotTell is a machine of which the network is not known.
func TestWhatAMachineDoesNotTell(t *testing.T) {
	none := func() ([]run.Interface, error) { return nil, errSystem }
	wants(t, learn(new(vantage.Vantage), none, resolvers), reason.One(reason.AddressesUnread, "words", errSystem))
	wants(t, learn(new(vantage.Vantage), interfaces, func() ([]netip.AddrPort, error) { return nil, errSystem }), reason.One(reason.ResolversUnread, "words", errSystem))
	wants(t, noEcho(errSystem), reason.One(reason.EchoSocketMissing, "words", errSystem, "system", runtime.GOOS))
}

// TestWhatCannotBeSent looks at requests that no machine can send.
func TestWhatCannotBeSent(t *testing.T) {
	one := netip.MustParseAddr("192.0.2.1")
	wants(t, checkTry("ping", netip.Addr{}, time.Second), reason.One(reason.RequestUnusable, "try", "ping", "field", "address"))
	wants(t, checkTry("send", netip.IPv4Unspecified(), time.Second), reason.One(reason.RequestUnusable, "try", "send", "to", "0.0.0.0", "field", "address", "value", "0.0.0.0"))
	wants(t, checkTry("connect", one, 0), reason.One(reason.RequestUnusable, "try", "connect", "to", one, "field", "time", "value", "0s"))
	wants(t, checkTry("connect", one, time.Second), nil)
}
