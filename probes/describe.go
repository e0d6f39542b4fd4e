package probes

import (
	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Packets says, for --plan, what a need would send at most.
type Packets struct {
	Kind  string `json:"kind"`  // "ICMP echo request"
	Count int    `json:"count"` // at most; for each resolver in DNS
	Size  int    `json:"size"`  // octets of one IP datagram over IPv4; 0 where it depends
}

const (
	ipUDP = 20 + 8
	ipTCP = 20 + 20
)

// Describe lists what a need would send. It is pure, and empty for a need that
// sends nothing.
func Describe(need run.Need) []Packets {
	switch need.Probe {
	case run.ProbeICMP:
		n := pingTries
		if need.When == run.Window {
			n = 3
		}
		return []Packets{{"ICMP echo request", n, 20 + 8 + 32}}
	case run.ProbeTCP:
		return []Packets{{"TCP connect", 1, ipTCP}}
	case run.ProbeRPC:
		pdu := kmsBind
		if need.Param == run.PaddedBind {
			pdu = paddedBind
		}
		return []Packets{{"TCP connect", 1, ipTCP}, {"DCE/RPC bind", 1, ipTCP + len(pdu)}}
	case run.ProbeIKE:
		return describeIKE(need.Port == wire.PortNATT)
	case run.ProbeESP:
		return []Packets{{"ESP datagram", espSmall, 20 + wire.ESPMin}, {"ESP datagram", espLarge, espLargeSize}}
	case run.ProbeSRV:
		return []Packets{
			{"DNS query for SRV", 2, ipUDP + 12 + len("_vlmcs._tcp.") + len(need.Param) + 2 + 4 + 11},
			{"DNS query for A and AAAA of each target", 4, 0},
		}
	case run.ProbeRegistry:
		return []Packets{{"registry read", 1, 0}}
	}
	return nil
}

func describeIKE(marked bool) []Packets {
	list := make([]Packets, 0, len(wire.Protocols))
	for i, p := range wire.Protocols {
		size := ipUDP + len(wire.Initiate(p, wire.Seeds{}).Bytes)
		if marked {
			size += 4
		}
		n := 1
		if i == 0 {
			n = 2
		}
		list = append(list, Packets{"IKE first message, " + string(p), n, size})
	}
	return list
}
