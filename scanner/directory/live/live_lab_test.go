//go:build lab

package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	reader    = "svc-kmsiso"
	principal = reader + "@CONTOSO.TEST"
)

// labFile is a file of the lab's state.
func labFile(parts ...string) string {
	return filepath.Join(append([]string{os.Getenv(inLab)}, parts...)...)
}

func authority(dc string) string {
	return labFile("hosts", dc, "tls", "x509ca", "authority.pem")
}

// passwordOf is that of one of the lab's accounts.
func passwordOf(t *testing.T, account string) string {
	t.Helper()
	b, err := os.ReadFile(labFile("secrets", account))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// asReader is the lab's reading account with its password.
func asReader(t *testing.T) Credential {
	return Credential{Kind: Password, User: `CONTOSO\` + reader, Password: told(passwordOf(t, reader))}
}

var asked1 = directory.Ask{Forest: "contoso.test", Machines: []string{"kms01.contoso.test", "KMS02.contoso.test.", "mgmt.contoso.test", "natclient", "guest", "guest.example.test"}, GPOs: []string{"Default Domain Policy"}}

// readLab reads the lab's contoso.test.
func readLab(t *testing.T, o Options) (*run.Forest, error) {
	t.Helper()
	if o.URLs == nil {
		o.URLs = []string{"ldaps://dc01.contoso.test"}
	}
	if o.CA == "" {
		o.CA = authority("dc01")
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	f, err := s.Read(ctx, asked1)
	if err != nil {
		for _, secret := range []string{passwordOf(t, reader), passwordOf(t, "Administrator")} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error holds a password: %v", err)
			}
		}
	}
	return f, err
}

func mustReadLab(t *testing.T, o Options) *run.Forest {
	t.Helper()
	f, err := readLab(t, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// facts leaves out what differs from reading to reading.
var facts = cmp.Options{cmpopts.IgnoreFields(run.Forest{}, "Source", "Read", "Skew", "SkewWithin"), cmpopts.EquateComparable(netip.Prefix{})}

// Every way in reads the same.
func TestWaysIn(t *testing.T) {
	password := passwordOf(t, reader)
	cache := filepath.Join(t.TempDir(), "reader.ccache")
	kinit := exec.CommandContext(t.Context(), "kinit", "-c", "FILE:"+cache, principal)
	kinit.Env, kinit.Stdin = append(os.Environ(), "KRB5_CONFIG="+labFile("krb5.conf")), strings.NewReader(password)
	if out, err := kinit.CombinedOutput(); err != nil {
		t.Fatalf("kinit: %v %s", err, out)
	}
	unreachable := filepath.Join(t.TempDir(), "krb5.conf")
	if err := os.WriteFile(unreachable, []byte("[libdefaults]\n  udp_preference_limit = 1\n[realms]\n  CONTOSO.TEST = {\n    kdc = 127.0.0.1:1\n  }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	flat, upn := asReader(t), asReader(t)
	upn.User = reader + "@contoso.test"
	kerberos := Credential{Kind: Password, Principal: principal, Password: told(password)}
	keytab := Credential{Kind: Keytab, Principal: principal, File: labFile("secrets", reader+".keytab")}
	tickets := Credential{Kind: CCache, File: cache}
	want := mustReadLab(t, Options{Credential: flat})
	for name, c := range map[string]struct {
		url, config string
		credential  Credential
	}{
		"LDAPS with a password":                    {"ldaps", "", upn},
		"StartTLS with a password":                 {"ldap", "", flat},
		"LDAPS with a password, SYSVOL with NTLM":  {"ldaps", unreachable, flat},
		"LDAPS with a Kerberos password":           {"ldaps", "", kerberos},
		"LDAPS with a keytab":                      {"ldaps", "", keytab},
		"LDAPS with a ticket cache":                {"ldaps", "", tickets},
		"Kerberos sealing with a password":         {"ldap", "", kerberos},
		"Kerberos sealing with a keytab":           {"ldap", "", keytab},
		"Kerberos sealing with a ticket cache":     {"ldap", "", tickets},
		"Kerberos sealing as krb5.conf configures": {"ldap", labFile("krb5.conf"), keytab},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			t.Setenv("KRB5_CONFIG", c.config)
			got := mustReadLab(t, Options{URLs: []string{c.url + "://dc01.contoso.test"}, Credential: c.credential})
			if diff := cmp.Diff(want, got, facts); diff != "" {
				t.Error(diff)
			}
			if got.Skew == nil || got.Skew.Abs() > got.SkewWithin || got.SkewWithin > 11*time.Second || time.Since(got.Read).Abs() > time.Minute {
				t.Errorf("skew %v, read %s", got.Skew, got.Read)
			}
		})
	}
}

func TestRefusedWaysIn(t *testing.T) {
	wrong := func(c Credential) Credential { c.Password = told("not-the-Passw0rd"); return c }
	kerberos := Credential{Kind: Password, Principal: principal, Password: told(passwordOf(t, reader))}
	nobody := kerberos
	nobody.Principal = "nobody@CONTOSO.TEST"
	stale := Credential{Kind: Keytab, Principal: "KMS01$@CONTOSO.TEST", File: labFile("secrets", reader+".keytab")}
	for name, c := range map[string]struct {
		o    Options
		want reason.Reason
	}{
		"wrong password inside TLS":      {Options{Credential: wrong(asReader(t))}, reason.New(reason.BindRefused, "account", `CONTOSO\svc-kmsiso`, "why", reason.New(reason.PasswordWrong))},
		"wrong password after StartTLS":  {Options{URLs: []string{"ldap://dc01.contoso.test"}, Credential: wrong(asReader(t))}, reason.New(reason.BindRefused)},
		"wrong password for Kerberos":    {Options{Credential: wrong(kerberos)}, reason.New(reason.KerberosFailed, "account", principal, "why", reason.New(reason.KDCWrongSecret))},
		"an account that is not there":   {Options{Credential: nobody}, reason.New(reason.KDCAccountUnknown)},
		"a keytab of somebody else":      {Options{Credential: stale}, reason.New(reason.KeytabWithoutKey, "file", stale.File, "account", stale.Principal)},
		"an authority of another forest": {Options{CA: authority("dc03"), Credential: asReader(t)}, reason.New(reason.CertificateUntrusted)},
		"a name of somebody else":        {Options{URLs: []string{"ldaps://198.18.11.10"}, Credential: asReader(t)}, reason.New(reason.CertificateOfOthers, "names", []string{"dc01.contoso.test"}, "host", "198.18.11.10")},
		"the port of clear text":         {Options{URLs: []string{"ldaps://dc01.contoso.test:389"}, Credential: asReader(t)}, reason.New(reason.ConnectionBroke)},
		"a host without a directory":     {Options{URLs: []string{"ldaps://files.contoso.test"}, Credential: asReader(t)}, reason.New(reason.ConnectionRefused)},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			t.Setenv("KRB5_CONFIG", "")
			_, err := readLab(t, c.o)
			for r := range reason.Of(err).All {
				if r.Is(c.want.Code) && (len(c.want.Args) == 0 || r.Equal(c.want)) {
					return
				}
			}
			t.Errorf("said %v, want %s in it", err, c.want.Key())
		})
	}
	t.Run("a password in clear, which only a test would send", func(t *testing.T) {
		c, err := ldap.DialURL("ldap://dc01.contoso.test")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		err = c.Bind(`CONTOSO\`+reader, "not-the-Passw0rd")
		err = explain(t.Context(), server{url: "ldap://dc01.contoso.test"}, &login{Credential: asReader(t)}, err)
		if !reason.Of(err).Names(reason.PasswordTooWeak) {
			t.Errorf("said %v", err)
		}
	})
}

// truth is what Samba itself says; see testdata/directory.py.
type truth struct {
	Tokens map[string][]string `json:"tokens"` // of each computer, the SIDs of its groups
	GPOs   map[string][]string `json:"gpos"`   // of each, the SIDs that its descriptor names
	Links  map[string][][2]any `json:"links"`
	Domain string              `json:"domain"`
	SIDs   map[string]string   `json:"sids"`
}

func samba(t *testing.T) truth {
	t.Helper()
	b, err := os.ReadFile(truthFile(os.Getenv(inLab)))
	if err != nil {
		t.Fatal(err)
	}
	var s truth
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// The groups of every computer are those that Samba would put into its token, as
// far as some GPO's descriptor names them.
func TestGroupsAsSambaHasThem(t *testing.T) {
	s := samba(t)
	administrator := asReader(t)
	administrator.User, administrator.Password = `CONTOSO\Administrator`, told(passwordOf(t, "Administrator"))
	d := mustReadLab(t, Options{Credential: administrator}).Domains[0]
	var named []string
	for _, sids := range s.GPOs {
		named = append(named, sids...)
	}
	got, primary := map[string][]string{}, map[string]string{}
	for _, c := range d.Computers {
		for _, name := range c.Names {
			short, _, _ := strings.Cut(name, ".")
			short = strings.ToUpper(short) + "$"
			got[short], primary[short] = c.Groups, fmt.Sprintf("%s-%d", s.Domain, c.PrimaryGroup)
		}
	}
	if len(got) != len(s.Tokens)-1 || got["GONE$"] != nil { // the disabled one
		t.Errorf("%d enabled computers of %d", len(got), len(s.Tokens))
	}
	for name, groups := range got {
		var want []string
		for _, sid := range s.Tokens[name] {
			if slices.Contains(named, sid) && sid != primary[name] {
				want = append(want, sid)
			}
		}
		// Samba leaves these out of tokenGroups: what is named itself, and BUILTIN\Users, which Authenticated Users are in.
		if name == "KMS02$" {
			want = append(want, s.SIDs[name])
		}
		want = append(want, "S-1-5-32-545")
		slices.Sort(want)
		if diff := cmp.Diff(want, groups); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLinksAsSambaHasThem(t *testing.T) {
	s := samba(t)
	f := mustReadLab(t, Options{Credential: asReader(t)})
	containers := slices.Clone(f.Domains[0].Containers)
	for _, site := range f.Sites {
		containers = append(containers, site.Container)
	}
	got := map[string][][2]any{}
	for _, c := range containers {
		for _, l := range c.Links {
			options := 0.0
			if l.Disabled {
				options++
			}
			if l.Enforced {
				options += 2
			}
			got[c.DN] = append(got[c.DN], [2]any{l.DN, options})
		}
	}
	if diff := cmp.Diff(s.Links, got); diff != "" {
		t.Error(diff)
	}
}
