package icmp

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

func TestComplainKeepsTheNumbers(t *testing.T) {
	host4, host6 := netip.MustParseAddr("198.18.1.2"), netip.MustParseAddr("2001:db8:1::2")
	router := netip.MustParseAddr("198.18.1.1")
	for _, c := range []struct {
		from, to  netip.Addr
		typ, code int
		want      run.Class
	}{
		{router, host4, 3, 13, run.Unreachable},
		{host4, host4, 3, 3, run.Refused},
		{router, host4, 3, 3, run.Unreachable},
		{router, host4, 255, 255, run.Unreachable},
		{router, host6, 1, 6, run.Unreachable},
		{host6, host6, 1, 4, run.Refused},
	} {
		r := vantage.Reply{From: c.from}
		Tell(&r, c.to.Is6(), c.typ, c.code, c.to)
		if r.Class != c.want || int(r.ICMP.Type) != c.typ || int(r.ICMP.Code) != c.code {
			t.Errorf("type %d code %d of %v about %v: %+v", c.typ, c.code, c.from, c.to, r)
		}
	}
}
