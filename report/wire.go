package report

import (
	"fmt"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// wire writes how a watch stood, and what it saw. Packets that differ by source port,
// interface or way alone are counted together: the run document has them apart.
func wire(o *run.Observation) (lines []string) {
	if w := o.Watch; w != nil {
		says := "holds"
		if !w.Holds {
			says = "does not hold"
		}
		if len(w.Why) > 0 {
			says += ": " + catalog.Text(w.Why)
		}
		lines = append(lines, fmt.Sprintf("watch in place at %s, %s", at(w.Start), says))
	}
	type line struct {
		src, dst netip.Addr
		kind     run.FlowKind
		port     uint16
		spi      uint32
	}
	type sum struct {
		on   map[string]int // by interface: a packet may pass several
		most int
	}
	var order []line
	sums := map[line]*sum{}
	for _, f := range o.Flows {
		l := line{f.Src, f.Dst, f.Kind, f.DstPort, f.SPI}
		if sums[l] == nil {
			order, sums[l] = append(order, l), &sum{on: map[string]int{}}
		}
		sums[l].on[f.Interface] += f.Count
		sums[l].most = max(sums[l].most, f.MaxSize)
	}
	for _, l := range order {
		count := 0
		for _, n := range sums[l].on {
			count = max(count, n)
		}
		lines = append(lines, fmt.Sprintf("flow %s > %s %s port %d spi %#x: %d packets, largest %d octets", l.src, l.dst, l.kind, l.port, l.spi, count, sums[l].most))
	}
	return lines
}
