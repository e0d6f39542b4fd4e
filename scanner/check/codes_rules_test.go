package check_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

type changing = func(*intent.Policy, *run.Forest)

// ruleText gives the isolation GPO one more connection security rule.
func ruleText(text string) changing {
	return retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ", Data: text})
	})
}

// setting gives the isolation GPO a setting.
func setting(below, name, data string) changing {
	return retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + below, Name: name, Type: "REG_DWORD", Data: data})
	})
}

// accepting adds methods of authentication to the isolation's.
func accepting(method string) changing {
	return retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}\0001`, Name: "Method", Type: "REG_SZ", Data: method})
	})
}

// suite gives the rule a quick mode set of one suite.
func suite(nameValue ...string) changing {
	return retell(func(o *told) {
		o.rule = replaced(o.rule, "Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}", "Crypto2Set={9}")
		set := firewallPath + `\Phase2CryptoSets\{9}`
		o.more = append(o.more, registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"})
		for i := 0; i < len(nameValue); i += 2 {
			o.more = append(o.more, registry.Value{Key: set + `\0000`, Name: nameValue[i], Type: "REG_SZ", Data: nameValue[i+1]})
		}
	})
}

// exemptText is a rule that exempts peers of any host.
func exemptText(peers string) string {
	return `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|` + peers + `Name=more|Desc=|EmbedCtxt=|`
}

// The codes of rules and exemptions occur, each in the cell that judges it, and do
// not in the cell of a right deployment.
func TestCodesOfRules(t *testing.T) {
	const present, form, auth, awake, open = "rule-present/kms01", "rule-requirement/kms01", "rule-authentication/kms01", "rule-profile/kms01", "fails-open/kms01"
	const crypto, conflicts, exempt, clients = "rule-crypto/kms01", "rule-conflicts/kms01", "exemptions/kms01", "/domain:contoso.test"
	fault := func(name string) changing { return configuredFaults[name].change }
	doubt := func(name string) changing { return unseen[name].change }
	is := reason.New
	closed := retell(func(o *told) {
		for _, name := range []string{"PrivateProfile", "PublicProfile"} {
			for _, v := range []registry.Value{{Name: "EnableFirewall", Data: "0x1"}, {Name: "AllowLocalPolicyMerge", Data: "0x0"}} {
				v.Key, v.Type = firewallPath+`\`+name, "REG_DWORD"
				o.more = append(o.more, v)
			}
		}
	})
	ofClients := func(change func(*told)) changing {
		return func(p *intent.Policy, f *run.Forest) {
			twoGPOs(p, f)
			text := paperTold()
			text.rule, text.exemption = replaced(text.rule, "SecureServer", "Boundary"), ""
			change(&text)
			f.Domains[0].GPOs[1].Registry = text.values()
		}
	}
	for _, row := range []struct {
		want   reason.Reason
		cell   string
		change changing
	}{
		{is(reason.EndUnknown), form, fault("no account")},
		{is(reason.ToldOtherwise, "ends", []string{"kms01"}), present, doubt("a GPO hidden from the reader")},
		{is(reason.ToldUnreadable, "ends", []string{"kms01"}), present, ruleText("v2.26|Action=Frobnicate|Active=TRUE|")},
		{is(reason.NothingProtects), auth, fault("inactive")},
		{is(reason.NoRuleForHosts), "rule-requirement" + clients, fault("inactive")},
		{is(reason.NoRuleInAnyProfile), open, fault("inactive")},
		{is(reason.PacketUnknown), present, doubt("a rule that may be for the machines or not")},
		{is(reason.NotProtected, "store", `contoso.test\KMS Isolation Policy`, "rule", "KMS Isolation", "side", "RemoteAddress"), present, fault("inactive")},
		{is(reason.GoesInClear), "rule-present" + clients, retell(func(o *told) {
			o.rule = exemptText("EP2_4=198.18.10.30|")
		})},
		{is(reason.MayGoInClear), "rule-present" + clients, ruleText(exemptText("EP2_4=198.18.10.30|"))},
		{is(reason.DroppedByClient), "rule-present" + clients, retell(func(o *told) {
			o.more = append(o.more, registry.Value{Key: firewallPath + `\FirewallRules`, Name: "{G}", Type: "REG_SZ",
				Data: `v2.26|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Name=out|`},
				registry.Value{Key: firewallPath + `\DomainProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x1"})
		})},
		{is(reason.NoIsolationGPO), present, fault("no such GPO")},
		{is(reason.GPODoesNotCome, "gpo", "KMS Isolation Policy"), present, fault("computer half off")},
		{is(reason.GPODoesNotCome, "gpo", "KMS Isolation Policy"), present, fault("not linked")},
		{is(reason.GPOComesToNone, "gpo", "KMS Isolation Policy"), present, func(p *intent.Policy, f *run.Forest) {
			f.Kind, f.Lost = run.SourceBackup, map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("a backup has none")}, run.AspectLinks: {reason.Quote("a backup has none")}}
			f.Domains[0].Accounts, f.Domains[0].Computers = nil, nil
			isolationOf(f).Flags = 2
		}},
		{is(reason.OnlyRequested, "rule", "KMS Isolation"), form, fault("boundary")},
		{is(reason.RequiredOutbound, "rule", "KMS Isolation"), form, fault("secure")},
		{is(reason.AcceptsAnonymous, "method", "Anonymous"), auth, accepting("Anonymous")},
		{is(reason.AcceptsPresharedKey, "method", "MachineSHKey"), auth, accepting("MachineSHKey")},
		{is(reason.AcceptsNTLM, "method", "MachineNtlm"), auth, accepting("MachineNtlm")},
		{is(reason.OtherAuthentication), auth, doubt("certificates only")},
		{is(reason.NoComputerKerberos), auth, doubt("certificates only")},
		{is(reason.IKEv2Only, "rule", "KMS Isolation"), auth, doubt("IKEv2 only")},
		{is(reason.MainModeOwnMethods, "rule", "partners"), auth, doubt("a main mode rule of its own")},
		{is(reason.MainModesMayDiffer), "rule-crypto" + clients, doubt("a main mode rule of its own")},
		{is(reason.UserAuthentication), auth, fault("a user is required")},
		{is(reason.AuthorisedComputers, "end", "kms01"), auth, replaceRule("EmbedCtxt=|", "EmbedCtxt=|TransportMachineAuthzSDDL=O:LSD:(A;;CC;;;DC)|")},
		{is(reason.AsleepInDomain, "profiles", []string{"public"}), awake, fault("public only")},
		{is(reason.UnknownInDomain), awake, retell(func(o *told) {
			o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
				Data: replaced(replaced(o.rule, "Profile=Domain", "Profile=Public"), "Name=KMS Isolation", "Name=there")})
			o.rule = replaced(o.rule, "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|")
		})},
		{is(reason.OpenWhileAsleep, "port", 1688), open, fault("fails open")},
		{is(reason.FailsOpen, "port", 3389), open, doubt("remote desktop is open while the rule sleeps")},
		{is(reason.ToldClosed, "end", "kms01"), open, closed},
		{is(reason.AcceptsNoEncap, "rule", "KMS Isolation"), crypto, fault("AUTH_NO_ENCAP")},
		{is(reason.AcceptsNoESP, "rule", "KMS Isolation"), crypto, suite("Protocol", "AH", "AhHash", "SHA1")},
		{is(reason.WeakCrypto, "rule", "KMS Isolation"), crypto, suite("Protocol", "ESP", "EspHash", "MD5")},
		{is(reason.QuickModesDiffer), "rule-crypto" + clients, doubt("no quick mode proposal in common")},
		{is(reason.MethodsDiffer), "rule-crypto" + clients, ofClients(func(o *told) {
			o.rule = replaced(o.rule, "{7B2E0000-0000-0000-0000-000000000001}", "{CERT}")
			set := firewallPath + `\Phase1AuthenticationSets\{CERT}`
			o.more = append(o.more, registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
				registry.Value{Key: set + `\0000`, Name: "Method", Type: "REG_SZ", Data: "MachineCert"},
				registry.Value{Key: set + `\0000`, Name: "CAName", Type: "REG_SZ", Data: "CN=Contoso"})
		})},
		{is(reason.MainModesDiffer), "rule-crypto" + clients, ofClients(func(o *told) {
			set := firewallPath + `\Phase1CryptoSets\{M}`
			o.more = append(o.more, registry.Value{Key: firewallPath + `\Phase1CryptoSets`, Name: "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}", Type: "REG_SZ", Data: "{M}"},
				registry.Value{Key: set, Name: "Version", Type: "REG_SZ", Data: "2.26"},
				registry.Value{Key: set + `\0000`, Name: "Encryption", Type: "REG_SZ", Data: "DES"},
				registry.Value{Key: set + `\0000`, Name: "Hash", Type: "REG_SZ", Data: "MD5"},
				registry.Value{Key: set + `\0000`, Name: "KeyExchange", Type: "REG_SZ", Data: "DH1"})
		})},
		{is(reason.RuleReplaced, "end", "kms01"), conflicts, func(_ *intent.Policy, f *run.Forest) {
			g := moreGPO(f, "Convenience", replaced(paperTold().rule, "Name=KMS Isolation", "Name=Convenience"))
			g.Registry[0].Name = "{R}"
			f.Domains[0].Containers[0].Links[0], f.Domains[0].Containers[0].Links[1] = f.Domains[0].Containers[0].Links[1], f.Domains[0].Containers[0].Links[0]
		}},
		{is(reason.MayNotExempt, "network", "198.18.40.0/25"), exempt, func(p *intent.Policy, f *run.Forest) {
			retell(func(o *told) { o.exemption = "" })(p, f)
			doubt("a GPO hidden from the reader")(p, f)
		}},
		{is(reason.ForeignExemption, "gpo", "Convenience"), conflicts, func(p *intent.Policy, f *run.Forest) {
			retell(func(o *told) { o.rule = "" })(p, f)
			moreGPO(f, "Convenience", exemptText(""))
		}},
		{is(reason.BlockedForMembers), conflicts, doubt("the firewall blocks members")},
		{is(reason.LostRule, "directive", "**delvals."), conflicts, fault("a directive deletes the rule")},
		{is(reason.RuleRemoved, "end", "kms01"), conflicts, rightPolicies["another GPO tidies its own rules"]},
		{is(reason.LocalMerge, "value", 1), conflicts, setting(`\DomainProfile`, "AllowLocalIPsecPolicyMerge", "0x1")},
		{is(reason.IsolationElsewhere), exempt, fault("not linked")},
		{is(reason.DoesNotExempt, "network", "198.18.40.0/25"), exempt, fault("exemption missing")},
		{is(reason.ExemptsKeyword, "keyword", "LocalSubnet"), exempt, fault("exemption by a keyword")},
		{is(reason.ExemptsEverybody), exempt, ruleText(exemptText(""))},
		{is(reason.ExemptsAllAtHost, "host", "kms01"), exempt, ruleText(exemptText("EP1_4=198.18.10.30|"))},
		{is(reason.ExemptsHost, "address", "198.18.10.30"), exempt, ruleText(exemptText("EP1_4=198.18.10.30|EP2_4=198.18.10.0/24|"))},
		{is(reason.ExemptsVantage, "vantage", "guest"), exempt, func(p *intent.Policy, f *run.Forest) {
			for i := range p.Vantages {
				if p.Vantages[i].Name == "guest" {
					p.Vantages[i].Addresses = []netip.Addr{addr("198.18.30.9")}
				}
			}
			ruleText(exemptText("EP1_4=198.18.10.30|EP2_4=198.18.30.0/24|"))(p, f)
		}},
		{is(reason.ExemptsUndeclared, "range", "10.0.0.0/8"), exempt, ruleText(exemptText("EP1_4=198.18.10.30|EP2_4=10.0.0.0/8|"))},
		{is(reason.ExemptsExpired), exempt, doubt("an exemption has expired")},
		{is(reason.ExemptionExpired), exempt, doubt("an exemption has expired, by the paper")},
		{is(reason.RuleExemptsICMP, "end", "kms01"), exempt, rightPolicies["ICMP exempt by a rule"]},
		{is(reason.ExemptionAny), exempt, fault("exemption with any")},
		{is(reason.ToldRuleAtRequest, "end", "kms01"), form, rightPolicies["stage request"]},
		{is(reason.ToldNAT, "end", "kms01", "value", 2), "nat-policy/kms01", rightPolicies["NAT policy set"]},
		{is(reason.NATNever, "gpo", "KMS Isolation Policy"), "nat-policy/kms01", setting("", "IPsecThroughNAT", "0x0")},
	} {
		t.Run(string(row.want.Code), func(t *testing.T) {
			said := saidOfRules(audit(t, row.change)[row.cell])
			if !slices.ContainsFunc(slices.Collect(said.All), func(r reason.Reason) bool { return tells(r, row.want) }) {
				t.Errorf("%s has not %s:\n%s", row.cell, row.want.Key(), said.Key())
			}
			right := saidOfRules(audit(t, nil)[row.cell])
			if slices.ContainsFunc(slices.Collect(right.All), func(r reason.Reason) bool { return tells(r, row.want) }) {
				t.Errorf("where all is right %s has %s", row.cell, right.Key())
			}
		})
	}
}

