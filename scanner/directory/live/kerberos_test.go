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

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/krberror"
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
	return kerberosFile(t, l.Addr().String())
}

// kerberosFile is a configuration of Kerberos with one KDC.
func kerberosFile(t *testing.T, kdc string) string {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "krb5.conf")
	text := fmt.Sprintf("[libdefaults]\n  default_realm = CONTOSO.TEST\n  udp_preference_limit = 1\n[realms]\n  CONTOSO.TEST = {\n    kdc = %s\n  }\n", kdc)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return conf
}

func TestKerberosRefusals(t *testing.T) {
	for number, want := range map[int32]reason.Code{
		errorcode.KRB_AP_ERR_SKEW:             reason.ClocksDiffer,
		errorcode.KRB_AP_ERR_TKT_EXPIRED:      reason.TicketExpired,
		errorcode.KRB_AP_ERR_TKT_NYV:          reason.TicketNotYetValid,
		errorcode.KRB_AP_ERR_BAD_INTEGRITY:    reason.KDCWrongSecret,
		errorcode.KDC_ERR_PREAUTH_FAILED:      reason.KDCWrongSecret,
		errorcode.KDC_ERR_CLIENT_REVOKED:      reason.KDCAccountRevoked,
		errorcode.KDC_ERR_KEY_EXPIRED:         reason.PasswordExpired,
		errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN: reason.KDCAccountUnknown,
		errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN: reason.KDCServerUnknown,
		errorcode.KDC_ERR_ETYPE_NOSUPP:        reason.KDCNoAESKey,
		errorcode.KDC_ERR_WRONG_REALM:         reason.KDCOtherRealm,
	} {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			noLeak(t)
			got := ofKDC(t, refusingKDC(t, number))
			if !got.Equal(reason.One(want)) {
				t.Errorf("%s, want %s", got.Key(), want)
			}
		})
	}
	t.Run("nothing listens", func(t *testing.T) {
		at := nobodyAt(t)
		got := ofKDC(t, kerberosFile(t, at))
		if !got.Has(reason.KDCSilent) || got[0].Word("kdc") != at || !got.Names(reason.ConnectionRefused) {
			t.Errorf("%s", got.Key())
		}
	})
}

// ofKDC is why an account got no ticket by a configuration of Kerberos.
func ofKDC(t *testing.T, conf string) reason.List {
	t.Helper()
	t.Setenv("KRB5_CONFIG", conf)
	s, err := New(Options{URLs: []string{"ldap://dc01.contoso.test"}, Credential: Credential{Kind: Password, Principal: "reader@CONTOSO.TEST", Password: told(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Read(t.Context(), directory.Ask{})
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Fatalf("said %v", err)
	}
	got := inner(t, err)
	if !got.Has(reason.KerberosFailed) || got[0].Word("account") != "reader@CONTOSO.TEST" {
		t.Fatalf("said %s", got.Key())
	}
	return got[0].Because("why")
}

// What the library says where no KDC was asked, or none could be.
func TestKerberosWithoutAKDC(t *testing.T) {
	l := &login{Credential: Credential{Kind: Keytab, File: "reader.keytab", Principal: "reader@CONTOSO.TEST"}}
	name := types.NewPrincipalName(1, "reader")
	_, _, noKey := keytab.New().GetEncryptionKey(name, "CONTOSO.TEST", 0, etypeID.AES256_CTS_HMAC_SHA1_96)
	_, noTicket := client.NewFromCCache(new(credentials.CCache), config.New())
	_, _, noKDC := config.New().GetKDCs("CONTOSO.TEST", true)
	for want, err := range map[string]error{
		reason.New(reason.KeytabWithoutKey, "file", l.File, "account", l.Principal).Key(): noKey,
		reason.New(reason.CacheWithoutTicket, "file", l.File).Key():                       noTicket,
		reason.New(reason.RealmWithoutKDC).Key():                                          noKDC,
	} {
		if got := reason.Of(explainKerberos(l, err)); got.Key() != want {
			t.Errorf("%v: %s, want %s", err, got.Key(), want)
		}
	}
	unreachable := krberror.New(krberror.NetworkingError, "no route")
	if got := reason.Of(explainKerberos(l, unreachable)); !got.Has(reason.KDCUnreachable) || got[0].Word("words") != unreachable.Error() {
		t.Errorf("%v: %s", unreachable, got.Key())
	}
	preauth := messages.NewKRBError(name, "CONTOSO.TEST", errorcode.KDC_ERR_PREAUTH_REQUIRED, "no")
	if got := reason.Of(explainKerberos(l, preauth)); !got.Has(reason.KDCPreauthWanted) {
		t.Errorf("%v: %s", preauth, got.Key())
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
	for host, realm := range map[string]string{"dc02.contoso.test": "CONTOSO.TEST", "dc01.emea.contoso.test": "EMEA.CONTOSO.TEST", "other.contoso.test": "CONTOSO.TEST", "dc02.emea.contoso.test": "EMEA.CONTOSO.TEST", "dc01.other.test": ""} {
		if got := conf.ResolveRealm(host); got != realm {
			t.Errorf("%s is of the realm %q, want %q", host, got, realm)
		}
	}
	if conf, _, err = kerberosConfig("OTHER.TEST", servers[:1]); err != nil || len(kdcs(conf, "OTHER.TEST")) != 1 {
		t.Errorf("an unknown realm: %v", err)
	}
	t.Setenv("KRB5_CONFIG", filepath.Join(t.TempDir(), "missing"))
	if _, _, err := kerberosConfig("CONTOSO.TEST", servers); !reason.Of(err).Has(reason.KerberosFileUnread) {
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
