package effect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// pol is a value as Registry.pol has it, its key below the policy's own.
func pol(key, name, data string) registry.Value {
	if key != "" {
		key = `\` + key
	}
	return registry.Value{Key: `Software\Policies\Microsoft\WindowsFirewall` + key, Name: name, Type: "REG_SZ", Data: data}
}

func number32(key, name, data string) registry.Value {
	v := pol(key, name, data)
	v.Type = "REG_DWORD"
	return v
}

func layers(t *testing.T, all ...consec.Layer) consec.Policy {
	t.Helper()
	p, err := consec.FromLayers(all...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func gpo(name string, values ...registry.Value) consec.Layer {
	return consec.Layer{Source: name, Store: consec.GPO, Values: values}
}

func named(name string) string { return strings.Replace(paper, "KMS Isolation", name, 1) }

// changes say what was deleted or replaced: what, of whom, by whom and how.
func changes[T interface{ Reason() reason.Reason }](all []T, code reason.Code) []string {
	var s []string
	for _, x := range all {
		r := x.Reason()
		if !r.Is(code) {
			s = append(s, string(r.Code))
		}
		s = append(s, strings.TrimSpace(fmt.Sprintf("%s %s%s of %s by %s %s", r.Word("kind"), r.Word("name"), r.Word("name-id"), r.Word("name-source"), r.Word("by"), r.Word("directive"))))
	}
	return s
}

func TestDirectives(t *testing.T) {
	rule := func(id string) registry.Value { return pol("ConSecRules", id, named("Rule "+id)) }
	a := gpo("A", rule("{1}"), rule("{2}"))
	for name, c := range map[string]struct {
		layers  []consec.Layer
		left    string // ids of rules
		removed []string
	}{
		"none":                       {layers: []consec.Layer{a}, left: "{1} {2}"},
		"all values, with the dot":   {layers: []consec.Layer{a, gpo("B", pol("ConSecRules", "**delvals.", " "))}, removed: []string{"rule Rule {1}{1} of A by B **delvals.", "rule Rule {2}{2} of A by B **delvals."}},
		"all values, without it":     {layers: []consec.Layer{a, gpo("B", pol("CONSECRULES", "**DelVals", " "))}, removed: []string{"rule Rule {1}{1} of A by B **DelVals", "rule Rule {2}{2} of A by B **DelVals"}},
		"before the rules":           {layers: []consec.Layer{gpo("A", pol("ConSecRules", "**delvals.", " "), rule("{1}"))}, left: "{1}"},
		"after the rules of its own": {layers: []consec.Layer{gpo("A", rule("{1}"), pol("ConSecRules", "**delvals.", " "))}, removed: []string{"rule Rule {1}{1} of A by A **delvals."}},
		"one value, any case":        {layers: []consec.Layer{gpo("A", rule("{aB}"), rule("{2}")), gpo("B", pol("consecrules", "**DEL.{Ab}", " "))}, left: "{2}", removed: []string{"rule Rule {aB}{aB} of A by B **DEL.{Ab}"}},
		"a list of values":           {layers: []consec.Layer{a, gpo("B", pol("ConSecRules", "**DeleteValues", "{2}; {1};{9}"))}, removed: []string{"rule Rule {1}{1} of A by B **DeleteValues", "rule Rule {2}{2} of A by B **DeleteValues"}},
		"a list of keys":             {layers: []consec.Layer{a, gpo("B", pol("", "**DeleteKeys", "FirewallRules;ConSecRules"))}, removed: []string{"rule Rule {1}{1} of A by B **DeleteKeys", "rule Rule {2}{2} of A by B **DeleteKeys"}},
		"keys from above": {layers: []consec.Layer{a, gpo("B", registry.Value{Key: `SOFTWARE\Policies\Microsoft`, Name: "**DeleteKeys", Type: "REG_SZ", Data: "WindowsFirewall"})},
			removed: []string{"rule Rule {1}{1} of A by B **DeleteKeys", "rule Rule {2}{2} of A by B **DeleteKeys"}},
		"another key's":               {layers: []consec.Layer{a, gpo("B", pol("FirewallRules", "**delvals.", " "))}, left: "{1} {2}"},
		"soft over one that is":       {layers: []consec.Layer{a, gpo("B", pol("ConSecRules", "**soft.{1}", named("Soft")))}, left: "{1} {2}"},
		"soft where none is":          {layers: []consec.Layer{a, gpo("B", pol("ConSecRules", "**Soft.{3}", named("Soft")))}, left: "{1} {2} {3}"},
		"soft after a deletion":       {layers: []consec.Layer{a, gpo("B", pol("ConSecRules", "**del.{1}", " "), pol("ConSecRules", "**soft.{1}", named("Soft")))}, left: "{1} {2}"},
		"securekey":                   {layers: []consec.Layer{a, gpo("B", number32("ConSecRules", "**SecureKey", "1"))}, left: "{1} {2}"},
		"deleted and set again":       {layers: []consec.Layer{a, gpo("B", pol("ConSecRules", "**delvals.", " "), rule("{1}"))}, left: "{1}", removed: []string{"rule Rule {2}{2} of A by B **delvals."}},
		"a rule comes after":          {layers: []consec.Layer{gpo("A", pol("ConSecRules", "**delvals.", " ")), gpo("B", rule("{1}"))}, left: "{1}"},
		"a live registry has none":    {layers: []consec.Layer{{Source: "reg", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + `\ConSecRules`, Name: "{1}", Type: "REG_SZ", Data: paper}, {Key: consec.LocalKey + `\ConSecRules`, Name: "**delvals.", Type: "REG_SZ", Data: paper}}}}, left: "**delvals. {1}"},
		"a name that is no directive": {layers: []consec.Layer{gpo("A", rule("{1}"), pol("ConSecRules", "**other", paper))}, left: "**other {1}"},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, c.layers...)
			var left []string
			for i := range p.Rules {
				left = append(left, p.Rules[i].ID)
			}
			if len(left) > 1 && left[0] > left[1] {
				left[0], left[1] = left[1], left[0]
			}
			if got := strings.Join(left, " "); got != c.left {
				t.Errorf("left %s, want %s", got, c.left)
			}
			if diff := cmp.Diff(c.removed, changes(p.Removed, reason.ValueRemoved)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADeletedSetIsToldOnce(t *testing.T) {
	set := gpo("A", pol(`Phase1AuthenticationSets\{5}`, "Version", "2.0"), pol(`Phase1AuthenticationSets\{5}`, "Name", "Set"), pol(`Phase1AuthenticationSets\{5}\0000`, "Method", "MachineKerb"))
	p := layers(t, set, gpo("B", pol("Phase1AuthenticationSets", "**DeleteKeys", "{5}")))
	if diff := cmp.Diff([]string{"set {5} of A by B **DeleteKeys"}, changes(p.Removed, reason.ValueRemoved)); diff != "" || len(p.Auth1.ByID) != 0 {
		t.Errorf("%s, sets %v", diff, p.Auth1.ByID)
	}
}

func TestTheLaterLayerWins(t *testing.T) {
	p := layers(t,
		gpo("A", pol("ConSecRules", "{1}", named("Old")), number32("", "IPsecExempt", "0x9"), number32("", "PolicyVersion", "0x200"), number32("DomainProfile", "EnableFirewall", "1")),
		gpo("B", pol("consecrules", "{1}", named("New")), number32("", "ipsecexempt", "0xb"), number32("", "PolicyVersion", "0x21a")))
	if len(p.Rules) != 1 || p.Rules[0].Name != "New" || p.Rules[0].Source != "B" || p.Rules[0].Store != consec.GPO {
		t.Errorf("rules %+v", p.Rules)
	}
	if diff := cmp.Diff(&consec.Setting{Value: 0xb, Source: "B", Store: consec.GPO}, p.Exempt); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&consec.Setting{Value: 1, Source: "A", Store: consec.GPO}, p.Domain.EnableFirewall); diff != "" || p.Version != 0x21a {
		t.Errorf("%s, version %#x", diff, p.Version)
	}
	want := []string{"rule Old{1} of A by B", "setting IPsecExempt of A by B"}
	if diff := cmp.Diff(want, changes(p.Replaced, reason.ValueReplaced)); diff != "" {
		t.Error(diff)
	}
}

func TestKeysOfStores(t *testing.T) {
	rule := func(key string) registry.Value {
		return registry.Value{Key: key + `\ConSecRules`, Name: "{1}", Type: "REG_SZ", Data: paper}
	}
	values := []registry.Value{
		rule(`HKLM\software\policies\microsoft\windowsfirewall`),
		rule(`HKEY_LOCAL_MACHINE\` + consec.LocalKey),
		rule(strings.ToUpper(consec.MDMKey)),
	}
	p := layers(t, consec.Layer{Source: "a", Store: consec.GPO, Values: values}, consec.Layer{Source: "a", Store: consec.Local, Values: values}, consec.Layer{Source: "a", Store: consec.MDM, Values: values})
	var stores []consec.Store
	for i := range p.Rules {
		stores = append(stores, p.Rules[i].Store)
	}
	if diff := cmp.Diff([]consec.Store{consec.GPO, consec.MDM, consec.Local}, stores); diff != "" || !p.LocalKnown {
		t.Errorf("%s, the machine's own known %t", diff, p.LocalKnown)
	}
}

func TestProfilesFallBack(t *testing.T) {
	off := func(profile string) registry.Value { return number32(profile, "EnableFirewall", "0") }
	for name, c := range map[string]struct {
		layer                   consec.Layer
		domain, private, public bool // the firewall is off there
	}{
		"each its own":                 {layer: gpo("A", off("DomainProfile"), off("PublicProfile")), domain: true, public: true},
		"standard stands for two":      {layer: gpo("A", off("StandardProfile")), private: true, public: true},
		"not where one has a key":      {layer: gpo("A", off("StandardProfile"), number32("PublicProfile", "LogDroppedPackets", "1"))},
		"not where a key is empty":     {layer: gpo("A", off("StandardProfile"), registry.Value{Key: consec.PolicyKey + `\PrivateProfile`})},
		"a machine's own private name": {layer: consec.Layer{Source: "reg", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + `\StandardProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x0"}}}, private: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, c.layer)
			for profile, want := range map[string]bool{"Domain": c.domain, "private": c.private, "PUBLIC": c.public} {
				if s := p.Profile(profile).EnableFirewall; (s != nil && s.Value == 0) != want {
					t.Errorf("%s: %+v", profile, s)
				}
			}
		})
	}
}

