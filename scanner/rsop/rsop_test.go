package rsop

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	dn        = "DC=contoso,DC=test"
	domainSID = "S-1-5-21-1-2-3"
	group     = domainSID + "-1104"
	listed    = "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]"
	apply     = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"
	rules     = run.FirewallKey + `\ConSecRules`
	set       = `Auth1Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}|Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|`
)

var (
	host   = netip.MustParseAddr("198.18.10.30")
	member = run.Machine{Container: "OU=Servers," + dn, PrimaryGroup: 515, OS: "Windows Server 2022 Standard", OSVersion: "10.0 (20348)"}
)

// everybody is the ACL of a new GPO, with more entries before it.
func everybody(more ...string) string {
	return "O:DAG:DAD:P" + strings.Join(more, "") + "(A;CI;RPLCLORC;;;AU)(OA;CI;CR;" + apply + ";;AU)(A;CI;LCRPLORC;;;ED)"
}

// only lets one trustee read and apply.
func only(trustee string) string {
	return fmt.Sprintf("O:%s-512G:%s-512D:P(A;CI;RPLCLORC;;;%s)(OA;CI;CR;%s;;%s)", domainSID, domainSID, trustee, apply, trustee)
}

// object is a GPO called by a letter, with one rule of that name.
func object(letter string) run.GPO {
	v := uint32(3)
	return run.GPO{
		ID: id(letter), Name: letter, DN: "CN=" + id(letter) + ",CN=Policies,CN=System," + dn, Functionality: 2,
		Version: &v, FileVersion: &v, Extensions: listed, Security: strings.ReplaceAll(everybody(), "DA", domainSID+"-512"), RegistryFile: true,
		Registry: []registry.Value{{Key: rules, Name: "{" + letter + "}", Type: "REG_SZ",
			Data: "v2.26|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=198.18.10.30|Name=" + letter + "|" + set}},
	}
}

func id(letter string) string {
	return "{0000000" + letter + "-0000-0000-0000-000000000000}"
}

func link(letter string) run.Link {
	return run.Link{GPO: id(letter), DN: "CN=" + id(letter) + ",CN=Policies,CN=System," + dn}
}

// forest has the GPOs A, B and C, A of which is linked to the domain.
func forest() *run.Forest {
	return &run.Forest{Name: "contoso.test", Kind: run.SourceLive, Domains: []run.Domain{{
		Name: "contoso.test", DN: dn, SID: domainSID, GPOs: []run.GPO{object("A"), object("B"), object("C")},
		Containers: []run.Container{{DN: dn, Links: []run.Link{link("A")}}},
	}}}
}

// deployment is that of one KMS host.
func deployment(forests ...*run.Forest) *Deployment {
	p := &intent.Policy{Hosts: []intent.Host{{Name: "kms01", FQDN: "kms01.contoso.test", Addresses: []netip.Addr{host}, Port: 1688}}}
	for i, f := range forests {
		p.Forests = append(p.Forests, intent.Forest{Name: f.Name, Directory: intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "somewhere")}})
		forests[i] = asDeclared(f.Name, f)
	}
	return &Deployment{Directories: New(forests...), Policy: p}
}

// names are the rules that a policy has, in order.
func names(t *Resultant) string {
	var all []string
	for i := range t.Policy.Rules {
		all = append(all, t.Policy.Rules[i].Name)
	}
	return strings.Join(all, " ")
}

func filterRef(name string) string { return "[contoso.test;" + id(name) + ";0]" }

func wmi(name, query string) run.WMIFilter {
	return run.WMIFilter{ID: id(name), Name: name, Query: fmt.Sprintf(`1;3;10;%d;WQL;root\CIMv2;%s;`, len([]rune(query)), query)}
}

