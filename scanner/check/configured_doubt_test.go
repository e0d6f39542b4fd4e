package check_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// moreGPO adds a GPO that is linked to the domain, below the isolation.
func moreGPO(f *run.Forest, name string, rules ...string) *run.GPO {
	d := &f.Domains[0]
	g := d.GPOs[0]
	g.ID, g.Name, g.DN, g.Filter, g.Registry = otherID, name, "CN="+otherID+",CN=Policies,CN=System,DC=contoso,DC=test", "", nil
	for _, r := range rules {
		g.Registry = append(g.Registry, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{C}", Type: "REG_SZ", Data: r})
	}
	d.GPOs = append(d.GPOs, g)
	d.Containers[0].Links = append(d.Containers[0].Links, run.Link{GPO: otherID, DN: g.DN})
	return &d.GPOs[len(d.GPOs)-1]
}

// ruleCells are those that what a machine is told turns, at both ends.
var ruleCells = []string{"rule-", "exemptions/", "fails-open/", "nat-policy/", "gpo-coverage/"}

// unseen are things that are wrong or not known where no pass may be.
var unseen = map[string]configuredFault{
	"another GPO exempts a network without a vantage": {change: func(_ *intent.Policy, f *run.Forest) {
		moreGPO(f, "Convenience", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=10.0.0.0/8|Name=Convenience|Desc=|EmbedCtxt=|`)
	}, cell: "rule-conflicts/kms01", verdict: run.Fail, code: reason.ExemptsUndeclared, of: "10.0.0.0/8", also: []string{"rule-conflicts/"}},
	"another GPO exempts in the Public profile": {change: func(_ *intent.Policy, f *run.Forest) {
		moreGPO(f, "Convenience", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Public|EP2_4=10.0.0.0/8|Name=Convenience|Desc=|EmbedCtxt=|`)
	}, cell: "rule-conflicts/kms01", verdict: run.Fail, code: reason.ExemptsUndeclared, of: "10.0.0.0/8", also: []string{"rule-conflicts/"}},
	"the hosts' subnet is exempt from the hosts": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
			Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP1_4=198.18.10.30|EP1_4=198.18.10.31|EP2_4=198.18.10.0/24|Name=servers|Desc=|EmbedCtxt=|`})
	}), cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsUndeclared, of: "198.18.10.0-198.18.10.29", also: []string{"exemptions/"}},
	"ICMP exempt and the rest too": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
			Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Protocol=17|EP2_4=10.0.0.0/8|Name=UDP|Desc=|EmbedCtxt=|`})
	}), cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsUndeclared, of: "10.0.0.0/8", also: []string{"exemptions/"}},
	"an exemption has expired": {change: func(p *intent.Policy, _ *run.Forest) {
		p.Exemptions[0].Expires, p.Exemptions[0].Owner = time.Time{}.Add(-time.Hour), "net-ops"
	}, cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsExpired, of: "net-ops", also: []string{"exemptions/"}},
	"an exemption has expired, by the paper": {change: func(p *intent.Policy, _ *run.Forest) {
		p.Isolation.Basis = intent.BasisPaper
		p.Exemptions[0].Expires = time.Time{}.Add(-time.Hour)
	}, cell: "exemptions/kms01", code: reason.ExemptionExpired, also: []string{"exemptions/"}},
	"TCP only": {change: replaceRule("Profile=Domain|", "Profile=Domain|Protocol=6|"),
		cell: "rule-present/kms01", verdict: run.Fail, code: reason.NotProtected, of: "kms01 inbound from 192.0.2.1 to 198.18.10.30 (any UDP port)", also: []string{"rule-present/kms02"}},
	"some ports only": {change: replaceRule("Profile=Domain|", "Profile=Domain|Protocol=6|EP2Port2_10=1-40000|"),
		cell: "rule-present/kms01", verdict: run.Fail, code: reason.NotProtected, of: "kms01 inbound from 192.0.2.1 to 198.18.10.30 (ping)", also: []string{"rule-present/"}},
	"IPv6 in the Public profile only": {change: retell(func(o *told) {
		public := replaced(replaced(replaced(o.rule, "Profile=Domain", "Profile=Public"), "EP2_4=198.18.10.30|EP2_4=198.18.10.31|", ""), "Name=KMS Isolation", "Name=KMS Isolation 6")
		o.rule = replaced(o.rule, "EP2_6=2001:db8:10::30|EP2_6=2001:db8:10::31|", "")
		o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ", Data: public})
	}), cell: "rule-profile/kms01", verdict: run.Fail, code: reason.AsleepInDomain, of: "KMS Isolation 6", also: []string{"rule-profile/", "rule-present/domain:"}},
	"certificates only": {change: retell(func(o *told) {
		o.rule = replaced(o.rule, "{7B2E0000-0000-0000-0000-000000000001}", "{CERT}")
		set := firewallPath + `\Phase1AuthenticationSets\{CERT}`
		o.more = append(o.more, registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
			registry.Value{Key: set + `\0000`, Name: "Method", Type: "REG_SZ", Data: "MachineCert"},
			registry.Value{Key: set + `\0000`, Name: "CAName", Type: "REG_SZ", Data: "CN=Contoso"})
	}), cell: "rule-authentication/kms01", verdict: run.Fail, code: reason.NoComputerKerberos, also: []string{"rule-authentication/"}},
	"IKEv2 only": {change: replaceRule("EmbedCtxt=|", "EmbedCtxt=|KeyMod=IkeV2|"),
		cell: "rule-authentication/kms01", verdict: run.Fail, code: reason.IKEv2Only, also: []string{"rule-authentication/"}},
	"a main mode rule of its own": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\MainModeRules`, Name: "{M}", Type: "REG_SZ",
			Data: `v2.26|Active=TRUE|Profile=Domain|Auth1Set={7B2E0000-0000-0000-0000-000000000001}|Crypto1Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}|Name=partners|`})
	}), cell: "rule-authentication/kms01", verdict: run.Inconclusive, code: reason.MainModeOwnMethods, of: "partners", also: []string{"rule-authentication/", "rule-crypto/domain:"}, many: true},
	"no quick mode proposal in common": {change: func(p *intent.Policy, f *run.Forest) {
		twoGPOs(p, f)
		text := paperTold()
		encrypted(&text)
		f.Domains[0].GPOs[0].Registry = text.values()
		text = paperTold()
		encrypted(&text)
		text.rule, text.exemption = replaced(text.rule, "SecureServer", "Boundary"), ""
		for i := range text.more {
			text.more[i].Data = replaced(text.more[i].Data, "AES-256", "3DES")
		}
		f.Domains[0].GPOs[1].Registry = text.values()
	}, cell: "rule-crypto/domain:contoso.test", verdict: run.Fail, code: reason.QuickModesDiffer},
	"the firewall blocks members": {change: retell(func(o *told) { o.firewall = replaced(o.firewall, "Profile=Private|Profile=Public|", "") }),
		cell: "rule-conflicts/kms01", verdict: run.Fail, code: reason.BlockedForMembers, also: []string{"rule-conflicts/", "fails-open/"}},
	"closed to everybody in place of isolated": {change: retell(func(o *told) {
		o.rule, o.firewall = "", replaced(o.firewall, "Profile=Private|Profile=Public|LPort=1688|", "")
		for _, p := range []string{"DomainProfile", "PrivateProfile", "PublicProfile"} {
			o.more = append(o.more, registry.Value{Key: firewallPath + `\` + p, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x1"})
		}
	}), cell: "rule-present/kms01", verdict: run.Fail, code: reason.NotProtected, also: []string{"rule-", "fails-open/", "exemptions/"}, many: true},
	"the firewall is off at home": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\DomainProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x0"})
	}), cell: "rule-present/kms01", verdict: run.Fail, code: reason.SecurityOff, also: []string{"rule-", "exemptions/"}},
	"local rules count": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\DomainProfile`, Name: "AllowLocalIPsecPolicyMerge", Type: "REG_DWORD", Data: "0x1"})
	}), cell: "rule-conflicts/kms01", code: reason.LocalMerge, of: "1"},
	"the profiles are open": {change: retell(func(o *told) {
		o.firewall = ""
		o.more = append(o.more, registry.Value{Key: firewallPath + `\PublicProfile`, Name: "DefaultInboundAction", Type: "REG_DWORD", Data: "0x0"})
	}), cell: "fails-open/kms01", verdict: run.Fail, code: reason.OpenWhileAsleep, of: "public", also: []string{"fails-open/"}},
	"remote desktop is open while the rule sleeps": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\FirewallRules`, Name: "{G}", Type: "REG_SZ", Data: `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Name=RDP|`})
	}), cell: "fails-open/kms01", verdict: run.Skip, code: reason.FailsOpen, of: "3389"},
	"a VPN client, and a rule for LAN only": {change: func(p *intent.Policy, f *run.Forest) {
		p.Vantages[0].Path = "vpn"
		replaceRule("EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|")(p, f)
	}, cell: "rule-present/domain:contoso.test", verdict: run.Fail, code: reason.NotProtected, of: "pc1.contoso.test and 1 more outbound to 198.18.10.30:1688 over a VPN", also: ruleCells, many: true},
	"a rule that may be for the machines or not": {change: replaceRule("EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|"),
		cell: "rule-present/kms01", verdict: run.Inconclusive, code: reason.RuleOfInterfaceTypes, also: ruleCells, many: true},
	"a GPO hidden from the reader": {change: func(_ *intent.Policy, f *run.Forest) {
		g := moreGPO(f, "")
		*g = run.GPO{ID: g.ID, DN: g.DN, Problems: []run.Problem{{Aspect: run.AspectGPOs, Where: g.DN, Why: reason.List{reason.Quote("the account may not read it")}, Refused: true}}}
	}, cell: "rule-present/kms01", verdict: run.Inconclusive, code: reason.ObjectUnread, of: "the account may not read it", also: ruleCells, unsure: true},
	"the isolation is hidden from the reader": {change: func(_ *intent.Policy, f *run.Forest) {
		g := isolationOf(f)
		*g = run.GPO{ID: g.ID, DN: g.DN, Problems: []run.Problem{{Aspect: run.AspectGPOs, Where: g.DN, Why: reason.List{reason.Quote("the account may not read it")}, Refused: true}}}
	}, cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Error, code: reason.GPOMaybeHidden, of: isolationID, also: ruleCells, unsure: true},
	"the isolation's permissions could not be read": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Security = "" },
		cell: "gpo-readable/gpo:KMS Isolation Policy", verdict: run.Inconclusive, code: reason.HostMaybeRefused, also: append(ruleCells, "gpo-not-on-dcs/"), unsure: true, many: true},
	"links that could not all be read": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectLinks, Where: "DC=contoso,DC=test", Why: reason.List{reason.Quote("the OUs with links could not be read: no answer")}})
	}, cell: "rule-present/kms01", verdict: run.Inconclusive, code: reason.LinksNotRead, of: "DC=contoso,DC=test", also: append(ruleCells, "gpo-linked/", "gpo-not-on-dcs/"), unsure: true, many: true},
	"accounts that could not all be read": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectComputers, Where: "DC=contoso,DC=test", Why: reason.List{reason.Quote("3 accounts of computers: the account may not read it")}, Refused: true})
	}, cell: "gpo-coverage/domain:contoso.test", verdict: run.Error, code: reason.DirectoryProblem, of: "3 accounts of computers: the account may not read it", also: append(ruleCells, "gpo-", "legacy-", "dc-activation/"), unsure: true, many: true},
	"who shares its names is not known": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectComputers, Where: f.Domains[0].Accounts[0].DN, Why: reason.List{reason.Quote("who shares its service principal names: no answer")}})
	}, cell: "kerberos-ready/kms01", verdict: run.Inconclusive, code: reason.DirectoryProblem, also: append(ruleCells, "gpo-", "legacy-", "dc-activation/"), unsure: true, many: true},
	"another GPO's filter ends all processing": {change: func(_ *intent.Policy, f *run.Forest) {
		g := moreGPO(f, "Printers")
		g.Filter = "[contoso.test;" + otherID + ";0]"
		f.Domains[0].Filters = append(f.Domains[0].Filters, run.WMIFilter{ID: otherID, Name: "Vista", Query: parm2("Select * from Win32_OperatingSystem where Version >=\u20186\u2019")})
	}, cell: "rule-present/kms01", verdict: run.Inconclusive, code: reason.GPOEndsAll, of: "Printers", also: ruleCells, unsure: true},
	"a filter whose layout is wrong": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Filters[0].Query = "1;3;10;" },
		cell: "gpo-wmi-filter/gpo:KMS Isolation Policy", verdict: run.Inconclusive, code: reason.FilterUnreadable, also: append(ruleCells, "gpo-not-on-dcs/"), unsure: true, many: true},
	"extensions of which some are readable": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Extensions = "[{bad}]" + rsatBoth },
		cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Error, code: reason.ExtensionsUnreadable, also: append(ruleCells, "gpo-not-on-dcs/"), unsure: true},
	"a site's GPO, and the clients' site is not known": {change: func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		g := moreGPO(f, "Convenience", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Name=Convenience|Desc=|EmbedCtxt=|`)
		d.Containers[0].Links = d.Containers[0].Links[:1]
		f.Sites = []run.Site{{Name: "HQ", Container: run.Container{DN: "CN=HQ,CN=Sites,CN=Configuration,DC=contoso,DC=test", Links: []run.Link{{GPO: otherID, DN: g.DN}}}}}
	}, cell: "rule-present/kms01", verdict: run.Inconclusive, code: reason.SiteUnknown, of: "HQ", also: ruleCells, unsure: true},
	"linked to a site only": {change: func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		f.Sites = []run.Site{{Name: "HQ", Container: run.Container{DN: "CN=HQ,CN=Sites,CN=Configuration,DC=contoso,DC=test", Links: d.Containers[0].Links}}}
		d.Containers = nil
	}, cell: "gpo-coverage/domain:contoso.test", verdict: run.Inconclusive, code: reason.CoverageUnsure, also: append(ruleCells, "gpo-not-on-dcs/"), unsure: true, many: true},
	"a child domain that is not read": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectGPOs, Where: "emea.contoso.test", Why: reason.One(reason.DomainUnread, "domain", "emea.contoso.test", "why", reason.One(reason.ControllerUndeclared))})
	}, cell: "gpo-linked/gpo:KMS Isolation Policy", verdict: run.Inconclusive, code: reason.UnreadDomain, of: "emea.contoso.test"},
	"another GPO requires IPsec of controllers": {change: func(_ *intent.Policy, f *run.Forest) {
		g := moreGPO(f, "Lockdown", strings.NewReplacer("SecureServer", "Secure", "Name=KMS Isolation", "Name=Lockdown").Replace(anyToAny(paperTold().rule)))
		g.Security = strings.Replace(gpoSDDL, "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)", "", 1)
		g.Registry = append(g.Registry, paperTold().values()[1:3]...)
	}, cell: "gpo-not-on-dcs/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.ControllerRequires, of: "Lockdown", also: []string{"rule-"}, many: true},
	"whether controllers get it is not known": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Filter = ""
		isolationOf(f).Security = strings.Replace(gpoSDDL, "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;S-1-5-21-1-2-3-521)", "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;S-1-5-21-9-9-9-498)", 1)
		f.Domains[0].SID = ""
	}, cell: "gpo-not-on-dcs/gpo:KMS Isolation Policy", verdict: run.Inconclusive, code: reason.ControllerMaybeGetsGPO},
	"gpt.ini is missing everywhere": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Copies[0].GPOs[0].FileVersion = nil },
		cell: "gpo-replicated/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.CopyWithoutFile},
	"a host of another domain": {change: func(p *intent.Policy, f *run.Forest) {
		p.Hosts[1].FQDN = "kms02.partner.test"
		f.Domains[0].Accounts = f.Domains[0].Accounts[:1]
	}, cell: "rule-present/kms02", verdict: run.Inconclusive, code: reason.HostOutside, of: "partner.test", also: []string{"rule-", "kerberos-ready/", "fails-open/", "exemptions/", "nat-policy/"}, many: true},
	"one GPO for the hosts, and the clients have none": {change: func(p *intent.Policy, f *run.Forest) {
		twoGPOs(p, f)
		f.Domains[0].Containers[0].Links = f.Domains[0].Containers[0].Links[:1]
	}, cell: "gpo-linked/gpo:KMS Clients", verdict: run.Fail, code: reason.LinkedNowhere, of: "KMS Clients", also: ruleCells},
	"a host is not in the group": {change: func(p *intent.Policy, f *run.Forest) {
		twoGPOs(p, f)
		f.Domains[0].Accounts[1].Groups = nil
	}, cell: "gpo-readable/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.HostRefused, of: "kms02", also: []string{"rule-present/kms02"}},
	"the copy in the other forest could not be read": {more: []*run.Forest{func() *run.Forest {
		f := fabrikam()
		isolationOf(f).Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "registry.pol", Why: reason.List{reason.Quote("cut short")}}}
		return f
	}()}, change: func(*intent.Policy, *run.Forest) {}, cell: "gpo-copies-agree/domain:contoso.test", verdict: run.Inconclusive, code: reason.GPODoubtful, of: "cut short",
		also: []string{"gpo-", "rule-"}, many: true},
	"a trust that is disabled": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts[0].Direction = 0 },
		cell: "forest-trust/forest:fabrikam.test", verdict: run.Fail, code: reason.TrustDisabled},
	"selective authentication for a group of the other forest": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Trusts[0].Attributes |= 0x10
		for i := range f.Domains[0].Accounts {
			f.Domains[0].Accounts[i].Security = "O:SYG:SYD:(OA;;CR;68b1d179-0d15-4d4f-ab71-46152e79a7bc;;S-1-5-21-7-8-9-2201)"
		}
	}, cell: "forest-trust/forest:fabrikam.test", verdict: run.Inconclusive, code: reason.GrantedToUnknown, of: "S-1-5-21-7-8-9-2201"},
	"selective authentication, and the host's permissions were not read": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Trusts[0].Attributes |= 0x10
		f.Domains[0].Accounts[0].Security = ""
	}, cell: "forest-trust/forest:fabrikam.test", verdict: run.Inconclusive, code: reason.SelectiveUnread},
	"of which forest a host is, is not known": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = nil },
		cell: "forest-trust/forest:fabrikam.test", verdict: run.Inconclusive, code: reason.ForestOfHostUnknown, of: "kms01", also: []string{"rule-present/kms", "rule-", "kerberos-ready/", "forest-trust/"}, many: true},
}

