package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"testing"
)

// fixedSeeds are the seeds of the golden messages.
func fixedSeeds() Seeds {
	s := Seeds{
		SPI:    [8]byte{0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18},
		Local:  netip.MustParseAddrPort("198.18.0.20:500"),
		Remote: netip.MustParseAddrPort("198.18.0.10:500"),
	}
	for i := range s.Nonce {
		s.Nonce[i] = byte(i)
	}
	for i := range s.Public {
		s.Public[i] = byte(i)
	}
	return s
}

func TestInitiate(t *testing.T) {
	sa := func(auth string) string { // the SA payload of main mode, but for what comes next
		return "000060000000010000000100000054" + "01010002030000280101000080010007800e00808002000280040002" + auth +
			"800b0001000c000400007080000000240201000080010005" + "8002000280040002" + auth + "800b0001000c000400007080"
	}
	nonce := "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	tests := []struct {
		name     string
		protocol Protocol
		edit     func(*Seeds)
		want     string // a prefix, where it ends in "..."
	}{
		{
			name: "IKEv1 main mode with GSS-API, the documented octets", protocol: IKEv1Kerberos,
			want: "a1b2c3d4e5f6071800000000000000000110020000000000000000a40d00006000000001000000010000005401010002030000280101000080010007800e008080020002800400028003fde9800b0001000c00040000708000000024020100008001000580020002800400028003fde9800b0001000c0004000070800d0000144a131c81070358455c5728f20e95452f00000014621b04bb09882ac1e15935fefa24aeee",
		},
		{
			name: "IKEv1 main mode with a pre-shared key", protocol: IKEv1PSK,
			want: "a1b2c3d4e5f60718" + "0000000000000000" + "01100200" + "00000000" + "00000090" + "0d" + sa("80030001") +
				"00000014" + "4a131c81070358455c5728f20e95452f",
		},
		{
			name: "AuthIP over IPv4: crypto, SA with group 0, Kerberos, nonce, vendor, NAT-D twice", protocol: AuthIP,
			want: "a1b2c3d4e5f60718" + "0000000000000000" + "8510f300" + "00000000" + "000000ec" +
				"01000008" + "00000000" +
				"87000058" + "0000000100000001" + "0000004c01010002" +
				"03000024" + "01010000" + "80010007800e0080" + "8002000280040000" + "800b0001000c000400007080" +
				"00000020" + "02010000" + "80010005" + "8002000280040000" + "800b0001000c000400007080" +
				"0a000008" + "00020000" +
				"0d000024" + nonce +
				"14000014" + "4a131c81070358455c5728f20e95452f" + "...",
		},
		{
			name: "AuthIP over IPv6 has no NAT-D", protocol: AuthIP,
			edit: func(s *Seeds) { s.Remote = netip.MustParseAddrPort("[2001:db8:10::30]:500") },
			want: "a1b2c3d4e5f60718" + "0000000000000000" + "8510f300" + "00000000" + "000000bc" + "...",
		},
		{
			name: "IKEv2 IKE_SA_INIT: SA, KE in group 14, nonce", protocol: IKEv2,
			want: "a1b2c3d4e5f60718" + "0000000000000000" + "21202208" + "00000000" + "0000019c" +
				"22000054" + "00000050" + "01010008" +
				"0300000c0100000c800e0100" + "0300000c0100000c800e0080" +
				"0300000802000005" + "0300000802000002" + "030000080300000c" + "0300000803000002" +
				"030000080400000e" + "0000000804000002" +
				"28000108" + "000e0000" + "00010203" + "...",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := fixedSeeds()
			if tt.edit != nil {
				tt.edit(&s)
			}
			r := Initiate(tt.protocol, s)
			got, want := hex.EncodeToString(r.Bytes), tt.want
			if n := len(want) - 3; want[n:] == "..." {
				want, got = want[:n], got[:min(n, len(got))]
			}
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if r.SPI != s.SPI || r.Protocol != tt.protocol {
				t.Errorf("request says %v %x", r.Protocol, r.SPI)
			}
			d := decoder{v2: tt.protocol == IKEv2}
			if err := d.walk(r.Bytes[offNext], r.Bytes[isakmpHeader:]); err != nil {
				t.Errorf("our own payload chain: %v", err)
			}
		})
	}
}

// The hash of RFC 3947 3.2, computed with sha1sum from
// a1b2c3d4e5f60718 0000000000000000 c612000a 01f4.
func TestNATHash(t *testing.T) {
	got := hex.EncodeToString(natHash(fixedSeeds().SPI, netip.MustParseAddrPort("198.18.0.10:500")))
	if want := "4842e842807e319466a085469125d8b1e9d821bb"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMark(t *testing.T) {
	if got := hex.EncodeToString(Mark([]byte{1, 2})); got != "000000000102" {
		t.Errorf("got %s", got)
	}
}

// A message that is filled up is as large as it is to be, says the same, and ends in a
// vendor ID that nobody knows.
func TestInitiateLarge(t *testing.T) {
	for _, p := range Protocols {
		s := fixedSeeds()
		plain := Initiate(p, s).Bytes
		s.Size = LargeSize
		large := Initiate(p, s).Bytes
		if len(large) != LargeSize {
			t.Errorf("%s: %d octets", p, len(large))
		}
		var kinds, before []byte
		var last []byte
		for kind, b := large[offNext], large[isakmpHeader:]; kind != 0; {
			n := int(binary.BigEndian.Uint16(b[2:]))
			kinds, last = append(kinds, kind), b[4:n]
			kind, b = b[0], b[n:]
		}
		for kind, b := plain[offNext], plain[isakmpHeader:]; kind != 0; {
			before = append(before, kind)
			kind, b = b[0], b[binary.BigEndian.Uint16(b[2:]):]
		}
		vendor := byte(payloadVendor)
		if p == IKEv2 {
			vendor = payload2Vendor
		}
		if !bytes.Equal(kinds, append(before, vendor)) || !bytes.HasPrefix(last, []byte("kmsiso ")) {
			t.Errorf("%s: payloads %v, without it %v, the last has %q", p, kinds, before, last)
		}
		if n := binary.BigEndian.Uint32(large[offLength:]); n != LargeSize {
			t.Errorf("%s: the header says %d octets", p, n)
		}
	}
	s := fixedSeeds()
	s.Size = 30
	if a, b := Initiate(IKEv2, s).Bytes, Initiate(IKEv2, fixedSeeds()).Bytes; !bytes.Equal(a, b) {
		t.Errorf("a message larger than that has changed: %d octets", len(a))
	}
}
