package wire

import (
	"encoding/binary"
	"strings"
)

// The ISAKMP header, RFC 2408 3.1 and RFC 7296 3.1.
const (
	isakmpHeader  = 28
	cookieLen     = 8
	offNext       = 16
	offVersion    = 17
	offExchange   = 18
	offFlags      = 19
	offLength     = 24
	version1      = 0x10
	version2      = 0x20
	flagEncrypted = 0x01 // IKEv1 and AuthIP
	flagInitiator = 0x08 // IKEv2
	flagResponse  = 0x20 // IKEv2
)

// Exchange types.
const (
	exchangeMainMode     = 2
	exchangeSAInit       = 34
	exchangeAuthIPMain   = 0xF3 // [MS-AIPS] 2.2.1
	exchangeAuthIPNotify = 0xF6
)

// Payload types: RFC 2408 3.1, RFC 3947 3.2, [MS-AIPS] 2.2.3, RFC 7296 3.2.
const (
	payloadSA     = 1
	payloadNonce  = 10
	payloadNotify = 11
	payloadVendor = 13
	payloadNATD   = 20
	payloadCrypto = 0x85
	payloadGSSID  = 0x86
	payloadAuth   = 0x87

	payload2SA     = 33
	payload2KE     = 34
	payload2Nonce  = 40
	payload2Notify = 41
	payload2Vendor = 43
)

// message puts an ISAKMP message together: each payload is told the type of
// the next one, and the header the length of all.
type message struct {
	b    []byte
	next int // where the type of the next payload goes
}

func newMessage(spi [cookieLen]byte, version, exchange, flags byte) *message {
	m := &message{b: make([]byte, isakmpHeader, 512), next: offNext}
	copy(m.b, spi[:])
	m.b[offVersion], m.b[offExchange], m.b[offFlags] = version, exchange, flags
	return m
}

// payload appends one payload whose body is the concatenation of parts.
func (m *message) payload(kind byte, parts ...[]byte) {
	m.b[m.next] = kind
	m.next = len(m.b)
	n := 4
	for _, p := range parts {
		n += len(p)
	}
	m.b = append(m.b, 0, 0)
	m.b = binary.BigEndian.AppendUint16(m.b, uint16(n))
	for _, p := range parts {
		m.b = append(m.b, p...)
	}
}

// filler is said over and over by what makes a message large, for whoever sees it.
const filler = "kmsiso asks whether a message larger than a packet arrives. "

// fill makes the message as large as that by a vendor ID of filler, where it is smaller.
func (m *message) fill(vendor byte, size int) {
	const header = 4
	if n := size - len(m.b) - header; n > 0 {
		m.payload(vendor, []byte(strings.Repeat(filler, n/len(filler)+1)[:n]))
	}
}

func (m *message) bytes() []byte {
	binary.BigEndian.PutUint32(m.b[offLength:], uint32(len(m.b)))
	return m.b
}

// substructure is a proposal or a transform: "more" is 0 for the last one, and
// else the kind of the list.
func substructure(more byte, parts ...[]byte) []byte {
	n := 4
	for _, p := range parts {
		n += len(p)
	}
	b := make([]byte, 0, n)
	b = append(b, more, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(n))
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// attribute is a data attribute in its short form, RFC 2408 3.3.
func attribute(b []byte, kind, value uint16) []byte {
	b = binary.BigEndian.AppendUint16(b, 0x8000|kind)
	return binary.BigEndian.AppendUint16(b, value)
}
