package check_test

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// addresses are those that a vantage is known to have.
func (w *world) addresses(vantage string) []netip.Addr {
	for _, v := range w.run.Vantages {
		if v.Name == vantage {
			return v.Addresses
		}
	}
	return nil
}

// wire is what the hosts' segment shows: IKE of everybody, ESP from members both ways,
// and the first packets of everybody else arriving.
func (w *world) wire(n run.Need) run.Observation {
	o := run.Observation{Need: n, Class: run.Answered, Watch: &run.Watch{Holds: true}}
	for _, v := range w.policy.Vantages {
		from := w.addresses(v.Name)
		if check.BehindNAT(v) {
			from = []netip.Addr{addr("198.18.20.200")}
		}
		for _, src := range from {
			for _, h := range w.policy.Hosts {
				for _, dst := range check.Family(h.Addresses, src.Is6()) {
					o.Flows = append(o.Flows, arrivals(v, src, dst)...)
				}
			}
		}
	}
	return o
}

// membersOnly takes out of what a watch saw the packets of outsiders, but their IKE.
func membersOnly(o run.Observation) run.Observation {
	o.Flows = slices.DeleteFunc(slices.Clone(o.Flows), func(f run.Flow) bool {
		esp := f.Kind == run.FlowESP || f.Kind == run.FlowUDPESP
		return !esp && f.Kind != run.FlowIKE && f.Src != addr("198.18.40.10") && f.Src != addr("2001:db8:40::10")
	})
	return o
}

// arrivals are what comes from a vantage to a host, and of members what goes back.
func arrivals(v intent.Vantage, src, dst netip.Addr) []run.Flow {
	in := func(kind run.FlowKind, n uint16) run.Flow {
		return run.Flow{Src: src, Dst: dst, Kind: kind, DstPort: n, Count: 3, Passage: run.PassedIn, First: time.Second, Last: 5 * time.Second}
	}
	flows := []run.Flow{in(run.FlowIKE, check.PortIKE), in(run.FlowIKE, check.PortNATT)}
	if v.Role == intent.RoleDomain {
		return append(flows, inESP(v, src, dst)...)
	}
	flows = append(flows, in(run.FlowEcho, 0))
	for _, n := range []uint16{1688, 3389, 5985} {
		flows = append(flows, in(run.FlowSYN, n))
	}
	for _, n := range []uint16{53, 88} {
		f := in(run.FlowSYN, 1688)
		f.SrcPort = n
		flows = append(flows, f)
	}
	return flows
}

// inESP are the packets of a member inside ESP, there and back: of its controls before and
// after the windows, and of the lone connection with its padded bind.
func inESP(v intent.Vantage, src, dst netip.Addr) []run.Flow {
	there := run.Flow{Src: src, Dst: dst, Kind: run.FlowESP, SPI: 1001, Passage: run.PassedIn, Count: 9, First: time.Second, Last: 8 * time.Second}
	outer := 20 + 8 + 8 + 32 + 2 + 12 // IPv4, ESP and its IV, TCP, padding, ICV
	if src.Is6() {
		outer += 20
	}
	if check.BehindNAT(v) {
		there.Kind, there.SrcPort, there.DstPort = run.FlowUDPESP, 4500, 4500
		outer += 8
	}
	back := there
	back.Src, back.Dst, back.SPI, back.Passage = dst, src, 2002, run.PassedOut
	for _, at := range []time.Duration{time.Second, 6 * time.Second, 8 * time.Second} {
		asked, heard := 72, 60
		if at == 8*time.Second {
			asked, heard = 556, 320
		}
		for _, n := range []int{0, asked, 0} {
			there.Packets = append(there.Packets, run.WirePacket{At: at, Size: outer + n})
		}
		for _, n := range []int{0, heard, 0} {
			back.Packets = append(back.Packets, run.WirePacket{At: at, Size: outer + n})
		}
	}
	return []run.Flow{there, back}
}
