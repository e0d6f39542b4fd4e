package ntlm

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rc4"
	"encoding/binary"
	"errors"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/md4" //nolint:staticcheck // NTLM's hash of a password is MD4 [MS-NLMP] 3.3.2; there is no other
)

// Logon is who logs on, and to what.
type Logon struct {
	// User is the account's name and Domain its domain, or empty.
	User, Domain string
	Password     string
	// Target is the service principal that the log-on is for: "HTTP/host". A
	// server that looks at it takes no log-on that was meant for another one
	// (MsvAvTargetName).
	Target string
	// Binding is the application data of the TLS connection, see Endpoint; nil
	// without TLS (MsvAvChannelBindings).
	Binding []byte
}

// randomness is what a log-on draws, so that a test can say it.
type randomness struct {
	challenge [8]byte
	key       [16]byte
	now       time.Time
}

// Authenticate is the third message of a log-on, [MS-NLMP] 2.2.1.3: it shows
// that the password is known, and a wrong one counts against the account. The
// session is nil where the challenge does not agree to seal.
func (c *Challenge) Authenticate(l Logon) ([]byte, *Session, error) {
	r := randomness{now: time.Now()}
	_, _ = rand.Read(r.challenge[:]) // never fails
	_, _ = rand.Read(r.key[:])
	return c.authenticate(l, r)
}

// The fixed part of an AUTHENTICATE_MESSAGE, [MS-NLMP] 2.2.1.3.
const (
	offsetMIC     = 72
	offsetPayload = offsetMIC + 16
	micInMessage  = 2 // of MsvAvFlags: the message has a MIC
	maxField      = 1<<16 - 1
	maxName       = 1 << 14 // octets of a name; longer ones are no names
)

func (c *Challenge) authenticate(l Logon, r randomness) ([]byte, *Session, error) {
	for what, s := range map[string]string{"user": l.User, "domain": l.Domain, "password": l.Password, "target": l.Target} {
		if !utf8.ValidString(s) {
			return nil, nil, errors.New("the " + what + " is not UTF-8")
		}
		if len(s) > maxName {
			return nil, nil, errors.New("the " + what + " is too long for NTLM")
		}
	}
	when, ok := c.timestamp()
	if !ok {
		when = fileTime(r.now)
	}
	info := c.targetInfo(l)
	response, base := respond(responseKey(l), c.nonce, r.challenge, when, info)
	if len(response) > maxField {
		return nil, nil, errors.New("the target information of the NTLM challenge is too long")
	}
	flags := c.flags & flagsAsked
	exported, sent := base, []byte(nil)
	if flags&flagKeyExchange != 0 {
		exported, sent = r.key[:], crypt(base, r.key[:])
	}
	m := []byte(signature)
	m = binary.LittleEndian.AppendUint32(m, typeAuthenticate)
	var payload []byte
	for _, f := range [][]byte{
		make([]byte, 24), // no LM response [MS-NLMP] 3.1.5.1.2
		response, wide(l.Domain), wide(l.User), nil, sent,
	} {
		m = binary.LittleEndian.AppendUint16(m, uint16(len(f)))
		m = binary.LittleEndian.AppendUint16(m, uint16(len(f)))
		m = binary.LittleEndian.AppendUint32(m, uint32(offsetPayload+len(payload)))
		payload = append(payload, f...)
	}
	m = binary.LittleEndian.AppendUint32(m, flags)
	if flags&flagVersion != 0 {
		m = append(m, version[:]...)
	}
	m = append(m, make([]byte, offsetPayload-len(m))...)
	m = append(m, payload...)
	copy(m[offsetMIC:], mac(exported, Negotiate(), c.raw, m))
	if c.CanSeal() != nil {
		return m, nil, nil
	}
	return m, newSession(exported), nil
}

// targetInfo is the peer's own list with what the client adds: that there is a
// MIC, which connection it is, and which service is meant.
func (c *Challenge) targetInfo(l Logon) []byte {
	var all []pair
	flags := uint32(micInMessage)
	for _, p := range c.target {
		switch p.id {
		case avFlags:
			if len(p.value) == 4 {
				flags |= binary.LittleEndian.Uint32(p.value)
			}
		case avTargetName, avChannelBindings: // ours to say
		default:
			all = append(all, p)
		}
	}
	all = append(all,
		pair{avFlags, binary.LittleEndian.AppendUint32(nil, flags)},
		pair{avChannelBindings, bindingHash(l.Binding)},
		pair{avTargetName, wide(l.Target)},
		pair{avEOL, nil})
	var b []byte
	for _, p := range all {
		b = binary.LittleEndian.AppendUint16(b, p.id)
		b = binary.LittleEndian.AppendUint16(b, uint16(len(p.value)))
		b = append(b, p.value...)
	}
	return b
}

// responseKey is NTOWFv2, [MS-NLMP] 3.3.2.
func responseKey(l Logon) []byte {
	h := md4.New()
	h.Write(wide(l.Password))
	return mac(h.Sum(nil), wide(strings.ToUpper(l.User)+l.Domain))
}

// respond is the NTLMv2 response and the session base key, [MS-NLMP] 3.3.2.
func respond(key []byte, server, client [8]byte, when uint64, info []byte) (response, base []byte) {
	blob := []byte{1, 1, 0, 0, 0, 0, 0, 0}
	blob = binary.LittleEndian.AppendUint64(blob, when)
	blob = append(blob, client[:]...)
	blob = append(blob, 0, 0, 0, 0)
	blob = append(blob, info...)
	blob = append(blob, 0, 0, 0, 0)
	proof := mac(key, server[:], blob)
	return append(proof, blob...), mac(key, proof)
}

// mac is HMAC-MD5 of the parts.
func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(md5.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// crypt is RC4 of b under a key of its own, [MS-NLMP] 6 RC4K.
func crypt(key, b []byte) []byte {
	out := make([]byte, len(b))
	stream(key).XORKeyStream(out, b)
	return out
}

// stream is RC4 under a key of 16 octets.
func stream(key []byte) *rc4.Cipher {
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic(err) // of a key's length, which is ours
	}
	return c
}

// wide is UTF-16 little-endian.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// fileTime counts 100 ns since 1601, [MS-DTYP] 2.3.3.
func fileTime(t time.Time) uint64 {
	const to1970 = 11644473600
	return uint64(t.Unix()+to1970)*1e7 + uint64(t.Nanosecond()/100)
}
