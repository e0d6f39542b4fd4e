package wire

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestESP(t *testing.T) {
	nonce := [16]byte{0xde, 0xad, 0xbe, 0xef, 5: 1}
	for _, tt := range []struct {
		name       string
		size, want int
	}{
		{"too small is the smallest", 0, ESPMin},
		{"the smallest", ESPMin, ESPMin},
		{"rounded down to four", 1375, 1372},
		{"1,400 octets with an IPv4 header", 1380, 1380},
		{"1,400 octets with an IPv6 header", 1360, 1360},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := ESP(0x11223344, 7, nonce, tt.size)
			if len(b) != tt.want {
				t.Fatalf("%d octets, want %d", len(b), tt.want)
			}
			if spi, seq := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]); spi != 0x11223344 || seq != 7 {
				t.Errorf("SPI %#x, sequence %d", spi, seq)
			}
			if !bytes.Equal(b[8:24], nonce[:]) {
				t.Errorf("nonce %x", b[8:24])
			}
			trailer := b[len(b)-16:]
			if !bytes.Equal(trailer[:4], []byte{1, 2, 2, 59}) || (len(b)-12-8)%4 != 0 {
				t.Errorf("trailer %x", trailer)
			}
		})
	}
}
