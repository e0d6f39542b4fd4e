package rsop

import (
	"errors"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

func account(name string) run.Account {
	return run.Account{Machine: member, Name: strings.ToUpper(name), DNSName: name + ".contoso.test", DN: "CN=" + name + "," + member.Container, SID: domainSID + "-2001", Enabled: true}
}

// backupOf is the same GPOs without all that a backup cannot tell.
func backupOf(f *run.Forest) *run.Forest {
	f.Kind = run.SourceBackup
	f.Lost = map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("a backup has none")}, run.AspectLinks: {reason.Quote("a backup has none")}}
	f.Domains[0].Containers = nil
	return f
}

func exportsNamed(names ...string) *run.Forest {
	f := &run.Forest{Name: "contoso.test", Kind: run.SourceRegistry, Source: "registry export", Lost: map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("an export has none")}}}
	for _, n := range names {
		f.Machines = append(f.Machines, run.MachinePolicy{Name: n, Registry: object("A").Registry})
	}
	return f
}

func TestHostEnd(t *testing.T) {
	for name, c := range map[string]struct {
		forest func() *run.Forest
		change func(*Deployment)
		kind   GapKind // where says is a gap
		gap    reason.Code
		rules  string
		left   reason.Code
		doubt  reason.Code
	}{
		"its account": {forest: func() *run.Forest {
			f := forest()
			f.Domains[0].Accounts = []run.Account{account("kms01")}
			return f
		}, rules: "A"},
		"no account": {forest: forest, kind: GapAccount, gap: reason.HostWithoutAccount},
		"no account, and not all were read": {forest: func() *run.Forest {
			f := forest()
			f.Problems = []run.Problem{{Aspect: run.AspectComputers, Where: dn, Why: reason.List{reason.Quote("no answer")}}}
			return f
		}, kind: GapFailed, gap: reason.DirectoryProblem},
		"of a domain that nobody declares": {forest: forest, change: func(d *Deployment) { d.Policy.Hosts[0].FQDN = "kms01.partner.test" },
			kind: GapUndeclared, gap: reason.HostOutside},
		"of a child domain that was not read": {forest: func() *run.Forest {
			f := forest()
			f.Problems = []run.Problem{{Aspect: run.AspectGPOs, Where: "emea.contoso.test", Why: reason.One(reason.DomainUnread, "domain", "emea.contoso.test", "why", reason.One(reason.ControllerUndeclared))}}
			return f
		}, change: func(d *Deployment) { d.Policy.Hosts[0].FQDN = "kms01.emea.contoso.test" },
			kind: GapUndeclared, gap: reason.HostInUnread},
		"named otherwise in DNS than in the directory": {forest: func() *run.Forest {
			f := forest()
			f.Domains[0].Accounts = []run.Account{account("kms01")}
			f.Domains[0].Accounts[0].DNSName = "kms01.corp.example"
			return f
		}, change: func(d *Deployment) { d.Policy.Hosts[0].FQDN = "kms01.corp.example" }, rules: "A"},
		"a forest that could not be read": {forest: func() *run.Forest { return &run.Forest{Name: "other.test"} },
			change: func(d *Deployment) {
				d.Policy.Forests = append(d.Policy.Forests, intent.Forest{Name: "contoso.test", Directory: intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "x")}})
				d.Failed = map[string]reason.List{"contoso.test": reason.One(reason.NotReadInRun)}
			}, kind: GapFailed, gap: reason.NotReadInRun},
		"of an old Windows": {forest: func() *run.Forest {
			f := forest()
			f.Domains[0].Accounts = []run.Account{account("kms01")}
			f.Domains[0].Accounts[0].OS, f.Domains[0].Accounts[0].OSVersion = "Windows Server 2003", "5.2 (3790)"
			return f
		}, kind: GapSystem, gap: reason.SystemLegacy},
		"of another system": {forest: func() *run.Forest {
			f := forest()
			f.Domains[0].Accounts = []run.Account{account("kms01")}
			f.Domains[0].Accounts[0].OS, f.Domains[0].Accounts[0].OSVersion = "pc-linux-gnu", ""
			return f
		}, kind: GapSystem, gap: reason.SystemOther},
		"the same name twice": {forest: func() *run.Forest {
			f := forest()
			f.Domains[0].Accounts = []run.Account{account("kms01"), account("kms01")}
			return f
		}, kind: GapUndeclared, gap: reason.NameUnclear},
		"without an address": {forest: forest, change: func(d *Deployment) { d.Policy.Hosts[0].Addresses = nil }, kind: GapFailed, gap: reason.HostNoAddress},
		"a backup":           {forest: func() *run.Forest { return backupOf(forest()) }, rules: "A B C"},
		"a backup, and a GPO is off": {forest: func() *run.Forest {
			f := backupOf(forest())
			f.Domains[0].GPOs[0].Flags = 2
			return f
		}, rules: "B C", left: reason.ComputerHalfOff},
		"a backup that does not tell whether a GPO is off": {forest: func() *run.Forest {
			f := backupOf(forest())
			f.Domains[0].GPOs[0].Extensions = ""
			f.Domains[0].GPOs[0].Problems = []run.Problem{{Aspect: run.AspectGPOs, Where: "Backup.xml", Why: reason.List{reason.Quote("it could not be opened")}}}
			return f
		}, rules: "A B C", doubt: reason.GPODoubtful},
		"a backup whose settings are damaged": {forest: func() *run.Forest {
			f := backupOf(forest())
			f.Domains[0].GPOs[0].Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "registry.pol", Why: reason.List{reason.Quote("cut short")}}}
			return f
		}, rules: "A B C", doubt: reason.DirectoryProblem},
		"a backup without the isolation": {forest: func() *run.Forest { f := backupOf(forest()); f.Domains[0].GPOs = nil; return f },
			kind: GapNone, gap: reason.NoGPOForHosts},
		"its export":                          {forest: func() *run.Forest { return exportsNamed("kms01.reg", "kms02.reg") }, rules: "A"},
		"the only export":                     {forest: func() *run.Forest { return exportsNamed("export.reg") }, rules: "A"},
		"exports of which none is named so":   {forest: func() *run.Forest { return exportsNamed("kms02.reg", "pc1.reg") }, kind: GapSource, gap: reason.ExportOfOthers},
		"the export of another, longer name":  {forest: func() *run.Forest { return exportsNamed("kms011.reg", "pc1.reg") }, kind: GapSource, gap: reason.ExportOfOthers},
		"the export of it, by its whole name": {forest: func() *run.Forest { return exportsNamed("kms01.contoso.test.reg", "pc1.reg") }, rules: "A"},
	} {
		t.Run(name, func(t *testing.T) {
			d := deployment(c.forest())
			if c.change != nil {
				c.change(d)
			}
			e, err := d.HostEnd(d.Policy.Hosts[0])
			var why *Gap
			switch errors.As(err, &why); {
			case why != nil && (c.gap == "" || why.Kind != c.kind || !why.Reasons.Names(c.gap)):
				t.Fatalf("gap %d: %s; want %d: %s", why.Kind, why.Reasons.Key(), c.kind, c.gap)
			case why == nil && c.gap != "":
				t.Fatalf("no gap, want %s", c.gap)
			case why != nil:
				return
			}
			if got := names(e.Resultant); got != c.rules {
				t.Errorf("it is told %q, want %q", got, c.rules)
			}
			var left reason.List
			for _, o := range e.Resultant.Left {
				left = append(left, o.Why...)
			}
			if (left == nil) != (c.left == "") || c.left != "" && !left.Has(c.left) {
				t.Errorf("left out: %s, want %s", left.Key(), c.left)
			}
			if doubts := e.Resultant.Doubts; (doubts == nil) != (c.doubt == "") || c.doubt != "" && !doubts.Names(c.doubt) {
				t.Errorf("doubts %s, want %s", doubts.Key(), c.doubt)
			}
		})
	}
}

