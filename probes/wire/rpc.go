package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// How an RPC PDU is delimited on a stream: 16 octets of header, the length of
// the whole at octet 8, little-endian. A longer answer than BindMax cannot
// come, for that is what we say we can take.
const (
	BindHeader = 16
	BindLength = 8
	BindMax    = 5840
)

// KMSInterface is the interface of the Key Management Service,
// 51c82175-844e-4750-b0d8-ec255555bc06 version 1.0, as it stands in a PDU.
var KMSInterface = [16]byte{
	0x75, 0x21, 0xc8, 0x51, 0x4e, 0x84, 0x50, 0x47,
	0xb0, 0xd8, 0xec, 0x25, 0x55, 0x55, 0xbc, 0x06,
}

// ndr is the transfer syntax NDR version 2, 8a885d04-1ceb-11c9-9fe8-08002b104860.
// It is offered alone: every RPC runtime can take it.
var ndr = [20]byte{
	0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11,
	0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 2, 0, 0, 0,
}

// PDU types, C706 12.6.
const (
	pduBind    = 11
	pduBindAck = 12
	pduBindNak = 13
	bindCall   = 1 // the call id of the one bind of a connection
)

// Bind builds the bind PDU for version 1.0 of one interface, as it stands in a
// PDU. It is the only PDU that kmsiso can build.
func Bind(iface [16]byte) []byte { return BindContexts(iface, 1) }

// BindContexts is the bind of an interface that is offered in several contexts, 1 to
// 64: the PDU, and its answer, have a size of their own by which a watch knows the
// connection. Each context is one more offer of the same.
func BindContexts(iface [16]byte, contexts int) []byte {
	const header, context = 28, 44
	size := header + context*contexts
	b := make([]byte, 0, size)
	b = append(b, 5, 0, pduBind, 3 /* first and last fragment */, 0x10, 0, 0, 0 /* little-endian */)
	b = binary.LittleEndian.AppendUint16(b, uint16(size)) //nolint:gosec // at most 64 contexts
	b = append(b, 0, 0, bindCall, 0, 0, 0)
	b = binary.LittleEndian.AppendUint16(b, BindMax)
	b = binary.LittleEndian.AppendUint16(b, BindMax)
	b = append(b, 0, 0, 0, 0, byte(contexts), 0, 0, 0) // new association group
	for i := range contexts {
		b = append(b, byte(i), 0, 1, 0) // its number, one transfer syntax
		b = append(b, iface[:]...)
		b = append(b, 1, 0, 0, 0)
		b = append(b, ndr[:]...)
	}
	return b
}

// BindOutcome is what became of a bind.
type BindOutcome string

// The outcomes of a bind.
const (
	BindAccepted BindOutcome = "accepted" // the interface is offered
	BindRejected BindOutcome = "rejected" // it speaks RPC, but not this interface
	BindNak      BindOutcome = "nak"      // it speaks RPC and refuses the association
)

// BindAnswer is a bind_ack or bind_nak. Reason is the peer's, in words, for
// anything but accepted.
type BindAnswer struct {
	Outcome BindOutcome
	Reason  string
}

// ErrNotBindAnswer is in the error of [ParseBindAnswer] for octets that are not
// a bind_ack or bind_nak.
var ErrNotBindAnswer = errors.New("not an answer to an RPC bind")

// ParseBindAnswer decodes the answer to [Bind]. The interface is accepted when
// any context is (a 64-bit Windows that is offered several transfer syntaxes
// accepts one and rejects the others).
func ParseBindAnswer(b []byte) (BindAnswer, error) {
	if len(b) < BindHeader {
		return BindAnswer{}, fmt.Errorf("%w: %d octets", ErrNotBindAnswer, len(b))
	}
	if b[0] != 5 || b[1] > 1 || b[4]>>4 != 1 {
		return BindAnswer{}, fmt.Errorf("%w: header %x", ErrNotBindAnswer, b[:8])
	}
	if n := int(binary.LittleEndian.Uint16(b[BindLength:])); n != len(b) {
		return BindAnswer{}, fmt.Errorf("%w: fragment length %d of %d octets", ErrNotBindAnswer, n, len(b))
	}
	if id := binary.LittleEndian.Uint32(b[12:]); id != bindCall {
		return BindAnswer{}, fmt.Errorf("%w: call id %d", ErrNotBindAnswer, id)
	}
	switch b[2] {
	case pduBindAck:
		return bindAck(b)
	case pduBindNak:
		if len(b) < BindHeader+2 {
			return BindAnswer{}, fmt.Errorf("%w: bind_nak of %d octets", ErrNotBindAnswer, len(b))
		}
		return BindAnswer{BindNak, nakReason(binary.LittleEndian.Uint16(b[BindHeader:]))}, nil
	}
	return BindAnswer{}, fmt.Errorf("%w: PDU type %d", ErrNotBindAnswer, b[2])
}

// bindAck reads the results: they follow the secondary address, which is
// padded to four octets from the start of the PDU ([MS-RPCE] 2.2.2.4).
func bindAck(b []byte) (BindAnswer, error) {
	const address = BindHeader + 8
	if len(b) < address+2 {
		return BindAnswer{}, fmt.Errorf("%w: bind_ack of %d octets", ErrNotBindAnswer, len(b))
	}
	at := address + 2 + int(binary.LittleEndian.Uint16(b[address:]))
	at = (at + 3) &^ 3
	if len(b) < at+4 {
		return BindAnswer{}, fmt.Errorf("%w: bind_ack of %d octets ends before its results", ErrNotBindAnswer, len(b))
	}
	n := int(b[at])
	at += 4
	if n == 0 || len(b) < at+24*n {
		return BindAnswer{}, fmt.Errorf("%w: %d results in %d octets", ErrNotBindAnswer, n, len(b)-at)
	}
	answer := BindAnswer{Outcome: BindRejected}
	for i := range n {
		result := binary.LittleEndian.Uint16(b[at+24*i:])
		reason := binary.LittleEndian.Uint16(b[at+24*i+2:])
		switch {
		case result == 0:
			return BindAnswer{Outcome: BindAccepted}, nil
		case result == 3: // negotiate_ack: about features, not about the interface
		case answer.Reason == "":
			answer.Reason = rejectReason(result, reason)
		}
	}
	return answer, nil
}

func rejectReason(result, reason uint16) string {
	if result == 2 {
		switch reason {
		case 0:
			return "reason not specified"
		case 1:
			return "abstract syntax not supported"
		case 2:
			return "proposed transfer syntaxes not supported"
		case 3:
			return "local limit exceeded"
		}
	}
	return fmt.Sprintf("result %d, reason %d", result, reason)
}

// nakReason: C706 12.6.3.1 and [MS-RPCE] 2.2.2.5.
func nakReason(reason uint16) string {
	switch reason {
	case 0:
		return "reason not specified"
	case 1:
		return "temporary congestion"
	case 2:
		return "local limit exceeded"
	case 4:
		return "protocol version not supported"
	case 8:
		return "authentication type not recognized"
	case 9:
		return "invalid checksum"
	}
	return fmt.Sprintf("reason %d", reason)
}
