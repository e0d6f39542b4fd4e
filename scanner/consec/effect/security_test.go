package effect

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go4.org/netipx"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

func ranges(prefix string) []consec.Range {
	p := netip.MustParsePrefix(prefix)
	return []consec.Range{{First: p.Addr(), Last: netipx.PrefixLastIP(p)}}
}

func TestWhatIsKnownOfTheMachine(t *testing.T) {
	for name, c := range map[string]struct {
		insert string // into the paper's rule
		env    Env
		want   Verdict
		why    reason.Code
	}{
		"skipped, version not known":        {"SkipVer=2.10|", Env{}, Unknown, reason.RuleMaybeSkipped},
		"skipped by this Windows":           {"SkipVer=2.10|", Env{Version: &consec.Version{Major: 2, Minor: 10}}, Clear, reason.RuleSkipped},
		"not skipped by a later one":        {"SkipVer=2.10|", Env{Version: &consec.Version{Major: 2, Minor: 20}}, Require, ""},
		"platform, not known":               {"Platform=2:6:1|", Env{}, Unknown, reason.RuleUnknownPlatform},
		"this platform":                     {"Platform=2:6:1|Platform=2:10:0|", Env{OS: &consec.OS{Major: 10, Minor: 0}}, Require, ""},
		"another platform":                  {"Platform=2:6:1|", Env{OS: &consec.OS{Major: 10, Minor: 0}}, Clear, reason.RuleOtherPlatform},
		"or later":                          {"Platform=2:6:1|Platform2=GTEQ|", Env{OS: &consec.OS{Major: 10, Minor: 0}}, Require, ""},
		"only the last may be later":        {"Platform=2:6:0|Platform=2:11:0|Platform2=GTEQ|", Env{OS: &consec.OS{Major: 10, Minor: 0}}, Clear, reason.RuleOtherPlatform},
		"or later, too early":               {"Platform=2:6:2|Platform2=GTEQ|", Env{OS: &consec.OS{Major: 6, Minor: 1}}, Clear, reason.RuleOtherPlatform},
		"Vista or later is every one":       {"Platform=2:6:0|Platform2=GTEQ|", Env{}, Require, ""},
		"interface type, not known":         {"IFType=Lan|", Env{}, Unknown, reason.RuleOfInterfaceTypes},
		"this interface type":               {"IFType=Lan|IFType=Wireless|", Env{InterfaceType: "wireless"}, Require, ""},
		"another interface type":            {"IFType=Lan|", Env{InterfaceType: "RemoteAccess"}, Clear, reason.RuleOfInterfaceTypes},
		"interface, not known":              {"IF={A1}|", Env{}, Unknown, reason.RuleOfInterfaces},
		"this interface":                    {"IF={A1}|", Env{Interface: "a1"}, Require, ""},
		"another interface":                 {"IF={A1}|", Env{Interface: "{B2}"}, Clear, reason.RuleOfInterfaces},
		"interface and first endpoint":      {"IF={A1}|EP1_4=10.1.1.1|", Env{Interface: "{A1}"}, Unknown, reason.RuleEndpointAndInterface},
		"keyword, not known":                {"EP1_4=DNS|", Env{}, Unknown, reason.RuleByKeyword},
		"keyword that covers the peer":      {"EP1_4=DNS|", Env{Keywords: map[string][]consec.Range{"dns": ranges("10.1.1.1/32")}}, Require, ""},
		"keyword that covers others":        {"EP1_4=DNS|", Env{Keywords: map[string][]consec.Range{"DNS": ranges("10.2.0.0/16")}}, Clear, reason.RuleMissesAddress},
		"keyword that covers nobody":        {"EP1_4=DNS|", Env{Keywords: map[string][]consec.Range{"DNS": nil}}, Clear, reason.RuleMissesAddress},
		"keyword of the other family":       {"EP1_6=DNS|", Env{}, Clear, reason.RuleMissesAddress},
		"for a security realm":              {"SecurityRealmEnabled=TRUE|", Env{}, Unknown, reason.RuleOfRealm},
		"not for one":                       {"SecurityRealmEnabled=FALSE|", Env{}, Require, ""},
		"the key manager does not matter":   {"KeyManagerDictate=TRUE|KeyManagerNotify=FALSE|FwdLifetime=300|KeyMod=AuthIP|", Env{}, Require, ""},
		"a profile that is none":            {"", Env{Profile: "standard"}, Unknown, reason.RuleNoSuchProfile},
		"three profiles are every one":      {"Profile=Private|Profile=Public|", Env{Profile: "?"}, Require, ""},
		"two profiles, and it is not known": {"Profile=Private|", Env{Profile: "?"}, Unknown, reason.RuleUnknownProfile},
		"a tunnel's flag":                   {"SecureInClearOut=TRUE|", Env{}, Clear, reason.RejectedTunnelToken},
		"a tunnel's flag that is not set":   {"Authz=FALSE|", Env{}, Require, ""},
		"multicast":                         {"EP1_4=239.0.0.1|EP1_4=10.1.1.1|", Env{}, Clear, reason.RejectedMulticast},
		"everything is no multicast":        {"EP1_4=0.0.0.0/0|", Env{}, Require, ""},
	} {
		t.Run(name, func(t *testing.T) {
			switch c.env.Profile {
			case "":
				c.env.Profile = "domain"
			case "?":
				c.env.Profile = ""
			}
			p := policyOf(t, edit("Desc=|", c.insert))
			e := Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, c.env)
			if e.Verdict != c.want || !because(e.Why, c.why) {
				t.Errorf("%s because %s; want %s because of %s", e.Verdict, e.Why.Key(), c.want, c.why)
			}
		})
	}
}

