package winrm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon/ntlm"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// session is a log-on: the keys, and the connection they belong to.
type session struct {
	sealer *ntlm.Session // nil where nothing is to be sealed, over HTTPS
	dials  int
}

// The form of a sealed message, [MS-WSMV] 2.2.9.1.1.
const (
	boundary     = "--Encrypted Boundary"
	protocol     = "application/HTTP-SPNEGO-session-encrypted"
	typeSealed   = `multipart/encrypted;protocol="` + protocol + `";boundary="Encrypted Boundary"`
	signatureLen = ntlm.SignatureLen
)

// seal makes the body of a request.
func (s *session) seal(message []byte) []byte {
	sealed, signature := s.sealer.Seal(message)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\r\n\tContent-Type: %s\r\n\tOriginalContent: type=%s;Length=%d\r\n%s\r\n\tContent-Type: application/octet-stream\r\n",
		boundary, protocol, typeSOAP, len(message), boundary)
	b.Write(binary.LittleEndian.AppendUint32(nil, signatureLen))
	b.Write(signature)
	b.Write(sealed)
	b.WriteString(boundary + "--\r\n")
	return b.Bytes()
}

// unseal reads the body of an answer and checks its signature.
func (s *session) unseal(body []byte) (message []byte, err error) {
	signature, sealed, err := splitSealed(body)
	if err != nil {
		return nil, err
	}
	message, err = s.sealer.Unseal(sealed, signature)
	if err != nil {
		return nil, forged(err)
	}
	return message, nil
}

// forged is an answer that the keys of the log-on do not open.
func forged(err error) error { return reason.Wrap(err, reason.SealBroken, "words", err) }

// splitSealed takes a sealed body apart. Lengths are the peer's word, so each is
// compared with what is there.
func splitSealed(body []byte) (signature, sealed []byte, err error) {
	bad := func(part string) ([]byte, []byte, error) {
		return nil, nil, reason.Fail(reason.SealedAnswerMalformed, "part", part)
	}
	head, rest, ok := bytes.Cut(body, []byte("application/octet-stream\r\n"))
	if !ok {
		return bad("octet-stream")
	}
	if !strings.Contains(string(head), protocol) {
		return bad("protocol")
	}
	_, after, ok := strings.Cut(string(head), "Length=")
	if !ok {
		return bad("length")
	}
	digits, _, _ := strings.Cut(after, "\r\n")
	want, err := strconv.Atoi(strings.TrimSpace(digits))
	if err != nil || want < 0 || want > maxAnswer {
		return bad("length")
	}
	if len(rest) < 4 || binary.LittleEndian.Uint32(rest) != signatureLen {
		return bad("signature")
	}
	rest = rest[4:]
	if len(rest) < signatureLen+want {
		return bad("body")
	}
	signature, rest = rest[:signatureLen], rest[signatureLen:]
	sealed, rest = rest[:want], rest[want:]
	if !strings.HasPrefix(strings.TrimLeft(string(rest), "\r\n"), boundary+"--") {
		return bad("end")
	}
	return signature, sealed, nil
}
