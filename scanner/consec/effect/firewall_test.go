package effect

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Rules that are built into Windows, as its registry has them.
const (
	kmsRule  = `v2.33|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|App=%SystemRoot%\system32\sppextcomobj.exe|Svc=sppsvc|Name=@FirewallAPI.dll,-28003|Desc=@FirewallAPI.dll,-28006|EmbedCtxt=@FirewallAPI.dll,-28002|`
	echoRule = `v2.33|Action=Allow|Active=TRUE|Dir=In|Protocol=1|Profile=Domain|ICMP4=8:*|App=System|Name=@FirewallAPI.dll,-28543|Desc=@FirewallAPI.dll,-28547|EmbedCtxt=@FirewallAPI.dll,-28502|`
)

func TestParseFirewallRules(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		look func(consec.FirewallRule) bool
	}{
		"of the KMS host": {kmsRule, func(r consec.FirewallRule) bool {
			return r.Action == consec.Allow && r.Inbound && !r.Outbound && r.Active && r.LPorts.Ranges[0] == consec.Ports{First: 1688, Last: 1688} && r.Service == "sppsvc" && r.Profiles == nil
		}},
		"for echo requests": {echoRule, func(r consec.FirewallRule) bool {
			return r.ICMP4[0] == consec.ICMPType{Type: 8, Code: -1} && r.App == "System"
		}},
		"the specification's own": {`v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort=RPC|RPort=49000|LA4=192.168.1.0/255.255.255.0|LA4=192.168.0.0/255.255.255.0|RA4=LocalSubnet|RA6=LocalSubnet|App=c:\path\foo.exe|Name=Firewall Rule Test|Security=Authenticate|Security2_9=An-NoEncap|`, func(r consec.FirewallRule) bool {
			return r.LPorts.Keywords[0] == "RPC" && len(r.Local.Ranges) == 2 && r.Remote.Keywords[0] == consec.Keyword{Name: "LocalSubnet", V4: true, V6: true} && r.Secure == "Authenticate" && r.NoEncap
		}},
		"keywords of ports": {`v2.33|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort2_10=IPTLSIn|LPort2_10=IPHTTPSIn|LPort2_10=5000-5010|App=System|Name=@FirewallAPI.dll,-25426|`, func(r consec.FirewallRule) bool {
			return len(r.LPorts.Keywords) == 2 && r.LPorts.Ranges[0] == consec.Ports{First: 5000, Last: 5010}
		}},
		"of an application": {`v2.30|Action=Allow|Active=TRUE|Dir=Out|Profile=Domain|Profile=Private|Profile=Public|Name=@{Microsoft.DesktopAppInstaller?ms-resource://x}|LUOwn=S-1-5-21-1-2-3-1000|AppPkgId=S-1-15-2-2|EmbedCtxt=@{x}|Platform=2:6:2|Platform2=GTEQ|`, func(r consec.FirewallRule) bool {
			return r.Outbound && r.Package == "S-1-15-2-2" && len(r.Conditions) == 1 && r.PlatformGTE
		}},
		"of devices":            {`v2.33|Action=Block|Active=TRUE|Dir=In|Profile=Public|App=%SystemRoot%\system32\spoolsv.exe|Svc=Spooler|Name=@FirewallAPI.dll,-36856|TTK2_22=WFDPrint|`, func(r consec.FirewallRule) bool { return r.Conditions[0] == "TTK2_22" }},
		"across the edge":       {`v2.33|Action=Allow|Active=FALSE|Dir=In|Protocol=17|LPort=3540|App=x.exe|Svc=PNRPSvc|Name=x|Edge=TRUE|Defer=App|`, func(r consec.FirewallRule) bool { return !r.Active && len(r.Unknown) == 0 }},
		"of the local user":     {`v2.32|Action=Block|Active=TRUE|Dir=In|Name=1|LUAuth=O:LSD:(D;;CC;;;S-1-2-1)|`, func(r consec.FirewallRule) bool { return r.Conditions[0] == "LUAuth" }},
		"RMauth in either case": {`v2.10|Action=ByPass|Active=TRUE|Dir=In|Name=x|Security=AuthenticateEncrypt|RMauth=O:LSD:(A;;CC;;;DC)|RUAuth=O:LSD:(A;;CC;;;DU)|`, func(r consec.FirewallRule) bool { return r.Machines != "" && r.Users != "" && r.Rejected() == nil }},
		"keywords of 2.20": {`v2.20|Action=Allow|Active=TRUE|Dir=In|Name=x|RA42=IntErnet|RA62=RmtIntrAnet|`, func(r consec.FirewallRule) bool {
			return r.Remote.Keywords[0] == consec.Keyword{Name: "IntErnet", V4: true, V6: false} && r.Remote.Keywords[1] == consec.Keyword{Name: "RmtIntrAnet", V4: false, V6: true}
		}},
		"unknown tokens are kept": {`v2.40|Action=Allow|Dir=In|Name=x|Shiny=1|`, func(r consec.FirewallRule) bool { return len(r.Unknown) == 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := consec.ParseFirewallRule(c.rule)
			if err != nil || !c.look(r) {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
	for name, c := range map[string]struct {
		rule string
		why  reason.Code
	}{
		"unknown action":    {"v2.10|Action=Permit|", reason.WantWord},
		"unknown direction": {"v2.10|Dir=Both|", reason.WantWord},
		"ICMP type":         {"v2.10|ICMP4=8|", reason.WantICMP},
		"ICMP type too big": {"v2.10|ICMP4=256:*|", reason.WantICMP},
		"security":          {"v2.10|Security=Maybe|", reason.WantWord},
		"direction twice":   {"v2.10|Dir=In|dir=In|", reason.RuleStringTwice},
		"cut":               {"v2.10|Action=Allow", reason.RuleStringCut},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := consec.ParseFirewallRule(c.rule); err == nil || !because(reason.Of(err), c.why) {
				t.Errorf("got error %v, want one with %s", err, c.why)
			}
		})
	}
}

func TestFirewallRulesThatWindowsRejects(t *testing.T) {
	for rule, why := range map[string]reason.Code{
		"v2.10|Dir=In|Name=x|":                                                reason.RejectedAction,
		"v2.10|Action=Allow|Name=x|":                                          reason.RejectedDirection,
		"v2.10|Action=Allow|Dir=In|":                                          reason.RejectedName,
		"v2.10|Action=Allow|Dir=In|Name=all|":                                 reason.RejectedAll,
		"v0.9|Action=Allow|Dir=In|Name=x|":                                    reason.RejectedVersion,
		"v2.10|Action=Block|Dir=In|Name=x|Security=Authenticate|":             reason.RejectedBlockSecure,
		"v2.10|Action=ByPass|Dir=In|Name=x|Security=Authenticate|":            reason.RejectedOverride,
		"v2.10|Action=ByPass|Dir=Out|Name=x|Security=Authenticate|RMAuth=D:|": reason.RejectedOverride,
		"v2.10|Action=Allow|Dir=In|Name=x|RMAuth=D:|":                         reason.RejectedNamesWithoutIPsec,
		"v2.10|Action=Allow|Dir=In|Name=x|LPort=5|":                           reason.RejectedPorts,
		"v2.10|Action=Allow|Dir=In|Name=x|Protocol=6|ICMP4=8:*|":              reason.RejectedICMP,
		"v2.10|Action=Allow|Dir=Out|Name=x|Security=Authenticate|RMAuth=D:|":  reason.RejectedOutboundMachines,
		kmsRule: "",
		"v2.10|Action=Allow|Dir=Out|Name=x|Security=Authenticate|RMAuth=D:|AuthByPassOut=TRUE|Protocol=6|": "",
	} {
		r, err := consec.ParseFirewallRule(rule)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Rejected(); (got == nil) != (why == "") || !because(got, why) {
			t.Errorf("%s: got %s, want %s", rule, got.Key(), why)
		}
	}
}

// closed is a policy that leaves nothing to the machine: the firewall is on,
// blocks what is inbound, and only its own rules count.
var closed = []registry.Value{
	number32("DomainProfile", "EnableFirewall", "1"), number32("DomainProfile", "DefaultInboundAction", "1"),
	number32("DomainProfile", "DefaultOutboundAction", "0"), number32("DomainProfile", "AllowLocalPolicyMerge", "0"),
}

func fw(rule string) registry.Value {
	return pol("FirewallRules", strings.ReplaceAll(rule, "|", ";"), rule)
}

func ownRule(rule string) consec.Layer {
	return consec.Layer{Source: "own", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + `\FirewallRules`, Name: "r", Type: "REG_SZ", Data: rule}}}
}

