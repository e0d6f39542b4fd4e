//go:build unix

package ping

import (
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestWhyNoEchoRequestLeaves asks sockets that cannot send one.
func TestWhyNoEchoRequestLeaves(t *testing.T) {
	to := netip.MustParseAddr("2001:db8::1")
	_, err := (&Pinger{v4: new(echoSocket), no6: errSocket}).Ping(t.Context(), vantage.PingRequest{To: to, Timeout: time.Second})
	catalogtest.Wants(t, err, reason.One(reason.EchoFamilyMissing, "to", to, "words", errSocket))
	_, _, err = (&echoSocket{broken: errSocket}).begin(to)
	catalogtest.Wants(t, err, reason.One(reason.TryFailed, "try", "ping", "to", to, "words", errSocket))
	full := &echoSocket{waiting: map[uint32]*echoTry{}}
	for i := range uint32(1 << 16) {
		full.waiting[i] = new(echoTry)
	}
	_, _, err = full.begin(to)
	catalogtest.Wants(t, err, reason.One(reason.TooManyEchoes, "to", to))
}
