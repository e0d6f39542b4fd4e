package tcp

import (
	"time"
)

// synTimes are when a system sends the SYNs of a connect at the latest, by GOOS,
// where it does not tell how many it has sent. Linux has sent these by then, whichever
// schedule it keeps to. macOS has them a second apart, and from the sixth on ever
// later (tcp_syn_backoff of XNU, bsd/netinet/tcp_timer.c). Windows has other times
// from version to version.
var synTimes = map[string][]time.Duration{
	"linux":  {0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second},
	"darwin": {0, 1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 5 * time.Second, 7 * time.Second, 11 * time.Second, 19 * time.Second},
}

// lateness is how much later than planned a SYN may leave.
const lateness = 100 * time.Millisecond

// sentBy is how many SYNs a system has sent at least for a connect that took so long,
// 0 where that is not known.
func sentBy(system string, took time.Duration) (n int) {
	for _, at := range synTimes[system] {
		if at+lateness <= took || at == 0 {
			n++
		}
	}
	return n
}
