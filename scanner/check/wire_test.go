package check

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestWireCountsAsBefore has the same packets as an older version told them, merged
// over ports and interfaces, and as they are told now.
func TestWireCountsAsBefore(t *testing.T) {
	client, host := addr("198.18.20.20"), addr("198.18.10.30")
	from := []netip.Addr{client}
	flow := func(kind run.FlowKind, on string, srcPort uint16, count int) run.Flow {
		f := run.Flow{Src: client, Dst: host, Kind: kind, SrcPort: srcPort, DstPort: 1688, Interface: on, Count: count}
		if kind == run.FlowESP {
			f.SrcPort, f.DstPort, f.SPI = 0, 0, 7
		}
		return f
	}
	older := []run.Flow{flow(run.FlowSYN, "", 0, 2), flow(run.FlowTCP, "", 0, 6), flow(run.FlowESP, "", 0, 3), flow(run.FlowUDPESP, "", 0, 4)}
	now := []run.Flow{
		flow(run.FlowSYN, "eth0", 5000, 1), flow(run.FlowSYN, "eth0", 5001, 1), flow(run.FlowESP, "eth0", 0, 3), flow(run.FlowUDPESP, "eth0", 4500, 4),
		flow(run.FlowTCP, "eth0", 5000, 2), flow(run.FlowTCP, "eth0", 5001, 1), flow(run.FlowReset, "eth0", 5000, 1), flow(run.FlowRefusal, "eth0", 5001, 1), flow(run.FlowSYNACK, "eth0", 5001, 1),
		// The bridge before it carries the same, and saw less of it.
		flow(run.FlowTCP, "br0", 5000, 2), flow(run.FlowTCP, "br0", 5001, 1), flow(run.FlowESP, "br0", 0, 3), flow(run.FlowUDPESP, "br0", 4500, 3),
		// The way back, and other ports, are not asked for.
		{Src: host, Dst: client, Kind: run.FlowSYNACK, SrcPort: 1688, DstPort: 5000, Interface: "eth0", Count: 9},
		{Src: client, Dst: host, Kind: run.FlowTCP, SrcPort: 5000, DstPort: 445, Interface: "eth0", Count: 9},
	}
	for name, flows := range map[string][]run.Flow{"older": older, "now": now} {
		if clear, esp := wire(&run.Observation{Flows: flows}, from, host, 1688); clear != 6 || esp != 7 {
			t.Errorf("%s: %d segments in clear and %d of ESP, want 6 and 7", name, clear, esp)
		}
	}
}
