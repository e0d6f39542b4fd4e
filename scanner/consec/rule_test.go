package consec

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// papersRule is the paper's rule as the wizard of Windows Vista writes it.
const papersRule = `v2.0|Action=SecureServer|Active=TRUE|Profile=Domain|EP2_4=192.168.0.30|EP2_4=192.168.0.31|Name=KMS Isolation|Desc=|` +
	`Auth1Set={7B2E0000-0000-0000-0000-000000000001}|Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|EmbedCtxt=|`

func TestParseThePapersRule(t *testing.T) {
	r, err := Parse(papersRule)
	if err != nil {
		t.Fatal(err)
	}
	if r.Action != SecureServer || !r.Active || r.Name != "KMS Isolation" || r.Version != (Version{2, 0}) || r.Protocol != AnyProtocol {
		t.Errorf("got %+v", r)
	}
	if diff := cmp.Diff([]string{"domain"}, r.Profiles); diff != "" {
		t.Error(diff)
	}
	if !r.EP1.IsAny() || len(r.EP2.Ranges) != 2 || r.Tunnel || r.Rejected() != nil || len(r.Unknown) != 0 {
		t.Errorf("got %+v, rejected %s", r, r.Rejected().Key())
	}
	if r.Text != papersRule {
		t.Errorf("its text is %s", r.Text)
	}
}

