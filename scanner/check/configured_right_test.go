package check_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Groups of contoso.test.
const (
	hostsGroup   = domainSID + "-1104"
	clientsGroup = domainSID + "-1105"
)

// only is the descriptor of a GPO that is filtered by a group.
func only(group string) string {
	return strings.NewReplacer("(A;CI;RPLCLORC;;;AU)", "(A;CI;RPLCLORC;;;"+group+")", ";;AU)", ";;"+group+")").Replace(gpoSDDL)
}

// twoGPOs is Microsoft's server isolation: one GPO for the hosts, one for the
// clients, each for a group.
func twoGPOs(p *intent.Policy, f *run.Forest) {
	d := &f.Domains[0]
	clients := d.GPOs[0]
	clients.ID, clients.Name, clients.DN = otherID, "KMS Clients", "CN="+otherID+",CN=Policies,CN=System,DC=contoso,DC=test"
	clients.Security = only(clientsGroup)
	text := paperTold()
	text.rule = strings.Replace(text.rule, "SecureServer", "Boundary", 1)
	text.exemption = ""
	clients.Registry = text.values()
	d.GPOs[0].Security = only(hostsGroup)
	d.GPOs = append(d.GPOs, clients)
	d.Containers[0].Links = append(d.Containers[0].Links, run.Link{GPO: otherID, DN: clients.DN})
	copied := d.Copies[0].GPOs[0]
	copied.ID = otherID
	d.Copies[0].GPOs = append(d.Copies[0].GPOs, copied)
	for i := range d.Computers {
		group := clientsGroup
		if strings.HasPrefix(d.Computers[i].Names[0], "kms") {
			group = hostsGroup
		}
		d.Computers[i].Groups = []string{group}
	}
	for i := range d.Accounts {
		d.Accounts[i].Groups = []string{hostsGroup}
	}
	p.Isolation.Policies = []intent.GPO{{Name: "KMS Isolation Policy", Role: "hosts"}, {Name: "KMS Clients", Role: "clients"}}
}

// child adds a domain of clients to a forest; its GPOs and links are for the
// caller to give.
func child(f *run.Forest) *run.Domain {
	root := &f.Domains[0]
	d := run.Domain{Name: "emea." + root.Name, DN: "DC=emea," + root.DN, SID: "S-1-5-21-4-5-6",
		Controllers: []string{"dc01.emea." + root.Name}, Computers: []run.Computers{root.Computers[1], root.Computers[3]}}
	for i := range d.Computers {
		c := &d.Computers[i]
		c.Container = strings.Replace(c.Container, root.DN, d.DN, 1)
		c.Names = []string{strings.Replace(c.Names[0], "contoso", "emea.contoso", 1)}
	}
	f.Domains = append(f.Domains, d)
	return &f.Domains[len(f.Domains)-1]
}

