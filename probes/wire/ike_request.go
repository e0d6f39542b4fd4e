package wire

import (
	"crypto/sha1" // RFC 3947 names the hash; nothing is kept secret by it
	"encoding/binary"
	"encoding/hex"
	"net/netip"
)

// Protocol names one of the first messages. The text is what evidence shows.
type Protocol string

// The protocols, each with the message that opens it.
const (
	IKEv1Kerberos Protocol = "ikev1-65001" // main mode, authentication by GSS-API (65001)
	IKEv1PSK      Protocol = "ikev1-psk"   // main mode, pre-shared key
	AuthIP        Protocol = "authip"      // [MS-AIPS] main mode, Kerberos
	IKEv2         Protocol = "ikev2"       // IKE_SA_INIT
)

// Protocols lists the protocols in the order in which they are tried: first
// the one that most Windows versions speak for a Kerberos rule.
var Protocols = []Protocol{IKEv1Kerberos, IKEv1PSK, AuthIP, IKEv2}

// The UDP ports of IKE; [MS-IKEE] note 7 says that Windows knows no others.
const (
	PortIKE  = 500
	PortNATT = 4500
)

// Seeds are the values of a first message that only its sender can choose. SPI
// must not be zero. Local may be invalid or have port 0 where the sender does
// not know it; the peer then takes us for a client behind NAT, which changes
// nothing in its first answer.
type Seeds struct {
	SPI           [8]byte   // initiator cookie, or SPI in IKEv2
	Nonce         [32]byte  // AuthIP and IKEv2
	Public        [256]byte // IKEv2: key exchange value in MODP group 14; never used for a key
	Local, Remote netip.AddrPort
	// Size is the octets that the message is filled up to, by a vendor ID that nobody
	// knows; 0 leaves it as it is. A responder does as if such a one was not there (RFC
	// 2408 3.16, RFC 7296 3.12), and no other payload of a first message may be so long:
	// a nonce has 256 octets at most (RFC 2409 5, RFC 7296 2.10).
	Size int
}

// LargeSize is the octets of a message that does not fit into one packet of Ethernet,
// and is cut in two. Certificates, and the ticket of a Kerberos log-on, make messages
// of this size and more ([MS-IKEE] 1.3.2).
const LargeSize = 2000

// Request is a first message, and what is needed to recognise its answer.
type Request struct {
	Protocol Protocol
	SPI      [8]byte
	Bytes    []byte // without the marker of port 4500
}

// Initiate builds the first message of a protocol. It carries no identity and
// no credential. The IKEv1 messages do without the vendor ID MS-MamieExists:
// with it a responder that has AuthIP as well waits for the AuthIP message of
// the same peer and leaves this one alone ([MS-AIPS] 3.2.4, 3.3.5.2).
func Initiate(p Protocol, s Seeds) Request {
	r := Request{Protocol: p, SPI: s.SPI}
	switch p {
	case IKEv1Kerberos:
		r.Bytes = mainMode(s, 65001, vidRFC3947, vidGSSAPI)
	case IKEv1PSK:
		r.Bytes = mainMode(s, 1, vidRFC3947)
	case AuthIP:
		r.Bytes = authIP(s)
	case IKEv2:
		r.Bytes = saInit(s)
	}
	return r
}

// Mark puts the four zero octets of RFC 3948 2.2 before a message that goes to
// port 4500.
func Mark(message []byte) []byte {
	return append(make([]byte, 4, 4+len(message)), message...)
}

var (
	vidRFC3947 = mustHex("4a131c81070358455c5728f20e95452f")
	vidGSSAPI  = mustHex("621b04bb09882ac1e15935fefa24aeee")
)

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// mainMode is message 1 of IKEv1 main mode with what Windows accepts out of
// the box ([MS-FASP] note 31): AES-128 or 3DES, SHA-1, group 2.
func mainMode(s Seeds, auth uint16, vendors ...[]byte) []byte {
	m := newMessage(s.SPI, version1, exchangeMainMode, 0)
	m.payload(payloadSA, phase1(2, auth))
	for _, v := range vendors {
		m.payload(payloadVendor, v)
	}
	m.fill(payloadVendor, s.Size)
	return m.bytes()
}

