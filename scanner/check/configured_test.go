package check_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestConfiguredHealthy(t *testing.T) {
	for name, forests := range map[string][]*run.Forest{"one forest": nil, "two forests": {fabrikam()}} {
		t.Run(name, func(t *testing.T) {
			cells := audit(t, nil, forests...)
			passed := 0
			for id, c := range cells {
				if c.Verdict == run.Pass {
					passed++
				} else if c.Verdict != run.Skip {
					t.Errorf("%s is %s: %s", id, c.Verdict, c.Reasons.Key())
				}
				for _, f := range c.Findings {
					if f.Severity != run.Info {
						t.Errorf("%s has the finding %s: %s", id, f.ID(), f.Reason.Key())
					}
				}
			}
			if passed < 25 {
				t.Errorf("%d cells passed", passed)
			}
		})
	}
}

// A configuredFault is one mistake in what is configured, the cell that must
// say so, and what it must say.
type configuredFault struct {
	change  func(*intent.Policy, *run.Forest)
	more    []*run.Forest
	cell    string
	verdict run.Verdict // "" for a finding beside a pass
	code    reason.Code // of a reason, or of one that it rests on
	of      string      // a word of its arguments
	also    []string    // other cells that may turn, as prefixes
	unsure  bool        // those may not fail: of them nothing is known
	root    string      // the one cause of all that turned; "" is the cell
	many    bool        // they have several
}

// isolationOf is the isolation GPO of a forest.
func isolationOf(f *run.Forest) *run.GPO { return &f.Domains[0].GPOs[0] }

