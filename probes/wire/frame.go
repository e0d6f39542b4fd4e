package wire

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Packet is what kmsiso wants to know of a captured IP datagram.
type Packet struct {
	Src, Dst         netip.Addr
	Protocol         int    // of IP; after extension headers for IPv6
	SrcPort, DstPort uint16 // TCP and UDP
	SYN              bool   // TCP: opens a connection
	Echo             bool   // ICMP or ICMPv6 echo request
	SPI, Sequence    uint32 // ESP, also inside UDP 4500
	Size             int    // octets of the IP datagram
	Payload          []byte // of TCP, UDP or ESP: in ESP what follows the sequence number
}

// DecodeFrame reads an Ethernet frame that carries IPv4 or IPv6.
func DecodeFrame(frame []byte) (Packet, error) {
	g := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.DecodeOptions{NoCopy: true})
	if e := g.ErrorLayer(); e != nil {
		return Packet{}, fmt.Errorf("frame of %d octets: %w", len(frame), e.Error())
	}
	var p Packet
	switch ip := g.NetworkLayer().(type) {
	case *layers.IPv4:
		p.Src, _ = netip.AddrFromSlice(ip.SrcIP)
		p.Dst, _ = netip.AddrFromSlice(ip.DstIP)
		p.Protocol, p.Size = int(ip.Protocol), int(ip.Length)
	case *layers.IPv6:
		p.Src, _ = netip.AddrFromSlice(ip.SrcIP)
		p.Dst, _ = netip.AddrFromSlice(ip.DstIP)
		p.Protocol, p.Size = int(ip.NextHeader), 40+int(ip.Length)
	default:
		return Packet{}, fmt.Errorf("frame of %d octets carries no IP", len(frame))
	}
	for _, l := range g.Layers() {
		p.add(l)
	}
	return p, nil
}

func (p *Packet) add(l gopacket.Layer) {
	switch l := l.(type) {
	case *layers.TCP:
		p.Protocol, p.SrcPort, p.DstPort = 6, uint16(l.SrcPort), uint16(l.DstPort)
		p.SYN, p.Payload = l.SYN && !l.ACK, l.Payload
	case *layers.UDP:
		p.Protocol, p.SrcPort, p.DstPort = 17, uint16(l.SrcPort), uint16(l.DstPort)
		p.Payload = l.Payload
		if p.SrcPort == PortNATT || p.DstPort == PortNATT {
			p.udpESP()
		}
	case *layers.IPSecESP:
		p.Protocol, p.SPI, p.Sequence = ProtocolESP, l.SPI, l.Seq
		p.Payload = l.Encrypted
	case *layers.ICMPv4:
		p.Protocol, p.Echo = 1, l.TypeCode.Type() == layers.ICMPv4TypeEchoRequest
	case *layers.ICMPv6:
		p.Protocol, p.Echo = 58, l.TypeCode.Type() == layers.ICMPv6TypeEchoRequest
	}
}

// udpESP reads the SPI of a datagram on port 4500, unless it is IKE (four
// zero octets first) or a keepalive (RFC 3948 2).
func (p *Packet) udpESP() {
	if len(p.Payload) < 8 {
		return
	}
	if spi := binary.BigEndian.Uint32(p.Payload); spi != 0 {
		p.SPI, p.Sequence = spi, binary.BigEndian.Uint32(p.Payload[4:])
	}
}
