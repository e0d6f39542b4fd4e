package frame

import (
	"net"
	"net/netip"
	"reflect"
	"testing"

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

// at are the ends of a packet of the tests.
func at(v6 bool, p Packet) Packet {
	p.From, p.To, p.Src, p.Dst = Link{2, 0, 0, 0, 0, 1}, Link{2, 0, 0, 0, 0, 2}, client4, host4
	if v6 {
		p.Src, p.Dst = client6, host6
	}
	return p
}

// aFrame is a frame, and what is in it. No protocol is what is not read.
type aFrame struct {
	frame []byte
	want  Packet
}

func framesOf(t testing.TB) map[string]aFrame {
	esp := append([]byte{0xab, 0xcd, 0xef, 1, 0, 0, 0, 3}, make([]byte, 32)...)
	icmp6 := func(kind uint8) []gopacket.SerializableLayer {
		return []gopacket.SerializableLayer{&layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(kind, 0)}, gopacket.Payload{0, 9, 0, 1}}
	}
	return map[string]aFrame{
		"SYN": {
			ethernetFrame(t, false, layers.IPProtocolTCP, &layers.TCP{SrcPort: 40000, DstPort: 1688, SYN: true, Seq: 7, Options: []layers.TCPOption{{OptionType: 2, OptionLength: 4, OptionData: []byte{5, 180}}}}),
			at(false, Packet{Protocol: TCP, SrcPort: 40000, DstPort: 1688, SYN: true, Sequence: 7, Size: 44}),
		},
		"SYN over IPv6": {
			ethernetFrame(t, true, layers.IPProtocolTCP, &layers.TCP{SrcPort: 40000, DstPort: 1688, SYN: true}),
			at(true, Packet{Protocol: TCP, SrcPort: 40000, DstPort: 1688, SYN: true, Size: 60}),
		},
		"refusal": {
			ethernetFrame(t, false, layers.IPProtocolTCP, &layers.TCP{SrcPort: 1688, DstPort: 40000, RST: true, ACK: true}),
			at(false, Packet{Protocol: TCP, SrcPort: 1688, DstPort: 40000, RST: true, ACK: true, Size: 40}),
		},
		"echo request": {
			ethernetFrame(t, false, layers.IPProtocolICMPv4, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(8, 0), Id: 9}),
			at(false, Packet{Protocol: ICMP, Request: true, Identifier: 9, Size: 28}),
		},
		"echo reply": {
			ethernetFrame(t, false, layers.IPProtocolICMPv4, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(0, 0), Id: 9}),
			at(false, Packet{Protocol: ICMP, Reply: true, Identifier: 9, Size: 28}),
		},
		"echo request over IPv6": {
			ethernetFrame(t, true, layers.IPProtocolICMPv6, icmp6(128)...),
			at(true, Packet{Protocol: ICMPv6, Request: true, Identifier: 9, Size: 48}),
		},
		"echo reply over IPv6": {
			ethernetFrame(t, true, layers.IPProtocolICMPv6, icmp6(129)...),
			at(true, Packet{Protocol: ICMPv6, Reply: true, Identifier: 9, Size: 48}),
		},
		"ESP": {
			ethernetFrame(t, false, layers.IPProtocolESP, gopacket.Payload(esp)),
			at(false, Packet{Protocol: ESP, SPI: 0xabcdef01, Sequence: 3, Size: 60}),
		},
		"ESP over IPv6": {
			ethernetFrame(t, true, layers.IPProtocolESP, gopacket.Payload(esp)),
			at(true, Packet{Protocol: ESP, SPI: 0xabcdef01, Sequence: 3, Size: 80}),
		},
		"UDP": {
			ethernetFrame(t, false, layers.IPProtocolUDP, &layers.UDP{SrcPort: 40000, DstPort: 4500}, gopacket.Payload(esp)),
			at(false, Packet{Protocol: UDP, SrcPort: 40000, DstPort: 4500, Size: 68, Payload: esp}),
		},
		"IPv4 in IPv4": {ethernetFrame(t, false, layers.IPProtocolIPv4, &layers.IPv4{Version: 4, IHL: 5, Protocol: layers.IPProtocolESP, SrcIP: host4.AsSlice(), DstIP: client4.AsSlice()}, gopacket.Payload(esp)), Packet{}},
		"ARP":          {append(append(make([]byte, 12), 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1), make([]byte, 20)...), Packet{}},
	}
}

func TestDecode(t *testing.T) {
	d := New()
	for range 2 { // nothing is left of the frame before
		for name, tt := range framesOf(t) {
			var got Packet
			ok := d.Decode(tt.frame, &got)
			if ok != (tt.want.Protocol != 0) {
				t.Errorf("%s: read is %t", name, ok)
			}
			if ok && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: %+v, want %+v", name, got, tt.want)
			}
		}
	}
}

// TestNoFramePanics cuts frames and changes each octet of them. gopacket has its own
// opinion of what is wrong; ours must not read beyond the end.
func TestNoFramePanics(t *testing.T) {
	d := New()
	var p Packet
	for _, tt := range framesOf(t) {
		for n := range tt.frame {
			d.Decode(tt.frame[:n:n], &p)
			for _, x := range []byte{0, 1, 0x0f, 0x2c, 0x3c, 0x7f, 0xf0, 0xff} {
				b := append([]byte(nil), tt.frame...)
				b[n] = x
				if d.Decode(b[:len(b):len(b)], &p) && (!p.Src.IsValid() || !p.Dst.IsValid()) {
					t.Fatalf("%+v has no ends", p)
				}
			}
		}
	}
}
