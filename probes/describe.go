package probes

import (
	"fmt"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Packets says, for --plan, what a need would send at most.
type Packets struct {
	Kind  string `json:"kind"`  // "ICMP echo request"
	Count int    `json:"count"` // at most; for each resolver in DNS
	// Lossy is the same where the vantage's link loses packets; 0 is Count.
	Lossy int `json:"lossy,omitempty"`
	Size  int `json:"size"` // octets of one IP datagram over IPv4; 0 where it depends
}

const (
	ipUDP = 20 + 8
	ipTCP = 20 + 20
)

// Describe lists what a need would send within limits. It is pure, and empty for a
// need that sends nothing.
func Describe(need run.Need, l Limits) []Packets {
	list := describe(need)
	for i := range list {
		k := &list[i]
		switch {
		case need.Probe == run.ProbeAddresses: // it says so itself
		case need.Probe == run.ProbeTCPFrom: // one alone, on any link
		case need.When == run.Window:
			k.Lossy = lossy(k.Count)
		case need.Probe == run.ProbeTCP:
			k.Count = max(k.Count, l.Exchanges)
		}
	}
	return list
}

// lossy is how many of something are sent in the denied window of a link that loses
// packets.
func lossy(count int) int { return count * run.MostTransmissions / run.FewestTransmissions }

func describe(need run.Need) []Packets {
	if p := All[need.Probe]; p != nil && p.Sends != nil {
		return p.Sends(need)
	}
	return nil
}

func sendsICMP(need run.Need) []Packets {
	n := pingTries
	if need.When == run.Window {
		n = run.FewestTransmissions
	}
	return []Packets{{Kind: "ICMP echo request", Count: n, Size: 20 + 8 + 32}}
}

func sendsTCP(run.Need) []Packets { return []Packets{{Kind: "TCP connect", Count: 1, Size: ipTCP}} }

func sendsRPC(need run.Need) []Packets {
	pdu := kmsBind
	if need.Param == run.PaddedBind {
		pdu = paddedBind
	}
	return append(sendsTCP(need), Packets{Kind: "DCE/RPC bind", Count: 1, Size: ipTCP + len(pdu)})
}

func sendsUDP(need run.Need) []Packets {
	return []Packets{{Kind: "UDP datagram, " + wire.Asking(need.Port), Count: len(udpSources), Size: ipUDP + len(wire.Ask(need.Port))}}
}

func sendsESP(run.Need) []Packets {
	return []Packets{{Kind: "ESP datagram", Count: espSmall, Size: 20 + wire.ESPMin}, {Kind: "ESP datagram", Count: espLarge, Size: espLargeSize}}
}

func sendsSRV(need run.Need) []Packets {
	return []Packets{
		{Kind: "DNS query for SRV", Count: dnsTries, Size: ipUDP + 12 + len("_vlmcs._tcp.") + len(need.Param) + 2 + 4 + 11},
		{Kind: "DNS query for A and AAAA of each target", Count: 2 * dnsTries},
	}
}

func sendsRegistry(run.Need) []Packets { return []Packets{{Kind: "registry read", Count: 1}} }

func sendsIKE(need run.Need) []Packets {
	list := make([]Packets, 0, len(wire.Protocols))
	for i, p := range wire.Protocols {
		size := ipUDP + len(wire.Initiate(p, wire.Seeds{}).Bytes)
		if need.Port == wire.PortNATT {
			size += 4
		}
		n := 1
		if i == 0 {
			n = 2
		}
		list = append(list, Packets{Kind: "IKE first message, " + string(p), Count: n, Size: size})
	}
	return list
}

func sendsLargeIKE(run.Need) []Packets {
	return []Packets{
		{Kind: fmt.Sprintf("IKE first message of %d octets, in fragments", wire.LargeSize), Count: largeTries, Size: ipUDP + wire.LargeSize},
		{Kind: "IKE first message once more, where none in fragments is answered", Count: againTries},
	}
}
