package wire

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
)

// The UDP ports of services that kmsiso has a question for.
const (
	PortEndpointMapper = 135
	PortNetBIOSNames   = 137
	PortSNMP           = 161
)

// Asking is what the datagram to a UDP port asks, in words.
func Asking(port uint16) string {
	switch port {
	case PortEndpointMapper:
		return "connectionless DCE/RPC ping"
	case PortNetBIOSNames:
		return "NetBIOS node status query"
	case PortSNMP:
		return "SNMPv3 discovery"
	}
	return "four zero octets"
}

// Ask makes the datagram to a UDP port: a question that changes nothing and shows no
// secret. What listens on another port is not known, and gets four zero octets.
func Ask(port uint16) []byte {
	switch port {
	case PortEndpointMapper:
		return rpcPing()
	case PortNetBIOSNames:
		return nodeStatus()
	case PortSNMP:
		return snmpDiscovery()
	}
	return make([]byte, 4)
}

// nodeStatus asks for the names of a machine (RFC 1002 4.2.17), by the name "*".
func nodeStatus() []byte {
	b := make([]byte, 12, 50)
	rand.Read(b[:2])
	b[5] = 1 // one question
	b = append(b, 32, 'C', 'K')
	for range 30 {
		b = append(b, 'A') // half an octet of 0 (RFC 1001 14.1)
	}
	return append(b, 0, 0, 0x21, 0, 1) // NBSTAT, IN
}

// snmpDiscovery asks for the engine of an agent (RFC 3414 4): a reportable request of
// nobody, without authentication and privacy, for nothing.
func snmpDiscovery() []byte {
	const integer, text, sequence, get = 2, 4, 0x30, 0xa0
	id := make([]byte, 4)
	rand.Read(id)
	id[0] &= 0x7f // not negative
	zero, none := ber(integer, []byte{0}), ber(text)
	return ber(sequence,
		ber(integer, []byte{3}), // SNMPv3
		// 65507 octets at most, reportable, by users
		ber(sequence, ber(integer, id), ber(integer, []byte{0, 0xff, 0xe3}), ber(text, []byte{4}), ber(integer, []byte{3})),
		ber(text, ber(sequence, none, zero, zero, none, none, none)),
		ber(sequence, none, none, ber(get, ber(integer, id), zero, zero, ber(sequence))),
	)
}

// ber encodes a value of fewer than 128 octets.
func ber(tag byte, parts ...[]byte) []byte {
	value := slices.Concat(parts...)
	return append([]byte{tag, byte(len(value))}, value...)
}

// rpcPing asks the endpoint mapper what became of a call that nobody made (C706 12.5.3
// and 10.1.4).
func rpcPing() []byte {
	const header, ping, littleEndian = 80, 1, 0x10
	b := make([]byte, header)
	b[0], b[1], b[4] = 4, ping, littleEndian
	copy(b[24:], endpointMapper)
	rand.Read(b[40:56])                                // the activity
	binary.LittleEndian.PutUint32(b[60:], 3)           // version of the interface
	binary.LittleEndian.PutUint32(b[70:], 0xffff_ffff) // no hints
	return b
}

// endpointMapper is the interface e1af8308-5d1f-11c9-91a4-08002b14a0fa.
var endpointMapper = []byte{0x08, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa}