func TestSettledBeforeAnyRule(t *testing.T) {
	rule := pol("ConSecRules", "{1}", builtinAuth)
	mdm := consec.Layer{Source: "Intune", Store: consec.MDM, Values: []registry.Value{{Key: consec.MDMKey, Name: "IPsecExempt", Type: "REG_DWORD", Data: "2"}}}
	for name, c := range map[string]struct {
		layers       []consec.Layer
		proto        uint8
		want         Verdict
		source       string
		undocumented bool
		why          reason.Code
	}{
		"the firewall is off":             {[]consec.Layer{gpo("A", rule), gpo("B", number32("DomainProfile", "EnableFirewall", "0"))}, 6, Clear, "B", false, reason.SecurityOff},
		"off in another profile":          {[]consec.Layer{gpo("A", rule), gpo("B", number32("PublicProfile", "EnableFirewall", "0"))}, 6, Require, "A", false, reason.RuleProtects},
		"ICMP exempt":                     {[]consec.Layer{gpo("A", rule), gpo("B", number32("", "IPsecExempt", "2"))}, 1, Exempt, "B", false, reason.IPsecExempt},
		"ICMP exempt by MDM":              {[]consec.Layer{gpo("A", rule), mdm}, 1, Exempt, "Intune", false, reason.IPsecExempt},
		"by MDM, and not by Group Policy": {[]consec.Layer{gpo("A", rule, number32("", "IPsecExempt", "9")), mdm}, 1, Exempt, "Intune", true, reason.IPsecExemptMDM},
		"which says nothing of TCP":       {[]consec.Layer{gpo("A", rule), mdm}, 6, Require, "A", false, reason.RuleProtects},
		"ESP itself":                      {[]consec.Layer{gpo("A", rule)}, 50, Exempt, "", false, reason.ESPItself},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, c.layers...)
			e, trace := TraceInbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), c.proto, 1688, Env{Profile: "domain"})
			if e.Verdict != c.want || e.Source != c.source || e.Undocumented != c.undocumented || !because(e.Why, c.why) {
				t.Errorf("%s by %s (undocumented %t) because %s; want %s by %s", e.Verdict, e.Source, e.Undocumented, e.Why.Key(), c.want, c.source)
			}
			if len(trace.Security) != 1 || trace.Security[0].For != tri.Yes {
				t.Errorf("trace %+v", trace)
			}
		})
	}
	udp := func(port uint16) Verdict {
		p := layers(t, gpo("A", rule, number32("", "IPsecExempt", "9")))
		return Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 17, port, Env{Profile: "domain"}).Verdict
	}
	got := []Verdict{udp(500), udp(4500), udp(68), udp(53)}
	if diff := cmp.Diff([]Verdict{Exempt, Exempt, Exempt, Require}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheMachinesOwnRules(t *testing.T) {
	hole := consec.Layer{Source: "own", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + `\ConSecRules`, Name: "{9}", Type: "REG_SZ", Data: strings.NewReplacer("10.9.0.0/255.255.255.0", "10.1.1.1", "Profile=Domain|", "").Replace(exempting)}}}
	rule := pol("ConSecRules", "{1}", strings.Replace(builtinAuth, "Profile=Domain|", "", 1))
	merge := func(profile string) registry.Value {
		return number32(profile+"Profile", "AllowLocalIPsecPolicyMerge", "0")
	}
	broken := consec.Layer{Source: "own", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + `\ConSecRules`, Name: "{9}", Type: "REG_SZ", Data: "v2.10|Acti"}}}
	for name, c := range map[string]struct {
		layers  []consec.Layer
		profile string
		want    Verdict
		why     reason.Code
	}{
		"count by default":               {[]consec.Layer{gpo("A", rule), hole}, "domain", Exempt, reason.RuleExemptsFirst},
		"do not where the profile says":  {[]consec.Layer{gpo("A", rule, merge("Domain")), hole}, "domain", Require, ""},
		"count in another profile":       {[]consec.Layer{gpo("A", rule, merge("Public")), hole}, "domain", Exempt, ""},
		"profile not known":              {[]consec.Layer{gpo("A", rule, merge("Public")), hole}, "", Unknown, reason.OwnRulesInSomeProfiles},
		"in no profile":                  {[]consec.Layer{gpo("A", rule, merge("Public"), merge("Private"), merge("Domain")), hole}, "", Require, ""},
		"one that cannot be read":        {[]consec.Layer{gpo("A", rule), broken}, "domain", Unknown, reason.RuleStringCut},
		"unless such rules do not count": {[]consec.Layer{gpo("A", rule, merge("Domain")), broken}, "domain", Require, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, c.layers...)
			e := Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: c.profile})
			if e.Security.Verdict != c.want || !because(e.Security.Why, c.why) {
				t.Errorf("%s because %s; want %s because of %s", e.Security.Verdict, e.Security.Why.Key(), c.want, c.why)
			}
		})
	}
}

