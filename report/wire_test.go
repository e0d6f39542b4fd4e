package report

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestTheWireAsEvidence(t *testing.T) {
	a, b := netip.MustParseAddr("198.18.20.20"), netip.MustParseAddr("198.18.10.30")
	syn := func(port uint16, on string, size int) run.Flow {
		return run.Flow{Src: a, Dst: b, Kind: run.FlowSYN, SrcPort: port, DstPort: 1688, Interface: on, Count: 3, MaxSize: size}
	}
	o := &run.Observation{Flows: []run.Flow{syn(1, "eth0", 60), syn(1, "br0", 60), {Src: a, Dst: b, Kind: run.FlowESP, SPI: 7, Count: 2, MaxSize: 90}, syn(2, "eth0", 64)}}
	flows := []string{"flow 198.18.20.20 > 198.18.10.30 tcp-syn port 1688 spi 0x0: 6 packets, largest 64 octets", "flow 198.18.20.20 > 198.18.10.30 esp port 0 spi 0x7: 2 packets, largest 90 octets"}
	if got := wire(o); !slices.Equal(got, flows) {
		t.Errorf("an old document: %q", got)
	}
	why := reason.One(reason.SendingUnseen, "host", "kms01", "interface", "eth1")
	o.Watch = &run.Watch{Start: 1500 * time.Millisecond, Why: why}
	if got := wire(o); !slices.Equal(got, append([]string{"watch in place at 1.500 s, does not hold: " + catalog.Text(why)}, flows...)) {
		t.Errorf("a watch that does not hold: %q", got)
	}
	o.Watch = &run.Watch{Holds: true}
	if got := wire(o); got[0] != "watch in place at 0.000 s, holds" {
		t.Errorf("a watch that holds: %q", got)
	}
}
