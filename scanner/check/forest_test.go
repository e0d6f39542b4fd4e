package check_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/judge"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	firewallPath = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	isolationID  = "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0001}"
	filterID     = "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0002}"
	otherID      = "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0003}"
	rsatBoth     = "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]"
	domainSID    = "S-1-5-21-1-2-3"
	// What a new GPO has, with the denies of the paper and of read-only controllers.
	gpoSDDL = `O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-512D:P(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)` +
		`(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;S-1-5-21-1-2-3-521)` +
		`(A;CI;RPWPCCDCLCLORCWOWDSDDTSW;;;S-1-5-21-1-2-3-512)(A;CI;RPLCLORC;;;AU)(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)(A;CI;LCRPLORC;;;ED)`
	goodQuery = `SELECT * FROM Win32_OperatingSystem WHERE (Version LIKE "6.%" OR Version LIKE "10.%") AND (ProductType = "1" OR ProductType = "3")`
)

// told is an isolation GPO's text, to be changed by a fault.
type told struct {
	rule, exemption, firewall string
	more                      []registry.Value
}

func paperTold() told {
	return told{
		rule: `v2.26|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=198.18.10.30|EP2_4=198.18.10.31|EP2_6=2001:db8:10::30|EP2_6=2001:db8:10::31|` +
			`Name=KMS Isolation|Desc=|Auth1Set={7B2E0000-0000-0000-0000-000000000001}|Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|EmbedCtxt=|`,
		exemption: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP1_4=198.18.10.30|EP1_4=198.18.10.31|EP1_6=2001:db8:10::30|EP1_6=2001:db8:10::31|EP2_4=198.18.40.0/25|Name=kiosks|Desc=|EmbedCtxt=|`,
		firewall:  `v2.26|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private|Profile=Public|LPort=1688|Name=No KMS outside the domain|`,
	}
}

func (o told) values() []registry.Value {
	set := firewallPath + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}`
	values := []registry.Value{
		{Key: firewallPath, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x21a"},
		{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
		{Key: set + `\0000`, Name: "Method", Type: "REG_SZ", Data: "MachineKerb"},
	}
	for id, text := range map[string]string{"{R}": o.rule, "{X}": o.exemption} {
		if text != "" {
			values = append(values, registry.Value{Key: firewallPath + `\ConSecRules`, Name: id, Type: "REG_SZ", Data: text})
		}
	}
	slices.SortFunc(values[3:], func(a, b registry.Value) int { return strings.Compare(a.Name, b.Name) })
	if o.firewall != "" {
		values = append(values, registry.Value{Key: firewallPath + `\FirewallRules`, Name: "{F}", Type: "REG_SZ", Data: o.firewall})
	}
	return append(values, o.more...)
}

func ptr[T any](v T) *T { return &v }

// contoso is a forest that is told right.
func contoso() *run.Forest {
	const dn = "DC=contoso,DC=test"
	member := func(ou string) run.Machine {
		return run.Machine{Container: ou + "," + dn, PrimaryGroup: 515, OS: "Windows Server 2022 Standard", OSVersion: "10.0 (20348)"}
	}
	gpo := run.GPO{ID: isolationID, Name: "KMS Isolation Policy", DN: "CN=" + isolationID + ",CN=Policies,CN=System," + dn, Functionality: 2,
		Version: ptr(uint32(3)), FileVersion: ptr(uint32(3)), Extensions: rsatBoth, Filter: "[contoso.test;" + filterID + ";0]",
		Security: gpoSDDL, RegistryFile: true, Registry: paperTold().values(), Settings: 9}
	account := func(name string, m run.Machine) run.Account {
		return run.Account{Machine: m, Name: strings.ToUpper(name), DNSName: name + ".contoso.test", DN: "CN=" + name + "," + m.Container,
			SID: domainSID + "-11" + fmt.Sprint(len(name)), Enabled: true, EncTypes: ptr(uint32(24)), Security: "O:DAG:DAD:(A;;CR;;;AU)"}
	}
	client := member("OU=Clients")
	client.OS, client.OSVersion = "Windows 11 Enterprise", "10.0 (26100)"
	return &run.Forest{Name: "contoso.test", Kind: run.SourceLive, Source: "a test", Skew: ptr(time.Second), SkewWithin: time.Second, Domains: []run.Domain{{
		Name: "contoso.test", DN: dn, SID: domainSID, NetBIOS: "CONTOSO",
		GPOs:       []run.GPO{gpo},
		Containers: []run.Container{{DN: dn, Links: []run.Link{{GPO: isolationID, DN: gpo.DN}}}},
		Filters:    []run.WMIFilter{{ID: filterID, Name: "members", Query: parm2(goodQuery)}},
		Computers: []run.Computers{
			{Machine: member("OU=KMS"), Names: []string{"kms01.contoso.test", "kms02.contoso.test"}},
			{Machine: client, Names: []string{"pc1.contoso.test", "pc2.contoso.test"}},
			{Machine: member("CN=Computers"), Names: []string{"files2.contoso.test"}},
			{Machine: run.Machine{Container: "OU=Domain Controllers," + dn, Controller: true, PrimaryGroup: 516, OS: "Windows Server 2022 Standard", OSVersion: "10.0 (20348)"}, Names: []string{"dc01.contoso.test"}},
			{Machine: run.Machine{Container: "OU=Domain Controllers," + dn, ReadOnly: true, PrimaryGroup: 521, OS: "Windows Server 2022 Standard", OSVersion: "10.0 (20348)"}, Names: []string{"rodc01.contoso.test"}},
			{Machine: run.Machine{Container: "OU=Old," + dn, PrimaryGroup: 515, OS: "Windows XP Professional", OSVersion: "5.1 (2600)"}, Idle: true, Names: []string{"xp1.contoso.test"}},
		},
		Accounts:    []run.Account{account("kms01", member("OU=KMS")), account("kms02", member("OU=KMS"))},
		Controllers: []string{"dc01.contoso.test"},
		Copies:      []run.Copy{{Server: "dc01.contoso.test", GPOs: []run.CopiedGPO{{ID: isolationID, Version: ptr(uint32(3)), FileVersion: ptr(uint32(3)), Settings: "a"}}}},
	}}}
}

func parm2(query string) string {
	return fmt.Sprintf(`1;3;10;%d;WQL;root\CIMv2;%s;`, len([]rune(query)), query)
}

// fabrikam is a second forest of clients, with a copy of the GPO.
func fabrikam() *run.Forest {
	f := contoso()
	f.Name = "fabrikam.test"
	d := &f.Domains[0]
	d.Name, d.DN, d.SID, d.NetBIOS = "fabrikam.test", "DC=fabrikam,DC=test", "S-1-5-21-7-8-9", "FABRIKAM"
	d.Accounts = nil
	move := func(s *string) { *s = strings.NewReplacer("contoso", "fabrikam", domainSID, d.SID).Replace(*s) }
	move(&d.GPOs[0].DN)
	move(&d.GPOs[0].Filter)
	move(&d.GPOs[0].Security)
	move(&d.Containers[0].DN)
	move(&d.Containers[0].Links[0].DN)
	move(&d.Copies[0].Server)
	d.Computers = slices.DeleteFunc(d.Computers, func(c run.Computers) bool { return strings.HasPrefix(c.Names[0], "kms") })
	for i := range d.Computers {
		move(&d.Computers[i].Container)
		for j := range d.Computers[i].Names {
			move(&d.Computers[i].Names[j])
		}
	}
	move(&d.Controllers[0])
	d.Trusts = []run.Trust{{Partner: "contoso.test", Direction: 3, Type: 2, Attributes: 8, EncTypes: ptr(uint32(24))}}
	return f
}

// audit judges what forests say of the deployment, after changes to both.
func audit(t *testing.T, change func(*intent.Policy, *run.Forest), more ...*run.Forest) map[string]run.Cell {
	t.Helper()
	p := deployment()
	p.Isolation.DCActivation = "by telephone"
	p.Isolation.Coverage.Threshold = 100
	p.Isolation.Policies = []intent.GPO{{Name: "KMS Isolation Policy", Role: "both"}}
	for i := range p.Vantages {
		if p.Vantages[i].Name == "kiosk" {
			p.Vantages[i].Addresses = []netip.Addr{addr("198.18.40.10")}
		}
	}
	forests := append([]*run.Forest{contoso()}, more...)
	for _, f := range forests {
		p.Forests = append(p.Forests, intent.Forest{Name: f.Name, Directory: intent.Directory{URLs: []string{"ldaps://dc01." + f.Name}, Credential: "reader"}})
	}
	if len(more) > 0 {
		forests[0].Domains[0].Trusts = []run.Trust{{Partner: more[0].Name, Direction: 3, Type: 2, Attributes: 8, EncTypes: ptr(uint32(24))}}
	}
	if change != nil {
		change(p, forests[0])
	}
	p = intent.New(*p)
	r := &run.Run{Audit: true}
	for i, f := range forests {
		if len(f.Domains)+len(f.Machines) > 0 { // one without any is not read
			r.Observations = append(r.Observations, run.Observation{ID: fmt.Sprintf("o%d", i+1), Need: check.DirectoryNeed(f.Name), Class: run.Answered, Forest: f})
		}
	}
	cells := map[string]run.Cell{}
	for _, c := range judge.Judge(checks.NewPlan(p, r.Audit), r) {
		cells[c.ID.Check+"/"+c.ID.Target] = c
		catalogtest.Complete(t, c)
		graded(t, c)
	}
	return cells
}

// retell changes what the isolation GPO says.
func retell(change func(*told)) func(*intent.Policy, *run.Forest) {
	return func(_ *intent.Policy, f *run.Forest) {
		text := paperTold()
		change(&text)
		f.Domains[0].GPOs[0].Registry = text.values()
	}
}

func replaceRule(oldNew ...string) func(*intent.Policy, *run.Forest) {
	return retell(func(o *told) { o.rule = strings.NewReplacer(oldNew...).Replace(o.rule) })
}

func replaceExemption(oldNew ...string) func(*intent.Policy, *run.Forest) {
	return retell(func(o *told) { o.exemption = strings.NewReplacer(oldNew...).Replace(o.exemption) })
}
