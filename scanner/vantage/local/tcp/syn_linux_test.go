package tcp

import (
	"net/netip"
	"testing"
	"time"
)

// Which SYN was answered is told by the round trip that the kernel measured, for
// the schedules of a classic and of a newer kernel.
func TestWhichSYN(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	for name, c := range map[string]struct {
		sent      int
		took, rtt time.Duration
		unstamped bool
		want      int
	}{
		"the only one":                     {sent: 1, took: 5 * ms, rtt: 5 * ms, want: 1},
		"the only one, without stamps":     {sent: 1, took: 5 * ms, unstamped: true, want: 1},
		"the second":                       {sent: 2, took: 1020 * ms, rtt: 5 * ms, want: 2},
		"the first, late":                  {sent: 2, took: 1500 * ms, rtt: 1500 * ms, want: 1},
		"the third of a classic kernel":    {sent: 3, took: 3060 * ms, rtt: 20 * ms, want: 3},
		"the second of a classic kernel":   {sent: 3, took: 3500 * ms, rtt: 2500 * ms, want: 2},
		"the fourth of a newer kernel":     {sent: 4, took: 3060 * ms, rtt: 20 * ms, want: 4},
		"the third of a newer kernel":      {sent: 4, took: 3500 * ms, rtt: 1500 * ms, want: 3},
		"the first, by a coarse clock":     {sent: 2, took: 2021900 * time.Microsecond, rtt: 2022 * ms, want: 1},
		"without stamps":                   {sent: 2, took: 1020 * ms, rtt: 5 * ms, unstamped: true},
		"a round trip that is none":        {sent: 2, took: 1 * s, rtt: 2 * s},
		"between two":                      {sent: 3, took: 3060 * ms, rtt: 560 * ms},
		"more than any schedule":           {sent: 30, took: 3060 * ms, rtt: 20 * ms},
		"nothing was sent, as far as told": {},
	} {
		if got := whichSYN(c.sent, c.took, c.rtt, !c.unstamped); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// Where the kernel does not tell of a connect, its schedule does.
func TestAKernelThatDoesNotTell(t *testing.T) {
	own := netip.MustParseAddrPort("198.18.20.20:5000")
	a := connecting(nil, own, netip.MustParseAddr("198.18.10.30"), 3800*time.Millisecond, false)
	if a.Local != own || a.Sent != 3 || a.Answered != 0 || a.Loopback {
		t.Errorf("%+v", a)
	}
}