// rightPolicies are deployments that look different and are right.
var rightPolicies = map[string]func(*intent.Policy, *run.Forest){
	"endpoints swapped":    replaceRule("EP2_", "EP1_"),
	"two GPOs and a group": twoGPOs,
	"encryption required":  retell(encrypted),
	"no exemption": func(p *intent.Policy, f *run.Forest) {
		p.Exemptions, p.Vantages = nil, p.Vantages[:3]
		retell(func(o *told) { o.exemption = "" })(p, f)
	},
	"the exemption in CIDR halves": replaceExemption("EP2_4=198.18.40.0/25|", "EP2_4=198.18.40.0/26|EP2_4=198.18.40.64-198.18.40.127|"),
	"every profile":                replaceRule("Profile=Domain|", ""),
	"policy declared by id": func(p *intent.Policy, _ *run.Forest) {
		p.Isolation.Policies[0] = intent.GPO{ID: strings.ToLower(isolationID), Role: "both"}
	},
	"policy not declared": func(p *intent.Policy, _ *run.Forest) { p.Isolation.Policies = nil },
	"any to any on the host": func(p *intent.Policy, f *run.Forest) {
		twoGPOs(p, f)
		text := paperTold()
		text.rule = anyToAny(text.rule)
		f.Domains[0].GPOs[0].Registry = text.values()
	},
	"existing domain isolation": func(p *intent.Policy, f *run.Forest) {
		f.Domains[0].GPOs[0].Name, p.Isolation.Policies[0].Name = "Domain Isolation", "Domain Isolation"
		retell(func(o *told) { o.rule = anyToAny(o.rule) })(p, f)
	},
	"existing domain isolation, not declared": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Policies = nil
		retell(func(o *told) { o.rule = anyToAny(o.rule) })(p, f)
	},
	"linked to OUs": func(_ *intent.Policy, f *run.Forest) {
		link := f.Domains[0].Containers[0].Links
		f.Domains[0].Containers = nil
		for _, ou := range []string{"OU=KMS", "OU=Clients"} {
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: ou + ",DC=contoso,DC=test", Links: link})
		}
		f.Domains[0].Computers[2].Container = "OU=Clients,DC=contoso,DC=test"
	},
	"enforced over blocked inheritance": func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers[0].Links[0].Enforced = true
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=KMS,DC=contoso,DC=test", Blocks: true})
	},
	"linked twice": func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=KMS,DC=contoso,DC=test", Links: f.Domains[0].Containers[0].Links})
		isolationOf(f).Registry = append([]registry.Value{{Key: firewallPath + `\ConSecRules`, Name: "**delvals.", Type: "REG_SZ", Data: " "}}, isolationOf(f).Registry...)
	},
	"WMI in place of the Deny": func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Security = strings.NewReplacer("(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)", "", "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;S-1-5-21-1-2-3-521)", "").Replace(gpoSDDL)
	},
	"a hosts' GPO filtered to servers": func(p *intent.Policy, f *run.Forest) {
		twoGPOs(p, f)
		d := &f.Domains[0]
		d.Filters = append(d.Filters, run.WMIFilter{ID: "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0009}", Name: "servers", Query: parm2(`SELECT * FROM Win32_OperatingSystem WHERE ProductType = "3"`)})
		d.GPOs[0].Filter = "[contoso.test;{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0009};0]"
	},
	"the KMS port only": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Scope = intent.ScopeKMSPort
		replaceRule("Profile=Domain|", "Profile=Domain|Protocol=6|EP2Port=1688|")(p, f)
	},
	"the KMS port only, and an exemption for another port": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Scope = intent.ScopeKMSPort
		retell(func(o *told) {
			o.rule = strings.Replace(o.rule, "Profile=Domain|", "Profile=Domain|Protocol=6|EP2Port=1688|", 1)
			o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
				Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Protocol=6|EP2_4=198.18.10.30|EP2_4=198.18.10.31|EP2Port=3389|Name=RDP|Desc=|EmbedCtxt=|`})
		})(p, f)
	},
	"ICMP exempt": retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath, Name: "IPsecExempt", Type: "REG_DWORD", Data: "0xb"})
	}),
	"ICMP exempt by a rule": retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
			Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Protocol=1|Name=ICMP|Desc=|EmbedCtxt=|`})
	}),
	"controllers exempt": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.DCActivation = ""
		p.Pins["dc01.contoso.test"] = intent.Pin{Addrs: []netip.Addr{addr("198.18.11.10")}}
		p.Exemptions = append(p.Exemptions, intent.Exemption{Name: "dcs", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.11.10/32")}})
		replaceExemption("EP2_4=198.18.40.0/25|", "EP2_4=198.18.40.0/25|EP2_4=198.18.11.10|")(p, f)
	},
	"controllers get it, and are exempt": func(p *intent.Policy, f *run.Forest) {
		p.Pins["dc01.contoso.test"] = intent.Pin{Addrs: []netip.Addr{addr("198.18.11.10"), addr("2001:db8:11::10")}}
		p.Exemptions = append(p.Exemptions, intent.Exemption{Name: "dcs", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.11.10/32"), netip.MustParsePrefix("2001:db8:11::10/128")}})
		replaceExemption("EP2_4=198.18.40.0/25|", "EP2_4=198.18.40.0/25|EP2_4=198.18.11.10|EP2_6=2001:db8:11::10|")(p, f)
		isolationOf(f).Security = strings.NewReplacer("(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)", "", "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;S-1-5-21-1-2-3-521)", "").Replace(gpoSDDL)
		isolationOf(f).Filter = ""
	},
	"the exemption in a GPO of its own": func(p *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		g := d.GPOs[0]
		g.ID, g.Name, g.DN = otherID, "KMS Exemptions", "CN="+otherID+",CN=Policies,CN=System,DC=contoso,DC=test"
		g.Registry = []registry.Value{{Key: firewallPath + `\ConSecRules`, Name: "{X}", Type: "REG_SZ", Data: paperTold().exemption}}
		retell(func(o *told) { o.exemption = "" })(p, f)
		d.GPOs = append(d.GPOs, g)
		d.Containers[0].Links = append(d.Containers[0].Links, run.Link{GPO: otherID, DN: g.DN})
	},
	"another GPO tidies its own rules": func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		for i, name := range []string{"Old tunnels", "New tunnels"} {
			g := d.GPOs[0]
			g.ID = []string{otherID, "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0007}"}[i]
			g.Name, g.DN = name, "CN="+g.ID+",CN=Policies,CN=System,DC=contoso,DC=test"
			g.Registry = []registry.Value{{Key: firewallPath + `\ConSecRules`, Name: "**del.{T}", Type: "REG_SZ", Data: " "}}
			if i == 0 {
				g.Registry[0] = registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{T}", Type: "REG_SZ",
					Data: strings.Replace(replaced(paperTold().rule, "SecureServer", "Boundary"), "EP2_4=198.18.10.30|EP2_4=198.18.10.31|EP2_6=2001:db8:10::30|EP2_6=2001:db8:10::31|", "EP2_4=10.0.0.1|", 1)}
			}
			d.GPOs = append(d.GPOs, g)
			d.Containers[0].Links = slices.Insert(d.Containers[0].Links, 0, run.Link{GPO: g.ID, DN: g.DN})
		}
	},
	"stage request": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Stage = intent.StageRequest
		replaceRule("SecureServer", "Boundary")(p, f)
	},
	"stage request, open in other profiles": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Stage = intent.StageRequest
		retell(func(o *told) {
			o.rule = strings.Replace(o.rule, "SecureServer", "Boundary", 1)
			o.firewall = `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|App=%SystemRoot%\system32\sppsvc.exe|Svc=sppsvc|Name=SPPSVC-In-TCP|`
		})(p, f)
	},
	"another program may be reached everywhere": retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\FirewallRules`, Name: "{G}", Type: "REG_SZ",
			Data: `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=C:\backup\agent.exe|Name=Backup agent|`})
	}),
	"renamed default authentication set": retell(func(o *told) {
		set := firewallPath + `\Phase1AuthenticationSets`
		o.rule = strings.Replace(o.rule, "{7B2E0000-0000-0000-0000-000000000001}", "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", 1)
		o.more = append(o.more, registry.Value{Key: set, Name: "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", Type: "REG_SZ", Data: "{7B2E0000-0000-0000-0000-000000000001}"})
	}),
	"IPv4 only": func(p *intent.Policy, f *run.Forest) {
		for i := range p.Hosts {
			p.Hosts[i].Addresses = p.Hosts[i].Addresses[:1]
		}
		retell(func(o *told) {
			o.rule = replaced(o.rule, "EP2_6=2001:db8:10::30|EP2_6=2001:db8:10::31|", "")
			o.exemption = replaced(o.exemption, "EP1_6=2001:db8:10::30|EP1_6=2001:db8:10::31|", "")
		})(p, f)
	},
	"NAT policy set": retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath, Name: "IPsecThroughNAT", Type: "REG_DWORD", Data: "0x2"})
	}),
	"local rules do not count": retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\DomainProfile`, Name: "AllowLocalIPsecPolicyMerge", Type: "REG_DWORD", Data: "0x0"})
	}),
	"a copy in a child domain": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Policies[0].Domains = []string{"contoso.test", "emea.contoso.test"}
		d := child(f)
		g := f.Domains[0].GPOs[0]
		g.DN, g.Filter = strings.Replace(g.DN, "DC=contoso", "DC=emea,DC=contoso", 1), ""
		d.GPOs = []run.GPO{g}
		d.Containers = []run.Container{{DN: d.DN, Links: []run.Link{{GPO: g.ID, DN: g.DN}}}}
		d.Copies = []run.Copy{{Server: d.Controllers[0], GPOs: f.Domains[0].Copies[0].GPOs}}
	},
	"linked from another domain": func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Policies[0].Domains = []string{"contoso.test", "emea.contoso.test"}
		d := child(f)
		d.Containers = []run.Container{{DN: d.DN, Links: f.Domains[0].Containers[0].Links}}
	},
	"a child domain without clients": func(_ *intent.Policy, f *run.Forest) {
		d := child(f)
		d.Computers = d.Computers[1:] // its controller
	},
	"accounts that are no Windows": func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		for _, c := range []struct{ name, os, version string }{
			{"linux1.contoso.test", "pc-linux-gnu", ""}, {"nas1.contoso.test", "Samba", "4.17.12-Debian"}, {"kmscluster.contoso.test", "", ""}, {"AZUREADSSOACC", "", ""},
		} {
			d.Computers = append(d.Computers, run.Computers{Machine: run.Machine{Container: "CN=Computers," + d.DN, PrimaryGroup: 515, OS: c.os, OSVersion: c.version}, Names: []string{c.name}})
		}
	},
	"a site with a GPO that is not of this": func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		g := d.GPOs[0]
		g.ID, g.Name, g.DN, g.Registry = otherID, "Printers", "CN="+otherID+",CN=Policies,CN=System,DC=contoso,DC=test", nil
		d.GPOs = append(d.GPOs, g)
		f.Sites = []run.Site{{Name: "HQ", Container: run.Container{DN: "CN=HQ,CN=Sites,CN=Configuration,DC=contoso,DC=test", Links: []run.Link{{GPO: otherID, DN: g.DN}}}}}
	},
	"a VPN client, and a rule for every interface": func(p *intent.Policy, _ *run.Forest) { p.Vantages[0].Path = "vpn" },
}

