package ntlm

import "encoding/binary"

// What stands at the beginning of every message, [MS-NLMP] 2.2.1.
const (
	signature        = "NTLMSSP\x00"
	typeNegotiate    = 1
	typeChallenge    = 2
	typeAuthenticate = 3
)

// Negotiate flags, [MS-NLMP] 2.2.2.5.
const (
	flagUnicode       = 0x00000001
	flagRequestTarget = 0x00000004
	flagSign          = 0x00000010
	flagSeal          = 0x00000020
	flagNTLM          = 0x00000200 // must be set in the first message; it does not ask for NTLMv1
	flagAlwaysSign    = 0x00008000
	flagExtended      = 0x00080000 // extended session security
	flagTargetInfo    = 0x00800000
	flagVersion       = 0x02000000
	flag128           = 0x20000000
	flagKeyExchange   = 0x40000000

	flagsAsked   = flagUnicode | flagRequestTarget | flagNTLM | flagAlwaysSign | flagTargetInfo | flagVersion | flagsSealing
	flagsSealing = flagSign | flagSeal | flagExtended | flag128 | flagKeyExchange
)

// version says Windows 10 with no build, and NTLM revision 15, [MS-NLMP] 2.2.2.10.
var version = [8]byte{0: 10, 7: 15}

// Negotiate is the first message of a log-on, [MS-NLMP] 2.2.1.1. It is the same
// for every account and every host, and holds nothing of either.
func Negotiate() []byte {
	b := []byte(signature)
	b = binary.LittleEndian.AppendUint32(b, typeNegotiate)
	b = binary.LittleEndian.AppendUint32(b, flagsAsked)
	b = append(b, make([]byte, 16)...) // no domain, no workstation
	return append(b, version[:]...)
}