func saidOfRules(c run.Cell) reason.List { return append(saidOf(c), c.Conduct...) }

// What an end is told is said of a right deployment, and not where it is told
// nothing.
func TestCodesOfWhatIsTold(t *testing.T) {
	right, none := audit(t, nil), audit(t, func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs[0].Registry = nil })
	for cell, want := range map[string]reason.Reason{
		"rule-present/kms01":        reason.New(reason.ToldRule, "end", "kms01", "verdict", "protected(require)"),
		"rule-requirement/kms01":    reason.New(reason.ToldForm, "end", "kms01", "form", "paper"),
		"rule-authentication/kms01": reason.New(reason.ToldMethods, "end", "kms01"),
		"rule-profile/kms01":        reason.New(reason.ToldProfiles, "end", "kms01", "profiles", []string{"domain"}),
		"rule-crypto/kms01":         reason.New(reason.ToldProposals, "end", "kms01"),
		"rule-conflicts/kms01":      reason.New(reason.ToldGPOs, "end", "kms01", "gpos", []string{"KMS Isolation Policy"}),
		"exemptions/kms01":          reason.New(reason.ToldRanges, "end", "kms01", "ipv4", 1, "ipv6", 0),
	} {
		has := func(c run.Cell) bool {
			return slices.ContainsFunc(c.Conduct, func(r reason.Reason) bool { return tells(r, want) })
		}
		if !has(right[cell]) || has(none[cell]) {
			t.Errorf("%s: %s, and told nothing: %s; want %s in the first alone", cell, right[cell].Conduct.Key(), none[cell].Conduct.Key(), want.Key())
		}
	}
}