func TestClientEnds(t *testing.T) {
	as := func(change func(*run.Machine)) run.Machine { m := member; change(&m); return m }
	f := forest()
	f.Domains[0].Computers = []run.Computers{
		{Machine: member, Names: []string{"kms01.contoso.test", "files1.contoso.test", "files2.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.Container = "OU=Other," + dn }), Names: []string{"files3.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.OS, m.OSVersion = "Windows 11 Enterprise", "10.0 (26100)" }), Names: []string{"pc1.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.Controller = true }), Names: []string{"dc01.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.ReadOnly = true }), Names: []string{"rodc01.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.OS, m.OSVersion = "Windows XP Professional", "5.1 (2600)" }), Names: []string{"xp1.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.OS, m.OSVersion = "pc-linux-gnu", "" }), Names: []string{"linux1.contoso.test"}},
		{Machine: as(func(m *run.Machine) { m.OS, m.OSVersion = "", "" }), Names: []string{"cluster1"}},
		{Machine: as(func(m *run.Machine) { m.Container = "OU=Blocked," + dn }), Names: []string{"lab1.contoso.test"}},
	}
	f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Blocked," + dn, Blocks: true})
	ends, err := deployment(f).ClientEnds("contoso.test")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range ends {
		got = append(got, e.Name)
	}
	if want := "files1.contoso.test and 2 more, pc1.contoso.test"; strings.Join(got, ", ") != want {
		t.Errorf("the ends are %s, want %s", strings.Join(got, ", "), want)
	}
}

