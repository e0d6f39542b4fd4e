package live

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// mock speaks as much LDAP as a test wants, in place of a domain controller for
// what no controller at hand can be made to say. It is a mock and no more: that a
// real one is read is shown by the tests with the lab.
type mock struct {
	t      *testing.T
	pair   tls.Certificate
	ca     string // a PEM file
	bind   func(name, password string) (code uint16, said string)
	search func(asked) found
	noTLS  bool // refuses StartTLS
	oddTLS bool // answers it as if it were a bind
	silent bool // answers nothing

	mu    sync.Mutex
	binds int
}

// found is what a search finds: n objects, made when they are sent.
type found struct {
	n    int
	at   func(int) *ldap.Entry
	code uint16
	once bool // all in one page
}

func these(entries ...*ldap.Entry) found {
	return found{n: len(entries), at: func(i int) *ldap.Entry { return entries[i] }}
}

// asked is a search as it came.
type asked struct {
	base, filter string
	attrs        []string
}

func (a asked) wants(attr string) bool {
	for _, x := range a.attrs {
		if strings.EqualFold(x, attr) {
			return true
		}
	}
	return false
}

func newMock(t *testing.T) *mock {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mock"}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	m := &mock{t: t, ca: filepath.Join(t.TempDir(), "ca.pem"), pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}}
	m.bind = func(string, string) (uint16, string) { return 0, "" }
	if err := os.WriteFile(m.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

// serve listens until the test is over and returns the URL.
func (m *mock) serve(scheme string) string {
	m.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	url := scheme + "://" + l.Addr().String()
	var (
		all   sync.WaitGroup
		conns []net.Conn
	)
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			m.mu.Lock()
			conns = append(conns, c)
			m.mu.Unlock()
			if scheme == "ldaps" {
				c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{m.pair}})
			}
			all.Go(func() { m.talk(c) })
		}
	})
	m.t.Cleanup(func() {
		_ = l.Close()
		m.mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		m.mu.Unlock()
		all.Wait()
	})
	return url
}

// bound is how many have shown it a credential.
func (m *mock) bound() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.binds
}

func (m *mock) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	for {
		p, err := ber.ReadPacket(c)
		if err != nil {
			return
		}
		if m.silent {
			continue
		}
		id, op := p.Children[0].Value.(int64), p.Children[1]
		switch op.Tag {
		case ldap.ApplicationBindRequest:
			m.mu.Lock()
			m.binds++
			m.mu.Unlock()
			code, said := m.bind(text(op.Children[1]), op.Children[2].Data.String())
			m.send(c, id, ldap.ApplicationBindResponse, code, said)
		case ldap.ApplicationExtendedRequest:
			if m.oddTLS {
				m.send(c, id, ldap.ApplicationBindResponse, 0, "")
				continue
			}
			if m.noTLS {
				m.send(c, id, ldap.ApplicationExtendedResponse, ldap.LDAPResultUnwillingToPerform, "no TLS here")
				continue
			}
			m.send(c, id, ldap.ApplicationExtendedResponse, 0, "")
			c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{m.pair}})
		case ldap.ApplicationSearchRequest:
			m.answer(c, id, p)
		default:
			return
		}
	}
}

func text(p *ber.Packet) string {
	s, _ := p.Value.(string)
	return s
}

// answer sends what is found, in pages. The cookie is how many were sent.
func (m *mock) answer(c net.Conn, id int64, p *ber.Packet) {
	op := p.Children[1]
	filter, err := ldap.DecompileFilter(op.Children[6])
	if err != nil {
		m.t.Errorf("a filter that cannot be read: %v", err)
	}
	a := asked{base: text(op.Children[0]), filter: filter}
	for _, attr := range op.Children[7].Children {
		a.attrs = append(a.attrs, text(attr))
	}
	from := 0
	for _, control := range p.Children[2].Children {
		d, err := ldap.DecodeControl(control)
		if paging, ok := d.(*ldap.ControlPaging); err == nil && ok && len(paging.Cookie) > 0 {
			from = int(new(big.Int).SetBytes(paging.Cookie).Int64())
		}
	}
	found := m.search(a)
	to := min(from+page, found.n)
	if found.once {
		to = found.n
	}
	buffered := bufio.NewWriter(c)
	for i := from; i < to; i++ {
		m.entry(buffered, id, found.at(i))
	}
	if err := buffered.Flush(); err != nil {
		return
	}
	cookie := []byte{}
	if to < found.n {
		cookie = big.NewInt(int64(to)).Bytes()
	}
	m.done(c, id, found.code, cookie)
}

func (m *mock) entry(c io.Writer, id int64, e *ldap.Entry) {
	envelope := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	envelope.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, e.DN, ""))
	attributes := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	for _, a := range e.Attributes {
		attribute := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
		attribute.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, a.Name, ""))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.Values {
			set.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, v, ""))
		}
		attribute.AppendChild(set)
		attributes.AppendChild(attribute)
	}
	op.AppendChild(attributes)
	envelope.AppendChild(op)
	_, _ = c.Write(envelope.Bytes())
}

func result(tag ber.Tag, id int64, code uint16, said string) *ber.Packet {
	envelope := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	envelope.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(code), ""))
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, said, ""))
	envelope.AppendChild(op)
	return envelope
}

func (m *mock) send(c net.Conn, id int64, tag ber.Tag, code uint16, said string) {
	_, _ = c.Write(result(tag, id, code, said).Bytes())
}

func (m *mock) done(c net.Conn, id int64, code uint16, cookie []byte) {
	envelope := result(ldap.ApplicationSearchResultDone, id, code, "")
	controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
	paging := ldap.NewControlPaging(0)
	paging.SetCookie(cookie)
	controls.AppendChild(paging.Encode())
	envelope.AppendChild(controls)
	_, _ = c.Write(envelope.Bytes())
}
