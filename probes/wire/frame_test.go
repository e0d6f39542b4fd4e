package wire

import (
	"net"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

var (
	client4, host4 = netip.MustParseAddr("198.18.0.20"), netip.MustParseAddr("198.18.0.10")
	client6, host6 = netip.MustParseAddr("2001:db8::20"), netip.MustParseAddr("2001:db8::10")
)

// ethernetFrame serialises layers above Ethernet and IP between the clients
// and hosts of the tests.
func ethernetFrame(t testing.TB, v6 bool, protocol layers.IPProtocol, above ...gopacket.SerializableLayer) []byte {
	t.Helper()
	eth := &layers.Ethernet{
		SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: net.HardwareAddr{2, 0, 0, 0, 0, 2},
		EthernetType: layers.EthernetTypeIPv4,
	}
	var ip gopacket.SerializableLayer
	var network gopacket.NetworkLayer
	if v6 {
		eth.EthernetType = layers.EthernetTypeIPv6
		l := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: protocol, SrcIP: client6.AsSlice(), DstIP: host6.AsSlice()}
		ip, network = l, l
	} else {
		l := &layers.IPv4{Version: 4, IHL: 5, TTL: 64, Protocol: protocol, SrcIP: client4.AsSlice(), DstIP: host4.AsSlice()}
		ip, network = l, l
	}
	for _, l := range above {
		if c, ok := l.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := c.SetNetworkLayerForChecksum(network); err != nil {
				t.Fatal(err)
			}
		}
	}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, append([]gopacket.SerializableLayer{eth, ip}, above...)...); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// frames are captured frames by name: the corpus of FuzzFrame holds the same
// octets under the same names.
func frames(t testing.TB) map[string]struct {
	frame []byte
	want  Packet
} {
	esp := ESP(0xabcdef01, 3, [16]byte{1}, ESPMin)
	udp := func(port layers.UDPPort, b []byte) []gopacket.SerializableLayer {
		return []gopacket.SerializableLayer{&layers.UDP{SrcPort: 40000, DstPort: port}, gopacket.Payload(b)}
	}
	return map[string]struct {
		frame []byte
		want  Packet
	}{
		"SYN": {
			ethernetFrame(t, false, layers.IPProtocolTCP, &layers.TCP{SrcPort: 40000, DstPort: 1688, SYN: true}),
			Packet{Src: client4, Dst: host4, Protocol: 6, SrcPort: 40000, DstPort: 1688, SYN: true, Size: 40},
		},
		"SYN over IPv6": {
			ethernetFrame(t, true, layers.IPProtocolTCP, &layers.TCP{SrcPort: 40000, DstPort: 1688, SYN: true}),
			Packet{Src: client6, Dst: host6, Protocol: 6, SrcPort: 40000, DstPort: 1688, SYN: true, Size: 60},
		},
		"SYN and ACK opens nothing": {
			ethernetFrame(t, false, layers.IPProtocolTCP, &layers.TCP{SrcPort: 1688, DstPort: 40000, SYN: true, ACK: true}),
			Packet{Src: client4, Dst: host4, Protocol: 6, SrcPort: 1688, DstPort: 40000, Size: 40},
		},
		"echo request": {
			ethernetFrame(t, false, layers.IPProtocolICMPv4, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(8, 0)}),
			Packet{Src: client4, Dst: host4, Protocol: 1, Echo: true, Size: 28},
		},
		"echo reply": {
			ethernetFrame(t, false, layers.IPProtocolICMPv4, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(0, 0)}),
			Packet{Src: client4, Dst: host4, Protocol: 1, Size: 28},
		},
		"ESP": {
			ethernetFrame(t, false, layers.IPProtocolESP, gopacket.Payload(esp)),
			Packet{Src: client4, Dst: host4, Protocol: 50, SPI: 0xabcdef01, Sequence: 3, Size: 20 + ESPMin, Payload: esp[8:]},
		},
		"ESP over IPv6": {
			ethernetFrame(t, true, layers.IPProtocolESP, gopacket.Payload(esp)),
			Packet{Src: client6, Dst: host6, Protocol: 50, SPI: 0xabcdef01, Sequence: 3, Size: 40 + ESPMin, Payload: esp[8:]},
		},
		"ESP in UDP": {
			ethernetFrame(t, false, layers.IPProtocolUDP, udp(PortNATT, esp)...),
			Packet{Src: client4, Dst: host4, Protocol: 17, SrcPort: 40000, DstPort: 4500, SPI: 0xabcdef01, Sequence: 3, Size: 28 + ESPMin, Payload: esp},
		},
		"IKE on 4500": {
			ethernetFrame(t, false, layers.IPProtocolUDP, udp(PortNATT, Mark(esp))...),
			Packet{Src: client4, Dst: host4, Protocol: 17, SrcPort: 40000, DstPort: 4500, Size: 32 + ESPMin, Payload: Mark(esp)},
		},
		"keepalive on 4500": {
			ethernetFrame(t, false, layers.IPProtocolUDP, udp(PortNATT, []byte{0xff})...),
			Packet{Src: client4, Dst: host4, Protocol: 17, SrcPort: 40000, DstPort: 4500, Size: 29, Payload: []byte{0xff}},
		},
	}
}

func TestDecodeFrame(t *testing.T) {
	for name, tt := range frames(t) {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeFrame(tt.frame)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got, cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("ARP is no IP", func(t *testing.T) {
		arp := append(make([]byte, 12), 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1)
		if p, err := DecodeFrame(append(arp, make([]byte, 20)...)); err == nil {
			t.Errorf("got %+v", p)
		}
	})
}

func FuzzFrame(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := DecodeFrame(b)
		if err == nil && (!p.Src.IsValid() || !p.Dst.IsValid()) {
			t.Fatalf("%+v has no ends", p)
		}
	})
}
