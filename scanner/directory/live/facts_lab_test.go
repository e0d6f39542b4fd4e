//go:build lab

package live

import (
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// named is a GPO of the forest.
func named(t *testing.T, f *run.Forest, name string) run.GPO {
	t.Helper()
	i := slices.IndexFunc(f.Domains[0].GPOs, func(g run.GPO) bool { return g.Name == name })
	if i < 0 {
		t.Fatalf("no GPO %q", name)
	}
	return f.Domains[0].GPOs[i]
}

// What a plain user reads of a directory with everything in it that the package
// knows of, and with everything that can be wrong.
func TestFactsOfAPlainUser(t *testing.T) {
	f := mustReadLab(t, Options{Credential: asReader(t)})
	d := f.Domains[0]
	if f.Name != "contoso.test" || d.Name != "contoso.test" || d.NetBIOS != "CONTOSO" || d.DN != "DC=contoso,DC=test" || d.SID != samba(t).Domain {
		t.Errorf("forest %s, domain %s %s %s %s", f.Name, d.Name, d.NetBIOS, d.DN, d.SID)
	}
	if len(f.Problems) > 0 {
		t.Errorf("problems of the forest: %+v", f.Problems)
	}
	g := named(t, f, "Filtered")
	security, version := g.Security, uint32(0xffff0001)
	g.Security, g.Registry = "", nil
	if diff := cmp.Diff(run.GPO{
		ID: "{00000001-0000-4000-8000-000000000000}", Name: "Filtered", DN: "CN={00000001-0000-4000-8000-000000000000},CN=Policies,CN=System,DC=contoso,DC=test",
		Path: `\\contoso.test\sysvol\contoso.test\Policies\{00000001-0000-4000-8000-000000000000}`, Functionality: 2, Version: &version, FileVersion: &version,
		Extensions: "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]", Filter: "[contoso.test;{00000001-0000-4000-8000-00000000000F};0]",
		RegistryFile: true, Settings: 3,
	}, g); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(security, "D:P(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)") {
		t.Errorf("security %s", security)
	}
	const key = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	if diff := cmp.Diff(registry.Values{
		{Key: key, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"},
		{Key: key + `\ConSecRules`, Name: "{3F1C}", Type: "REG_SZ", Data: "v2.20|Action=SecureServer|Active=TRUE|"},
	}, named(t, f, "Filtered").Registry); diff != "" {
		t.Error(diff)
	}
	i := slices.IndexFunc(d.Containers, func(c run.Container) bool { return c.DN == "OU=Hosts,DC=contoso,DC=test" })
	if i < 0 || !d.Containers[i].Blocks || len(d.Containers[i].Links) != 2 || d.Containers[i].Links[0].GPO != "{DEADBEEF-0000-4000-8000-000000000000}" {
		t.Errorf("containers %+v", d.Containers)
	}
	if slices.ContainsFunc(d.Containers, func(c run.Container) bool { return strings.HasPrefix(c.DN, "OU=Quiet") }) {
		t.Error("an OU that says nothing is there")
	}
	if !slices.ContainsFunc(d.Filters, func(w run.WMIFilter) bool {
		return w.ID == "{00000001-0000-4000-8000-00000000000F}" && w.Name == "Windows 10 and later" && strings.HasPrefix(w.Query, `1;3;10;63;WQL;root\CIMv2;select`)
	}) {
		t.Errorf("filters %+v", d.Filters)
	}
	site := slices.IndexFunc(f.Sites, func(s run.Site) bool { return s.Name == "Default-First-Site-Name" })
	if site < 0 || len(f.Sites[site].Links) == 0 || !slices.Contains(f.Sites[site].Subnets, netip.MustParsePrefix("2001:db8:10::/64")) {
		t.Errorf("sites %+v", f.Sites)
	}
	if !slices.Contains(d.Controllers, "dc01.contoso.test") || !slices.Contains(d.Controllers, "dc02.contoso.test") {
		t.Errorf("controllers %v", d.Controllers)
	}
	if !slices.ContainsFunc(d.Trusts, func(x run.Trust) bool { return x.Partner == "fabrikam.test" && x.Direction == 3 && x.Attributes&8 != 0 }) {
		t.Errorf("trusts %+v", d.Trusts)
	}
	if diff := cmp.Diff([]run.Activation{{
		DN: "CN=Windows,CN=Activation Objects,CN=Microsoft SPP,CN=Services,CN=Configuration,DC=contoso,DC=test", Name: "Windows Server 2022",
	}}, f.Activation); diff != "" {
		t.Error(diff)
	}
	old := slices.IndexFunc(d.Computers, func(c run.Computers) bool { return slices.Contains(c.Names, "old.contoso.test") })
	if old < 0 || !d.Computers[old].Idle || d.Computers[old].OSVersion != "5.1 (2600)" {
		t.Errorf("computers %+v", d.Computers)
	}
	if !slices.ContainsFunc(d.Computers, func(c run.Computers) bool { return slices.Contains(c.Names, "NAMELESS") && !c.Idle }) {
		t.Errorf("computers %+v", d.Computers)
	}
	var names []string
	for _, a := range d.Accounts {
		names = append(names, a.Name)
		if a.Security == "" || !a.Enabled || a.SID == "" {
			t.Errorf("account %+v", a)
		}
		if a.Name == "KMS01" && (a.EncTypes == nil || *a.EncTypes != 24 || !slices.Equal(a.Sharing, []string{"CN=TWIN,CN=Computers,DC=contoso,DC=test (host/kms01.contoso.test)"})) {
			t.Errorf("kms01: %v %v", a.EncTypes, a.Sharing)
		}
	}
	if slices.Sort(names); !slices.Equal(names, []string{"KMS01", "KMS02", "MGMT", "NATCLIENT"}) {
		t.Errorf("accounts %v", names)
	}
}

// What is wrong with a GPO is told of that GPO, and the rest is read.
func TestBrokenGPOs(t *testing.T) {
	f := mustReadLab(t, Options{Credential: asReader(t)})
	const (
		dn  = ",CN=Policies,CN=System,DC=contoso,DC=test"
		vol = `SYSVOL\contoso.test\Policies\`
	)
	id := func(n string) string { return "{0000000" + n + "-0000-4000-8000-000000000000}" }
	// said is a problem by what it is of, and how the key of its reason begins.
	said := func(aspect run.Aspect, where string, code reason.Code, args ...any) string {
		return string(aspect) + " " + where + ": " + reason.New(code, args...).Key()
	}
	for n, want := range map[string][]string{
		"1": nil,
		"2": {"refused " + said(run.AspectGPOs, "CN="+id("2")+dn, reason.NotPermitted)},
		"3": {"refused " + said(run.AspectSettings, vol+id("3")+`\gpt.ini`, reason.NotPermitted), "refused " + said(run.AspectSettings, vol+id("3")+`\Machine\Registry.pol`, reason.NotPermitted)},
		"4": {said(run.AspectSettings, vol+id("4"), reason.GPOFolderMissing)},
		"5": {said(run.AspectSettings, vol+id("5")+`\gpt.ini`, reason.INIWithoutGeneral), said(run.AspectSettings, vol+id("5")+`\Machine\Registry.pol`, reason.FileDamaged, "offset", 0x88)},
		"6": {said(run.AspectSettings, "CN="+id("6")+dn, reason.GPOPathForeign, "path", `\\evil.example.test\sysvol\x\Policies\{6}`, "server", "evil.example.test")},
		"7": {said(run.AspectSettings, "CN="+id("7")+dn, reason.GPOPathMalformed, "path", `\\contoso.test\sysvol\contoso.test\..\..\private\secrets.ldb`)},
		"8": {said(run.AspectSettings, vol+id("8")+`\gpt.ini`, reason.FileMissing)},
	} {
		i := slices.IndexFunc(f.Domains[0].GPOs, func(g run.GPO) bool { return g.ID == id(n) })
		if i < 0 {
			t.Errorf("no GPO %s", n)
			continue
		}
		var got []string
		for _, p := range f.Domains[0].GPOs[i].Problems {
			text := string(p.Aspect) + " " + p.Where + ": " + p.Why.Key()
			if p.Refused {
				text = "refused " + text
			}
			if p.Refused != p.Unread {
				t.Errorf("%s: refused %v, unread %v", text, p.Refused, p.Unread)
			}
			got = append(got, text)
		}
		if !slices.EqualFunc(got, want, strings.HasPrefix) {
			t.Errorf("GPO %s: %q, want %q", n, got, want)
		}
	}
	// The administrator may read what the reader may not; else they see the same.
	administrator := asReader(t)
	administrator.User, administrator.Password = `CONTOSO\Administrator`, told(passwordOf(t, "Administrator"))
	more := mustReadLab(t, Options{Credential: administrator})
	if g := named(t, more, "Denied in the directory"); len(g.Problems) > 0 || g.Security == "" {
		t.Errorf("as the administrator: %+v", g.Problems)
	}
	if g := named(t, more, "Denied in SYSVOL"); len(g.Problems) > 0 || len(g.Registry) != 1 {
		t.Errorf("as the administrator: %+v", g.Problems)
	}
	forget := func(f *run.Forest) *run.Forest {
		f.Domains[0].GPOs = slices.DeleteFunc(f.Domains[0].GPOs, func(g run.GPO) bool { return g.ID == id("2") || g.ID == id("3") })
		for i := range f.Domains[0].Copies {
			f.Domains[0].Copies[i].GPOs = slices.DeleteFunc(f.Domains[0].Copies[i].GPOs, func(g run.CopiedGPO) bool { return g.ID == id("2") || g.ID == id("3") })
		}
		return f
	}
	if diff := cmp.Diff(forget(f), forget(more), facts); diff != "" {
		t.Errorf("beside the two, the administrator sees something else: %s", diff)
	}
}

// The same files from a folder.
func TestSYSVOLFromAFolder(t *testing.T) {
	over := mustReadLab(t, Options{Credential: asReader(t)})
	folder := mustReadLab(t, Options{Credential: asReader(t), SYSVOL: labFile("hosts", "dc01", "samba", "state", "sysvol")})
	if len(folder.Lost[run.AspectCopies]) == 0 || len(folder.Domains[0].Copies) > 0 {
		t.Errorf("lost %v, copies %v", folder.Lost, folder.Domains[0].Copies)
	}
	// Root, who runs this, may read what the account may not.
	if g := named(t, folder, "Denied in SYSVOL"); len(g.Registry) != 1 {
		t.Errorf("%+v", g)
	}
	for _, f := range []*run.Forest{over, folder} {
		f.Lost, f.Domains[0].Copies = nil, nil
		f.Domains[0].GPOs = slices.DeleteFunc(f.Domains[0].GPOs, func(g run.GPO) bool { return g.Name == "Denied in SYSVOL" })
	}
	if diff := cmp.Diff(over, folder, facts); diff != "" {
		t.Error(diff)
	}
}

// Each declared controller has its copies; one that is not declared is listed and
// not asked; one of another forest is told.
func TestCopies(t *testing.T) {
	f := mustReadLab(t, Options{URLs: []string{"ldaps://dc01.contoso.test", "ldap://dc02.contoso.test", "ldaps://files.contoso.test"}, Credential: asReader(t)})
	copies := f.Domains[0].Copies
	if len(copies) != 3 || copies[0].Server != "dc01.contoso.test" || copies[1].Server != "dc02.contoso.test" || len(copies[0].Error)+len(copies[1].Error) > 0 {
		t.Fatalf("copies %+v", copies)
	}
	if copies[2].Server != "files.contoso.test" || !strings.Contains(copies[2].Error.Key(), "connection refused") {
		t.Errorf("the one that does not answer: %+v", copies[2])
	}
	of := func(c run.Copy, id string) run.CopiedGPO {
		i := slices.IndexFunc(c.GPOs, func(g run.CopiedGPO) bool { return g.ID == id })
		if i < 0 {
			t.Fatalf("%s has no copy of %s", c.Server, id)
		}
		return c.GPOs[i]
	}
	isolation := named(t, f, "KMS Isolation Policy").ID
	if diff := cmp.Diff(of(copies[0], isolation), of(copies[1], isolation)); diff != "" || of(copies[0], isolation).Settings == "" || of(copies[0], isolation).Version == nil {
		t.Errorf("the isolation GPO: %s", diff)
	}
	const filtered = "{00000001-0000-4000-8000-000000000000}" // made on dc01 only
	if a, b := of(copies[0], filtered), of(copies[1], filtered); a.Version == nil || b.Version != nil || b.FileVersion != nil || b.Settings != "" || len(b.Error) > 0 {
		t.Errorf("a GPO that did not arrive: %+v", b)
	}
	of(copies[0], "{31B2F340-016D-11D2-945F-00C04FB984F9}") // asked for by name
	alone := mustReadLab(t, Options{Credential: asReader(t)}).Domains[0]
	if len(alone.Copies) != 1 || !slices.Contains(alone.Controllers, "dc02.contoso.test") {
		t.Errorf("copies %+v, controllers %v", alone.Copies, alone.Controllers)
	}
	if others := alone.Unasked(); !slices.Equal(others, []string{"dc02.contoso.test"}) {
		t.Errorf("not asked are %v", others)
	}
}

// A controller that nobody declares is asked where all are to be, with tickets of
// Kerberos, whatever the credential. The account rodc01 has no controller.
func TestAllControllers(t *testing.T) {
	t.Setenv("KRB5_CONFIG", "")
	keytab := Credential{Kind: Keytab, Principal: principal, File: labFile("secrets", reader+".keytab")}
	for url, as := range map[string]Credential{"ldaps://dc01.contoso.test": asReader(t), "ldap://dc01.contoso.test": keytab} {
		d := mustReadLab(t, Options{URLs: []string{url}, Credential: as, AllControllers: true}).Domains[0]
		if !slices.Equal(d.Servers, []string{"dc01.contoso.test", "dc02.contoso.test"}) || len(d.Unasked()) > 0 {
			t.Errorf("the controllers are %v, not asked %v", d.Servers, d.Unasked())
		}
		if len(d.Copies) != 2 || d.Copies[1].Server != "dc02.contoso.test" || len(d.Copies[1].Error) > 0 || len(d.Copies[1].GPOs) != len(d.Copies[0].GPOs) {
			t.Errorf("%s: copies %+v", url, d.Copies)
		}
	}
}

// The other forest, with a ticket that its controller gets by way of the trust.
func TestAnotherForest(t *testing.T) {
	t.Setenv("KRB5_CONFIG", labFile("krb5.conf"))
	keytab := Credential{Kind: Keytab, Principal: principal, File: labFile("secrets", reader+".keytab")}
	f := mustReadLab(t, Options{URLs: []string{"ldaps://dc03.fabrikam.test"}, CA: authority("dc03"), Credential: keytab})
	if len(f.Domains) != 1 || f.Domains[0].Name != "fabrikam.test" || !slices.ContainsFunc(f.Problems, func(p run.Problem) bool {
		return p.Why.Has(reason.ForestMisnamed)
	}) {
		t.Errorf("domains %+v, problems %+v", f.Domains, f.Problems)
	}
	if len(f.Domains[0].GPOs) == 0 || f.Domains[0].GPOs[0].FileVersion == nil {
		t.Errorf("GPOs %+v", f.Domains[0].GPOs)
	}
	both := mustReadLab(t, Options{URLs: []string{"ldap://dc01.contoso.test", "ldap://dc03.fabrikam.test"}, Credential: keytab})
	if len(both.Domains) != 1 || both.Domains[0].Name != "contoso.test" || !slices.ContainsFunc(both.Problems, func(p run.Problem) bool {
		return p.Why.Has(reason.OtherForest)
	}) {
		t.Errorf("domains %d, problems %+v", len(both.Domains), both.Problems)
	}
}

// A SYSVOL that does not answer costs one wait, and the rest is read.
func TestSilentSYSVOL(t *testing.T) {
	nft := func(command string) {
		t.Helper()
		if out, err := exec.Command("nft", command).CombinedOutput(); err != nil {
			t.Fatalf("nft %s: %v %s", command, err, out)
		}
	}
	nft("table inet silent { chain out { type filter hook output priority 0; tcp dport 445 drop; }; }")
	t.Cleanup(func() { nft("delete table inet silent") })
	began := time.Now()
	f := mustReadLab(t, Options{Credential: asReader(t), Timeout: 2 * time.Second})
	if took := time.Since(began); took > 8*time.Second { // with Kerberos, and with NTLM
		t.Errorf("it took %s", took)
	}
	if !slices.ContainsFunc(f.Problems, func(p run.Problem) bool {
		return p.Aspect == run.AspectSettings && p.Unread && p.Why.Names(reason.NoAnswerWithin)
	}) {
		t.Errorf("problems %+v", f.Problems)
	}
	if g := named(t, f, "Filtered"); g.FileVersion != nil || g.RegistryFile || len(g.Problems) > 0 || g.Security == "" {
		t.Errorf("%+v", g)
	}
	if c := f.Domains[0].Copies; len(c) != 1 || len(c[0].Error) == 0 {
		t.Errorf("copies %+v", c)
	}
}