func TestRulesTogether(t *testing.T) {
	rule := func(id string, oldNew ...string) registry.Value {
		return pol("ConSecRules", id, strings.NewReplacer(oldNew...).Replace(builtinAuth))
	}
	wide := pol("ConSecRules", "{9}", strings.Replace(exempting, "10.9.0.0/255.255.255.0", "10.0.0.0/8", 1))
	for name, c := range map[string]struct {
		values       []registry.Value
		want         Verdict
		undocumented bool
		why          reason.Code
	}{
		"an exemption alone":                    {[]registry.Value{wide}, Exempt, false, reason.RuleExempts},
		"an exemption over a rule":              {[]registry.Value{rule("{1}"), wide}, Exempt, true, reason.RuleExemptsFirst},
		"a doubtful exemption":                  {[]registry.Value{rule("{1}"), pol("ConSecRules", "{9}", strings.Replace(exempting, "10.9.0.0/255.255.255.0", "LocalSubnet", 1))}, Unknown, false, reason.RuleByKeyword},
		"a doubtful rule of the same effect":    {[]registry.Value{rule("{1}"), rule("{2}", "Desc=|", "IFType=Lan|")}, Require, false, reason.RuleProtects},
		"a doubtful rule of another effect":     {[]registry.Value{rule("{1}"), rule("{2}", "Desc=|", "IFType=Lan|", "SecureServer", "Boundary")}, Unknown, false, reason.RuleOfInterfaceTypes},
		"a doubtful rule alone":                 {[]registry.Value{rule("{2}", "Desc=|", "IFType=Lan|")}, Unknown, false, reason.RuleOfInterfaceTypes},
		"a doubtful rule whose set is missing":  {[]registry.Value{rule("{1}"), rule("{2}", "Desc=|", "IFType=Lan|", consec.DefaultAuth1, "{none}")}, Unknown, false, reason.RuleOfInterfaceTypes},
		"an inactive rule whose set is missing": {[]registry.Value{rule("{1}"), rule("{2}", "Active=TRUE", "Active=FALSE", consec.DefaultAuth1, "{none}")}, Require, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, gpo("A", c.values...))
			e := inbound(p)
			if e.Verdict != c.want || e.Undocumented != c.undocumented || !because(e.Why, c.why) {
				t.Errorf("%s (undocumented %t) because %s; want %s because of %s", e.Verdict, e.Undocumented, e.Why.Key(), c.want, c.why)
			}
		})
	}
}

