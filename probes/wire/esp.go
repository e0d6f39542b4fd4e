package wire

import "encoding/binary"

// ProtocolESP is the IP protocol number of ESP.
const ProtocolESP = 50

// ESPMin is the smallest datagram that [ESP] builds: header, a nonce, the
// trailer with its padding, and an integrity value.
const ESPMin = 8 + 16 + 4 + 12

// ESP builds an ESP datagram (RFC 4303 2) of size octets, IP header not
// counted; size is rounded down to a multiple of four, and up to [ESPMin]. It
// is a dummy packet (next header 59), which a receiver without such an SA
// drops. The nonce fills it, so that a capture can be told from other traffic.
// SPI 0 to 255 are reserved.
func ESP(spi, sequence uint32, nonce [16]byte, size int) []byte {
	size = max(size, ESPMin) &^ 3
	b := make([]byte, 0, size)
	b = binary.BigEndian.AppendUint32(b, spi)
	b = binary.BigEndian.AppendUint32(b, sequence)
	for len(b) < size-16 {
		b = append(b, nonce[:min(len(nonce), size-16-len(b))]...)
	}
	b = append(b, 1, 2, 2, 59)      // padding of two octets, its length, next header
	return append(b, nonce[:12]...) // where HMAC-SHA1-96 would be
}