func TestTold(t *testing.T) {
	controller := member
	controller.Container, controller.Controller, controller.PrimaryGroup = "OU=Domain Controllers,"+dn, true, 516
	readOnly := controller
	readOnly.Controller, readOnly.ReadOnly, readOnly.PrimaryGroup = false, true, 521
	grouped := member
	grouped.Groups = []string{group}
	linux := member
	linux.OS, linux.OSVersion = "pc-linux-gnu", "6.1"
	const denyED = "(OD;CI;CR;" + apply + ";;ED)"
	const members = `SELECT * FROM Win32_OperatingSystem WHERE ProductType <> "2"`

	for name, c := range map[string]struct {
		change  func(*run.Domain, *run.Forest)
		machine *run.Machine
		site    bool
		rules   string      // of its resultant policy
		why     reason.Code // of what became of A
		doubt   reason.Code // in the doubts; "" for none
		note    reason.Code // of A
		more    bool
	}{
		"linked above": {rules: "A"},
		"the nearer is processed later": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers = append(d.Containers, run.Container{DN: "OU=Servers," + dn, Links: []run.Link{link("B"), link("C")}})
		}, rules: "A C B"},
		"enforced is processed last, and through a block": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers[0].Links[0].Enforced = true
			d.Containers = append(d.Containers, run.Container{DN: "OU=Servers," + dn, Blocks: true, Links: []run.Link{link("B")}})
		}, rules: "B A"},
		"inheritance blocked": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers = append(d.Containers, run.Container{DN: "OU=Servers," + dn, Blocks: true})
		}, why: reason.InheritanceBlocked},
		"computer half off":          {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Flags = 2 }, why: reason.ComputerHalfOff},
		"another functionality":      {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Functionality = 1 }, why: reason.FunctionalityOther},
		"no functionality":           {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Functionality = 0 }, why: reason.FunctionalityMissing, doubt: reason.FunctionalityMissing, more: true},
		"both versions are 0":        {change: func(d *run.Domain, _ *run.Forest) { *d.GPOs[0].Version = 0x10000 }, why: reason.VersionsZero},
		"no extension":               {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Extensions = "" }, why: reason.NoExtensions},
		"extensions half readable":   {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Extensions = "[{bad}]" + listed }, why: reason.AttributePart, doubt: reason.AttributePart, more: true},
		"filtered by a group it has": {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Security = only(group) }, machine: &grouped, rules: "A"},
		"filtered by another group":  {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Security = only(group) }, why: reason.PermissionNotGranted},
		"filtered by its primary group": {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Security = only(domainSID + "-515") },
			rules: "A"},
		"that group's members are not known": {change: func(d *run.Domain, f *run.Forest) {
			d.GPOs[0].Security = only(group)
			f.Problems = []run.Problem{{Aspect: run.AspectComputers, Where: "CN=g", Why: reason.List{reason.Quote("no answer")}}}
		}, why: reason.PermissionByGroup, doubt: reason.PermissionByGroup, more: true},
		"members unknown of a group that does not matter": {change: func(d *run.Domain, f *run.Forest) {
			d.GPOs[0].Security += "(A;CI;RPLCLORC;;;" + group + ")"
			f.Problems = []run.Problem{{Aspect: run.AspectComputers, Where: "CN=g", Why: reason.List{reason.Quote("no answer")}}}
		}, rules: "A"},
		"denied to a group it has": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Security = strings.Replace(d.GPOs[0].Security, "D:P", "D:P(OD;CI;CR;"+apply+";;"+group+")", 1)
		}, machine: &grouped, why: reason.PermissionDenied},
		"no descriptor":                     {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Security = "" }, why: reason.PermissionsUnread, doubt: reason.PermissionsUnread, more: true},
		"a descriptor that cannot be read":  {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Security = "D:(X" }, why: reason.DescriptorUnreadable, doubt: reason.DescriptorUnreadable, more: true},
		"no descriptor, but no link either": {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Security, d.Containers[0].Links[0].Disabled = "", true }, why: reason.LinkDisabled},
		"no descriptor, but the filter is false": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Security, d.GPOs[0].Filter = "", filterRef("F")
			d.Filters = []run.WMIFilter{wmi("F", `SELECT * FROM Win32_OperatingSystem WHERE ProductType = "2"`)}
		}, why: reason.WMIFalse},
		"a controller without the Deny": {machine: &controller, rules: "A"},
		"a controller with the Deny": {machine: &controller, change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Security = strings.Replace(d.GPOs[0].Security, "D:P", "D:P"+denyED, 1)
		}, why: reason.PermissionDenied},
		"a read-only one, which that Deny does not reach": {machine: &readOnly, change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Security = strings.Replace(d.GPOs[0].Security, "D:P", "D:P"+denyED, 1)
		}, rules: "A"},
		"a read-only one, denied as such": {machine: &readOnly, change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Security = strings.Replace(d.GPOs[0].Security, "D:P", "D:P(OD;CI;CR;"+apply+";;"+domainSID+"-498)", 1)
		}, why: reason.PermissionDenied},
		"a read-only one, denied as such in a root that was not read": {machine: &readOnly, change: func(d *run.Domain, f *run.Forest) {
			f.Name = "corp.test"
			d.GPOs[0].Security = strings.Replace(d.GPOs[0].Security, "D:P", "D:P(OD;CI;CR;"+apply+";;S-1-5-21-9-9-9-498)", 1)
		}, why: reason.RootDomainUnread, doubt: reason.RootDomainUnread, more: true},
		"the domain's SID is not known": {change: func(d *run.Domain, _ *run.Forest) { d.SID = ""; d.GPOs[0].Security = only(domainSID + "-515") },
			why: reason.DomainSIDUnread, doubt: reason.DomainSIDUnread, more: true},
		"a filter that is true": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", members)}
		}, rules: "A"},
		"a filter that is false": {machine: &controller, change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", members)}
		}, why: reason.WMIFalse},
		"a filter that is gone is skipped": {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Filter = filterRef("F") }, rules: "A", note: reason.WMINotThere},
		"a reference that cannot be read":  {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Filter = "[contoso.test]" }, why: reason.WMIReference, doubt: reason.WMIReference, more: true},
		"a filter that depends on what is not known": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", `SELECT * FROM Win32_OperatingSystem WHERE Caption LIKE "%Datacenter%"`)}
		}, why: reason.WMIUnsure, doubt: reason.WMIUnsure, more: true},
		"a permission under a condition": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Security = strings.Replace(d.GPOs[0].Security, "D:P", "D:P(XD;;CR;;;AU;(@USER.x == 1))", 1)
		}, why: reason.PermissionUnknown, doubt: reason.ACEConditionalDeny, more: true},
		"an extension that is not listed": {change: func(d *run.Domain, _ *run.Forest) { d.GPOs[0].Extensions = "[" + id("1") + "]" }, why: reason.ExtensionAbsent},
		"a filter that the reader may not see": {change: func(d *run.Domain, f *run.Forest) {
			d.GPOs[0].Filter = filterRef("F")
			f.Problems = []run.Problem{{Aspect: run.AspectFilters, Where: "CN=F", Why: reason.List{reason.Quote("refused")}, Refused: true}}
		}, why: reason.WMINotRead, doubt: reason.WMINotRead, more: true},
		"a filter whose layout is wrong": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{{ID: id("F"), Name: "F", Query: "1;3;10;"}}
		}, why: reason.WMINoList, doubt: reason.WMINoList, more: true},
		"a filter on no Windows": {machine: &linux, change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", members)}
		}, why: reason.WMIOnUnknown, doubt: reason.WMIOnUnknown, more: true},
		"the paper's quotes": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", "SELECT * FROM Win32_OperatingSystem WHERE Version >= \u20186\u2019")}
		}, why: reason.WMIRefused},
		"the paper's quotes in another GPO end its processing too": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers[0].Links = append(d.Containers[0].Links, link("B"))
			d.GPOs[1].Filter, d.Filters = filterRef("F"), []run.WMIFilter{wmi("F", "SELECT * FROM Win32_OperatingSystem WHERE Version >= \u20186\u2019")}
		}, rules: "A", doubt: reason.GPOEndsAll},
		"settings that could not be read": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[0].Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "Registry.pol", Why: reason.List{reason.Quote("cut short")}}}
		}, why: reason.SettingsNotRead, doubt: reason.SettingsNotRead, more: true},
		"another GPO's file is cut short before such settings": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers[0].Links = append(d.Containers[0].Links, link("B"))
			d.GPOs[1].Registry = nil
			d.GPOs[1].Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "Registry.pol", Why: reason.List{reason.Quote("cut short")}}}
		}, rules: "A", doubt: reason.GPODoubtful, more: true},
		"another GPO says nothing of this, and its descriptor was not read": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers[0].Links = append(d.Containers[0].Links, link("B"))
			d.GPOs[1].Registry, d.GPOs[1].Security = nil, ""
			d.GPOs[1].Problems = []run.Problem{{Aspect: run.AspectSecurity, Where: "CN=B", Why: reason.List{reason.Quote("refused")}}}
		}, rules: "A"},
		"a GPO hidden from the reader": {change: func(d *run.Domain, _ *run.Forest) {
			d.Containers[0].Links = append(d.Containers[0].Links, link("B"))
			d.GPOs[1] = run.GPO{ID: id("B"), DN: d.GPOs[1].DN, Problems: []run.Problem{{Aspect: run.AspectGPOs, Where: "CN=B", Why: reason.List{reason.Quote("refused")}, Refused: true}}}
		}, rules: "A", doubt: reason.ObjectUnread, more: true},
		"a link to a deleted GPO": {change: func(d *run.Domain, _ *run.Forest) { d.Containers[0].Links = append(d.Containers[0].Links, link("D")) }, rules: "A"},
		"a link, and the GPOs could not all be read": {change: func(d *run.Domain, f *run.Forest) {
			d.Containers[0].Links = append(d.Containers[0].Links, link("D"))
			f.Problems = []run.Problem{{Aspect: run.AspectGPOs, Where: "CN=Policies", Why: reason.List{reason.Quote("cut off")}}}
		}, rules: "A", doubt: reason.LinkToLost, more: true},
		"a link, and only another domain was not read": {change: func(d *run.Domain, f *run.Forest) {
			d.Containers[0].Links = append(d.Containers[0].Links, link("D"))
			f.Problems = []run.Problem{{Aspect: run.AspectGPOs, Where: "emea.contoso.test", Why: reason.One(reason.DomainUnread, "domain", "emea.contoso.test", "why", reason.One(reason.ControllerUndeclared))}}
		}, rules: "A"},
		"a link to a domain that was not read": {change: func(d *run.Domain, _ *run.Forest) {
			l := link("B")
			l.DN = strings.Replace(l.DN, dn, "DC=emea,"+dn, 1)
			d.Containers[0].Links = append(d.Containers[0].Links, l)
		}, rules: "A", doubt: reason.LinkToUnread, more: true},
		"links that could not all be read": {change: func(_ *run.Domain, f *run.Forest) {
			f.Problems = []run.Problem{{Aspect: run.AspectLinks, Where: "OU=Servers", Why: reason.List{reason.Quote("refused")}}}
		}, rules: "A", doubt: reason.LinksNotRead, more: true},
		"a site's GPO, and the site is known":     {site: true, change: siteLink, rules: "B A"},
		"a site's GPO, and the site is not known": {change: siteLink, rules: "A", doubt: reason.SiteUnknown, more: true},
		"a site's GPO, not for it anyway": {change: func(d *run.Domain, f *run.Forest) {
			siteLink(d, f)
			d.GPOs[1].Security = only(group)
		}, rules: "A"},
		"a site's GPO, and the domain blocks": {change: func(d *run.Domain, f *run.Forest) {
			siteLink(d, f)
			d.Containers[0].Blocks = true
		}, rules: "A"},
		"a site's GPO without such settings": {change: func(d *run.Domain, f *run.Forest) { siteLink(d, f); d.GPOs[1].Registry = nil }, rules: "A"},
		"a directive of a later GPO": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[1].Registry = []registry.Value{{Key: rules, Name: "**delvals.", Type: "REG_SZ", Data: " "}}
			d.Containers = append(d.Containers, run.Container{DN: "OU=Servers," + dn, Links: []run.Link{link("B")}})
		}},
		"a directive of an earlier GPO": {change: func(d *run.Domain, _ *run.Forest) {
			d.GPOs[1].Registry = []registry.Value{{Key: rules, Name: "**delvals.", Type: "REG_SZ", Data: " "}}
			d.Containers[0].Links = append(d.Containers[0].Links, link("B"))
		}, rules: "A"},
	} {
		t.Run(name, func(t *testing.T) {
			f := forest()
			if c.change != nil {
				c.change(&f.Domains[0], f)
			}
			e := New(f)
			s := Subject{Machine: member, Domain: "contoso.test"}
			if c.machine != nil {
				s.Machine = *c.machine
			}
			if c.site {
				s.Site = e.site("contoso.test", []netip.Addr{host})
			}
			told := e.Resultant(s)
			if got := names(told); got != c.rules {
				t.Errorf("it was told %q, want %q", got, c.rules)
			}
			var why reason.List
			if o := told.Outcome(&f.Domains[0].GPOs[0]); o != nil {
				why = o.Why
				if c.note != "" && !o.Notes.Has(c.note) {
					t.Errorf("the notes of A are %s, want %s", o.Notes.Key(), c.note)
				}
			}
			if (why == nil) != (c.why == "") || c.why != "" && !why.Names(c.why) {
				t.Errorf("of A it says %s, want %s", why.Key(), c.why)
			}
			if doubts := told.Doubts; (doubts == nil) != (c.doubt == "") || c.doubt != "" && !doubts.Names(c.doubt) {
				t.Errorf("its doubts are %s, want %s", doubts.Key(), c.doubt)
			}
			if told.More != c.more {
				t.Errorf("there may be more: %t", told.More)
			}
		})
	}
}

