package effect

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// paper is the paper's rule as the wizard of Windows Vista writes it.
const paper = `v2.0|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=192.168.0.30|EP2_4=192.168.0.31|Name=KMS Isolation|Desc=|` +
	`Auth1Set={7B2E0000-0000-0000-0000-000000000001}|Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|EmbedCtxt=|`

const exempting = `v2.0|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=10.9.0.0/255.255.255.0|Name=Exempt lab|Desc=|EmbedCtxt=|`

const base = `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall`

var kerberos = []registry.Value{
	{Key: base, Name: "PolicyVersion", Type: "REG_DWORD", Data: "0x200"},
	{Key: base + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}`, Name: "Version", Type: "REG_SZ", Data: "2.0"},
	{Key: base + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}\0000`, Name: "Method", Type: "REG_SZ", Data: "MachineKerb"},
}

func consecRule(id, value string) registry.Value {
	return registry.Value{Key: base + `\ConSecRules`, Name: id, Type: "REG_SZ", Data: value}
}

func policyOf(t *testing.T, values ...registry.Value) consec.Policy {
	t.Helper()
	p, err := consec.FromRegistry(append(append([]registry.Value{}, kerberos...), values...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// because reports whether some reason, or one that it rests on, has the code; with
// none, any will do.
func because(why reason.List, code reason.Code) bool { return code == "" || why.Names(code) }

// edit replaces in the paper's rule.
func edit(oldNew ...string) registry.Value {
	return consecRule("{1}", strings.NewReplacer(oldNew...).Replace(paper))
}

func TestEffect(t *testing.T) {
	const host, host2, peer = "192.168.0.30", "192.168.0.31", "10.1.1.1"
	dword := func(n string) registry.Value {
		return registry.Value{Key: base, Name: "IPsecExempt", Type: "REG_DWORD", Data: n}
	}
	for name, c := range map[string]struct {
		values     []registry.Value
		host, peer string
		proto      uint8
		profile    string
		in, out    Verdict
		why        reason.Code // inbound
	}{
		"the paper's rule, second host":    {values: []registry.Value{edit()}, host: host2, in: Require, out: Request, why: reason.RuleProtects},
		"at the client":                    {values: []registry.Value{edit()}, host: peer, peer: host, in: Require, out: Request},
		"endpoints swapped":                {values: []registry.Value{edit("EP2_4", "EP1_4")}, in: Require, out: Request},
		"boundary":                         {values: []registry.Value{edit("SecureServer", "Boundary")}, in: Request, out: Request},
		"secure":                           {values: []registry.Value{edit("SecureServer", "Secure")}, in: Require, out: Require},
		"no rule":                          {in: Clear, out: Clear, why: reason.NoSecurityRule},
		"a host that is missing":           {values: []registry.Value{edit()}, host: "192.168.0.32", in: Clear, out: Clear, why: reason.RuleNeither},
		"only IPv4 is written":             {values: []registry.Value{edit()}, host: "2001:db8::30", peer: "2001:db8::1", in: Clear, out: Clear, why: reason.RuleNeither},
		"any to any":                       {values: []registry.Value{edit("EP2_4=192.168.0.30|", "", "EP2_4=192.168.0.31|", "")}, in: Require, out: Request},
		"inactive":                         {values: []registry.Value{edit("Active=TRUE", "Active=FALSE")}, in: Clear, out: Clear, why: reason.RuleInactive},
		"another profile":                  {values: []registry.Value{edit()}, profile: "public", in: Clear, out: Clear, why: reason.RuleOtherProfile},
		"profile not known":                {values: []registry.Value{edit()}, profile: "?", in: Unknown, out: Unknown, why: reason.RuleUnknownProfile},
		"every profile":                    {values: []registry.Value{edit("Profile=Domain|", "")}, profile: "public", in: Require, out: Request},
		"keyword":                          {values: []registry.Value{edit("192.168.0.31", "LocalSubnet")}, host: "192.168.0.99", in: Unknown, out: Unknown, why: reason.RuleByKeyword},
		"keyword beside the address":       {values: []registry.Value{edit("192.168.0.31", "LocalSubnet")}, in: Require, out: Request},
		"exemption":                        {values: []registry.Value{edit(), consecRule("{2}", exempting)}, peer: "10.9.0.7", in: Exempt, out: Exempt, why: reason.RuleExemptsFirst},
		"just outside the exemption":       {values: []registry.Value{edit(), consecRule("{2}", exempting)}, peer: "10.9.1.0", in: Require, out: Request},
		"rules that disagree":              {values: []registry.Value{edit(), consecRule("{2}", strings.Replace(paper, "SecureServer", "Boundary", 1))}, in: Unknown, out: Request, why: reason.RuleOrder},
		"tunnel":                           {values: []registry.Value{edit("SecureServer", "Secure", "Desc=|", "RTunnel4=10.0.0.1|")}, in: Clear, out: Clear, why: reason.RuleOfTunnel},
		"interface type":                   {values: []registry.Value{edit("Desc=|", "IFType=Lan|")}, in: Unknown, out: Unknown, why: reason.RuleOfInterfaceTypes},
		"rejected by Windows":              {values: []registry.Value{edit("Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|", "")}, in: Clear, out: Clear, why: reason.RuleRejected},
		"a rule that cannot be read":       {values: []registry.Value{edit(), consecRule("{2}", "v2.10|Action=Sec")}, in: Unknown, out: Unknown, why: reason.RuleStringCut},
		"authentication set missing":       {values: []registry.Value{edit("{7B2E", "{7B2F")}, in: Unknown, out: Unknown, why: reason.SetMissing},
		"ICMP":                             {values: []registry.Value{edit()}, proto: 1, in: Require, out: Request},
		"ICMP exempt":                      {values: []registry.Value{edit(), dword("0xb")}, proto: 1, in: Exempt, out: Exempt, why: reason.IPsecExempt},
		"ICMP exempt says nothing of TCP":  {values: []registry.Value{edit(), dword("0xb")}, in: Require, out: Request},
		"only discovery exempt":            {values: []registry.Value{edit(), dword("0x9")}, proto: 1, in: Require, out: Request},
		"the KMS port at the host":         {values: []registry.Value{edit("Desc=|", "Protocol=6|EP2Port=1688|")}, in: Require, out: Clear},
		"the port belongs to its endpoint": {values: []registry.Value{edit("Desc=|", "Protocol=6|EP1Port=1688|")}, in: Unknown, out: Request},
		"another port":                     {values: []registry.Value{edit("Desc=|", "Protocol=6|EP2Port=3389|")}, in: Clear, out: Clear, why: reason.RuleMissesPort},
		"another protocol":                 {values: []registry.Value{edit("Desc=|", "Protocol=17|")}, in: Clear, out: Clear, why: reason.RuleOtherProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			h, q, proto, profile := c.host, c.peer, c.proto, c.profile
			if h == "" {
				h = host
			}
			if q == "" {
				q = peer
			}
			if proto == 0 {
				proto = 6
			}
			switch profile {
			case "":
				profile = "Domain"
			case "?":
				profile = ""
			}
			p := policyOf(t, c.values...)
			in := Inbound(&p, netip.MustParseAddr(h), netip.MustParseAddr(q), proto, 1688, Env{Profile: profile})
			if in.Verdict != c.in || !because(in.Why, c.why) {
				t.Errorf("inbound %s because %s; want %s because of %s", in.Verdict, in.Why.Key(), c.in, c.why)
			}
			out := Outbound(&p, netip.MustParseAddr(h), netip.MustParseAddr(q), proto, 1688, Env{Profile: profile})
			if out.Verdict != c.out {
				t.Errorf("outbound %s because %s; want %s", out.Verdict, out.Why.Key(), c.out)
			}
			if len(in.Why) == 0 || len(out.Why) == 0 {
				t.Error("an effect without a reason")
			}
		})
	}
}

func TestAuthentication(t *testing.T) {
	const set = `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}`
	method := func(key, m string) registry.Value {
		return registry.Value{Key: strings.ToLower(base) + key, Name: "Method", Type: "REG_SZ", Data: m}
	}
	builtin := edit("{7B2E0000-0000-0000-0000-000000000001}", "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}")
	for name, c := range map[string]struct {
		values           []registry.Value
		auth, weak, user []string
	}{
		"Kerberos":               {values: []registry.Value{edit()}, auth: []string{"MachineKerb"}},
		"anonymous as a second":  {values: []registry.Value{edit(), method(set+`\0001`, "Anonymous")}, auth: []string{"MachineKerb", "Anonymous"}, weak: []string{"Anonymous"}},
		"key spelt without s":    {values: []registry.Value{edit(), method(strings.Replace(set, "Sets", "Set", 1)+`\0001`, "MachineSHKey")}, auth: []string{"MachineKerb", "MachineSHKey"}, weak: []string{"MachineSHKey"}},
		"the built-in set":       {values: []registry.Value{builtin}, auth: []string{"MachineKerb"}},
		"built-in set renamed":   {values: []registry.Value{builtin, {Key: base + `\Phase1AuthenticationSets`, Name: "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE3}", Type: "REG_SZ", Data: "{9}"}, method(`\Phase1AuthenticationSets\{9}\0000`, "MachineNtlm")}, auth: []string{"MachineNtlm"}, weak: []string{"MachineNtlm"}},
		"a second, of the user":  {values: []registry.Value{edit("{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}", "{8}"), method(`\Phase2AuthenticationSets\{8}\0000`, "UserKerb")}, auth: []string{"MachineKerb"}, user: []string{"UserKerb"}},
		"no second, by its name": {values: []registry.Value{edit("{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}", "EmptySet")}, auth: []string{"MachineKerb"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := policyOf(t, c.values...)
			e := Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: "domain"})
			if e.Verdict != Require {
				t.Fatalf("%s because %s", e.Verdict, e.Why.Key())
			}
			for _, d := range []string{cmp.Diff(c.auth, e.Auth), cmp.Diff(c.weak, e.Weak), cmp.Diff(c.user, e.User)} {
				if d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func TestExemptionOverlapIsNoted(t *testing.T) {
	p := policyOf(t, edit(), consecRule("{2}", strings.Replace(exempting, "10.9.0.0/255.255.255.0", "192.168.0.0/24", 1)))
	e := Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: "domain"})
	if e.Verdict != Exempt || len(e.Notes) != 1 || !e.Notes.Has(reason.ExemptionBeforeProtection) {
		t.Errorf("got %+v", e)
	}
}

func TestFromRegistryLeavesOthersAlone(t *testing.T) {
	p, err := consec.FromRegistry([]registry.Value{
		{Key: `HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\ConSecRules`, Name: "{1}", Type: "REG_SZ", Data: paper},
		{Key: base + `Other\ConSecRules`, Name: "{1}", Type: "REG_SZ", Data: paper},
		{Key: base + `\FirewallRules`, Name: "SPPSVC-In-TCP", Type: "REG_SZ", Data: "v2.10|Action=Allow|"},
		{Key: base + `\ConSecRules`},
	})
	if err != nil || len(p.Rules) != 0 || len(p.Broken) != 0 {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestFromRegistryRefusesABrokenDWORD(t *testing.T) {
	_, err := consec.FromRegistry([]registry.Value{{Key: base, Name: "IPsecExempt", Type: "REG_DWORD", Data: "9x"}})
	if err == nil || !because(reason.Of(err), reason.NotNumber) {
		t.Errorf("got %v", err)
	}
}

func firewallRule(id, value string) registry.Value {
	return registry.Value{Key: base + `\FirewallRules`, Name: id, Type: "REG_SZ", Data: value}
}
