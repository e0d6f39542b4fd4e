package effect

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

const (
	portRule  = "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=Port|"
	blockRule = "v2.10|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=Block|"
)

// TestWhyTheFirewall makes the firewall decide for each reason that no other test
// has: first as the whole policy decides, then as one rule does.
func TestWhyTheFirewall(t *testing.T) {
	host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1")
	with := func(values ...registry.Value) *consec.Policy {
		p := layers(t, gpo("A", append(values, closed...)...))
		return &p
	}
	rule := func(from, to string) *consec.Policy { return with(fw(strings.Replace(portRule, from, to, 1))) }
	for code, e := range map[reason.Code]Effect{
		reason.NotOneFamily:           Inbound(with(), host, netip.MustParseAddr("fd00::1"), consec.TCP, 1688, Env{Profile: "domain"}),
		reason.FirewallOffOnInterface: Inbound(with(pol("DomainProfile", "DisabledInterfaces", "{A1}")), host, peer, consec.TCP, 1688, Env{Profile: "domain", Interface: "{A1}"}),
		reason.FirewallMaySecure:      inbound(*rule("Name", "IFType=Lan|Security=Authenticate|Name")),
		reason.NoRuleDecides:          inbound(layers(t, gpo("A", closed...), gpo("B", number32("DomainProfile", "DefaultInboundAction", "0")))),
		reason.NoRuleKnown:            inbound(layers(t, gpo("A", closed...), gpo("B", number32("DomainProfile", "AllowLocalPolicyMerge", "1")))),
		reason.DefaultBlocks:          inbound(*with()),
		reason.FirewallDoubt:          inbound(layers(t, gpo("A", fw(blockRule)))),
	} {
		if !e.Firewall.Why.Names(code) {
			t.Errorf("%s because %s; want %s", e.Firewall.Verdict, e.Firewall.Why.Key(), code)
		}
	}
	for code, p := range map[reason.Code]*consec.Policy{
		reason.FirewallSecures: rule("Name", "Security=Authenticate|Name"),
		reason.FirewallBlocks:  with(fw(blockRule)),
	} {
		_, trace := TraceInbound(p, host, peer, consec.TCP, 1688, Env{Profile: "domain"})
		if len(trace.Firewall) != 1 || !trace.Firewall[0].Why.Has(code) {
			t.Errorf("trace %+v, want %s", trace.Firewall, code)
		}
	}
	own := layers(t, gpo("A", closed...), ownRule(portRule))
	for code, p := range map[reason.Code]*consec.Policy{
		reason.RuleOtherPort:      rule("1688", "1689"),
		reason.RuleOtherPeer:      rule("Name", "RA4=10.2.0.0/16|Name"),
		reason.RuleOtherHost:      rule("Name", "LA4=192.168.0.31|Name"),
		reason.RuleOfProgram:      rule("Name", "App=x.exe|Name"),
		reason.RuleOfInterfaces:   rule("Name", "IF={A1}|Name"),
		reason.RuleOtherProtocol:  rule("Protocol=6|LPort=1688", "Protocol=17"),
		reason.RuleOtherDirection: rule("Dir=In", "Dir=Out"),
		reason.RuleInactive:       rule("Active=TRUE", "Active=FALSE"),
		reason.RuleRejected:       rule("Name=Port", "Name=ALL"),
		reason.RuleOtherMessage:   with(fw(strings.Replace(echoRule, "8:*", "3:4", 1))),
		reason.OwnRulesOff:        &own,
	} {
		k, env := packet{host, peer, consec.TCP, 1688, unknownPort}, Env{Profile: "domain"}
		if code == reason.RuleOtherMessage {
			k.proto = consec.ICMP
		}
		_, why := matchFirewall(&p.Firewall[0], p, true, &k, &env)
		if got := sayFirewall(&p.Firewall[0], why, &k, &env).alone(); !got.Is(code) {
			t.Errorf("%s, want %s", got.Key(), code)
		}
	}
}

// TestWhySecurity makes connection security decide for each reason that no other
// test has.
func TestWhySecurity(t *testing.T) {
	host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1")
	rule := func(oldNew ...string) registry.Value {
		return pol("ConSecRules", "{1}", strings.NewReplacer(oldNew...).Replace(builtinAuth))
	}
	var many []registry.Value
	for i := range consec.MostReasons + 2 {
		many = append(many, pol("ConSecRules", fmt.Sprintf("{%d}", i), strings.Replace(builtinAuth, "Desc=|", "IFType=Lan|", 1)))
	}
	cut := make([]registry.Value, consec.MostReasons+2)
	for i := range cut {
		cut[i] = pol("ConSecRules", fmt.Sprintf("{%d}", i), "v2.10|Acti")
	}
	unknown := Env{}
	domain := Env{Profile: "domain"}
	ask := func(env Env, proto uint8, port uint16, values ...registry.Value) reason.List {
		p := layers(t, gpo("A", values...))
		e := Inbound(&p, host, peer, proto, port, env)
		return append(e.Security.Why, p.Unreadable()...)
	}
	for code, why := range map[reason.Code]reason.List{
		reason.RuleOffElsewhere:  ask(unknown, consec.TCP, 1688, rule("Profile=Domain|", ""), number32("PublicProfile", "EnableFirewall", "0")),
		reason.IKEItself:         ask(domain, consec.UDP, 500, rule()),
		reason.RuleByFreePort:    ask(domain, consec.TCP, 1688, rule("Desc=|", "Protocol=6|EP1Port=1688|")),
		reason.RuleMissesPair:    ask(domain, consec.TCP, 1688, rule("EP2_4=192.168.0.31", "EP2_4=10.1.1.1|EP1_4=172.16.0.1")),
		reason.MoreUnsureRules:   ask(domain, consec.TCP, 1688, many...),
		reason.Unreadable:        ask(domain, consec.TCP, 1688, cut...),
		reason.MoreUnreadable:    ask(domain, consec.TCP, 1688, cut...),
		reason.NotText:           ask(domain, consec.TCP, 1688, registry.Value{Key: base + `\ConSecRules`, Name: "{1}", Type: "REG_DWORD", Data: "1"}),
		reason.RuleSetUnresolved: ask(domain, consec.TCP, 1688, rule(consec.DefaultAuth1, "{9}")),
		reason.SetUnreadable:     ask(domain, consec.TCP, 1688, rule(consec.DefaultAuth1, "{9}"), pol(auth1+`\{9}\first`, "Method", "x")),
		reason.BadSet:            ask(domain, consec.TCP, 1688, pol(auth1+`\{9}\first`, "Method", "x")),
		reason.BadSuite:          ask(domain, consec.TCP, 1688, pol(auth1+`\{9}\0000`, "CAName", "x")),
		reason.NoAlgorithm:       ask(domain, consec.TCP, 1688, pol(`Phase1CryptoSet\{9}\0000`, "Hash", "SHA1")),
		reason.RuleSetWithoutProposal: ask(domain, consec.TCP, 1688, rule("{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}", "{9}"),
			pol(`Phase2CryptoSets\{9}`, "Version", "2.0")),
	} {
		if !why.Names(code) {
			t.Errorf("%s; want %s", why.Key(), code)
		}
	}
}