var configuredFaults = map[string]configuredFault{
	"no such GPO": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs = nil },
		cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.GPONotInDomain, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"computer half off": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Flags = 2 },
		cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.ComputerHalfOff, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"extension missing": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Extensions = "" },
		cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.ExtensionMissing, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"not linked": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil },
		cell: "gpo-linked/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.LinkedNowhere, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"link disabled": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers[0].Links[0].Disabled = true },
		cell: "gpo-linked/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.NoEnabledLink, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"inheritance blocked": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=KMS,DC=contoso,DC=test", Blocks: true})
	}, cell: "gpo-linked/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.HostNotBelowLink, of: "kms01", also: []string{"rule-present/kms"}},
	"a link to a deleted GPO": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers[0].Links = append(f.Domains[0].Containers[0].Links, run.Link{GPO: otherID, DN: "cn=" + otherID + ",cn=policies,cn=system,DC=contoso,DC=test"})
	}, cell: "gpo-linked/gpo:KMS Isolation Policy", code: reason.StaleLink, of: otherID},
	"a domain nobody declared": {change: func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Policies[0].Domains = []string{"contoso.test"}
		f.Domains = append(f.Domains, run.Domain{Name: "emea.contoso.test", DN: "DC=emea,DC=contoso,DC=test", Computers: []run.Computers{{Machine: f.Domains[0].Computers[1].Machine, Names: []string{"x.emea.contoso.test"}}}})
	}, cell: "gpo-linked/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.UndeclaredDomain, of: "emea.contoso.test"},
	"a forest nobody declared": {more: []*run.Forest{fabrikam()}, change: func(p *intent.Policy, _ *run.Forest) {
		p.Isolation.Policies[0].Domains = []string{"contoso.test"}
	}, cell: "gpo-linked/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.UndeclaredDomain, of: "fabrikam.test"},
	"AD and SYSVOL differ": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Copies[0].GPOs[0].FileVersion = ptr(uint32(2)) },
		cell: "gpo-replicated/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.HalvesDiffer, of: "2"},
	"one controller is stale": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Copies = append(f.Domains[0].Copies, run.Copy{Server: "dc02.contoso.test", GPOs: []run.CopiedGPO{{ID: isolationID, Version: ptr(uint32(2)), FileVersion: ptr(uint32(2)), Settings: "b"}}})
	}, cell: "gpo-replicated/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.ControllersDiffer, of: "dc02.contoso.test"},
	"one controller does not answer": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Copies = append(f.Domains[0].Copies, run.Copy{Server: "dc02.contoso.test", Error: reason.List{reason.Quote("no answer")}})
	}, cell: "gpo-replicated/gpo:KMS Isolation Policy", verdict: run.Error, code: reason.CopiesUnread, of: "dc02.contoso.test"},
	"the copy in the other forest lacks a host": {change: func(_ *intent.Policy, _ *run.Forest) {}, more: []*run.Forest{func() *run.Forest {
		f := fabrikam()
		text := paperTold()
		text.rule = strings.NewReplacer("EP2_4=198.18.10.31|", "").Replace(text.rule)
		isolationOf(f).Registry = text.values()
		return f
	}()}, cell: "gpo-copies-agree/domain:fabrikam.test", verdict: run.Fail, code: reason.CopyLacksHost, of: "198.18.10.31", also: []string{"rule-present/domain:fabrikam.test"}, root: "rule-present/domain:fabrikam.test"},
	"a computer is out of reach": {change: func(p *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients,DC=contoso,DC=test", Blocks: true})
		p.Isolation.Coverage.Threshold = 20
	}, cell: "gpo-coverage/domain:contoso.test", code: reason.NotCovered, of: "pc2.contoso.test"},
	"most computers are out of reach": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients,DC=contoso,DC=test", Blocks: true})
	}, cell: "gpo-coverage/domain:contoso.test", verdict: run.Fail, code: reason.CoverageLow, also: []string{"gpo-linked/"}, root: "gpo-linked/gpo:KMS Isolation Policy"},
	"domain controllers get it": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Security = strings.Replace(gpoSDDL, "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)", "", 1)
		isolationOf(f).Filter = ""
	}, cell: "gpo-not-on-dcs/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.ControllerGetsGPO, of: "writable"},
	"read-only controllers get it": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Security = strings.Replace(gpoSDDL, "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;S-1-5-21-1-2-3-521)", "", 1)
		isolationOf(f).Filter = ""
	}, cell: "gpo-not-on-dcs/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.ControllerGetsGPO, of: "read-only"},
	"nobody says how controllers activate": {change: func(p *intent.Policy, _ *run.Forest) { p.Isolation.DCActivation = "" },
		cell: "dc-activation/domain:contoso.test", verdict: run.Fail, code: reason.ControllersNotActivated},
	"declared activation is not there": {change: func(p *intent.Policy, _ *run.Forest) { p.Isolation.DCActivation, p.Isolation.ADBA = "", ptr(true) },
		cell: "dc-activation/domain:contoso.test", verdict: run.Fail, code: reason.ADBAMissing},
	"XP in use": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Computers[5].Idle = false },
		cell: "legacy-exempt/domain:contoso.test", verdict: run.Fail, code: reason.LegacyInUse, of: "xp1.contoso.test (Windows XP Professional)"},
	"Authenticated Users taken out": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Security = strings.NewReplacer("(A;CI;RPLCLORC;;;AU)", "", "(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)", "").Replace(gpoSDDL)
	}, cell: "gpo-readable/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.HostRefused, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"the paper's filter": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Filters[0].Query = parm2(`Select * from Win32_OperatingSystem where Version >='6'`)
	}, cell: "gpo-wmi-filter/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.FilterFalse, also: []string{"rule-present/kms", "gpo-coverage/", "gpo-not-on-dcs/"}},
	"the paper's quotes": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Filters[0].Query = parm2("Select * from Win32_OperatingSystem where Version >=\u20186\u2019")
	}, cell: "gpo-wmi-filter/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.FilterRefused, also: []string{"rule-present/kms", "gpo-coverage/"}},
	"the filter is gone": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Filters = nil },
		cell: "gpo-wmi-filter/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.FilterNotThere},
	"a host is missing": {change: replaceRule("EP2_4=198.18.10.31|", ""),
		cell: "rule-present/kms02", verdict: run.Fail, code: reason.RuleNeither, of: "198.18.10.31", also: []string{"rule-present/domain:"}},
	"its IPv6 is missing": {change: replaceRule("EP2_6=2001:db8:10::31|", ""),
		cell: "rule-present/kms02", verdict: run.Fail, code: reason.RuleNeither, of: "2001:db8:10::31", also: []string{"rule-present/domain:"}},
	"inactive": {change: replaceRule("Active=TRUE", "Active=FALSE"),
		cell: "rule-present/kms01", verdict: run.Fail, code: reason.RuleInactive, also: []string{"rule-present/", "gpo-coverage/"}},
	"a reserved port only": {change: replaceRule("Profile=Domain|", "Profile=Domain|Protocol=6|EP2Port=1688|"),
		cell: "rule-present/kms01", verdict: run.Fail, code: reason.RuleMissesPort, of: "3389", also: []string{"rule-present/"}},
	"boundary": {change: replaceRule("SecureServer", "Boundary"),
		cell: "rule-requirement/kms01", verdict: run.Fail, code: reason.OnlyRequested, of: "KMS Isolation", also: []string{"rule-requirement/kms02"}},
	"secure": {change: replaceRule("SecureServer", "Secure"),
		cell: "rule-requirement/kms01", verdict: run.Fail, code: reason.RequiredOutbound, also: []string{"rule-requirement/kms02"}},
	"anonymous": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}\0001`, Name: "Method", Type: "REG_SZ", Data: "Anonymous"})
	}), cell: "rule-authentication/kms01", verdict: run.Fail, code: reason.AcceptsAnonymous, also: []string{"rule-authentication/"}},
	"a preshared key": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}\0001`, Name: "Method", Type: "REG_SZ", Data: "MachineSHKey"})
	}), cell: "rule-authentication/kms01", verdict: run.Fail, code: reason.AcceptsPresharedKey, also: []string{"rule-authentication/"}},
	"a user is required": {change: retell(func(o *told) {
		o.rule = strings.Replace(o.rule, "Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}", "Auth2Set={2}", 1)
		set := firewallPath + `\Phase2AuthenticationSets\{2}`
		o.more = append(o.more, registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
			registry.Value{Key: set + `\0000`, Name: "Method", Type: "REG_SZ", Data: "UserKerb"})
	}), cell: "rule-authentication/kms01", code: reason.UserAuthentication, also: []string{"rule-authentication/"}},
	"public only": {change: replaceRule("Profile=Domain", "Profile=Public"),
		cell: "rule-profile/kms01", verdict: run.Fail, code: reason.AsleepInDomain, of: "public", also: []string{"rule-profile/", "rule-present/domain:", "rule-", "exemptions/"}},
	"fails open": {change: retell(func(o *told) {
		o.firewall = `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|App=%SystemRoot%\system32\sppsvc.exe|Svc=sppsvc|Name=SPPSVC-In-TCP|`
	}), cell: "fails-open/kms01", verdict: run.Fail, code: reason.OpenWhileAsleep, of: "1688", also: []string{"fails-open/"}},
	"exemption too wide": {change: replaceExemption("198.18.40.0/25", "198.18.40.0/24"),
		cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsUndeclared, of: "198.18.40.128/25", also: []string{"exemptions/kms02"}},
	"exemption covers a host": {change: retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
			Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=198.18.10.0/24|Name=servers|Desc=|EmbedCtxt=|`})
	}), cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsAllAtHost, of: "kms01", also: []string{"exemptions/", "rule-"}},
	"exemption undeclared": {change: func(p *intent.Policy, _ *run.Forest) { p.Exemptions = nil; p.Vantages = p.Vantages[:4] },
		cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsUndeclared, of: "198.18.40.0/25", also: []string{"exemptions/"}},
	"exemption missing": {change: retell(func(o *told) { o.exemption = "" }),
		cell: "exemptions/kms01", verdict: run.Fail, code: reason.DoesNotExempt, of: "198.18.40.0/25", also: []string{"exemptions/"}},
	"exemption by a keyword": {change: replaceExemption("EP2_4=198.18.40.0/25", "EP2_4=198.18.40.0/25|EP2_4=LocalSubnet"),
		cell: "exemptions/kms01", verdict: run.Fail, code: reason.ExemptsKeyword, of: "LocalSubnet", also: []string{"exemptions/", "rule-"}},
	"exemption with any": {change: replaceExemption("EP1_4=198.18.10.30|", "", "EP1_4=198.18.10.31|", "", "EP1_6=2001:db8:10::30|", "", "EP1_6=2001:db8:10::31|", ""),
		cell: "exemptions/kms01", code: reason.ExemptionAny, also: []string{"exemptions/"}},
	"another GPO loosens": {change: func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		g := d.GPOs[0]
		g.ID, g.Name, g.DN, g.Filter = otherID, "Convenience", "CN="+otherID+",CN=Policies,CN=System,DC=contoso,DC=test", ""
		g.Registry = []registry.Value{{Key: firewallPath + `\ConSecRules`, Name: "{C}", Type: "REG_SZ",
			Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Name=Convenience|Desc=|EmbedCtxt=|`}}
		d.GPOs = append(d.GPOs, g)
		d.Containers[0].Links = append(d.Containers[0].Links, run.Link{GPO: otherID, DN: g.DN})
	}, cell: "rule-conflicts/kms01", verdict: run.Fail, code: reason.RuleOfGPO, of: "Convenience", also: []string{"rule-"}},
	"a directive deletes the rule": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Registry = append(isolationOf(f).Registry, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "**delvals.", Type: "REG_SZ", Data: " "})
	}, cell: "rule-conflicts/kms01", verdict: run.Fail, code: reason.LostRule, also: []string{"rule-", "exemptions/", "gpo-coverage/"}},
	"a host that is no Windows": {change: func(_ *intent.Policy, f *run.Forest) {
		a := &f.Domains[0].Accounts[0]
		a.OS, a.OSVersion = "pc-linux-gnu", ""
	}, cell: "rule-present/kms01", verdict: run.Fail, code: reason.SystemOther, of: "pc-linux-gnu"},
	"AUTH_NO_ENCAP": {change: retell(func(o *told) {
		o.rule = strings.Replace(o.rule, "Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}", "Crypto2Set={9}", 1)
		set := firewallPath + `\Phase2CryptoSets\{9}`
		o.more = append(o.more, registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
			registry.Value{Key: set + `\0000`, Name: "2_9Protocol", Type: "REG_SZ", Data: "AUTH_NO_ENCAP"},
			registry.Value{Key: set + `\0000`, Name: "SkipVersion", Type: "REG_SZ", Data: "2.9"})
	}), cell: "rule-crypto/kms01", verdict: run.Fail, code: reason.AcceptsNoEncap, also: []string{"rule-crypto/"}},
	"trust missing": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts = nil },
		cell: "forest-trust/forest:fabrikam.test", verdict: run.Fail, code: reason.TrustMissing},
	"trust the wrong way": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts[0].Direction = 1 },
		cell: "forest-trust/forest:fabrikam.test", verdict: run.Fail, code: reason.TrustWrongWay},
	"selective authentication": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Trusts[0].Attributes |= rsop.TrustSelective
		for i := range f.Domains[0].Accounts {
			f.Domains[0].Accounts[i].Security = "O:SYG:SYD:(A;;RPLCLORC;;;AU)"
		}
	}, cell: "forest-trust/forest:fabrikam.test", verdict: run.Fail, code: reason.SelectiveRefused, of: "fabrikam.test"},
	"no AES on the trust": {more: []*run.Forest{fabrikam()}, change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts[0].EncTypes = ptr(uint32(4)) },
		cell: "kerberos-ready/kms01", verdict: run.Fail, code: reason.TrustWithoutAES, also: []string{"kerberos-ready/"}},
	"no AES on the host": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts[0].EncTypes = ptr(uint32(4)) },
		cell: "kerberos-ready/kms01", verdict: run.Fail, code: reason.NoAES, of: "RC4"},
	"a name twice": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Accounts[0].Sharing = []string{"HOST/kms01 by CN=x"}
	},
		cell: "kerberos-ready/kms01", verdict: run.Fail, code: reason.NamesShared, of: "HOST/kms01 by CN=x"},
	"a disabled account": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts[0].Enabled = false },
		cell: "kerberos-ready/kms01", verdict: run.Fail, code: reason.AccountDisabled},
	"no account": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = f.Domains[0].Accounts[1:] },
		cell: "kerberos-ready/kms01", verdict: run.Fail, code: reason.HostWithoutAccount, of: "kms01.contoso.test", root: "rule-present/kms01", also: []string{"rule-", "fails-open/kms01", "exemptions/kms01", "nat-policy/kms01"}},
	"settings not readable": {change: func(_ *intent.Policy, f *run.Forest) {
		g := isolationOf(f)
		g.RegistryFile, g.Registry = false, nil
		g.Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "registry.pol", Why: reason.List{reason.Quote("access denied")}, Refused: true}}
	}, cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Error, code: reason.SettingsUnread, also: []string{"rule-", "gpo-coverage/", "exemptions/", "fails-open/", "nat-policy/", "gpo-readable/", "gpo-not-on-dcs/"}, unsure: true},
	"a copy that may not be read": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Copies[0].GPOs[0] = run.CopiedGPO{ID: isolationID, Version: ptr(uint32(3)), Error: reason.List{reason.Quote("gpt.ini: the account may not read it")}}
	}, cell: "gpo-replicated/gpo:KMS Isolation Policy", verdict: run.Error, code: reason.CopyUnread},
	"empty": {change: func(_ *intent.Policy, f *run.Forest) {
		g := isolationOf(f)
		g.RegistryFile, g.Registry = false, nil
	}, cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.GPOEmpty, also: []string{"rule-present/", "exemptions/", "fails-open/"}},
	"WMI filter not readable": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Filter = "[contoso.test;{C7A9A6B0-5E1B-4B1C-9C1F-0A1B2C3D4E10};0]"
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectFilters, Where: "CN=x", Why: reason.List{reason.Quote("the account may not read it")}, Refused: true, Unread: true})
	}, cell: "gpo-wmi-filter/gpo:KMS Isolation Policy", verdict: run.Inconclusive, code: reason.FilterUnread,
		also: []string{"rule-", "gpo-coverage/", "exemptions/", "fails-open/", "nat-policy/", "gpo-not-on-dcs/"}, unsure: true},
	"SYSVOL out of reach": {change: func(_ *intent.Policy, f *run.Forest) {
		g := isolationOf(f)
		g.RegistryFile, g.Registry, g.FileVersion = false, nil, nil
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectSettings, Where: "ldaps://dc01.contoso.test", Why: reason.List{reason.Quote("SYSVOL of dc01.contoso.test: no answer within 20s")}})
	}, cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Error, code: reason.SettingsUnread, also: []string{"rule-", "gpo-coverage/", "exemptions/", "fails-open/", "nat-policy/", "gpo-readable/", "gpo-not-on-dcs/"}, unsure: true},
	"settings damaged": {change: func(_ *intent.Policy, f *run.Forest) {
		g := isolationOf(f)
		g.RegistryFile, g.Registry = false, nil
		g.Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "registry.pol at byte 0x10", Why: reason.List{reason.Quote("the size goes past the end")}}}
	}, cell: "gpo-exists/gpo:KMS Isolation Policy", verdict: run.Fail, code: reason.SettingsDamaged, also: []string{"rule-", "gpo-coverage/", "exemptions/", "fails-open/", "nat-policy/", "gpo-readable/", "gpo-not-on-dcs/"}, unsure: true},
}