func TestFirewall(t *testing.T) {
	const (
		any    = "v2.10|Action=Allow|Active=TRUE|Dir=In|Name=Any|"
		port   = "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=Port|"
		block  = "v2.10|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=Block|"
		secure = "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=Secure|Security=Authenticate|"
		over   = "v2.10|Action=ByPass|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=Over|Security=Authenticate|RMAuth=O:LSD:(A;;CC;;;DC)|"
		agent  = `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=C:\agent.exe|Name=Agent|`
	)
	with := func(rules ...string) consec.Layer {
		l := gpo("A", closed...)
		for _, r := range rules {
			l.Values = append(l.Values, fw(r))
		}
		return l
	}
	edit := func(rule, from, to string) string { return strings.Replace(rule, from, to, 1) }
	own := consec.Layer{Source: "own", Store: consec.Local}
	set := func(profile, name, data string) consec.Layer { return gpo("B", number32(profile, name, data)) }
	server := &consec.OS{Major: 10, Minor: 0}
	for name, c := range map[string]struct {
		layers []consec.Layer
		env    Env
		proto  uint8
		port   uint16
		out    bool
		want   Verdict
		why    reason.Code
	}{
		"closed":                                 {layers: []consec.Layer{with()}, want: Dropped, why: reason.NoRuleAllows},
		"the KMS host's rule":                    {layers: []consec.Layer{with(kmsRule)}, want: Allowed, why: reason.FirewallAllows},
		"its rule of Windows 7":                  {layers: []consec.Layer{with(edit(kmsRule, "sppextcomobj", "SPPSVC"))}, want: Allowed},
		"its rule of Vista":                      {layers: []consec.Layer{with(strings.NewReplacer("sppextcomobj", "slsvc", "sppsvc", "slsvc").Replace(kmsRule))}, want: Allowed},
		"inactive":                               {layers: []consec.Layer{with(edit(kmsRule, "TRUE", "FALSE"))}, want: Dropped},
		"any to any":                             {layers: []consec.Layer{with(any)}, want: Allowed},
		"another port":                           {layers: []consec.Layer{with(edit(port, "1688", "3389"))}, want: Dropped},
		"a range of ports":                       {layers: []consec.Layer{with(edit(port, "LPort=1688", "LPort2_10=1000-2000"))}, want: Allowed},
		"another program":                        {layers: []consec.Layer{with(agent)}, want: Dropped},
		"another program, for another port":      {layers: []consec.Layer{with(agent)}, port: 3389, want: Unknown, why: reason.RuleOfProgram},
		"another service":                        {layers: []consec.Layer{with(edit(port, "Name", "Svc=termservice|Name"))}, want: Dropped},
		"any service":                            {layers: []consec.Layer{with(edit(port, "Name", "Svc=*|Name"))}, want: Allowed},
		"the service that has the port":          {layers: []consec.Layer{with(edit(edit(port, "1688", "3389"), "Name", "Svc=TermService|Name"))}, port: 3389, env: Env{Service: "termservice"}, want: Allowed},
		"another than has the port":              {layers: []consec.Layer{with(edit(edit(port, "1688", "3389"), "Name", "Svc=Spooler|Name"))}, port: 3389, env: Env{Service: "termservice"}, want: Dropped},
		"the KMS host on another port":           {layers: []consec.Layer{with(edit(kmsRule, "1688", "1689"))}, port: 1689, env: Env{Service: "sppsvc"}, want: Allowed},
		"an application package":                 {layers: []consec.Layer{with(edit(any, "Name", "AppPkgId=S-1-15-2-1|Name"))}, want: Dropped},
		"blocked":                                {layers: []consec.Layer{with(port, block)}, want: Dropped, why: reason.FirewallBlocks},
		"blocked for another program":            {layers: []consec.Layer{with(port, edit(block, "Name", "App=x.exe|Name"))}, want: Allowed},
		"blocked for the KMS host, some Windows": {layers: []consec.Layer{with(port, edit(kmsRule, "Allow", "Block"))}, want: Unknown, why: reason.FirewallMayBlock},
		"blocked for the KMS host, this Windows": {layers: []consec.Layer{with(port, edit(kmsRule, "Allow", "Block"))}, env: Env{OS: server}, want: Dropped},
		"blocked for what listened once":         {layers: []consec.Layer{with(port, edit(edit(kmsRule, "Allow", "Block"), "sppextcomobj", "sppsvc"))}, env: Env{OS: server}, want: Unknown},
		"blocked for some peers":                 {layers: []consec.Layer{with(port, edit(block, "Name", "RA4=10.1.0.0/16|Name"))}, want: Dropped},
		"blocked for other peers":                {layers: []consec.Layer{with(port, edit(block, "Name", "RA4=10.2.0.0/16|Name"))}, want: Allowed},
		"blocked on another address":             {layers: []consec.Layer{with(port, edit(block, "Name", "LA4=192.168.0.31|Name"))}, want: Allowed},
		"blocked by keyword":                     {layers: []consec.Layer{with(port, edit(block, "Name", "RA4=LocalSubnet|Name"))}, want: Unknown, why: reason.RuleByKeyword},
		"a keyword that is known":                {layers: []consec.Layer{with(port, edit(block, "Name", "RA4=LocalSubnet|Name"))}, env: Env{Keywords: map[string][]consec.Range{"localsubnet": {{First: netip.MustParseAddr("192.168.0.0"), Last: netip.MustParseAddr("192.168.0.255")}}}}, want: Allowed},
		"allowed by keyword":                     {layers: []consec.Layer{with(edit(port, "Name", "RA4=LocalSubnet|Name"))}, want: Unknown, why: reason.FirewallMayAllow},
		"a doubtful block where nothing allows":  {layers: []consec.Layer{with(edit(block, "Name", "RA4=LocalSubnet|Name"))}, want: Dropped},
		"only if secure":                         {layers: []consec.Layer{with(secure)}, want: AllowedSecure, why: reason.FirewallSecuresElse},
		"only if secure, beside any":             {layers: []consec.Layer{with(secure, port)}, want: Allowed},
		"secure and blocked":                     {layers: []consec.Layer{with(secure, block)}, want: Dropped},
		"secure comes before a block":            {layers: []consec.Layer{with(over, block)}, want: AllowedSecure, why: reason.FirewallOverrides},
		"local only mapped":                      {layers: []consec.Layer{with(edit(port, "Name", "RA4=10.2.0.0/16|LOM=TRUE|Name"))}, want: Allowed},
		"another profile":                        {layers: []consec.Layer{with(edit(port, "Name", "Profile=Public|Name"))}, want: Dropped},
		"skipped by this Windows":                {layers: []consec.Layer{with(edit(port, "Name", "SkipVer=2.26|Name"))}, env: Env{Version: &consec.Version{Major: 2, Minor: 26}}, want: Dropped},
		"skipped by some":                        {layers: []consec.Layer{with(edit(port, "Name", "SkipVer=2.26|Name"))}, want: Unknown, why: reason.RuleMaybeSkipped},
		"for another Windows":                    {layers: []consec.Layer{with(edit(port, "Name", "Platform=2:6:1|Name"))}, env: Env{OS: server}, want: Dropped},
		"on another type of interface":           {layers: []consec.Layer{with(edit(port, "Name", "IFType=RemoteAccess|Name"))}, env: Env{InterfaceType: "Lan"}, want: Dropped},
		"a condition that is not judged":         {layers: []consec.Layer{with(edit(port, "Name", "LUAuth=D:|Name"))}, want: Unknown, why: reason.RuleConditions},
		"an unknown token":                       {layers: []consec.Layer{with(edit(port, "Name", "Shiny=1|Name"))}, want: Unknown, why: reason.RuleConditions},
		"RPC's ports":                            {layers: []consec.Layer{with(edit(port, "1688", "RPC"))}, want: Unknown, why: reason.RuleByPortKeyword},
		"a keyword for another port":             {layers: []consec.Layer{with(edit(port, "1688", "RPC-EPMap"))}, want: Dropped},
		"a rule that cannot be read":             {layers: []consec.Layer{with("v2.10|Action=Allow|Dir=In")}, want: Unknown, why: reason.RuleStringCut},
		"a block beside one":                     {layers: []consec.Layer{with("v2.10|Action=Allow|Dir=In", block)}, want: Dropped},
		"the machine's own do not count":         {layers: []consec.Layer{with(), ownRule(port)}, want: Dropped},
		"the machine's own count":                {layers: []consec.Layer{with(), set("DomainProfile", "AllowLocalPolicyMerge", "1"), ownRule(port)}, want: Allowed, why: reason.FirewallAllows},
		"the machine's own are not known":        {layers: []consec.Layer{with(), set("DomainProfile", "AllowLocalPolicyMerge", "1")}, want: Unknown, why: reason.OwnRulesUnknown},
		"a block beside those not known":         {layers: []consec.Layer{with(block), set("DomainProfile", "AllowLocalPolicyMerge", "1")}, want: Dropped},
		"an allow beside those not known":        {layers: []consec.Layer{with(port), set("DomainProfile", "AllowLocalPolicyMerge", "1")}, want: Unknown, why: reason.FirewallAllowsUnlessOwn},
		"nothing said, the machine known":        {layers: []consec.Layer{own}, want: Dropped},
		"nothing said, the machine not known":    {layers: []consec.Layer{gpo("A")}, want: Unknown},
		"the default left to the machine":        {layers: []consec.Layer{gpo("A", closed[0], closed[3])}, want: Unknown, why: reason.DefaultUnknown},
		"on or off left to the machine":          {layers: []consec.Layer{gpo("A", closed[1], closed[3])}, want: Unknown, why: reason.FirewallMayBeOff},
		"a block, on or off left to the machine": {layers: []consec.Layer{gpo("A", fw(block))}, want: Unknown, why: reason.FirewallMayBeOff},
		"allowed by default":                     {layers: []consec.Layer{with(), set("DomainProfile", "DefaultInboundAction", "0")}, want: Allowed, why: reason.DefaultAllows},
		"off":                                    {layers: []consec.Layer{with(block), set("DomainProfile", "EnableFirewall", "0")}, want: Allowed, why: reason.FirewallOff},
		"off on the interface":                   {layers: []consec.Layer{with(), gpo("B", pol("DomainProfile", "DisabledInterfaces", "{A1}, {B2}"))}, env: Env{Interface: "{b2}"}, want: Allowed},
		"off on some interfaces":                 {layers: []consec.Layer{with(), gpo("B", pol("DomainProfile", "DisabledInterfaces", "{A1}"))}, want: Unknown, why: reason.FirewallOffSomewhere},
		"off on another interface":               {layers: []consec.Layer{with(), gpo("B", pol("DomainProfile", "DisabledInterfaces", "{A1}"))}, env: Env{Interface: "{B2}"}, want: Dropped},
		"shields up":                             {layers: []consec.Layer{with(port), set("DomainProfile", "DoNotAllowExceptions", "1")}, want: Dropped, why: reason.FirewallShieldsUp},
		"profile not known":                      {layers: []consec.Layer{with(port)}, env: Env{Profile: "?"}, want: Unknown},
		"off, profile not known":                 {layers: []consec.Layer{own, gpo("A", fw(block), number32("PublicProfile", "EnableFirewall", "0"))}, env: Env{Profile: "?"}, want: Unknown, why: reason.FirewallByProfile},
		"echo":                                   {layers: []consec.Layer{with(echoRule)}, proto: 1, want: Allowed},
		"echo, another type":                     {layers: []consec.Layer{with(edit(echoRule, "8:*", "3:4"))}, proto: 1, want: Dropped},
		"echo, for a program":                    {layers: []consec.Layer{with(edit(echoRule, "System", "x.exe"))}, proto: 1, want: Dropped},
		"echo is not the KMS port":               {layers: []consec.Layer{with(port)}, proto: 1, want: Dropped},
		"outbound by default":                    {layers: []consec.Layer{with(block)}, out: true, want: Allowed},
		"outbound, blocked":                      {layers: []consec.Layer{with("v2.10|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Name=Out|")}, out: true, want: Dropped},
		"outbound, overriding":                   {layers: []consec.Layer{with("v2.10|Action=Block|Active=TRUE|Dir=Out|Name=Out|", "v2.10|Action=Allow|Active=TRUE|Dir=Out|Name=Over|Security=Authenticate|AuthByPassOut=TRUE|")}, out: true, want: AllowedSecure},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, c.layers...)
			switch c.env.Profile {
			case "":
				c.env.Profile = "Domain"
			case "?":
				c.env.Profile = ""
			}
			if c.proto == 0 {
				c.proto = 6
			}
			if c.port == 0 {
				c.port = 1688
			}
			ask := Inbound
			if c.out {
				ask = Outbound
			}
			e := ask(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), c.proto, c.port, c.env)
			if e.Firewall.Verdict != c.want || !because(e.Firewall.Why, c.why) || len(e.Firewall.Why) == 0 {
				t.Errorf("%s because %s; want %s because of %s", e.Firewall.Verdict, e.Firewall.Why.Key(), c.want, c.why)
			}
		})
	}
}