func TestCarriers(t *testing.T) {
	child := func(f *run.Forest, links ...run.Link) {
		f.Domains = append(f.Domains, run.Domain{Name: "emea.contoso.test", DN: "DC=emea," + dn, Containers: []run.Container{{DN: "DC=emea," + dn, Links: links}}})
	}
	anyToAny := func(g *run.GPO) {
		g.Registry[0].Data = strings.Replace(g.Registry[0].Data, "EP2_4=198.18.10.30|", "", 1)
	}
	for name, c := range map[string]struct {
		change   func(*run.Forest)
		domain   string
		declared intent.GPO
		want     string
	}{
		"by name":                              {domain: "contoso.test", declared: intent.GPO{Name: "b"}, want: "B"},
		"by id":                                {domain: "contoso.test", declared: intent.GPO{ID: strings.ToLower(id("C"))}, want: "C"},
		"by a name that is not there":          {domain: "contoso.test", declared: intent.GPO{Name: "D"}},
		"not declared":                         {domain: "contoso.test", want: "A B C"},
		"not declared, and one exempts only":   {change: func(f *run.Forest) { exemptsOnly(&f.Domains[0].GPOs[1]) }, domain: "contoso.test", want: "A C"},
		"not declared, and one is any to any":  {change: func(f *run.Forest) { anyToAny(&f.Domains[0].GPOs[1]) }, domain: "contoso.test", want: "A C"},
		"not declared, and all are any to any": {change: func(f *run.Forest) { each(f, anyToAny) }, domain: "contoso.test", want: "A B C"},
		"linked from another domain":           {change: func(f *run.Forest) { child(f, link("B")) }, domain: "emea.contoso.test", declared: intent.GPO{Name: "B"}, want: "B"},
		"of another domain, and not linked":    {change: func(f *run.Forest) { child(f, link("A")) }, domain: "emea.contoso.test", declared: intent.GPO{Name: "B"}},
		"of a domain that was not read":        {domain: "emea.contoso.test", declared: intent.GPO{Name: "B"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := forest()
			if c.change != nil {
				c.change(f)
			}
			var got []string
			for _, g := range deployment(f).IsolationGPOs(Isolation{c.domain, c.declared}) {
				got = append(got, g.Name)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q, want %q", strings.Join(got, " "), c.want)
			}
		})
	}
}

func each(f *run.Forest, change func(*run.GPO)) {
	for i := range f.Domains[0].GPOs {
		change(&f.Domains[0].GPOs[i])
	}
}

func exemptsOnly(g *run.GPO) {
	g.Registry[0].Data = strings.Replace(strings.Replace(g.Registry[0].Data, "SecureServer", "DoNotSecure", 1), set, "", 1)
}

func TestWindows(t *testing.T) {
	for _, c := range []struct {
		os, version     string
		capable, legacy bool
	}{
		{"Windows Server 2022 Standard", "10.0 (20348)", true, false},
		{"Windows 7 Professional", "6.1 (7601)", true, false},
		{"Windows Vista Business", "6.0 (6002)", true, false},
		{"Hyper-V Server 2016", "10.0 (14393)", true, false},
		{"Windows 12 Whatever", "", true, false}, // nobody knows
		{"Windows XP Professional", "5.1 (2600)", false, true},
		{"Windows XP Professional", "", false, true},
		{"Windows Server 2003", "5.2 (3790)", false, true},
		{"Windows 2000 Server", "5.0 (2195)", false, true},
		{"Windows 2000 Professional", "", false, true},
		{"Windows NT", "4.0", false, true},
		{"Samba", "4.17.12", false, false},
		{"pc-linux-gnu", "6.1", false, false},
		{"Mac OS X", "13.4", false, false},
		{"", "", false, false},
	} {
		m := run.Machine{OS: c.os, OSVersion: c.version}
		if Capable(m) != c.capable || Legacy(m) != c.legacy {
			t.Errorf("%s %s: capable %t, legacy %t; want %t, %t", c.os, c.version, Capable(m), Legacy(m), c.capable, c.legacy)
		}
	}
}

// TestDoubtfulRegistry: an export that may not be all of a registry leaves doubts of
// the one machine that it is of.
func TestDoubtfulRegistry(t *testing.T) {
	f := exportsNamed("kms01.reg", "kms02.reg")
	f.Machines[0].Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "kms01.reg", Why: reason.One(reason.ExportShallow)}}
	d := deployment(f)
	e, err := d.HostEnd(d.Policy.Hosts[0])
	if err != nil || !e.Resultant.More || !e.Resultant.Doubts.Has(reason.RegistryDoubtful) || !e.Resultant.Doubts.Names(reason.ExportShallow) || names(e.Resultant) != "A" {
		t.Errorf("kms01: %v, %+v", err, e.Resultant)
	}
	f.Machines[0].Name, f.Machines[1].Name = "kms02.reg", "kms01.reg"
	d = deployment(f)
	if e, err := d.HostEnd(d.Policy.Hosts[0]); err != nil || e.Resultant.More || len(e.Resultant.Doubts) > 0 {
		t.Errorf("the other: %v, %+v", err, e.Resultant)
	}
}

