package winrm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon/ntlm"
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
		return nil, fmt.Errorf("a sealed answer does not have the right signature (%w): it was altered, or it is not the host that logged us on", err)
	}
	return message, nil
}

// splitSealed takes a sealed body apart. Lengths are the peer's word, so each is
// compared with what is there.
func splitSealed(body []byte) (signature, sealed []byte, err error) {
	bad := func(why string) ([]byte, []byte, error) {
		return nil, nil, fmt.Errorf("a sealed answer is cut or not well-formed: %s", why)
	}
	head, rest, ok := bytes.Cut(body, []byte("application/octet-stream\r\n"))
	if !ok {
		return bad("no octet-stream part")
	}
	if !strings.Contains(string(head), protocol) {
		return bad("another protocol")
	}
	_, after, ok := strings.Cut(string(head), "Length=")
	if !ok {
		return bad("no length")
	}
	digits, _, _ := strings.Cut(after, "\r\n")
	want, err := strconv.Atoi(strings.TrimSpace(digits))
	if err != nil || want < 0 || want > maxAnswer {
		return bad("no length")
	}
	if len(rest) < 4 || binary.LittleEndian.Uint32(rest) != signatureLen {
		return bad("no signature")
	}
	rest = rest[4:]
	if len(rest) < signatureLen+want {
		return bad(fmt.Sprintf("%d of %d octets", max(0, len(rest)-signatureLen), want))
	}
	signature, rest = rest[:signatureLen], rest[signatureLen:]
	sealed, rest = rest[:want], rest[want:]
	if !strings.HasPrefix(strings.TrimLeft(string(rest), "\r\n"), boundary+"--") {
		return bad("no end")
	}
	return signature, sealed, nil
}
