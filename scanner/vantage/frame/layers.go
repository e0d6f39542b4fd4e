package frame

import (
	"encoding/binary"
	"errors"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// The layers of gopacket read what is strictly right. A host is not that strict,
// and what it takes must be seen: so a header whose options alone are wrong is
// read. Tunnels are not entered: what is inside is not what the wire carries.

// ip4 is an IPv4 header, as the layer before what the first fragment carries.
type ip4 struct{ layers.IPv4 }

// DecodeFromBytes reads the header.
func (l *ip4) DecodeFromBytes(data []byte, df gopacket.DecodeFeedback) error {
	l.Payload = nil
	err := l.IPv4.DecodeFromBytes(data, df)
	switch {
	case l.Payload == nil: // else only the options are wrong
		return err
	case l.Version != 4:
		return errVersion
	}
	return nil
}

// NextLayerType is what the datagram carries, unknown in a later fragment.
func (l *ip4) NextLayerType() gopacket.LayerType {
	if l.FragOffset != 0 {
		return gopacket.LayerTypeZero
	}
	if l.Protocol == layers.IPProtocolICMPv4 {
		return layers.LayerTypeICMPv4
	}
	return carried(l.Protocol)
}

// ip6 is an IPv6 header, with the hop-by-hop options where it has them.
type ip6 struct{ layers.IPv6 }

// DecodeFromBytes reads the header.
func (l *ip6) DecodeFromBytes(data []byte, df gopacket.DecodeFeedback) error {
	if err := l.IPv6.DecodeFromBytes(data, df); err != nil {
		return err
	}
	if l.Version != 6 {
		return errVersion
	}
	return nil
}

// NextLayerType is what the datagram carries, or an extension header.
func (l *ip6) NextLayerType() gopacket.LayerType {
	if l.HopByHop != nil {
		return after(l.HopByHop.NextHeader)
	}
	return after(l.NextHeader)
}

// options is an extension header of IPv6 that is passed over.
type options struct{ layers.IPv6ExtensionSkipper }

// CanDecode leaves fragments to their own layer.
func (*options) CanDecode() gopacket.LayerClass { return extensions }

var extensions = gopacket.NewLayerClass([]gopacket.LayerType{
	layers.LayerTypeIPv6HopByHop, layers.LayerTypeIPv6Routing, layers.LayerTypeIPv6Destination,
})

// NextLayerType is what comes after it.
func (l *options) NextLayerType() gopacket.LayerType { return after(l.NextHeader) }

// fragment is the fragment header of IPv6, of which gopacket makes no layer that
// can be used again.
type fragment struct {
	layers.BaseLayer
	next  layers.IPProtocol
	later bool
}

// CanDecode is its type.
func (*fragment) CanDecode() gopacket.LayerClass { return layers.LayerTypeIPv6Fragment }

// DecodeFromBytes reads the header (RFC 8200 4.5).
func (l *fragment) DecodeFromBytes(data []byte, _ gopacket.DecodeFeedback) error {
	if len(data) < 8 {
		return errShort
	}
	l.BaseLayer = layers.BaseLayer{Contents: data[:8], Payload: data[8:]}
	l.next, l.later = layers.IPProtocol(data[0]), data[2] != 0 || data[3]&^7 != 0
	return nil
}

// NextLayerType is what comes after it, unknown in a later fragment.
func (l *fragment) NextLayerType() gopacket.LayerType {
	if l.later {
		return gopacket.LayerTypeZero
	}
	return after(l.next)
}

// after is the layer that comes after a header of IPv6.
func after(next layers.IPProtocol) gopacket.LayerType {
	switch next {
	case layers.IPProtocolIPv6HopByHop:
		return layers.LayerTypeIPv6HopByHop
	case layers.IPProtocolIPv6Routing:
		return layers.LayerTypeIPv6Routing
	case layers.IPProtocolIPv6Destination:
		return layers.LayerTypeIPv6Destination
	case layers.IPProtocolIPv6Fragment:
		return layers.LayerTypeIPv6Fragment
	case layers.IPProtocolICMPv6:
		return layers.LayerTypeICMPv6
	}
	return carried(next)
}

// carried is the layer of a protocol that both families carry.
func carried(p layers.IPProtocol) gopacket.LayerType {
	switch p {
	case layers.IPProtocolTCP:
		return layers.LayerTypeTCP
	case layers.IPProtocolUDP:
		return layers.LayerTypeUDP
	case layers.IPProtocolESP:
		return layers.LayerTypeIPSecESP
	}
	return gopacket.LayerTypeZero
}

// tcp is a TCP header. What is in the segment is not asked for.
type tcp struct{ layers.TCP }

// DecodeFromBytes reads the header.
func (l *tcp) DecodeFromBytes(data []byte, df gopacket.DecodeFeedback) error {
	l.DataOffset = 0
	if err := l.TCP.DecodeFromBytes(data, df); l.DataOffset < 5 {
		return err
	}
	return nil
}

// NextLayerType is nothing.
func (*tcp) NextLayerType() gopacket.LayerType { return gopacket.LayerTypeZero }

// udp is a UDP header. What it carries is for others to read.
type udp struct{ layers.UDP }

// NextLayerType is nothing.
func (*udp) NextLayerType() gopacket.LayerType { return gopacket.LayerTypeZero }

// esp is the header of ESP, of which gopacket makes no layer that can be used
// again.
type esp struct{ layers.IPSecESP }

// CanDecode is its type.
func (*esp) CanDecode() gopacket.LayerClass { return layers.LayerTypeIPSecESP }

// DecodeFromBytes reads the SPI, and the sequence number where the frame has it.
func (l *esp) DecodeFromBytes(data []byte, _ gopacket.DecodeFeedback) error {
	if len(data) < 4 {
		return errShort
	}
	l.BaseLayer = layers.BaseLayer{Contents: data[:4]}
	l.SPI, l.Seq = binary.BigEndian.Uint32(data), 0
	if len(data) >= 8 {
		l.Seq = binary.BigEndian.Uint32(data[4:])
	}
	return nil
}

// NextLayerType is nothing: the rest is encrypted.
func (*esp) NextLayerType() gopacket.LayerType { return gopacket.LayerTypeZero }

var (
	errVersion = errors.New("an IP header of another version")
	errShort   = errors.New("a header that is cut")
)
