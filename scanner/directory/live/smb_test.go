package live

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/cloudsoda/go-smb2"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The message that answers the challenge has MsvAvTargetName, [MS-NLMP] 2.2.2.1.
func TestTheLogOnOfSMBNamesItsServer(t *testing.T) {
	l := &login{Credential: Credential{Kind: Password, User: `CONTOSO\reader`}, password: []byte(secret)}
	i, ok := l.ntlm(&member{server: server{host: "dc01.contoso.test"}}).(*smb2.NTLMInitiator)
	if !ok {
		t.Fatal("another library")
	}
	if _, err := i.InitSecContext(); err != nil {
		t.Fatal(err)
	}
	challenge := make([]byte, 48, 56)
	copy(challenge, "NTLMSSP\x00\x02")
	binary.LittleEndian.PutUint32(challenge[20:], 0xe28a8235) // what Windows offers
	binary.LittleEndian.PutUint16(challenge[40:], 4)
	binary.LittleEndian.PutUint16(challenge[42:], 4)
	binary.LittleEndian.PutUint32(challenge[44:], 56)
	binary.LittleEndian.PutUint32(challenge[16:], 56)
	challenge = append(challenge, 10, 0, 0x63, 0x45, 0, 0, 0, 15)
	challenge = append(challenge, 0, 0, 0, 0)
	sent, err := i.AcceptSecContext(challenge)
	if err != nil {
		t.Fatal(err)
	}
	name := utf16.Encode([]rune("cifs/dc01.contoso.test"))
	want := []byte{9, 0, byte(2 * len(name)), 0}
	for _, u := range name {
		want = binary.LittleEndian.AppendUint16(want, u)
	}
	if !bytes.Contains(sent, want) {
		t.Errorf("the log-on does not name its server: %x", sent)
	}
}

func TestForbiddenNTLMIsNotTriedOverSMB(t *testing.T) {
	r := &reading{source: &Source{o: Options{ForbidNTLM: true}},
		login: &login{Credential: Credential{Kind: Password, User: "reader"}, password: []byte(secret), timeout: time.Second}}
	_, err := r.openSMB(t.Context(), &member{server: server{host: "127.0.0.1"}})
	if !reason.Of(err).Names(reason.NTLMForbidden) || !reason.Of(err).Names(reason.AccountDomainUnknown) {
		t.Errorf("got %v", err)
	}
}