func siteLink(_ *run.Domain, f *run.Forest) {
	f.Sites = []run.Site{
		{Name: "all", Container: run.Container{DN: "CN=all,CN=Sites"}, Subnets: []netip.Prefix{netip.MustParsePrefix("198.18.0.0/15")}},
		{Name: "HQ", Container: run.Container{DN: "CN=HQ,CN=Sites", Links: []run.Link{link("B")}}, Subnets: []netip.Prefix{netip.MustParsePrefix("198.18.10.0/24")}},
	}
}

// A link to a GPO of another forest is nothing that Windows provides for.
func TestForeignForest(t *testing.T) {
	f, other := forest(), forest()
	other.Name, other.Domains[0].Name, other.Domains[0].DN = "fabrikam.test", "fabrikam.test", "DC=fabrikam,DC=test"
	other.Domains[0].Containers = nil
	l := link("B")
	l.DN = strings.ReplaceAll(l.DN, "contoso", "fabrikam")
	f.Domains[0].Containers[0].Links = append(f.Domains[0].Containers[0].Links, l)
	told := New(f, other).Resultant(Subject{Machine: member, Domain: "contoso.test"})
	if names(told) != "A" || !told.More || !told.Doubts.Names(reason.LinkOutOfForest) {
		t.Errorf("it is told %q, with the doubts %s", names(told), told.Doubts.Key())
	}
}
