//go:build lab && linux

package winrm

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	fixture "github.com/kmsiso/kmsiso/fixtures/winrm"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	labUser     = "labadmin"
	labPassword = "Lab-adm1n&co"
)

// bench is a directory and a wine prefix that the tests of this package share.
type bench struct{ dc, prefix string }

func newBench(t *testing.T) bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	dir := t.TempDir()
	b := bench{dc: filepath.Join(dir, "dc"), prefix: filepath.Join(dir, "wine")}
	if err := fixture.ScratchDC(ctx, b.dc, labUser, labPassword); err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	template, err := fixture.Template(ctx, filepath.Join(cache, "kmsiso-lab", "wine"))
	if err != nil {
		t.Fatal(err)
	}
	if err := fixture.Clone(template, b.prefix); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fixture.EndWine(context.Background(), b.prefix) })
	if err := fixture.StartWine(ctx, b.prefix); err != nil {
		t.Fatal(err)
	}
	return b
}

// serve starts a server and returns its address.
func (b bench) serve(t *testing.T, o fixture.Options, pair *tls.Certificate) string {
	t.Helper()
	o.DC, o.Prefix, o.TLS = b.dc, b.prefix, pair != nil
	s, err := fixture.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if pair != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*pair}})
		address = "https://" + address
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), <-served); err != nil {
			t.Errorf("server: %v", err)
		}
	})
	return address
}

func (b bench) reg(t *testing.T, argv ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "wine", append([]string{"reg"}, argv...)...)
	cmd.Env = append(os.Environ(), fixture.WineEnv(b.prefix)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("wine reg %q: %v %s", argv, err, out)
	}
}

