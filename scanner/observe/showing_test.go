package observe

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/secret"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/winrm"
	"github.com/kmsiso/kmsiso/scanner/way"
)

const rightPassword = "Right-of-the-test-1"

// domain is a mock: a controller that takes one password, and machines that say
// what a test wants to whoever logs on with Basic.
type domain struct {
	t      *testing.T
	policy *intent.Policy
	shown  atomic.Int32 // to the controller

	mu   sync.Mutex
	asks map[int]int // of each machine, with a password
}

// newDomain makes so many machines; with a controller that is declared or not.
func newDomain(t *testing.T, machines int, declared bool, password string, answer func(machine int, w http.ResponseWriter)) *domain {
	t.Helper()
	d := &domain{t: t, asks: map[int]int{}}
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	d.policy = &intent.Policy{
		Credentials: []intent.Credential{{Name: "admin", Kind: "password", User: `CONTOSO\admin`, Password: secret.Reference{File: file}}},
		Forests:     []intent.Forest{{Name: "contoso.test"}},
		Limits:      intent.Limits{Connect: 10 * time.Second},
	}
	for i := range machines {
		s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				d.mu.Lock()
				d.asks[i]++
				d.mu.Unlock()
			}
			answer(i, w)
		}))
		t.Cleanup(s.Close)
		if declared && i == 0 {
			d.controller(s.TLS.Certificates[0], s.Certificate().Raw)
		}
		d.policy.Vantages = append(d.policy.Vantages, intent.Vantage{Name: fmt.Sprintf("client%d", i+1), Role: intent.RoleDomain, Via: []intent.Via{
			by(winrm.Entry, "admin", way.Values{"address": s.URL, "auth": "basic", "pin": fmt.Sprintf("%x", sha256.Sum256(s.Certificate().Raw))}),
		}})
	}
	return d
}

// controller answers binds, inside TLS.
func (d *domain) controller(pair tls.Certificate, der []byte) {
	ca := filepath.Join(d.t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		d.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d.t.Fatal(err)
	}
	d.policy.Forests[0].Directory = intent.Directory{URLs: []string{"ldaps://" + l.Addr().String()}, CA: ca}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { d.binds(tls.Server(c, &tls.Config{Certificates: []tls.Certificate{pair}})) })
		}
	})
	d.t.Cleanup(func() { _ = l.Close(); all.Wait() })
}

func (d *domain) binds(c net.Conn) {
	defer func() { _ = c.Close() }()
	for {
		p, err := ber.ReadPacket(c)
		if err != nil || len(p.Children) < 2 || p.Children[1].Tag != ldap.ApplicationBindRequest {
			return
		}
		d.shown.Add(1)
		code, said := int64(0), ""
		if p.Children[1].Children[2].Data.String() != rightPassword {
			code, said = ldap.LDAPResultInvalidCredentials, "80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 52e, v4f7c"
		}
		answer := ber.NewSequence("")
		answer.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, p.Children[0].Value.(int64), ""))
		op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationBindResponse, nil, "")
		op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
		op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
		op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, said, ""))
		answer.AppendChild(op)
		_, _ = c.Write(answer.Bytes())
	}
}

// enter enters all vantages once, as a run does.
func (d *domain) enter(m *logon.Memory) ([]run.Vantage, []run.Credential) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	l := newLogins(d.policy, m)
	go l.show(ctx, d.policy)
	pl := connect(ctx, d.policy, l, Options{})
	pl.close()
	return pl.info, l.credentials()
}

func (d *domain) passwords() (all int, most int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.asks {
		all, most = all+n, max(most, n)
	}
	return all, most
}

func unauthorized(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) }

// fault is WinRM that lets the account in and then can do nothing.
func fault(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte(`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Reason><s:Text>no</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`))
}

// A right password that the first of 20 hosts refuses: the 19 others are asked.
func TestAHostThatRefusesARightPassword(t *testing.T) {
	d := newDomain(t, 20, true, rightPassword, func(machine int, w http.ResponseWriter) {
		if machine == 0 {
			unauthorized(w)
			return
		}
		fault(w)
	})
	_, credentials := d.enter(nil)
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asks) != 20 || d.asks[0] != 1 || d.shown.Load() != 1 {
		t.Errorf("asked %v, and the controller %d times", d.asks, d.shown.Load())
	}
	if len(credentials) != 1 || credentials[0].Held {
		t.Errorf("it says %+v", credentials)
	}
}

// A wrong password is shown to the controller, and to no host: not in this run
// and not in the next.
func TestAWrongPasswordIsShownOnce(t *testing.T) {
	d := newDomain(t, 20, true, "wrong", func(_ int, w http.ResponseWriter) { unauthorized(w) })
	memory := logon.NewMemory(t.TempDir())
	for range 3 {
		info, credentials := d.enter(memory)
		if len(credentials) != 1 || !credentials[0].Held {
			t.Errorf("it says %+v", credentials)
		}
		for _, v := range info {
			if len(v.Trouble) == 0 || strings.Contains(v.Trouble.Key(), base64.StdEncoding.EncodeToString([]byte("wrong"))) {
				t.Errorf("%s: %s", v.Name, v.Trouble.Key())
			}
		}
	}
	if all, _ := d.passwords(); all != 0 || d.shown.Load() != 1 {
		t.Errorf("the hosts were asked %d times, the controller %d", all, d.shown.Load())
	}
}

// Without a controller one host is shown a wrong password, and the others say what
// to declare.
func TestAWrongPasswordWithoutAController(t *testing.T) {
	d := newDomain(t, 20, false, "wrong", func(_ int, w http.ResponseWriter) { unauthorized(w) })
	memory := logon.NewMemory(t.TempDir())
	held := 0
	for range 3 {
		info, _ := d.enter(memory)
		for _, v := range info {
			if !v.Trouble.Names(reason.AccountHeld) {
				continue
			}
			if held++; !v.Trouble.Names(reason.DenialAmbiguous) {
				t.Errorf("%s: %s", v.Name, v.Trouble.Key())
			}
		}
	}
	if held == 0 {
		t.Error("nobody says that the account is held back")
	}
	if all, _ := d.passwords(); all != 1 {
		t.Errorf("the hosts were asked %d times", all)
	}
}

func TestShowingsOfAPlan(t *testing.T) {
	d := newDomain(t, 3, true, "never read", func(_ int, w http.ResponseWriter) { unauthorized(w) })
	d.policy.Credentials = append(d.policy.Credentials, intent.Credential{Name: "local", Kind: "password", User: `.\admin`}, intent.Credential{Name: "far", Kind: "password", User: "admin@elsewhere.test"})
	d.policy.Vantages[1].Via[0].Credential, d.policy.Vantages[2].Via[0].Credential = "local", "far"
	all := showings(d.policy)
	if len(all) != 2 || all[0].credential.Name != "admin" || len(all[0].urls) != 1 || all[1].credential.Name != "far" || len(all[1].urls) != 0 {
		t.Errorf("%+v", all)
	}
	if d.shown.Load() != 0 {
		t.Error("something was shown")
	}
}
