package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// intended are cells of healthy worlds, and what should be there.
var intended = map[string]reason.Code{
	"gpo-exists/gpo:KMS Isolation Policy":     reason.IntendedGPO,
	"gpo-linked/gpo:KMS Isolation Policy":     reason.IntendedLink,
	"gpo-readable/gpo:KMS Isolation Policy":   reason.IntendedPermission,
	"gpo-replicated/gpo:KMS Isolation Policy": reason.IntendedVersion,
	"gpo-wmi-filter/gpo:KMS Isolation Policy": reason.IntendedFilter,
	"gpo-not-on-dcs/gpo:KMS Isolation Policy": reason.IntendedNoControllers,
	"dc-activation/domain:contoso.test":       reason.IntendedActivation,
	"gpo-coverage/domain:contoso.test":        reason.IntendedCoverage,
	"legacy-exempt/domain:contoso.test":       reason.IntendedNoLegacy,
	"kerberos-ready/kms01":                    reason.IntendedAccount,
	"rule-present/kms01":                      reason.IntendedInbound,
	"rule-present/domain:contoso.test":        reason.IntendedOutbound,
	"rule-requirement/kms01":                  reason.IntendedRequirement,
	"rule-requirement/domain:contoso.test":    reason.IntendedClientRequirement,
	"rule-authentication/kms01":               reason.IntendedKerberos,
	"rule-crypto/kms01":                       reason.IntendedCrypto,
	"rule-conflicts/kms01":                    reason.IntendedOnePolicy,
	"rule-profile/kms01":                      reason.IntendedProfile,
	"fails-open/kms01":                        reason.IntendedClosed,
	"exemptions/kms01":                        reason.IntendedExemptions,
	"nat-policy/kms01":                        reason.IntendedNAT,
	"icmp-exempt/kms01":                       reason.IntendedInformation,
}

// intendedObserved are the same of what is observed.
var intendedObserved = map[string]reason.Code{
	"static-address/kms01/kms01":                  reason.IntendedStatic,
	"host-clock/kms01/kms01":                      reason.IntendedClock,
	"gpo-applied/kms01/gpo:KMS Isolation Policy":  reason.IntendedHostRules,
	"gpo-applied/client/gpo:KMS Isolation Policy": reason.IntendedClientRules,
	"non-domain-kms/guest/kms01":                  reason.IntendedSilence,
	"domain-kms/client/kms01":                     reason.IntendedBind,
	"domain-protected/client/kms01":               reason.IntendedESP,
	"domain-ping/client/kms01":                    reason.IntendedPing,
	"exempt-kms/kiosk/kms01":                      reason.IntendedExempt,
	"nat-client/branch/kms01":                     reason.IntendedNATAnswer,
	"kms-inbound/client/kms01":                    reason.IntendedInboundAnswer,
	"kms-outbound/kms01/files:445":                reason.IntendedOutboundAnswer,
	"ike-500/client/kms01":                        reason.IntendedIKE,
	"esp-50/client/kms01":                         reason.IntendedDatagrams,
	"unexpected/kms01/kms01":                      reason.IntendedNoAnswer,
	"host-addresses/kms01/kms01":                  reason.IntendedNowhereElse,
	"dns-srv/client/contoso.test":                 reason.IntendedRecords,
}

// Each cell of which something is known says what should be.
func TestIntended(t *testing.T) {
	two := audit(t, nil, fabrikam())
	for cell, code := range map[string]reason.Code{"gpo-copies-agree/domain:fabrikam.test": reason.IntendedCopies, "forest-trust/forest:fabrikam.test": reason.IntendedTrust} {
		if c := two[cell]; !c.Intended.Has(code) {
			t.Errorf("%s wants %s", cell, c.Intended.Key())
		}
	}
	for cell, c := range audit(t, nil) {
		if code := intended[cell]; code != "" && !c.Intended.Has(code) {
			t.Errorf("%s wants %s", cell, c.Intended.Key())
		}
		if c.Verdict != run.Skip && len(c.Intended) != 1 {
			t.Errorf("%s is %s and wants %s", cell, c.Verdict, c.Intended.Key())
		}
	}
	text := paperTold()
	w := toldWorld(nil, &text)
	reads := w.answer
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		v, _ := w.policy.Vantage(n.Vantage)
		switch {
		case n.Probe == run.ProbeRegistry && n.Param == check.KeyInterfaces:
			return run.Observation{Class: run.Answered, Registry: []registry.Value{{Key: "a", Name: "IPAddress", Data: "198.18.10.30"}}}
		case n.Probe == run.ProbeRegistry && n.Param == check.KeyFirewall && v.Role == intent.RoleDomain:
			n.Vantage = "kms01"
			return reads(n, healthy)
		case n.Probe == run.ProbeFlows:
			return healthy
		}
		return reads(n, healthy)
	}
	cells := w.judged(t)
	for cell, code := range intendedObserved {
		if c := cells[cell]; !c.Intended.Has(code) {
			t.Errorf("%s is %s and wants %s", cell, c.Verdict, c.Intended.Key())
		}
	}
	if c := cells["non-domain-kms/guest/kms01"]; !c.Controls.Has(reason.ControlsAnswered) {
		t.Errorf("%s: the controls are %s", c.Verdict, c.Controls.Key())
	}
}