func labWay(address string) Way {
	return Way{Address: address, User: `CONTOSO\` + labUser, Password: secret(labPassword), Timeout: 30 * time.Second}
}

func TestAgainstSambaAndWine(t *testing.T) {
	b := newBench(t)
	const rule = `v2.0|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=198.18.10.30|Name=KMS Isolation|Desc=|EmbedCtxt=|`
	key := `HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	b.reg(t, "add", key, "/v", "PolicyVersion", "/t", "REG_DWORD", "/d", "512", "/f")
	b.reg(t, "add", key+`\ConSecRules`, "/v", "{3F1C}", "/t", "REG_SZ", "/d", rule, "/f")
	b.reg(t, "add", key+`\name with spaces`, "/v", "two  words    here", "/t", "REG_MULTI_SZ", "/d", `one\0two`, "/f")

	b.reg(t, "add", `HKLM\SOFTWARE\Policies\Empty`, "/f")

	t.Run("ping, registry and what is missing", func(t *testing.T) {
		address := b.serve(t, fixture.Options{}, nil)
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		v, err := labWay(address).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := v.Close(); err != nil {
				t.Error(err)
			}
		}()
		if v.OS != "windows/amd64" || v.Has(vantage.CapTCP) || !v.Missing[vantage.CapTCP].Has(reason.CommandTier) {
			t.Errorf("OS %q, offers %v, missing %v", v.OS, v.Offers, v.Missing)
		}
		values, err := vantage.Registry.At(v)(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		long := `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall`
		for _, want := range []registry.Value{
			{Key: long, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x200"},
			{Key: long + `\ConSecRules`, Name: "{3F1C}", Type: "REG_SZ", Data: rule},
			{Key: long + `\name with spaces`, Name: "two  words    here", Type: "REG_MULTI_SZ", Data: `one\0two`},
		} {
			if !contains(values, want) {
				t.Errorf("no %+v in %+v", want, values)
			}
		}
		for _, k := range []string{`HKLM\SOFTWARE\Policies\Nobody\Here`, `HKLM\SOFTWARE\Policies\Empty\Nobody`} {
			if _, err := vantage.Registry.At(v)(t.Context(), k); !errors.Is(err, vantage.ErrNoKey) {
				t.Errorf("the missing key %s: %v", k, err)
			}
		}
		reply, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: netip.MustParseAddr("127.0.0.1"), Timeout: time.Second})
		if err != nil || reply.Class != run.Answered || reply.TTL == 0 || reply.Weak == "" {
			t.Errorf("ping: %+v, %v", reply, err)
		}
		if _, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: netip.IPv6Loopback(), Timeout: time.Second}); err == nil {
			t.Error("wine's ping knows no IPv6, and yet it answered")
		}
		_, err = vantage.Clock.At(v)(t.Context(), vantage.ClockRequest{})
		has(t, "wine's powershell.exe, which does nothing", err, reason.ClockAnswerOdd)
	})
	t.Run("a long answer comes whole", func(t *testing.T) {
		v, err := labWay(b.serve(t, fixture.Options{}, nil)).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		values, err := vantage.Registry.At(v)(t.Context(), `HKLM\SYSTEM\CurrentControlSet\Services`)
		if err != nil || len(values) < 100 {
			t.Errorf("%d values, %v", len(values), err)
		}
	})
	t.Run("a log-on that is lost is made again", func(t *testing.T) {
		v, err := labWay(b.serve(t, fixture.Options{Misbehave: fixture.Forget}, nil)).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := vantage.Registry.At(v)(t.Context(), key); err != nil {
			t.Error(err)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("a call that is cancelled does not spoil the next", func(t *testing.T) {
		v, err := labWay(b.serve(t, fixture.Options{}, nil)).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := time.AfterFunc(50*time.Millisecond, cancel)
		defer cancelled.Stop()
		if _, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{To: netip.MustParseAddr("198.51.100.7"), Timeout: 5 * time.Second}); !errors.Is(err, context.Canceled) {
			t.Errorf("the cancelled call: %v", err)
		}
		if _, err := vantage.Registry.At(v)(t.Context(), key); err != nil {
			t.Errorf("the next: %v", err)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, m := range []struct {
		how fixture.Misbehaviour
		why reason.Code
	}{
		{fixture.NoSeal, reason.SealingRefused},
		{fixture.ClearAnswers, reason.SealingRefused},
		{fixture.BasicOnly, reason.NTLMNotOffered},
		{fixture.Truncate, reason.OutputCut},
	} {
		t.Run("a server that misbehaves: "+string(m.how), func(t *testing.T) {
			v, err := labWay(b.serve(t, fixture.Options{Misbehave: m.how}, nil)).Open(t.Context())
			if err == nil {
				v.Close()
				t.Fatal("opened")
			}
			wantCode(t, err, m.why)
			if strings.Contains(err.Error(), labPassword) {
				t.Errorf("the password is in %q", err)
			}
		})
	}
	t.Run("a server that hangs is left when the caller leaves", func(t *testing.T) {
		address := b.serve(t, fixture.Options{Misbehave: fixture.Hang}, nil)
		ctx, cancel := context.WithCancel(t.Context())
		gone := time.AfterFunc(2*time.Second, cancel)
		defer gone.Stop()
		began := time.Now()
		if _, err := labWay(address).Open(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 2100*time.Millisecond {
			t.Errorf("took %s, want it to end within 100 ms of the cancel at 2 s", took)
		}
	})
	t.Run("a wrong password", func(t *testing.T) {
		w := labWay(b.serve(t, fixture.Options{}, nil))
		w.Password = secret("not-the-Passw0rd")
		_, err := w.Open(t.Context())
		if wantCode(t, err, reason.WinRMRefused); err != nil && strings.Contains(err.Error(), "not-the-Passw0rd") {
			t.Errorf("the password is in %v", err)
		}
	})
	t.Run("HTTPS with its authority and with its pin", func(t *testing.T) {
		pair, file, pin := certificate(t)
		address := b.serve(t, fixture.Options{}, &pair)
		for name, w := range map[string]Way{"ca": {CA: file}, "pin": {Pin: pin}} {
			l := labWay(address)
			l.CA, l.Pin = w.CA, w.Pin
			v, err := l.Open(t.Context())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if err := v.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func contains(values []registry.Value, want registry.Value) bool {
	for _, v := range values {
		if v == want {
			return true
		}
	}
	return false
}

// certificate makes one for 127.0.0.1, with its PEM file and its pin.
func certificate(t *testing.T) (tls.Certificate, string, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file, fmt.Sprintf("%x", sha256.Sum256(der))
}
