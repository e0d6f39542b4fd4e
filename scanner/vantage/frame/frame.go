// Package frame reads Ethernet frames, with gopacket. It knows packets alone: not
// what they mean, and nothing else of kmsiso.
package frame

import (
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Protocol is what an IP datagram carries, after the extension headers of IPv6.
type Protocol uint8

// The protocols that are read.
const (
	ICMP   Protocol = 1
	TCP    Protocol = 6
	UDP    Protocol = 17
	ESP    Protocol = 50
	ICMPv6 Protocol = 58
)

// Link is an Ethernet address.
type Link [6]byte

// Packet is what is read of a frame. Payload is a part of the frame.
type Packet struct {
	From, To         Link
	Src, Dst         netip.Addr
	Protocol         Protocol
	SrcPort, DstPort uint16 // TCP and UDP
	SYN, ACK, RST    bool   // TCP
	Sequence         uint32 // TCP and ESP
	Request, Reply   bool   // ICMP and ICMPv6: echo
	Identifier       uint16 // of echo
	SPI              uint32 // ESP
	Size             int    // octets of the IP datagram, as its header says
	Payload          []byte // of UDP, as much as the frame has of it
}

// Decoder reads frames one after the other. It is not for use by several at once.
type Decoder struct {
	parser *gopacket.DecodingLayerParser
	seen   []gopacket.LayerType

	ethernet layers.Ethernet
	vlan     layers.Dot1Q
	ip4      ip4
	ip6      ip6
	options  options
	fragment fragment
	tcp      tcp
	udp      udp
	icmp4    layers.ICMPv4
	icmp6    layers.ICMPv6
	echo6    layers.ICMPv6Echo
	esp      esp
}

// New makes a decoder.
func New() *Decoder {
	d := new(Decoder)
	d.parser = gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet)
	d.parser.SetDecodingLayerContainer(gopacket.DecodingLayerArray(nil))
	for _, l := range []gopacket.DecodingLayer{
		&d.ethernet, &d.ip4, &d.ip6, &d.tcp, &d.udp, &d.esp, &d.icmp4, &d.icmp6, &d.echo6, &d.vlan, &d.options, &d.fragment,
	} {
		d.parser.AddDecodingLayer(l)
	}
	d.parser.IgnoreUnsupported = true
	return d
}

// Decode reads the beginning of a frame into p. It reports false for what carries
// none of the protocols, for every fragment but the first, and for what cannot be
// read.
func (d *Decoder) Decode(frame []byte, p *Packet) bool {
	*p = Packet{}
	// What is wrong behind the last layer that was read is not asked for.
	_ = d.parser.DecodeLayers(frame, &d.seen)
	for _, l := range d.seen {
		switch l {
		case layers.LayerTypeEthernet:
			copy(p.From[:], d.ethernet.SrcMAC)
			copy(p.To[:], d.ethernet.DstMAC)
		case layers.LayerTypeIPv4:
			p.Src, p.Dst = netip.AddrFrom4([4]byte(d.ip4.SrcIP)), netip.AddrFrom4([4]byte(d.ip4.DstIP))
			p.Size = int(d.ip4.Length)
		case layers.LayerTypeIPv6:
			p.Src, p.Dst = netip.AddrFrom16([16]byte(d.ip6.SrcIP)), netip.AddrFrom16([16]byte(d.ip6.DstIP))
			p.Size = len(d.ip6.Contents) + int(d.ip6.Length)
			if d.ip6.Length == 0 { // a jumbogram (RFC 2675)
				p.Size += len(d.ip6.Payload)
			}
		case layers.LayerTypeTCP:
			p.Protocol, p.SrcPort, p.DstPort = TCP, uint16(d.tcp.SrcPort), uint16(d.tcp.DstPort)
			p.SYN, p.ACK, p.RST, p.Sequence = d.tcp.SYN, d.tcp.ACK, d.tcp.RST, d.tcp.Seq
		case layers.LayerTypeUDP:
			p.Protocol, p.SrcPort, p.DstPort = UDP, uint16(d.udp.SrcPort), uint16(d.udp.DstPort)
			p.Payload = d.udp.Payload
		case layers.LayerTypeIPSecESP:
			p.Protocol, p.SPI, p.Sequence = ESP, d.esp.SPI, d.esp.Seq
		case layers.LayerTypeICMPv4:
			p.Protocol, p.Identifier = ICMP, d.icmp4.Id
			p.Request = d.icmp4.TypeCode.Type() == layers.ICMPv4TypeEchoRequest
			p.Reply = d.icmp4.TypeCode.Type() == layers.ICMPv4TypeEchoReply
		case layers.LayerTypeICMPv6:
			p.Protocol = ICMPv6
		case layers.LayerTypeICMPv6Echo:
			p.Identifier = d.echo6.Identifier
			p.Request = d.icmp6.TypeCode.Type() == layers.ICMPv6TypeEchoRequest
			p.Reply = d.icmp6.TypeCode.Type() == layers.ICMPv6TypeEchoReply
		}
	}
	return p.Protocol != 0
}

// IsGroup says that an Ethernet address is of a group or of all.
func (l Link) IsGroup() bool { return l[0]&1 != 0 }