func TestWhatADecidingRuleAccepts(t *testing.T) {
	p := layers(t, gpo("A",
		pol("", "IPsecTransportRemoteMachineAuthorizationList", "O:LSD:(A;;CC;;;DC)"),
		pol("ConSecRules", "{1}", strings.NewReplacer("Desc=|", "TransportUserAuthzSDDL=O:LSD:(A;;CC;;;DU)|KeyMod=IkeV2|Shiny=1|").Replace(builtinAuth)),
		pol("ConSecRules", "{2}", strings.NewReplacer("Action=SecureServer", "Action=Secure", "Desc=|", "RTunnel4=10.0.0.1|").Replace(builtinAuth)),
		pol("MainModeRules", "{3}", "v2.10|Active=TRUE|Name=Peers|EP1_4=10.1.0.0/16|EP2_4=192.168.0.0/24|Auth1Set={X}|"),
		pol("MainModeRules", "{4}", "v2.10|Active=TRUE|Name=Others|EP1_4=10.2.0.0/16|Auth1Set={X}|")))
	e := inbound(p)
	if e.Verdict != Require || e.Source != "A" || e.Security.ID != "{1}" {
		t.Fatalf("%s by %s of %s because %s", e.Verdict, e.Security.ID, e.Source, e.Why.Key())
	}
	if diff := cmp.Diff([]string{"O:LSD:(A;;CC;;;DC)"}, e.Machines) + cmp.Diff([]string{"O:LSD:(A;;CC;;;DU)"}, e.Users); diff != "" {
		t.Error(diff)
	}
	want := reason.List{
		reason.New(reason.RulePartsUnknown, "rule", "KMS Isolation", "rule-id", "{1}", "rule-source", "A", "parts", []string{"Shiny"}),
		reason.New(reason.RuleIKEv2Kerberos, "rule", "KMS Isolation", "rule-id", "{1}", "rule-source", "A"),
		reason.New(reason.MainModeOwnSets, "rule", "Peers", "rule-id", "{3}", "rule-source", "A"),
		reason.New(reason.TunnelNamesIt, "rule", "KMS Isolation", "rule-id", "{2}", "rule-source", "A"),
	}
	if diff := cmp.Diff(want, e.Notes); diff != "" {
		t.Error(diff)
	}
}

func TestTrace(t *testing.T) {
	values := []registry.Value{
		pol("ConSecRules", "{1}", builtinAuth),
		pol("ConSecRules", "{2}", strings.NewReplacer("Active=TRUE", "Active=FALSE", "KMS Isolation", "Old").Replace(builtinAuth)),
		pol("ConSecRules", "{3}", strings.NewReplacer("EP2_4=192.168.0.30|EP2_4=192.168.0.31", "EP2_4=172.16.0.1", "KMS Isolation", "Far").Replace(builtinAuth)),
		pol("ConSecRules", "{4}", strings.NewReplacer("EP2_4=192.168.0.30|EP2_4=192.168.0.31", "EP2_4=DNS", "KMS Isolation", "Names").Replace(builtinAuth)),
		fw(kmsRule), fw("v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=Files|"), fw("v2.10|Action=Allow|Active=TRUE|Dir=Out|Name=Out|"),
	}
	p := layers(t, gpo("A", values...))
	_, trace := TraceInbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: "domain"})
	want := Trace{
		Security: []Line{
			{`"KMS Isolation"`, "{1}", "A", consec.GPO, tri.Yes, reason.One(reason.RuleApplies, "action", consec.SecureServer)},
			{`"Old"`, "{2}", "A", consec.GPO, tri.No, reason.One(reason.RuleInactive)},
			{`"Names"`, "{4}", "A", consec.GPO, tri.Unknown, reason.One(reason.RuleByKeyword, "keywords", []string{"DNS"})},
		},
		Firewall:      []Line{{`"@FirewallAPI.dll,-28003"`, strings.ReplaceAll(kmsRule, "|", ";"), "A", consec.GPO, tri.Yes, reason.One(reason.FirewallAllows)}},
		OtherSecurity: 1, OtherFirewall: 2,
	}
	if diff := cmp.Diff(want, trace); diff != "" {
		t.Error(diff)
	}
}

