package explain

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh"
	"github.com/kmsiso/kmsiso/scanner/way"
)

const (
	dn          = "DC=contoso,DC=test"
	isolationID = "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0001}"
	labID       = "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0002}"
	extensions  = "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]"
	forAll      = `O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-512D:P(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)` +
		`(A;CI;RPLCLORC;;;AU)(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)(A;CI;LCRPLORC;;;ED)`
	sets          = `Auth1Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}|Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|`
	isolationRule = `v2.26|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=198.18.10.30|EP2_4=198.18.10.31|EP2_6=2001:db8:10::30|Name=KMS Isolation|` + sets
	kiosksRule    = `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP1_4=198.18.10.30|EP1_4=198.18.10.31|EP2_4=198.18.40.0/25|Name=kiosks|`
)

// rule is a registry value of a connection security rule.
func rule(id, text string) registry.Value {
	return registry.Value{Key: run.FirewallKey + `\ConSecRules`, Name: id, Type: "REG_SZ", Data: text}
}

// firewallRule is that of a firewall rule.
func firewallRule(id, text string) registry.Value {
	return registry.Value{Key: run.FirewallKey + `\FirewallRules`, Name: id, Type: "REG_SZ", Data: text}
}

// setting is a number of a profile, or with "" of the whole policy.
func setting(profile, name, value string) registry.Value {
	key := run.FirewallKey
	if profile != "" {
		key += `\` + profile
	}
	return registry.Value{Key: key, Name: name, Type: "REG_DWORD", Data: value}
}

// paper is what the isolation GPO says.
func paper() []registry.Value {
	return []registry.Value{setting("", "PolicyVersion", "0x21a"), rule("{R}", isolationRule), rule("{X}", kiosksRule)}
}

func newGPO(id, name, dn string, values []registry.Value) run.GPO {
	n := uint32(3)
	return run.GPO{ID: id, Name: name, DN: "CN=" + id + ",CN=Policies,CN=System," + dn, Functionality: 2, Version: &n, FileVersion: &n,
		Extensions: extensions, Security: forAll, RegistryFile: true, Registry: values, Settings: len(values)}
}

// contoso is a forest of a small network, told as the paper wants.
func contoso() *run.Forest {
	machine := func(ou, os, version string) run.Machine {
		return run.Machine{Container: ou + "," + dn, PrimaryGroup: 515, OS: os, OSVersion: version}
	}
	server := machine("OU=KMS", "Windows Server 2022 Standard", "10.0 (20348)")
	client := machine("OU=Clients", "Windows 11 Enterprise", "10.0 (26100)")
	controller := machine("OU=Domain Controllers", "Windows Server 2022 Standard", "10.0 (20348)")
	controller.Controller, controller.PrimaryGroup = true, 516
	account := func(name string, m run.Machine) run.Account {
		return run.Account{Machine: m, Name: strings.ToUpper(name), DNSName: name + ".contoso.test", DN: "CN=" + name + "," + m.Container,
			SID: "S-1-5-21-1-2-3-1" + name[len(name)-2:], Enabled: true}
	}
	isolation := newGPO(isolationID, "KMS Isolation Policy", dn, paper())
	return &run.Forest{Name: "contoso.test", Kind: run.SourceLive, Source: "a test", Domains: []run.Domain{{
		Name: "contoso.test", DN: dn, SID: "S-1-5-21-1-2-3", NetBIOS: "CONTOSO",
		GPOs:       []run.GPO{isolation},
		Containers: []run.Container{{DN: dn, Links: []run.Link{{GPO: isolationID, DN: isolation.DN}}}},
		Computers: []run.Computers{
			{Machine: server, Names: []string{"kms01.contoso.test", "kms02.contoso.test"}},
			{Machine: client, Names: []string{"pc1.contoso.test", "pc2.contoso.test"}},
			{Machine: controller, Names: []string{"dc01.contoso.test"}},
			{Machine: machine("OU=Old", "Windows XP Professional", "5.1 (2600)"), Names: []string{"xp1.contoso.test"}},
			{Machine: machine("OU=Unix", "pc-linux-gnu", "6.1"), Names: []string{"web1.contoso.test"}},
		},
		Accounts:    []run.Account{account("kms01", server), account("kms02", server), account("hq1", client)},
		Controllers: []string{"dc01.contoso.test"},
	}}}
}

// fabrikam is a second forest with a copy of the GPO.
func fabrikam() *run.Forest {
	f := contoso()
	f.Name = "fabrikam.test"
	d := &f.Domains[0]
	d.Name, d.DN, d.SID, d.NetBIOS = "fabrikam.test", "DC=fabrikam,DC=test", "S-1-5-21-7-8-9", "FABRIKAM"
	d.Accounts = nil
	d.Computers = []run.Computers{{Machine: d.Computers[1].Machine, Names: []string{"pc1.fabrikam.test", "pc9.fabrikam.test"}}}
	move := func(s *string) {
		*s = strings.NewReplacer("contoso", "fabrikam", "S-1-5-21-1-2-3", d.SID).Replace(*s)
	}
	for _, s := range []*string{&d.GPOs[0].DN, &d.GPOs[0].Security, &d.Containers[0].DN, &d.Containers[0].Links[0].DN, &d.Computers[0].Container} {
		move(s)
	}
	return f
}

// trust makes contoso trust fabrikam, in a direction of contoso's own.
func trust(contoso, fabrikam *run.Forest, direction, attributes uint32) {
	back := direction
	if direction != 3 {
		back = 3 - direction
	}
	contoso.Domains[0].Trusts = []run.Trust{{Partner: fabrikam.Name, Direction: direction, Type: 2, Attributes: attributes}}
	fabrikam.Domains[0].Trusts = []run.Trust{{Partner: contoso.Name, Direction: back, Type: 2, Attributes: attributes}}
}

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// deployment is what the policy declares.
func deployment() *intent.Policy {
	return &intent.Policy{
		File:      "kmsiso.yaml",
		Isolation: intent.Isolation{Stage: intent.StageRequire, Scope: intent.ScopeHost, Policies: []intent.GPO{{Name: "KMS Isolation Policy", Role: "both"}}},
		Hosts: []intent.Host{
			{Name: "kms01", FQDN: "kms01.contoso.test", Addresses: []netip.Addr{addr("198.18.10.30"), addr("2001:db8:10::30")}, Port: 1688},
			{Name: "kms02", FQDN: "kms02.contoso.test", Addresses: []netip.Addr{addr("198.18.10.31")}, Port: 1688},
		},
		Exemptions: []intent.Exemption{{Name: "kiosks", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.40.0/25")}}},
		Vantages: []intent.Vantage{
			{Name: "hq1", Role: intent.RoleDomain, Via: []intent.Via{intent.By(ssh.Entry.Kind, way.Values{"address": "admin@hq1.contoso.test"})}, Addresses: []netip.Addr{addr("198.18.20.7")}},
			{Name: "branch", Role: intent.RoleDomain, Via: []intent.Via{intent.By(ssh.Entry.Kind, way.Values{"address": "pc2.contoso.test"})}, Addresses: []netip.Addr{addr("10.9.0.7")}, SeenAs: []netip.Addr{addr("198.18.30.1")}},
			{Name: "lost", Role: intent.RoleDomain, Via: []intent.Via{intent.By(ssh.Entry.Kind, way.Values{"address": "lost.contoso.test"})}},
			{Name: "guest", Role: intent.RoleNonDomain, Via: []intent.Via{intent.By(ssh.Entry.Kind, way.Values{"address": "guest.example.test"})}, Addresses: []netip.Addr{addr("203.0.113.9")}},
			{Name: "kiosk", Role: intent.RoleExempt, Via: []intent.Via{intent.By(ssh.Entry.Kind, way.Values{"address": "kiosk.example.test"})}, Addresses: []netip.Addr{addr("198.18.40.10")}},
			{Name: "kms02", Role: intent.RoleKMSHost, Host: "kms02"},
		},
		Limits: intent.Limits{Ports: []uint16{445}},
	}
}

// world is an explainer of a deployment and its forests.
func world(t testing.TB, p *intent.Policy, forests ...*run.Forest) *Explainer {
	t.Helper()
	var read []run.Observation
	for _, f := range forests {
		d := intent.Directory{URLs: []string{"ldaps://dc01." + f.Name}, Credential: "reader"}
		if f.Kind == run.SourceBackup {
			d = intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "backup")}
		}
		p.Forests = append(p.Forests, intent.Forest{Name: f.Name, Directory: d})
		read = append(read, run.Observation{Need: run.Need{Vantage: run.DirectoryVantage, Spec: run.Spec{Probe: run.ProbeDirectory, Param: f.Name}}, Forest: f})
	}
	x, err := New(p, read, nil)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
