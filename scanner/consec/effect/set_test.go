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

const (
	auth1 = "Phase1AuthenticationSets"
	own1  = "{7B2E0000-0000-0000-0000-000000000001}"
)

// method is a set of one suite.
func method(sets, id, m string) registry.Value {
	return pol(sets+`\`+id+`\0000`, "Method", m)
}

var (
	kerberosSet = method(auth1, own1, "MachineKerb")
	builtinAuth = strings.Replace(paper, own1, consec.DefaultAuth1, 1)
)

func inbound(p consec.Policy) Effect {
	return Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: "domain"})
}

func TestSetsAcrossGPOs(t *testing.T) {
	builtin := pol("ConSecRules", "{1}", builtinAuth)
	rename := func(to string) registry.Value { return pol(auth1, consec.DefaultAuth1, to) }
	local := consec.Layer{Source: "own", Store: consec.Local, Values: []registry.Value{{Key: consec.LocalKey + `\Phase1AuthenticationSets\` + consec.DefaultAuth1 + `\0000`, Name: "Method", Type: "REG_SZ", Data: "MachineCert"}}}
	for name, c := range map[string]struct {
		layers  []consec.Layer
		auth    string      // joined
		unknown reason.Code // where the effect is unknown
		broken  int
	}{
		"the built-in one":                 {layers: []consec.Layer{gpo("A", builtin)}, auth: "MachineKerb"},
		"renamed by another GPO":           {layers: []consec.Layer{gpo("A", builtin), gpo("B", rename("{9}"), method(auth1, "{9}", "MachineNtlm"))}, auth: "MachineNtlm"},
		"the highest precedence renames":   {layers: []consec.Layer{gpo("A", builtin, rename("{8}"), method(auth1, "{8}", "Anonymous")), gpo("B", rename("{9}"), method(auth1, "{9}", "MachineNtlm"))}, auth: "MachineNtlm"},
		"a set of another GPO":             {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper)), gpo("B", kerberosSet)}, auth: "MachineKerb"},
		"the machine's own default":        {layers: []consec.Layer{gpo("A", builtin), local}, auth: "MachineCert"},
		"Group Policy's before that":       {layers: []consec.Layer{gpo("A", builtin, rename("{9}"), method(auth1, "{9}", "MachineNtlm")), local}, auth: "MachineNtlm"},
		"ids and methods in any case":      {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", strings.Replace(paper, own1, "{ab}", 1)), method(strings.ToLower(auth1), "{AB}", "MACHINEKERB"))}, auth: "MachineKerb"},
		"suites by their number":           {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper), pol(auth1+`\`+own1+`\0010`, "Method", "Anonymous"), pol(auth1+`\`+own1+`\0002`, "Method", "MachineKerb"))}, auth: "MachineKerb Anonymous"},
		"dangling":                         {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper))}, unknown: reason.SetMissing, broken: 1},
		"renamed to one that is not there": {layers: []consec.Layer{gpo("A", builtin), gpo("B", rename("{9}"))}, unknown: reason.BuiltinSetGone, broken: 1},
		"renamed to itself":                {layers: []consec.Layer{gpo("A", builtin, rename(consec.DefaultAuth1))}, unknown: reason.SetIDCircle, broken: 2},
		"renamed in a circle":              {layers: []consec.Layer{gpo("A", builtin, rename("{9}"), pol(auth1, "{9}", "{8}"), pol(auth1, "{8}", "{9}"))}, unknown: reason.SetIDCircle, broken: 2},
		"the built-in id in a GPO":         {layers: []consec.Layer{gpo("A", builtin, method(auth1, consec.DefaultAuth1, "MachineNtlm"))}, unknown: reason.BuiltinSetInGPO, broken: 2},
		"without a method":                 {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper), pol(auth1+`\`+own1, "Version", "2.0"))}, unknown: reason.RuleSetWithoutMethod, broken: 1},
		"a suite without a method":         {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper), kerberosSet, pol(auth1+`\`+own1+`\0001`, "CAName", "x"))}, unknown: reason.NoMethod, broken: 2},
		"a suite without a number":         {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper), pol(auth1+`\`+own1+`\first`, "Method", "MachineKerb"))}, unknown: reason.SetIndex, broken: 2},
		"a broken set nobody uses":         {layers: []consec.Layer{gpo("A", pol("ConSecRules", "{1}", paper), kerberosSet, pol(auth1+`\{9}\first`, "Method", "x"))}, auth: "MachineKerb", broken: 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := layers(t, c.layers...)
			e := inbound(p)
			if len(p.Broken) != c.broken {
				t.Errorf("broken: %v", p.Unreadable().Key())
			}
			if c.unknown != "" {
				if e.Verdict != Unknown || !because(e.Why, c.unknown) {
					t.Errorf("%s because %s; want it unknown because of %s", e.Verdict, e.Why.Key(), c.unknown)
				}
				return
			}
			if got := strings.Join(e.Auth, " "); e.Verdict != Require || got != c.auth {
				t.Errorf("%s by %s because %s; want %s", e.Verdict, got, e.Why.Key(), c.auth)
			}
		})
	}
}

func TestASkippedSuite(t *testing.T) {
	p := layers(t, gpo("A", pol("ConSecRules", "{1}", paper), kerberosSet, pol(auth1+`\`+own1+`\0001`, "Method", "Anonymous"), pol(auth1+`\`+own1+`\0001`, "SkipVersion", "2.10")))
	for _, c := range []struct {
		version *consec.Version
		auth    int
	}{{nil, 2}, {&consec.Version{Major: 2, Minor: 10}, 1}, {&consec.Version{Major: 2, Minor: 20}, 2}} {
		e := Inbound(&p, netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.1.1.1"), 6, 1688, Env{Profile: "domain", Version: c.version})
		if len(e.Auth) != c.auth {
			t.Errorf("version %v accepts %v", c.version, e.Auth)
		}
	}
}

// suite is one proposal of a quick mode or main mode set, of name=value.
func suite(sets, id, index string, values ...string) []registry.Value {
	var all []registry.Value
	for _, v := range values {
		name, data, _ := strings.Cut(v, "=")
		all = append(all, pol(sets+`\`+id+`\`+index, name, data))
	}
	return all
}

func TestCrypto(t *testing.T) {
	const sets, id = "Phase2CryptoSets", "{C}"
	rule := pol("ConSecRules", "{1}", strings.NewReplacer(own1, consec.DefaultAuth1, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}", id).Replace(paper))
	for name, c := range map[string]struct {
		values []registry.Value
		want   consec.Crypto
	}{
		"null encryption": {suite(sets, id, "0000", "Protocol=ESP", "EspHash=SHA1"),
			consec.Crypto{Source: "A", Proposals: []string{"ESP SHA1"}, ESP: true, OnlyESP: true}},
		"encryption required": {suite(sets, id, "0000", "Protocol=ESP", "EspHash=SHA1", "Encryption=AES-128"),
			consec.Crypto{Source: "A", Proposals: []string{"ESP SHA1 AES-128"}, ESP: true, OnlyESP: true, Encrypted: true}},
		"a combined algorithm": {suite(sets, id, "0000", "Protocol=ESP", "2_1EspHash=AES-GCM128", "2_1Encryption=AES-GCM128", "SkipVersion=2.0"),
			consec.Crypto{Source: "A", Proposals: []string{"ESP AES-GCM128 AES-GCM128"}, ESP: true, OnlyESP: true, Encrypted: true}},
		"AH only": {suite(sets, id, "0000", "Protocol=AH", "AhHash=SHA1"),
			consec.Crypto{Source: "A", Proposals: []string{"AH SHA1"}, AHOnly: true}},
		"AH as a second": {append(suite(sets, id, "0000", "Protocol=esp", "EspHash=sha1"), suite("phase2cryptoset", id, "0001", "Protocol=AH", "AhHash=SHA1")...),
			consec.Crypto{Source: "A", Proposals: []string{"ESP SHA1", "AH SHA1"}, ESP: true, AHOnly: true}},
		"both at once": {suite(sets, id, "0000", "Protocol=AH&ESP", "AhHash=SHA1", "EspHash=SHA1", "Encryption=3DES"),
			consec.Crypto{Source: "A", Proposals: []string{"AH&ESP SHA1 3DES"}, ESP: true, OnlyESP: true, Encrypted: true}},
		"nothing after the authentication": {suite(sets, id, "0000", "Protocol=ESP", "EspHash=SHA1", "2_9Protocol=AUTH_NO_ENCAP", "SkipVersion=2.9"),
			consec.Crypto{Source: "A", Proposals: []string{"AUTH_NO_ENCAP SHA1"}, NoEncap: true}},
		"encryption without integrity": {suite(sets, id, "0000", "Protocol=ESP", "Encryption=DES"),
			consec.Crypto{Source: "A", Proposals: []string{"ESP DES"}, Weak: []string{"DES"}}},
		"weak": {suite(sets, id, "0000", "Protocol=ESP", "EspHash=MD5", "Encryption=DES"),
			consec.Crypto{Source: "A", Proposals: []string{"ESP MD5 DES"}, ESP: true, OnlyESP: true, Encrypted: true, Weak: []string{"DES", "MD5"}}},
	} {
		t.Run(name, func(t *testing.T) {
			e := inbound(layers(t, gpo("A", append(c.values, rule)...)))
			if diff := cmp.Diff(c.want, e.Crypto); diff != "" || e.Verdict != Require {
				t.Errorf("%s because %s; %s", e.Verdict, e.Why.Key(), diff)
			}
		})
	}
	t.Run("built into Windows", func(t *testing.T) {
		e := inbound(layers(t, gpo("A", pol("ConSecRules", "{1}", builtinAuth))))
		want := consec.Crypto{Proposals: []string{"ESP SHA1", "ESP SHA1 AES-128", "ESP SHA1 3DES", "AH SHA1"}, ESP: true, AHOnly: true}
		if diff := cmp.Diff(want, e.Crypto); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an unknown protocol", func(t *testing.T) {
		e := inbound(layers(t, gpo("A", append(suite(sets, id, "0000", "Protocol=GRE"), rule)...)))
		if e.Verdict != Unknown || !because(e.Why, reason.BadProtocol) {
			t.Errorf("%s because %s", e.Verdict, e.Why.Key())
		}
	})
}

func TestSharedMainMode(t *testing.T) {
	set := func(values ...string) consec.Policy {
		return layers(t, gpo("A", append(suite("Phase1CryptoSet", "{M}", "0000", values...), pol("Phase1CryptoSet", consec.DefaultCrypto1, "{M}"))...))
	}
	builtin := layers(t, gpo("B"))
	strong := set("KeyExchange=ECDH-384", "Encryption=AES-256", "2_1Hash=SHA384", "SkipVersion=2.0")
	for name, c := range map[string]struct {
		a, b consec.Policy
		want tri.State
		why  reason.Code
	}{
		"both built in":       {builtin, builtin, tri.Yes, reason.MainModeBuiltin},
		"the built-in one":    {set("KeyExchange=DH2", "Encryption=AES-128", "Hash=SHA1"), builtin, tri.Yes, reason.MainModeShared},
		"the same":            {strong, strong, tri.Yes, reason.MainModeShared},
		"none in common":      {strong, builtin, tri.No, reason.MainModeNone},
		"another key":         {strong, set("2_16KeyExchange=DH24", "Encryption=AES-256", "2_1Hash=SHA384"), tri.No, reason.MainModeNone},
		"one not there":       {layers(t, gpo("A", pol("Phase1CryptoSet", consec.DefaultCrypto1, "{M}"))), builtin, tri.Unknown, reason.BuiltinSetGone},
		"one without a suite": {layers(t, gpo("A", pol("Phase1CryptoSet", consec.DefaultCrypto1, "{M}"), pol(`Phase1CryptoSet\{M}`, "Version", "2.0"))), builtin, tri.Unknown, reason.MainModeEmpty},
		"a rule for peers":    {layers(t, gpo("A", pol("MainModeRules", "{1}", "v2.10|Active=TRUE|Name=M|EP2_4=10.0.0.0/8|Crypto1Set={X}|"))), builtin, tri.Unknown, reason.MainModeOwnProposals},
		"an inactive one":     {layers(t, gpo("A", pol("MainModeRules", "{1}", "v2.10|Name=M|Crypto1Set={X}|"))), builtin, tri.Yes, reason.MainModeBuiltin},
		"a rule that is cut":  {builtin, layers(t, gpo("A", pol("MainModeRules", "{1}", "v2.10|Name=M"))), tri.Unknown, reason.RuleStringCut},
	} {
		t.Run(name, func(t *testing.T) {
			got, why := SharedMainMode(c.a, c.b)
			if got != c.want || !because(why, c.why) {
				t.Errorf("%s because %s; want %s because of %s", got, why.Key(), c.want, c.why)
			}
		})
	}
}

func TestWeakMainMode(t *testing.T) {
	p := layers(t, gpo("A", append(suite("Phase1CryptoSets", "{M}", "0000", "KeyExchange=DH1", "Encryption=DES", "Hash=MD5"), pol("Phase1CryptoSets", consec.DefaultCrypto1, "{m}"))...))
	suites, source, err := p.MainMode()
	if err != nil || source != "A" || len(suites) != 1 {
		t.Fatalf("got %v of %s, %v", suites, source, err)
	}
	if diff := cmp.Diff([]string{"DH1", "DES", "MD5"}, suites[0].Weak()); diff != "" {
		t.Error(diff)
	}
}
