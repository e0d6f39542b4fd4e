//go:build unix

package local

import (
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestWhyNoEchoRequestLeaves asks sockets that cannot send one.
func TestWhyNoEchoRequestLeaves(t *testing.T) {
	to := netip.MustParseAddr("2001:db8::1")
	_, err := (&pinger{v4: new(echoSocket), no6: errSystem}).Ping(t.Context(), vantage.PingRequest{To: to, Timeout: time.Second})
	wants(t, err, reason.One(reason.EchoFamilyMissing, "to", to, "words", errSystem))
	_, _, err = (&echoSocket{broken: errSystem}).begin(to)
	wants(t, err, reason.One(reason.TryFailed, "try", "ping", "to", to, "words", errSystem))
	full := &echoSocket{waiting: map[uint32]*echoTry{}}
	for i := range uint32(1 << 16) {
		full.waiting[i] = new(echoTry)
	}
	_, _, err = full.begin(to)
	wants(t, err, reason.One(reason.TooManyEchoes, "to", to))
	_, err = newRegistry()
	wants(t, err, reason.One(reason.RegistryNotWindows))
}
