package consec

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// TestWhyARuleStringIsRefused has a value for each reason that no other test has.
func TestWhyARuleStringIsRefused(t *testing.T) {
	for rule, code := range map[string]reason.Code{
		"v2|":                               reason.RuleStringVersion,
		"v2.10|FwdLifetime=x|":              reason.WantSeconds,
		"v2.10|Platform=NT|":                reason.WantPlatform,
		"v2.10|EP2_4=10.0.0.0/twenty-four|": reason.SubnetMask,
		"v2.10|Active=1|":                   reason.RuleStringValue,
	} {
		if _, err := Parse(rule); !reason.Of(err).Names(code) {
			t.Errorf("%s: %v, want %s", rule, err, code)
		}
	}
}

// TestWhyWindowsTakesNoRule has a rule for each reason that no other test has.
func TestWhyWindowsTakesNoRule(t *testing.T) {
	const sets = "Auth1Set={a}|Crypto2Set={c}|Name=x|"
	for code, c := range map[reason.Code]struct{ rule, id string }{
		reason.RejectedSetID:               {"v2.0|Action=Secure|Name=x|Crypto2Set={c}|Auth1Set=" + strings.Repeat("a", 1000) + "|", "{1}"},
		reason.RejectedTunnelAuthorization: {"v2.0|Action=Secure|LTunnel4=10.0.0.1|TransportUserAuthzSDDL=D:|" + sets, "{1}"},
		reason.RejectedLongName:            {"v2.0|Action=Secure|Auth1Set={a}|Crypto2Set={c}|Name=" + strings.Repeat("x", 10000) + "|", "{1}"},
		reason.RejectedLongID:              {"v2.0|Action=Secure|" + sets, strings.Repeat("1", 1000)},
		reason.RejectedBarInID:             {"v2.0|Action=Secure|" + sets, "a|b"},
	} {
		r, err := Parse(c.rule)
		r.ID = c.id
		if got := r.Rejected(); err != nil || !got.Has(code) {
			t.Errorf("%s (%v), want %s", got.Key(), err, code)
		}
	}
}