// What a right deployment has too is not said where there is more of it.
func TestCodesBesideARightVerdict(t *testing.T) {
	right := audit(t, nil)
	more := audit(t, func(p *intent.Policy, f *run.Forest) {
		x := &p.Exemptions[0]
		x.Reason, x.Owner, x.Control, x.Expires = "no domain", "net-ops", "a filter", time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
		configuredFaults["fails open"].change(p, f)
	})
	for cell, code := range map[string]reason.Code{"exemptions/kms01": reason.ExemptionUnowned, "fails-open/kms01": reason.OwnRulesDecide} {
		if !saidOf(right[cell]).Has(code) || saidOf(more[cell]).Has(code) {
			t.Errorf("%s: %s, and with more: %s; want %s in the first alone", cell, saidOf(right[cell]).Key(), saidOf(more[cell]).Key(), code)
		}
	}
}

// The middle answer of an observed cell.
func TestCodesOfConduct(t *testing.T) {
	const guest = "non-domain-kms/guest/kms01"
	registryOnly := func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = nil }
	for name, c := range map[string]struct {
		world func() *world
		want  reason.Reason
	}{
		"by a rule":                  {directories(nil, nil), reason.New(reason.ConductBy, "verdict", "protected(require)", "end", "198.18.10.30", "from", "198.18.30.9")},
		"applied":                    {directories(nil, appliedTold(nil)), reason.New(reason.ConductApplied)},
		"no directory":               {newWorld, reason.New(reason.ConductUnknown, "why", reason.New(reason.DirectoryNotDeclared))},
		"no account":                 {directories(registryOnly, nil), reason.New(reason.ConductWithout, "verdict", "clear", "end", "198.18.10.30")},
		"a client that is not known": {directories(func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = f.Domains[0].Accounts[:2] }, nil), reason.New(reason.ConductNotRead, "end", "client")},
		"nothing known":              {directories(func(p *intent.Policy, _ *run.Forest) { p.Hosts[0].FQDN = "kms01.partner.test" }, nil), reason.New(reason.ConductUnknown)},
	} {
		t.Run(name, func(t *testing.T) {
			guest := guest
			if c.want.Code == reason.ConductNotRead {
				guest = "domain-kms/client/kms01"
			}
			got := c.world().judged(t)[guest].Conduct
			if !slices.ContainsFunc(got, func(r reason.Reason) bool { return tells(r, c.want) }) {
				t.Errorf("%s, want %s", got.Key(), c.want.Key())
			}
		})
	}
}
