package check_test

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The checks of what is configured share their claims.
func TestConfiguredClaims(t *testing.T) {
	shared := []reason.Code{
		reason.ClaimRead, reason.ClaimComplete, reason.ClaimPresent, reason.ClaimTakesEffect, reason.ClaimReaches, reason.ClaimCounted,
		reason.ClaimNoneLeft, reason.ClaimEqual, reason.ClaimAgree, reason.ClaimUnopposed, reason.ClaimEvaluates, reason.ClaimAsked,
		reason.ClaimInForce, reason.ClaimStatic,
	}
	for i := range checks.All {
		c := &checks.All[i]
		if !c.Configured {
			continue
		}
		for k, code := range c.ClaimCodes() {
			switch {
			case !slices.Contains(shared, code):
				t.Errorf("%s has a claim of its own: %s", c.ID, code)
			case k == 0 && code != reason.ClaimComplete && code != reason.ClaimRead:
				t.Errorf("%s does not ask first whether all was read, but %s", c.ID, code)
			}
		}
	}
}
