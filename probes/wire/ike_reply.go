package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Reply is what an ISAKMP answer says. Any reply proves that something speaks
// IKE there and that the port is open both ways; it proves no more.
type Reply struct {
	// Protocol is that of the message which was answered.
	Protocol Protocol
	Answer   Answer
	// Notify is the name or number of the notification, with the Windows error
	// where it carries one. Empty unless Answer is a notification or a cookie.
	Notify string
	// VendorIDs are known names, else hex, in the order of the message.
	VendorIDs []string
	// Principal is the name that an AuthIP responder gave itself in GSS_ID,
	// with anything but printable ASCII replaced.
	Principal string
}

// Answer is the kind of an ISAKMP answer.
type Answer string

// The kinds of answers.
const (
	AnswerSA     Answer = "sa"     // a proposal was chosen
	AnswerNotify Answer = "notify" // an error or status
	AnswerCookie Answer = "cookie" // come again with this cookie: the responder is under load
	AnswerOther  Answer = "other"  // ISAKMP, but none of these
)

// ErrNotAnswer is in the error of [ParseReply] for octets that are not an
// answer to the request: not ISAKMP, another cookie, our own message echoed.
var ErrNotAnswer = errors.New("not an answer to our IKE message")

// ParseReply decodes an answer to r. On port 4500 marked is true: the message
// then follows the non-ESP marker.
func ParseReply(r Request, datagram []byte, marked bool) (Reply, error) {
	b := datagram
	if marked {
		if len(b) < 4 || binary.BigEndian.Uint32(b) != 0 {
			return Reply{}, fmt.Errorf("%w: %d octets without the non-ESP marker", ErrNotAnswer, len(b))
		}
		b = b[4:]
	}
	if len(b) < isakmpHeader {
		return Reply{}, fmt.Errorf("%w: %d octets are shorter than an ISAKMP header", ErrNotAnswer, len(b))
	}
	if [cookieLen]byte(b[:cookieLen]) != r.SPI {
		return Reply{}, fmt.Errorf("%w: initiator cookie %x, ours is %x", ErrNotAnswer, b[:cookieLen], r.SPI)
	}
	if bytes.Equal(b, r.Bytes) {
		return Reply{}, fmt.Errorf("%w: our own message came back", ErrNotAnswer)
	}
	if n := binary.BigEndian.Uint32(b[offLength:]); n < isakmpHeader || uint64(n) > uint64(len(b)) {
		return Reply{}, fmt.Errorf("%w: ISAKMP length %d in %d octets", ErrNotAnswer, n, len(b))
	}
	b = b[:binary.BigEndian.Uint32(b[offLength:])]

	d := decoder{reply: Reply{Protocol: r.Protocol, Answer: AnswerOther}}
	switch b[offVersion] >> 4 {
	case 1:
		d.authIP = b[offExchange] >= exchangeAuthIPMain && b[offExchange] <= exchangeAuthIPNotify
	case 2:
		if b[offFlags]&flagResponse == 0 {
			return Reply{}, fmt.Errorf("%w: an IKEv2 request", ErrNotAnswer)
		}
		d.v2 = true
	default:
		return Reply{}, fmt.Errorf("%w: ISAKMP version %#x", ErrNotAnswer, b[offVersion])
	}
	if !d.v2 && b[offFlags]&flagEncrypted != 0 {
		return d.reply, nil // to us it says no more than that somebody is there
	}
	if err := d.walk(b[offNext], b[isakmpHeader:]); err != nil {
		return Reply{}, err
	}
	return d.reply, nil
}

// decoder gathers a Reply from the payloads of a message.
type decoder struct {
	v2, authIP bool
	reply      Reply
}

func (d *decoder) walk(kind byte, b []byte) error {
	for kind != 0 {
		if len(b) < 4 {
			return fmt.Errorf("ISAKMP payload %d is missing: %d octets left", kind, len(b))
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < 4 || n > len(b) {
			return fmt.Errorf("ISAKMP payload %d: length %d of %d octets", kind, n, len(b))
		}
		if err := d.payload(kind, b[4:n]); err != nil {
			return err
		}
		kind, b = b[0], b[n:]
	}
	return nil
}

func (d *decoder) payload(kind byte, body []byte) error {
	switch {
	case !d.v2 && kind == payloadSA, d.v2 && kind == payload2SA:
		d.reply.Answer, d.reply.Notify = AnswerSA, ""
	case !d.v2 && kind == payloadVendor, d.v2 && kind == payload2Vendor:
		d.reply.VendorIDs = append(d.reply.VendorIDs, vendorName(body))
	case !d.v2 && kind == payloadNotify:
		return d.notify1(body)
	case d.v2 && kind == payload2Notify:
		return d.notify2(body)
	case !d.v2 && kind == payloadGSSID:
		d.reply.Principal = principal(body)
	}
	return nil
}

// notify1 reads a notification of IKEv1 or AuthIP; in the latter the octet of
// the SPI's size holds flags, and there is no SPI ([MS-AIPS] 2.2.3.5).
func (d *decoder) notify1(b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("ISAKMP notification of %d octets", len(b))
	}
	kind, data := binary.BigEndian.Uint16(b[6:]), b[8:]
	if !d.authIP {
		if int(b[5]) > len(data) {
			return fmt.Errorf("ISAKMP notification: SPI of %d octets in %d", b[5], len(data))
		}
		data = data[b[5]:]
	}
	name, known := notifyNames1[kind]
	if !known {
		name = strconv.Itoa(int(kind))
	}
	switch {
	case name == notifyDoSCookie:
		d.note(AnswerCookie, name)
	case name == notifyStatus && len(data) >= 4:
		code := binary.BigEndian.Uint32(data)
		name += " " + strconv.FormatUint(uint64(code), 10)
		if text := windowsErrors[code]; text != "" {
			name += " (" + text + ")"
		}
		d.note(AnswerNotify, name)
	default:
		d.note(AnswerNotify, name)
	}
	return nil
}

func (d *decoder) notify2(b []byte) error {
	if len(b) < 4 || int(b[1]) > len(b)-4 {
		return fmt.Errorf("IKEv2 notification of %d octets", len(b))
	}
	kind := binary.BigEndian.Uint16(b[2:])
	name, known := notifyNames2[kind]
	if !known {
		name = strconv.Itoa(int(kind))
	}
	if kind == notify2Cookie {
		d.note(AnswerCookie, name)
	} else {
		d.note(AnswerNotify, name)
	}
	return nil
}

// note keeps the first notification, unless a proposal was chosen.
func (d *decoder) note(a Answer, name string) {
	if d.reply.Answer == AnswerOther {
		d.reply.Answer, d.reply.Notify = a, name
	}
}

// principal reads UTF-16LE. It is a foreign text that goes into evidence, so
// only printable ASCII is kept, and no more than a name can have.
func principal(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2 && len(units) < 256; b = b[2:] {
		units = append(units, binary.LittleEndian.Uint16(b))
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, string(utf16.Decode(units)))
}