func TestParseForms(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		look func(Rule) bool
	}{
		"absent Active means inactive":   {"v2.10|Action=Secure|", func(r Rule) bool { return !r.Active }},
		"absent Profile means every one": {"v2.10|Action=Secure|", func(r Rule) bool { return r.Profiles == nil }},
		"words in any case":              {"V2.10|Action=secureserver|Active=true|Profile=DOMAIN|", func(r Rule) bool { return r.Action == SecureServer && r.Active && r.Profiles[0] == "domain" }},
		"unknown tokens are kept":        {"v2.33|Action=Secure|Shiny=1|Shiny=2|", func(r Rule) bool { return len(r.Unknown) == 2 && r.Unknown[0] == "Shiny" }},
		"range of ports":                 {"v2.10|Protocol=6|EP2Port2_10=5000-5010|EP2Port=1688|", func(r Rule) bool { return r.EP2Ports[0] == Ports{5000, 5010} && r.EP2Ports[1] == Ports{1688, 1688} }},
		"range of addresses":             {"v2.10|EP1_4=10.0.0.1-10.0.0.9|", func(r Rule) bool { return r.EP1.Ranges[0].Last.String() == "10.0.0.9" }},
		"subnet with a length":           {"v2.10|EP1_4=10.0.0.0/24|", func(r Rule) bool { return r.EP1.Ranges[0].Last.String() == "10.0.0.255" }},
		"subnet of one":                  {"v2.10|EP1_4=10.0.0.7/32|", func(r Rule) bool { return r.EP1.Ranges[0].First == r.EP1.Ranges[0].Last }},
		"IPv6 subnet":                    {"v2.10|EP2_6=2001:db8::/32|", func(r Rule) bool { return r.EP2.Ranges[0].Last.String() == "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" }},
		"keyword": {"v2.10|EP2_4=localsubnet|EP2_6=LocalSubnet|", func(r Rule) bool {
			return len(r.EP2.Keywords) == 1 && r.EP2.Keywords[0] == Keyword{"LocalSubnet", true, true}
		}},
		"a tunnel endpoint makes a tunnel": {"v2.10|Action=Secure|RTunnel4=10.0.0.1|", func(r Rule) bool { return r.Tunnel }},
		"a name with = in it":              {"v2.10|Name=a=b|", func(r Rule) bool { return r.Name == "a=b" }},
		"ends in NUL":                      {"v2.10|Action=Secure|\x00", func(r Rule) bool { return r.Action == Secure }},
		"platform or later":                {"v2.10|Platform=2:6:0|Platform2=GTEQ|", func(r Rule) bool { return r.PlatformGTE && slices.Equal(r.Platforms, []string{"2:6:0"}) }},
		"version to skip":                  {"v2.10|SkipVer=2.9|", func(r Rule) bool { return *r.SkipVersion == Version{2, 9} }},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Parse(c.rule)
			if err != nil {
				t.Fatal(err)
			}
			if !c.look(r) {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		why  reason.Code
	}{
		"nothing":                  {"", reason.RuleStringCut},
		"cut at the end":           {"v2.10|Action=Secure|EP2_4=192.168.0.3", reason.RuleStringCut},
		"no version":               {"Action=Secure|", reason.RuleStringNoVersion},
		"version out of range":     {"v2.300|", reason.WantVersion},
		"field without a value":    {"v2.10|Action|", reason.RuleStringToken},
		"unknown action":           {"v2.10|Action=Bypass|", reason.WantWord},
		"action twice":             {"v2.10|Action=Secure|Action=Boundary|", reason.RuleStringTwice},
		"neither true nor false":   {"v2.10|Active=1|", reason.WantWord},
		"unknown profile":          {"v2.10|Profile=Standard|", reason.WantWord},
		"protocol out of range":    {"v2.10|Protocol=256|", reason.WantNumber},
		"port out of range":        {"v2.10|EP1Port=65536|", reason.WantPort},
		"ports the wrong way":      {"v2.10|EP1Port2_10=9-5|", reason.WantPort},
		"name for an address":      {"v2.10|EP2_4=kms01|", reason.WantAddress},
		"IPv6 in an IPv4 token":    {"v2.10|EP2_4=2001:db8::1|", reason.OtherFamily},
		"addresses the wrong way":  {"v2.10|EP2_4=10.0.0.9-10.0.0.1|", reason.RangeBackwards},
		"subnet too long":          {"v2.10|EP2_4=10.0.0.0/33|", reason.SubnetLength},
		"mask with a hole":         {"v2.10|EP2_4=10.0.0.0/255.0.255.0|", reason.MaskHole},
		"mask for IPv6":            {"v2.10|EP2_6=2001:db8::/255.0.0.0|", reason.MaskOfIPv6},
		"an address with a zone":   {"v2.10|EP2_6=fe80::1%eth0|", reason.WantAddress},
		"longer than the registry": {"v2.10|Name=" + strings.Repeat("x", maxRule) + "|", reason.RuleStringLong},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(c.rule)
			if err == nil || !reason.Of(err).Names(c.why) {
				t.Fatalf("got error %v, want one with %s", err, c.why)
			}
			if len(err.Error()) > 400 {
				t.Errorf("error of %d octets", len(err.Error()))
			}
		})
	}
}

func TestRejectedByWindows(t *testing.T) {
	const sets = "Auth1Set={a}|Crypto2Set={c}|Name=x|"
	for name, c := range map[string]struct {
		rule string
		why  reason.Code
	}{
		"no action":                   {"v2.0|" + sets, reason.RejectedAction},
		"an exemption with a set":     {"v2.0|Action=DoNotSecure|Auth1Set={a}|", reason.RejectedExemptionSet},
		"no authentication set":       {"v2.0|Action=Secure|Crypto2Set={c}|", reason.RejectedNoAuth},
		"no crypto set":               {"v2.0|Action=Secure|Auth1Set={a}|", reason.RejectedNoCrypto},
		"ports without a protocol":    {"v2.0|Action=Secure|EP2Port=1688|" + sets, reason.RejectedPorts},
		"a tunnel that is a boundary": {"v2.0|Action=Boundary|LTunnel4=10.0.0.1|" + sets, reason.RejectedTunnelAction},
		"all right":                   {"v2.0|Action=Secure|Protocol=6|EP2Port=1688|" + sets, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Parse(c.rule)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Rejected(); (got == nil) != (c.why == "") || c.why != "" && !got.Names(c.why) {
				t.Errorf("got %s, want %s", got.Key(), c.why)
			}
		})
	}
}