func TestWhoWinsBetweenStores(t *testing.T) {
	local := func(key, name, data string) consec.Layer {
		return consec.Layer{Source: "own", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + key, Name: name, Type: "REG_DWORD", Data: data}}}
	}
	p := layers(t, gpo("A", number32("", "IPsecExempt", "9"), number32("DomainProfile", "EnableFirewall", "1")),
		local("", "IPsecExempt", "11"), local(`\DomainProfile`, "EnableFirewall", "0"), local(`\PublicProfile`, "DefaultInboundAction", "0"),
		local(`\DomainProfile`, "AllowLocalPolicyMerge", "0"), local(`\DomainProfile`, "DoNotAllowExceptions", "1"))
	if p.Exempt.Value != 9 || p.Domain.EnableFirewall.Source != "A" {
		t.Errorf("Group Policy does not win: %+v", p)
	}
	if p.Public.DefaultInbound.Source != "own" || p.Domain.ShieldsUp.Value != 1 {
		t.Errorf("what Group Policy leaves open is not the machine's: %+v", p)
	}
	if p.Domain.LocalRules != nil {
		t.Error("the machine says itself whether its rules count")
	}
}

func TestHugeInput(t *testing.T) {
	start := time.Now()
	p := layers(t, gpo("A", pol("ConSecRules", "{1}", "v2.10|Name="+strings.Repeat("x", 5<<20)+"|")))
	if len(p.Broken) != 1 || len(p.Unreadable().Key()) > 300 || !because(p.Unreadable(), reason.RuleStringLong) {
		t.Errorf("got %.300v", p.Broken)
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("a value of 5 MB took %s", d)
	}
	p = layers(t, gpo("A", manyRules(50_000)...))
	if len(p.Rules) != 50_000 || len(p.Firewall) != 50_000 {
		t.Errorf("of 100,000 rules %d and %d", len(p.Rules), len(p.Firewall))
	}
}

