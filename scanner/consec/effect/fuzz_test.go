package effect

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// FuzzRule: no rule string makes the parser or the effect panic, a rule that
// was read reads the same again with its version, and every effect has a reason.
func FuzzRule(f *testing.F) {
	f.Add(paper)
	f.Add(exempting)
	f.Fuzz(func(t *testing.T, value string) {
		r, err := consec.Parse(value)
		if err == nil {
			_, tokens, _ := strings.Cut(value, "|")
			again, err := consec.Parse("v" + r.Version.String() + "|" + tokens)
			if err != nil || again.Action != r.Action || len(again.EP1.Ranges) != len(r.EP1.Ranges) {
				t.Fatalf("read again: %+v, %v", again, err)
			}
		}
		p, err := consec.FromRegistry([]registry.Value{{Key: base + `\ConSecRules`, Name: "{1}", Type: "REG_SZ", Data: value}})
		if err != nil {
			t.Fatal(err)
		}
		a, b := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1")
		for _, e := range []Effect{Inbound(&p, a, b, 6, 1688, Env{Profile: "domain"}), Outbound(&p, b, a, 6, 1688, Env{}), Inbound(&p, a, b, 1, 0, Env{Profile: "public"})} {
			if e.Verdict == "" || len(e.Why) == 0 {
				t.Fatalf("got %+v", e)
			}
		}
	})
}

