package socket

import (
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
)

// TestWhatCannotBeSent looks at requests that no machine can send.
func TestWhatCannotBeSent(t *testing.T) {
	one := netip.MustParseAddr("192.0.2.1")
	catalogtest.Wants(t, CheckTry("ping", netip.Addr{}, time.Second), reason.One(reason.RequestUnusable, "try", "ping", "field", "address"))
	catalogtest.Wants(t, CheckTry("send", netip.IPv4Unspecified(), time.Second), reason.One(reason.RequestUnusable, "try", "send", "to", "0.0.0.0", "field", "address", "value", "0.0.0.0"))
	catalogtest.Wants(t, CheckTry("connect", one, 0), reason.One(reason.RequestUnusable, "try", "connect", "to", one, "field", "time", "value", "0s"))
	catalogtest.Wants(t, CheckTry("connect", one, time.Second), nil)
}