// phase1 is the body of an SA payload: DOI IPsec, situation identity only, one
// ISAKMP proposal of two transforms. Auth 0 leaves the attribute out.
func phase1(group, auth uint16) []byte {
	one := func(more, number byte, cipher ...uint16) []byte {
		a := attribute(nil, 1, cipher[0])
		if len(cipher) > 1 {
			a = attribute(a, 14, cipher[1]) // key length
		}
		a = attribute(a, 2, 2) // SHA-1
		a = attribute(a, 4, group)
		if auth != 0 {
			a = attribute(a, 3, auth)
		}
		a = attribute(a, 11, 1)                     // life type seconds
		a = append(a, 0, 12, 0, 4)                  // life duration, long form
		a = binary.BigEndian.AppendUint32(a, 28800) // eight hours
		return substructure(more, []byte{number, 1 /* KEY_IKE */, 0, 0}, a)
	}
	aes, des := one(3, 1, 7, 128), one(0, 2, 5)
	proposal := substructure(0, []byte{1, 1 /* PROTO_ISAKMP */, 0, 2}, aes, des)
	return append([]byte{0, 0, 0, 1, 0, 0, 0, 1}, proposal...)
}

// authIP is the first message of [MS-AIPS] 3.2.4 for Kerberos: group 0 and no
// key exchange. Without a GSS-API payload the responder has to name its own
// principal (3.3.5.1).
func authIP(s Seeds) []byte {
	m := newMessage(s.SPI, version1, exchangeAuthIPMain, 0)
	m.payload(payloadCrypto, []byte{0, 0, 0, 0}) // sequence number 0, no IV: not encrypted
	m.payload(payloadSA, phase1(0, 0))
	m.payload(payloadAuth, []byte{0, 2, 0, 0}) // Kerberos, no flags
	m.payload(payloadNonce, s.Nonce[:])
	m.payload(payloadVendor, vidRFC3947)
	if s.Remote.Addr().Unmap().Is4() { // no NAT traversal for IPv6
		m.payload(payloadNATD, natHash(s.SPI, s.Remote))
		m.payload(payloadNATD, natHash(s.SPI, s.Local))
	}
	m.fill(payloadVendor, s.Size)
	return m.bytes()
}

// natHash is HASH(CKY-I | CKY-R | IP | port), RFC 3947 3.2. The responder's
// cookie is still zero.
func natHash(spi [8]byte, a netip.AddrPort) []byte {
	b := append(make([]byte, 0, 64), spi[:]...)
	b = append(b, make([]byte, cookieLen)...)
	b = append(b, a.Addr().Unmap().AsSlice()...)
	b = binary.BigEndian.AppendUint16(b, a.Port())
	h := sha1.Sum(b)
	return h[:]
}

// saInit is IKE_SA_INIT, RFC 7296 1.2: AES-256 or AES-128 in CBC, SHA-256 or
// SHA-1, groups 14 and 2, with a key exchange value for group 14.
func saInit(s Seeds) []byte {
	transforms := [][]byte{
		transform2(1, 12, 256), transform2(1, 12, 128), // AES-CBC
		transform2(2, 5, 0), transform2(2, 2, 0), // PRF: HMAC-SHA2-256, HMAC-SHA1
		transform2(3, 12, 0), transform2(3, 2, 0), // integrity: SHA2-256-128, SHA1-96
		transform2(4, 14, 0), transform2(4, 2, 0), // groups
	}
	transforms[len(transforms)-1][0] = 0 // the last
	parts := append([][]byte{{1, 1 /* IKE */, 0, byte(len(transforms))}}, transforms...)

	m := newMessage(s.SPI, version2, exchangeSAInit, flagInitiator)
	m.payload(payload2SA, substructure(0, parts...))
	m.payload(payload2KE, []byte{0, 14, 0, 0}, s.Public[:])
	m.payload(payload2Nonce, s.Nonce[:])
	m.fill(payload2Vendor, s.Size)
	return m.bytes()
}

// transform2 is a transform of RFC 7296 3.3.2; keyBits 0 leaves the key length
// out.
func transform2(kind byte, id, keyBits uint16) []byte {
	b := []byte{kind, 0, byte(id >> 8), byte(id)}
	if keyBits != 0 {
		b = attribute(b, 14, keyBits)
	}
	return substructure(3, b)
}