func TestABrokenSettingNamesItsSource(t *testing.T) {
	p, err := consec.FromLayers(gpo("A", number32("DomainProfile", "EnableFirewall", "maybe")), gpo("B", pol("ConSecRules", "{1}", builtinAuth), fw("v2.10|Action=Block|Active=TRUE|Dir=In|Name=All|")))
	if !reason.Of(err).Equal(reason.One(reason.NotNumber, "name", `DomainProfile\EnableFirewall`, "source", "A", "data", "maybe", "type", "REG_DWORD")) {
		t.Errorf("got %v", err)
	}
	if e := inbound(p); len(p.Rules) != 1 || e.Security.Verdict != Unknown || e.Firewall.Verdict != Unknown || !because(e.Why, reason.NotNumber) {
		t.Errorf("%d rules, %+v, %+v", len(p.Rules), e.Security, e.Firewall)
	}
}

// manyRules is a policy of n rules of each kind, all of them for others than
// the packet but one in a thousand.
func manyRules(n int) []registry.Value {
	values := append([]registry.Value{}, kerberos...)
	for i := range n {
		net := fmt.Sprintf("10.%d.%d.0/24", 16+i/250%200, i%250)
		if i%1000 == 0 {
			net = "192.168.0.0/24"
		}
		rule := strings.NewReplacer("EP2_4=192.168.0.30|EP2_4=192.168.0.31", "EP1_4="+net+"|EP2_4="+net, "KMS Isolation", fmt.Sprintf("Rule %d", i)).Replace(paper)
		values = append(values, consecRule(fmt.Sprintf("{%08X-0000-0000-0000-000000000000}", i), rule),
			firewallRule(fmt.Sprintf("{%08X-0000-0000-0000-000000000001}", i),
				fmt.Sprintf(`v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=%d|RA4=%s|App=C:\Program Files\Contoso\agent%d.exe|Name=Agent %d|EmbedCtxt=Contoso|`, 1600+i%200, net, i, i)))
	}
	return values
}

func TestSoft(t *testing.T) {
	soft := pol("ConSecRules", "**soft.{1}", named("Soft"))
	for want, all := range map[string][]consec.Layer{
		"Hard": {gpo("A", pol("ConSecRules", "{1}", named("Hard"))), gpo("B", soft)},
		"Soft": {gpo("A", pol("ConSecRules", "{1}", named("Hard"))), gpo("B", pol("ConSecRules", "**del.{1}", " "), soft)},
		"Last": {gpo("A", soft), gpo("B", pol("ConSecRules", "{1}", named("Last")))},
	} {
		if p := layers(t, all...); len(p.Rules) != 1 || p.Rules[0].Name != want {
			t.Errorf("left %+v, want %s", p.Rules, want)
		}
	}
}