func TestConfiguredUnseen(t *testing.T) { testFaults(t, unseen) }

// What is wrong in one domain is no cause of what is not known in another.
func TestCausesStayInTheirDomain(t *testing.T) {
	there := fabrikam()
	there.Problems = []run.Problem{{Aspect: run.AspectLinks, Where: "DC=fabrikam,DC=test", Why: reason.List{reason.Quote("no answer")}}}
	cells := audit(t, func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil }, there)
	c := cells["rule-present/domain:fabrikam.test"]
	if c.Verdict != run.Inconclusive || c.CausedBy != nil && strings.Contains(c.CausedBy.String(), "@contoso.test") {
		t.Errorf("%s is %s, because of %v", c.ID, c.Verdict, c.CausedBy)
	}
	if c := cells["rule-present/kms01"]; c.Verdict != run.Fail || c.CausedBy == nil || !strings.Contains(c.CausedBy.String(), "gpo-linked") {
		t.Errorf("%s is %s, because of %v", c.ID, c.Verdict, c.CausedBy)
	}
}

// A host whose export shows that its firewall drops everything is closed, which
// is not what isolation is: members do not get in either.
func TestClosedIsNotIsolated(t *testing.T) {
	const own = run.LocalFirewallKey
	cells := audit(t, func(_ *intent.Policy, f *run.Forest) {
		f.Kind, f.Lost = run.SourceRegistry, map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("an export has none")}}
		f.Domains = nil
		for _, name := range []string{"kms01.reg", "kms02.reg"} {
			f.Machines = append(f.Machines, run.MachinePolicy{Name: name, Registry: []registry.Value{
				{Key: own + `\DomainProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x1"},
				{Key: own + `\StandardProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x1"},
				{Key: own + `\PublicProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x1"},
			}})
		}
	})
	c := cells["rule-present/kms01"]
	at := []string{"kms01 inbound from 192.0.2.1 to 198.18.10.30:1688", "kms01 inbound from 3fff::1 to [2001:db8:10::30]:1688"} // and no other port
	if c.Verdict != run.Fail || len(c.Reasons) != 1 || !tells(c.Reasons[0], reason.New(reason.NotProtected, "at", at, "why", reason.New(reason.NoSecurityRule))) {
		t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Reasons.Key())
	}
}