// FuzzRegistry: no registry value makes the reader panic, and a value of
// another key changes nothing.
func FuzzRegistry(f *testing.F) {
	f.Add(base, "IPsecExempt", "REG_DWORD", "0x9")
	f.Add(base+`\ConSecRules`, "{1}", "REG_SZ", paper)
	f.Add(strings.ToUpper(base)+`\Phase1AuthenticationSets\{1}\0000`, "Method", "REG_SZ", "MachineKerb")
	f.Add(`HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall\\\`, "", "REG_NONE", "")
	f.Fuzz(func(t *testing.T, key, name, kind, data string) {
		p, err := consec.FromRegistry([]registry.Value{{Key: key, Name: name, Type: kind, Data: data}})
		if err == nil && !strings.Contains(strings.ToLower(key), "windowsfirewall") && len(p.Rules)+len(p.Broken)+len(p.Auth1.ByID)+len(p.Auth2.ByID) > 0 {
			t.Fatalf("%s gave %+v", key, p)
		}
		if e := Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1"), 6, 1688, Env{Profile: "domain"}); e.Verdict == "" {
			t.Fatalf("got %+v", e)
		}
	})
}

// FuzzFirewallRule: no rule string makes the parser or the effect panic, a rule
// that was read reads the same again, and a rule that cannot be read leaves the
// firewall's answer unknown.
func FuzzFirewallRule(f *testing.F) {
	f.Add(kmsRule)
	f.Add(echoRule)
	f.Add("v2.10|Action=ByPass|Active=TRUE|Dir=In|Name=x|Security=AuthenticateEncrypt|Security2=AnE-Nego|RMauth=O:LSD:(A;;CC;;;DC)|RA42=IntErnet|")
	f.Add("v2.10|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort2_10=1-2000|IF={A1}|Platform=2:6:1|Platform2=GTEQ|SkipVer=2.9|TTK=Proximity|")
	f.Fuzz(func(t *testing.T, value string) {
		r, err := consec.ParseFirewallRule(value)
		if err == nil {
			again, err := consec.ParseFirewallRule(r.Text)
			if err != nil || again.Action != r.Action || len(again.Remote.Ranges) != len(r.Remote.Ranges) || !again.Rejected().Equal(r.Rejected()) {
				t.Fatalf("read again: %+v, %v", again, err)
			}
		}
		p, perr := consec.FromLayers(gpo("A", append([]registry.Value{pol("FirewallRules", "{1}", value)}, closed...)...))
		if perr != nil {
			t.Fatal(perr)
		}
		a, b := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1")
		for _, proto := range []uint8{1, 6} {
			e, _ := TraceInbound(&p, a, b, proto, 1688, Env{Profile: "domain"})
			if e.Firewall.Verdict == "" || len(e.Firewall.Why) == 0 || err != nil && e.Firewall.Verdict != Unknown {
				t.Fatalf("got %+v", e.Firewall)
			}
		}
	})
}

// FuzzLayers: layers of a tab-separated text, a value a line, never make
// anything panic. What is sure while little is known of a machine stays so once
// more is known, and a rule that cannot be read makes nothing sure.
func FuzzLayers(f *testing.F) {
	line := func(store, source string, v registry.Value) string {
		return strings.Join([]string{store, source, v.Key, v.Name, v.Type, v.Data}, "\t")
	}
	var whole []string
	for _, v := range append([]registry.Value{pol("ConSecRules", "{1}", paper), kerberosSet, fw(kmsRule), fw(echoRule)}, closed...) {
		whole = append(whole, line("gpo", "A", v))
	}
	f.Add(strings.Join(whole, "\n"))
	f.Add(line("gpo", "A", pol("ConSecRules", "{1}", strings.Replace(builtinAuth, "Desc=|", "IFType=Lan|SkipVer=2.9|Platform=2:6:1|EP1_4=DNS|", 1))) + "\n" +
		line("gpo", "B", pol("", "**DeleteKeys", "ConSecRules;x")) + "\n" + line("gpo", "C", pol("ConSecRules", "**soft.{1}", paper)))
	f.Add(line("gpo", "A", pol("ConSecRules", "{1}", builtinAuth)) + "\n" + line("gpo", "A", pol(auth1, consec.DefaultAuth1, "{9}")) + "\n" +
		line("local", "own", registry.Value{Key: consec.LocalKey + `\StandardProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0"}) + "\n" +
		line("mdm", "M", registry.Value{Key: consec.MDMKey, Name: "IPsecExempt", Type: "REG_DWORD", Data: "2"}))
	f.Add(line("gpo", "A", number32("DomainProfile", "DoNotAllowExceptions", "1")) + "\n" + line("gpo", "A", pol("DomainProfile", "DisabledInterfaces", "{A1}")) + "\n" +
		line("gpo", "A", number32("DomainProfile", "EnableFirewall", "1")))
	f.Fuzz(func(t *testing.T, text string) {
		var all []consec.Layer
		for line := range strings.SplitSeq(text, "\n") {
			v := strings.SplitN(line, "\t", 6)
			if len(v) < 6 || len(all) > 100 {
				continue
			}
			all = append(all, consec.Layer{Source: v[1], Store: consec.Store(v[0]), Values: []registry.Value{{Key: v[2], Name: v[3], Type: v[4], Data: v[5]}}})
		}
		p, err := consec.FromLayers(all...)
		if err != nil {
			return
		}
		full := Env{Profile: "domain", Version: &consec.Version{Major: 2, Minor: 26}, OS: &consec.OS{Major: 10, Minor: 0}, InterfaceType: "Lan", Interface: "{A1}", Keywords: map[string][]consec.Range{}}
		for _, k := range keywordNames {
			full.Keywords[k] = ranges("10.9.0.0/16")
		}
		a, b := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1")
		for _, proto := range []uint8{1, 6} {
			little := Inbound(&p, a, b, proto, 1688, Env{})
			more, _ := TraceInbound(&p, a, b, proto, 1688, full)
			for _, d := range [][2]Decision{{little.Security, more.Security}, {little.Firewall, more.Firewall}} {
				if d[0].Verdict == "" || len(d[0].Why) == 0 || !refines(d[0].Verdict, d[1].Verdict) {
					t.Fatalf("%+v, and once more is known %+v", d[0], d[1])
				}
			}
		}
		SharedMainMode(p, p)
		_, _, _ = changes(p.Removed, reason.ValueRemoved), changes(p.Replaced, reason.ValueReplaced), p.Unreadable()
		q, err := consec.FromLayers(append(all, gpo("Z", pol("ConSecRules", "{cut}", "v2.10|Act"), pol("FirewallRules", "{cut}", "v2.10|Act")))...)
		if err != nil {
			t.Fatal(err)
		}
		if e := Inbound(&q, a, b, 6, 1688, Env{}); e.Security.Verdict != Unknown && e.Security.Verdict != Exempt || e.Firewall.Verdict == AllowedSecure {
			t.Fatalf("a rule cannot be read, and yet %+v, %+v", e.Security, e.Firewall)
		}
	})
}

// refines reports whether an answer may become another once more is known.
func refines(little, more Verdict) bool {
	switch little {
	case Unknown, more:
		return true
	case Exempt: // the firewall may be off in that profile, and with it all rules
		return more == Clear
	case Require, Request: // a set all of whose suites that Windows skips accepts nothing
		return more == Unknown
	case Dropped, AllowedSecure: // in clear it is dropped either way
		return more == AllowedSecure || more == Dropped
	}
	return false
}