func TestALongTraceKeepsWhatMatters(t *testing.T) {
	var values []registry.Value
	for i := range 3 * maxLines {
		values = append(values, pol("ConSecRules", fmt.Sprintf("{%d}", i), strings.Replace(builtinAuth, "Active=TRUE", "Active=FALSE", 1)))
	}
	values = append(values, pol("ConSecRules", "{last}", builtinAuth))
	p := layers(t, gpo("A", values...))
	e, trace := TraceInbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: "domain"})
	last := trace.Security[len(trace.Security)-1]
	if e.Verdict != Require || len(trace.Security) != maxLines || trace.OtherSecurity != 2*maxLines+1 || last.ID != "{last}" {
		t.Errorf("%s, %d lines and %d others, the last %+v", e.Verdict, len(trace.Security), trace.OtherSecurity, last)
	}
	e = Outbound(&p, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), 6, 1688, Env{Profile: "domain"})
	if e.Verdict != Clear || len(e.Why) != consec.MostReasons+1 || !e.Why[consec.MostReasons].Equal(reason.New(reason.OtherRules, "count", 293)) {
		t.Errorf("%s because %s", e.Verdict, e.Why.Key())
	}
}

// TestEndpointsAreSymmetric: endpoints swapped in the rule give the same effect.
func TestEndpointsAreSymmetric(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	addresses := []string{"192.168.0.30", "192.168.0.0/24", "10.0.0.0/8", "10.1.1.1", "0.0.0.0/0", "10.1.0.0-10.1.255.255", "LocalSubnet", "DNS"}
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	swap := strings.NewReplacer("EP1", "EP2", "EP2", "EP1")
	seen := map[Verdict]int{}
	for range 3000 {
		var fields []string
		for _, ep := range []string{"EP1", "EP2"} {
			for range rnd.IntN(3) {
				fields = append(fields, ep+"_4="+pick(addresses))
			}
			if rnd.IntN(3) == 0 {
				fields = append(fields, ep+"Port2_10="+pick([]string{"1688", "1-1000", "49152-65535", "50000-60000", "1-65535"}))
			}
		}
		rule := fmt.Sprintf("v2.10|Action=%s|Active=TRUE|Protocol=6|Name=x|%s|Auth1Set=%s|Crypto2Set=%s|", pick([]string{"SecureServer", "Boundary", "Secure"}), strings.Join(fields, "|"), consec.DefaultAuth1, consec.DefaultCrypto2)
		rule = strings.ReplaceAll(rule, "||", "|")
		env := Env{Profile: "domain"}
		if rnd.IntN(2) == 0 {
			env.Keywords = map[string][]consec.Range{"DNS": ranges("10.1.1.1/32")}
		}
		a, b := layers(t, gpo("A", pol("ConSecRules", "{1}", rule))), layers(t, gpo("A", pol("ConSecRules", "{1}", swap.Replace(rule))))
		host, peer := netip.MustParseAddr(pick([]string{"192.168.0.30", "10.1.1.1"})), netip.MustParseAddr(pick([]string{"10.1.1.1", "10.2.2.2", "172.16.0.1"}))
		for _, e := range [][2]Effect{
			{Inbound(&a, host, peer, 6, 1688, env), Inbound(&b, host, peer, 6, 1688, env)},
			{Outbound(&a, host, peer, 6, 1688, env), Outbound(&b, host, peer, 6, 1688, env)},
		} {
			seen[e[0].Verdict]++
			if e[0].Verdict != e[1].Verdict {
				t.Fatalf("%s\n%s because %s\nswapped %s because %s", rule, e[0].Verdict, e[0].Why.Key(), e[1].Verdict, e[1].Why.Key())
			}
		}
	}
	for _, v := range []Verdict{Require, Request, Clear, Unknown} {
		if seen[v] < 50 {
			t.Errorf("only %d of the effects are %s: the rules are not varied enough", seen[v], v)
		}
	}
}
