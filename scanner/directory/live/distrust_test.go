package live

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
)

// A controller whose certificate is another's gets nothing any more by whatever
// way, and one that is distrusted by then is shown nothing.
func TestADistrustedControllerIsShownNothing(t *testing.T) {
	read := func(m *mock, d *distrust.Places) error {
		s, err := New(Options{URLs: []string{m.serve("ldaps")}, CA: m.ca, Timeout: 2 * time.Second, Distrusted: d,
			Credential: Credential{Kind: Password, User: `CONTOSO\reader`, Password: told(secret)}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Read(t.Context(), directory.Ask{Forest: "contoso.test"})
		return err
	}
	refuse := func(string, string) (uint16, string) { return 49, "data 52e" }
	m, other := newMock(t), newMock(t)
	m.bind, other.bind = refuse, refuse
	right := m.ca

	d := new(distrust.Places)
	if err := read(m, d); err == nil || m.bound() != 1 || d.Check(nil, "127.0.0.1") != nil {
		t.Errorf("a trusted one: %d binds, %v", m.bound(), err)
	}
	m.ca = other.ca
	if err := read(m, d); err == nil || m.bound() != 1 {
		t.Errorf("another's certificate: %d binds, %v", m.bound(), err)
	}
	if d.Check(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, "dc01.contoso.test") == nil {
		t.Error("the machine is not distrusted")
	}
	m.ca = right
	var kept *distrust.Error
	if err := read(m, d); !errors.As(err, &kept) || m.bound() != 1 {
		t.Errorf("a distrusted one: %d binds, %v", m.bound(), err)
	}
	r := &reading{login: &login{Credential: Credential{Kind: Password, User: "reader"}, distrusted: d, timeout: time.Second}}
	_, err := r.openSMB(t.Context(), &member{server: server{host: "127.0.0.1"}})
	if !errors.As(err, &kept) {
		t.Errorf("SMB: %v", err)
	}
}