// TestGaps has each reason that no end has above.
func TestGaps(t *testing.T) {
	bare := forest()
	bare.Domains[0].Computers = nil
	unlisted := backupOf(forest())
	unlisted.Domains[0].GPOs = nil
	clients := func(f *run.Forest) error { _, err := deployment(f).ClientEnds("contoso.test"); return err }
	for code, err := range map[reason.Code]error{
		reason.NoIsolatedClients:     clients(bare),
		reason.NoGPOForClients:       clients(unlisted),
		reason.ExportSilentOnClients: clients(exportsNamed("kms01.reg")),
		reason.NoDirectoryOfDomain:   deployment(forest()).Unread("nowhere.test"),
	} {
		if why := reason.Of(err); !why.Has(code) {
			t.Errorf("%s, want %s", why.Key(), code)
		}
	}
	if why := New(forest()).Lost("nowhere.test", run.AspectLinks); !why.Has(reason.DomainNotRead) {
		t.Errorf("of a domain that was not read: %s", why.Key())
	}
}

// TestAccountsAlike names no more than a few computers of one name.
func TestAccountsAlike(t *testing.T) {
	f := &run.Forest{Name: "a.test"}
	for i := range mostNames + 2 {
		name := string(rune('a'+i)) + ".test"
		f.Domains = append(f.Domains, run.Domain{Name: name, Computers: []run.Computers{{Names: []string{"twin." + name}}}})
	}
	_, err := New(f).Find("twin")
	why := reason.Of(err)
	if !why.Has(reason.AccountsAlike) || len(why[0].Words("accounts")) != mostNames || why[0].Number("more") != 2 {
		t.Errorf("%s", why.Key())
	}
}

// TestTrust looks at a trust from both sides.
func TestTrust(t *testing.T) {
	of := func(name, partner string, direction, attributes uint32) *run.Forest {
		f := &run.Forest{Name: name, Domains: []run.Domain{{Name: name}}}
		if partner != "" {
			f.Domains[0].Trusts = []run.Trust{{Partner: partner, Direction: direction, Attributes: attributes}}
		}
		return f
	}
	whole := of("b.test", "a.test", TrustInbound, TrustForest)
	for name, c := range map[string]struct {
		here, there *run.Forest
		want        reason.Code
	}{
		"both sides":       {of("a.test", "b.test", TrustOutbound, TrustForest), whole, ""},
		"none":             {of("a.test", "", 0, 0), whole, reason.TrustMissing},
		"disabled":         {of("a.test", "b.test", 0, TrustForest), whole, reason.TrustDisabled},
		"the wrong way":    {of("a.test", "b.test", TrustInbound, TrustForest), whole, reason.TrustReversed},
		"of one domain":    {of("a.test", "b.test", TrustOutbound, 0), whole, reason.TrustNotTransitive},
		"of one side":      {of("a.test", "b.test", TrustOutbound, TrustForest), of("b.test", "", 0, 0), reason.TrustOneSided},
		"the sides differ": {of("a.test", "b.test", TrustOutbound, TrustForest), of("b.test", "a.test", TrustOutbound, TrustForest), reason.TrustSidesDiffer},
	} {
		if _, wrong := New(c.here, c.there).Trust(c.here, "b.test"); (wrong == nil) != (c.want == "") || c.want != "" && !wrong.Has(c.want) {
			t.Errorf("%s: %s, want %s", name, wrong.Key(), c.want)
		}
	}
}

// TestAmbiguousSystem has a filter that one of two Windows passes, where the account
// does not tell which it is.
func TestAmbiguousSystem(t *testing.T) {
	f := forest()
	d := &f.Domains[0]
	d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", `SELECT * FROM Win32_OperatingSystem WHERE ProductType = "1"`)}
	m := member
	m.OS, m.OSVersion = "", "10.0 (17763)"
	o := New(f).Resultant(Subject{Machine: m, Domain: "contoso.test"}).Outcome(&d.GPOs[0])
	if o.Applied != tri.Unknown || !o.Why.Names(reason.SystemAmbiguous) {
		t.Errorf("%d because %s", o.Applied, o.Why.Key())
	}
}

// TestDanglingLink has a link that leads to nothing.
func TestDanglingLink(t *testing.T) {
	f := forest()
	f.Domains[0].Containers[0].Links = append(f.Domains[0].Containers[0].Links, link("D"))
	for _, o := range New(f).Apply(Subject{Machine: member, Domain: "contoso.test"}) {
		if o.GPO == nil && (o.Applied != tri.No || !o.Why.Has(reason.LinkToNothing)) {
			t.Errorf("%d because %s", o.Applied, o.Why.Key())
		}
	}
}