func TestConfiguredFaults(t *testing.T) { testFaults(t, configuredFaults) }

func testFaults(t *testing.T, faults map[string]configuredFault) {
	t.Helper()
	for name, c := range faults {
		t.Run(name, func(t *testing.T) {
			was, is := audit(t, nil, c.more...), audit(t, c.change, c.more...)
			if len(c.more) > 0 { // the fault may be in the other forest
				was = audit(t, nil, fabrikam())
			}
			root, ok := is[c.cell]
			want := c.verdict
			if want == "" {
				want = run.Pass
			}
			if !ok || root.Verdict != want || !saysCode(whyOf(root, run.Info), c.code, c.of) {
				t.Errorf("%s is %s and says %s, want %s with %s %s", c.cell, root.Verdict, whyOf(root).Key(), want, c.code, c.of)
			}
			if root.Verdict == run.Fail && !catalogtest.Mendable(&root) {
				t.Errorf("%s has no remedy", c.cell)
			}
			for id, cell := range is {
				if open := cell.Verdict == run.Fail || cell.Verdict == run.Error || cell.Verdict == run.Inconclusive; open && cell.CausedBy == nil && !c.many && id != cmp.Or(c.root, c.cell) {
					t.Errorf("%s has a cause of its own: %s", id, cell.Causes.Key())
				}
				if id == c.cell || cell.Verdict == was[id].Verdict || cell.Verdict == run.Skip || cell.Verdict == run.Pass {
					continue
				}
				if !hasPrefix(c.also, id) || c.unsure && cell.Verdict == run.Fail {
					t.Errorf("%s turned %s: %s", id, cell.Verdict, cell.Reasons.Key())
				}
			}
		})
	}
}

func hasPrefix(prefixes []string, s string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// What keeps the machines from being told, or us from knowing what they are, is
// one cause, however many cells it turns.
func TestOneCause(t *testing.T) {
	for _, name := range []string{"empty", "settings not readable", "settings damaged", "SYSVOL out of reach", "WMI filter not readable", "not linked", "computer half off"} {
		t.Run(name, func(t *testing.T) {
			c, turned := configuredFaults[name], 0
			for id, cell := range audit(t, c.change, c.more...) {
				if cell.Verdict == run.Pass || cell.Verdict == run.Skip {
					continue
				}
				turned++
				if id != c.cell && (cell.CausedBy == nil || !strings.HasPrefix(cell.CausedBy.String(), strings.Split(c.cell, "/")[0])) {
					t.Errorf("%s is %s by itself: %s", id, cell.Verdict, cell.Reasons.Key())
				}
			}
			if turned < 3 {
				t.Errorf("only %d cells turned", turned)
			}
		})
	}
}