// TestCompose is the table at Effect, cell by cell.
func TestCompose(t *testing.T) {
	across := []Verdict{Allowed, Unknown, AllowedSecure, Dropped}
	for security, want := range map[Verdict][]Verdict{
		Require: {Require, Require, Require, Require},
		Request: {Request, Request, Require, Dropped},
		Clear:   {Clear, Clear, Dropped, Dropped},
		Exempt:  {Exempt, Exempt, Dropped, Dropped},
		Unknown: {Unknown, Unknown, Unknown, Unknown},
	} {
		for i, firewall := range across {
			e := Effect{Security: Decision{Verdict: security, Why: reason.One("s"), Undocumented: true}, Firewall: Decision{Verdict: firewall, Why: reason.One("f")}}
			e.compose()
			if e.Verdict != want[i] || len(e.Why) == 0 {
				t.Errorf("%s and %s come to %s, want %s", security, firewall, e.Verdict, want[i])
			}
			if e.Undocumented != (e.Verdict != Dropped) {
				t.Errorf("%s and %s: undocumented %t", security, firewall, e.Undocumented)
			}
		}
	}
}

func TestComposedOfRules(t *testing.T) {
	secure := "v2.10|Action=Allow|Active=TRUE|Dir=In|Name=Secure|Security=Authenticate|"
	policy := func(rules ...registry.Value) consec.Policy {
		return layers(t, gpo("A", append(append(rules, kerberosSet), closed...)...))
	}
	boundary := pol("ConSecRules", "{1}", strings.Replace(paper, "SecureServer", "Boundary", 1))
	for name, c := range map[string]struct {
		p    consec.Policy
		want Verdict
		rule string
		why  reason.Code
	}{
		"nothing is let in":       {policy(), Dropped, "", reason.NoRuleAllows},
		"require all the same":    {policy(pol("ConSecRules", "{1}", paper)), Require, `"KMS Isolation"`, reason.RuleProtects},
		"request, nothing let in": {policy(boundary), Dropped, "", reason.NoRuleAllows},
		"request, secure only":    {policy(boundary, fw(secure)), Require, `"KMS Isolation"`, reason.FirewallSecuresElse},
		"exempt, secure only":     {policy(pol("ConSecRules", "{1}", strings.Replace(exempting, "10.9.0.0/255.255.255.0", "10.0.0.0/8", 1)), fw(secure)), Dropped, `"Secure"`, reason.Unauthenticated},
		"clear and let in":        {policy(fw(kmsRule)), Clear, "", reason.NoSecurityRule},
	} {
		t.Run(name, func(t *testing.T) {
			e := inbound(c.p)
			if e.Verdict != c.want || e.Rule != c.rule || !because(e.Why, c.why) {
				t.Errorf("%s by %s because %s; want %s by %s because of %s", e.Verdict, e.Rule, e.Why.Key(), c.want, c.rule, c.why)
			}
		})
	}
}

func TestBuiltinNamesOfKeywords(t *testing.T) {
	var got []tri.State
	for _, word := range []string{"RPC", "RPC-EPMap", "IPHTTPSIn", "mDNS", "Teredo", "Later"} {
		got = append(got, keywordPort(word, consec.TCP, 135))
	}
	if diff := cmp.Diff([]tri.State{tri.Unknown, tri.Yes, tri.No, tri.No, tri.No, tri.Unknown}, got); diff != "" {
		t.Error(diff)
	}
}
