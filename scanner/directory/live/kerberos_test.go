package live

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// refusingKDC is a mock that answers every request with an error: those that a
// KDC at hand cannot be made to say.
func refusingKDC(t *testing.T, code int32) (conf string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	name := types.PrincipalName{NameType: 2, NameString: []string{"krbtgt", "CONTOSO.TEST"}}
	refusal := messages.NewKRBError(name, "CONTOSO.TEST", code, "no")
	answer, err := refusal.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var size [4]byte
			if _, err := io.ReadFull(c, size[:]); err == nil {
				_, _ = io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(size[:])))
				_, _ = c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...))
			}
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	conf = filepath.Join(t.TempDir(), "krb5.conf")
	text := fmt.Sprintf("[libdefaults]\n  default_realm = CONTOSO.TEST\n  udp_preference_limit = 1\n[realms]\n  CONTOSO.TEST = {\n    kdc = %s\n  }\n", l.Addr())
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return conf
}

func TestKerberosRefusals(t *testing.T) {
	for code, want := range map[int32]string{
		errorcode.KRB_AP_ERR_SKEW:             "the clocks of this machine and the domain controller differ by more than 5 minutes",
		errorcode.KDC_ERR_CLIENT_REVOKED:      "the account is disabled or locked out",
		errorcode.KDC_ERR_KEY_EXPIRED:         "the account's password has expired",
		errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN: "the KDC does not know the account",
		errorcode.KDC_ERR_ETYPE_NOSUPP:        "the account has no AES key",
	} {
		t.Run(want, func(t *testing.T) {
			noLeak(t)
			t.Setenv("KRB5_CONFIG", refusingKDC(t, code))
			s, err := New(Options{URLs: []string{"ldap://dc01.contoso.test"}, Credential: Credential{Kind: Password, Principal: "reader@CONTOSO.TEST", Password: told(secret)}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.Read(t.Context(), directory.Ask{})
			if err == nil || !reason.Of(err).Names(reason.KerberosFailed) || !strings.Contains(shown(err), "Kerberos for reader@CONTOSO.TEST: "+want) || strings.Contains(err.Error(), secret) {
				t.Errorf("said %v", err)
			}
		})
	}
}

// Every declared controller is the KDC of its domain, and nobody else is.
func TestKerberosConfig(t *testing.T) {
	t.Setenv("KRB5_CONFIG", "")
	servers := []server{{host: "dc01.contoso.test"}, {host: "dc02.contoso.test"}, {host: "dc01.emea.contoso.test"}, {host: "192.0.2.1"}}
	kdcs := func(conf *config.Config, realm string) []string {
		_, numbered, err := conf.GetKDCs(realm, true)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(maps.Values(numbered))
	}
	conf, _, err := kerberosConfig("CONTOSO.TEST", servers)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(kdcs(conf, "CONTOSO.TEST"), " "); got != "dc01.contoso.test:88 dc02.contoso.test:88" {
		t.Errorf("asked are %s", got)
	}
	if conf.LibDefaults.DNSLookupKDC || conf.LibDefaults.UDPPreferenceLimit != 1 || len(conf.Realms) != 2 {
		t.Errorf("configuration %+v", conf)
	}
	for host, realm := range map[string]string{"dc02.contoso.test": "CONTOSO.TEST", "dc01.emea.contoso.test": "EMEA.CONTOSO.TEST", "other.contoso.test": ""} {
		if got := conf.ResolveRealm(host); got != realm {
			t.Errorf("%s is of the realm %q, want %q", host, got, realm)
		}
	}
	if conf, _, err = kerberosConfig("OTHER.TEST", servers[:1]); err != nil || len(kdcs(conf, "OTHER.TEST")) != 1 {
		t.Errorf("an unknown realm: %v", err)
	}
	t.Setenv("KRB5_CONFIG", filepath.Join(t.TempDir(), "missing"))
	if _, _, err := kerberosConfig("CONTOSO.TEST", servers); err == nil || !strings.Contains(err.Error(), "KRB5_CONFIG names") {
		t.Error(err)
	}
}

// A file decides for the realms that it has KDCs of; for the others it is the
// declared controllers. DNS is asked for none, and that is said.
func TestKerberosConfigOfAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "krb5.conf")
	text := "[libdefaults]\n dns_lookup_kdc = true\n dns_lookup_realm = true\n permitted_enctypes = rc4-hmac\n[realms]\n CONTOSO.TEST = {\n  kdc = kdc2.contoso.test\n  kdc = kdc1.contoso.test:750\n }\n EMEA.CONTOSO.TEST = {\n  default_domain = x\n }\n[domain_realm]\n contoso.test = CONTOSO.TEST\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KRB5_CONFIG", file)
	servers := []server{{host: "dc01.contoso.test"}, {host: "dc01.emea.contoso.test"}}
	conf, said, err := kerberosConfig("CONTOSO.TEST", servers)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range conf.Realms {
		got[r.Realm] = strings.Join(r.KDC, " ")
	}
	want := map[string]string{"CONTOSO.TEST": "kdc2.contoso.test:88 kdc1.contoso.test:750", "EMEA.CONTOSO.TEST": "dc01.emea.contoso.test:88"}
	if !maps.Equal(got, want) || conf.LibDefaults.DNSLookupKDC || conf.LibDefaults.DNSLookupRealm || conf.LibDefaults.UDPPreferenceLimit != 1 {
		t.Errorf("KDCs %v of %+v", got, conf.LibDefaults)
	}
	if conf.ResolveRealm("dc01.emea.contoso.test") != "CONTOSO.TEST" || slices.Contains(conf.LibDefaults.DefaultTktEnctypeIDs, 23) {
		t.Errorf("%+v", conf)
	}
	if !strings.Contains(said, file) || !strings.Contains(said, "DNS") {
		t.Errorf("said %q", said)
	}
}
