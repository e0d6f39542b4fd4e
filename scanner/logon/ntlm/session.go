package ntlm

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"errors"
)

// SignatureLen is the length of a message's signature, [MS-NLMP] 2.2.2.9.
const SignatureLen = 16

// Session seals what is sent after a log-on and opens what comes, in order, with
// 128 bits and extended session security, [MS-NLMP] 3.4. It is for one goroutine.
type Session struct{ out, in direction }

// direction is one way of a session.
type direction struct {
	signing []byte
	cipher  *rc4.Cipher
	number  uint32
}

// newSession derives the keys, [MS-NLMP] 3.4.5.2 and 3.4.5.3.
func newSession(exported []byte) *Session {
	derive := func(from, kind string) []byte {
		h := md5.Sum(append(append([]byte(nil), exported...), "session key to "+from+" "+kind+" key magic constant\x00"...))
		return h[:]
	}
	way := func(from string) direction {
		return direction{signing: derive(from, "signing"), cipher: stream(derive(from, "sealing"))}
	}
	return &Session{out: way("client-to-server"), in: way("server-to-client")}
}

// Seal encrypts a message and signs it.
func (s *Session) Seal(message []byte) (sealed, signature []byte) {
	sealed = make([]byte, len(message))
	s.out.cipher.XORKeyStream(sealed, message)
	return sealed, s.out.sign(message)
}

// Unseal decrypts a message of the peer and checks its signature. After an error
// the session is of no more use.
func (s *Session) Unseal(sealed, signature []byte) ([]byte, error) {
	message := make([]byte, len(sealed))
	s.in.cipher.XORKeyStream(message, sealed)
	if !hmac.Equal(s.in.sign(message), signature) {
		return nil, errors.New("the signature does not match")
	}
	return message, nil
}

// sign is the signature of the next message, [MS-NLMP] 3.4.4.2.
func (d *direction) sign(message []byte) []byte {
	number := binary.LittleEndian.AppendUint32(nil, d.number)
	d.number++
	sum := mac(d.signing, number, message)[:8]
	d.cipher.XORKeyStream(sum, sum)
	b := []byte{1, 0, 0, 0}
	b = append(b, sum...)
	return append(b, number...)
}
