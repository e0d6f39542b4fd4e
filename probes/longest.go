package probes

import (
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// overhead is what a way in may add to one call: a program that is started by
// WinRM on a slow machine.
const overhead = 30 * time.Second

// registryLongest is for reading a key with all that is below it.
const registryLongest = 3 * time.Minute

// Longest is how long an observation may take where each call that its probe
// makes ends in time. [run.ProbeFlows] ends when it is told, and has none: 0.
func Longest(need run.Need, l Limits) time.Duration {
	connect := l.connect(need.When)
	switch need.Probe {
	case run.ProbeICMP:
		return connect + pingTries*(pingWait+overhead)
	case run.ProbeTCP:
		if l.Exchanges > 1 {
			return 2*connect + time.Duration(l.Exchanges)*exchangePace + 2*overhead
		}
		return connect + overhead
	case run.ProbeTCPFrom:
		return connect + overhead
	case run.ProbeRPC:
		return connect + orDefault(l.ConnectRead, defaultConnectRead) + overhead
	case run.ProbeIKE:
		return ikeRetry + max(ikeEnd, connect) + overhead
	case run.ProbeLargeIKE:
		return 3*connect + againTries*largePace + 2*overhead // the messages, the answer to the last, those of usual size
	case run.ProbeUDP:
		return time.Duration(len(udpSources))*udpPace + max(udpEnd, connect) + overhead
	case run.ProbeESP:
		return max(espWait, connect) + 4*overhead // the watch, the datagrams, what was seen, the end of the watch
	case run.ProbeSRV:
		return 2 * 2 * (dnsEnd + overhead) // the records, then the addresses; each with EDNS and without
	case run.ProbeAddresses:
		return connect + ikeRetry + max(ikeEnd, connect) + 2*overhead // a connection, then IKE
	case run.ProbeClock:
		return 2 * overhead // a command of WinRM may be run once more
	case run.ProbeRegistry:
		return registryLongest
	}
	return 0
}