func replaced(s, old, new string) string { return strings.Replace(s, old, new, 1) }

// anyToAny takes the KMS hosts out of a rule.
func anyToAny(rule string) string {
	return replaced(rule, "EP2_4=198.18.10.30|EP2_4=198.18.10.31|EP2_6=2001:db8:10::30|EP2_6=2001:db8:10::31|", "")
}

func encrypted(o *told) {
	o.rule = replaced(o.rule, "Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}", "Crypto2Set={9}")
	set := firewallPath + `\Phase2CryptoSets\{9}`
	o.more = append(o.more, registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
		registry.Value{Key: set + `\0000`, Name: "Protocol", Type: "REG_SZ", Data: "ESP"},
		registry.Value{Key: set + `\0000`, Name: "EspHash", Type: "REG_SZ", Data: "SHA1"},
		registry.Value{Key: set + `\0000`, Name: "Encryption", Type: "REG_SZ", Data: "AES-256"})
}

func TestConfiguredRight(t *testing.T) {
	for name, change := range rightPolicies {
		t.Run(name, func(t *testing.T) {
			for id, c := range audit(t, change) {
				if c.Verdict != run.Pass && c.Verdict != run.Skip {
					t.Errorf("%s is %s: %s", id, c.Verdict, c.Reasons.Key())
				}
				for _, f := range c.Findings {
					if f.Severity != run.Info {
						t.Errorf("%s has the finding %s: %s", id, f.ID(), f.Reason.Key())
					}
				}
				if strings.HasPrefix(id, "rule-present/kms") && c.Verdict != run.Pass {
					t.Errorf("%s is %s: %s", id, c.Verdict, c.Reasons.Key())
				}
			}
		})
	}
}

func TestConfiguredRightTrusts(t *testing.T) {
	for name, change := range map[string]func(*intent.Policy, *run.Forest){
		"both ways": nil,
		"one way":   func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts[0].Direction = 2 },
		"selective, with the right": func(_ *intent.Policy, f *run.Forest) {
			f.Domains[0].Trusts[0].Attributes |= 0x10
			for i := range f.Domains[0].Accounts {
				f.Domains[0].Accounts[i].Security = "O:SYG:SYD:(OA;;CR;68b1d179-0d15-4d4f-ab71-46152e79a7bc;;S-1-5-21-7-8-9-515)"
			}
		},
		"one copy writes a range, the other a subnet": replaceExemption("EP2_4=198.18.40.0/25", "EP2_4=198.18.40.0-198.18.40.127"),
	} {
		t.Run(name, func(t *testing.T) {
			for id, c := range audit(t, change, fabrikam()) {
				if c.Verdict != run.Pass && c.Verdict != run.Skip {
					t.Errorf("%s is %s: %s", id, c.Verdict, c.Reasons.Key())
				}
			}
		})
	}
}
