package check_test

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// consecRule is a connection security rule of a policy.
func consecRule(id, text string) registry.Value {
	return registry.Value{Key: firewallPath + `\ConSecRules`, Name: id, Type: "REG_SZ", Data: text}
}

// method is what the first authentication of the isolation accepts besides.
func method(name string) registry.Value {
	return registry.Value{Key: firewallPath + `\Phase1AuthenticationSets\{7B2E0000-0000-0000-0000-000000000001}\0001`, Name: "Method", Type: "REG_SZ", Data: name}
}

// What a host has applied, and what it should have, come to these codes.
func TestCodesOfApplied(t *testing.T) {
	const hole = `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=198.18.30.0/24|EP2_6=2001:db8:30::/64|Name=hole|Desc=|EmbedCtxt=|`
	for name, c := range map[string]struct {
		change  func(*intent.Policy, *run.Forest)
		applied func(*told)
		codes   []reason.Code
	}{
		"only requested": {applied: boundaryTold, codes: []reason.Code{reason.AppliedWrong, reason.StalePolicy, reason.AppliedRuleDiffers}},
		"a rule that may be for the host or not": {applied: func(o *told) { o.rule = replaced(o.rule, "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|") },
			codes: []reason.Code{reason.AppliedUnknown}},
		"anonymous":         {applied: func(o *told) { o.more = append(o.more, method("Anonymous")) }, codes: []reason.Code{reason.AnonymousAccepted, reason.WeakMethod}},
		"no exemption":      {applied: func(o *told) { o.exemption = "" }, codes: []reason.Code{reason.ExemptionNotApplied, reason.AppliedLacksRule}},
		"a rule that stays": {applied: func(o *told) { o.more = append(o.more, consecRule("{H}", hole)) }, codes: []reason.Code{reason.AppliedRuleGone, reason.RuleNote}},
		"many rules that stay": {applied: func(o *told) {
			for _, id := range []string{"{1}", "{2}", "{3}", "{4}"} {
				o.more = append(o.more, consecRule(id, strings.Replace(hole, "Name=hole", "Name="+id, 1)))
			}
		}, codes: []reason.Code{reason.MoreRules}},
	} {
		t.Run(name, func(t *testing.T) {
			cell := toldWorld(c.change, appliedTold(c.applied)).judged(t)["gpo-applied/kms01/gpo:KMS Isolation Policy"]
			for _, code := range c.codes {
				if !saysCode(whyOf(cell), code, "") {
					t.Errorf("%s is %s and says %s, want %s", cell.ID, cell.Verdict, whyOf(cell).Key(), code)
				}
			}
		})
	}
}

// A machine whose registry has no policy has applied none.
func TestNoPolicyApplied(t *testing.T) {
	w := newWorld()
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Probe == run.ProbeRegistry && n.Vantage == "client" {
			return run.Observation{Class: run.Answered}
		}
		return healthy
	}
	if c := w.judged(t)["gpo-applied/client/gpo:KMS Isolation Policy"]; c.Verdict != run.Fail || !c.Reasons.Has(reason.NoFirewallPolicy) {
		t.Errorf("%s: %s", c.Verdict, c.Reasons.Key())
	}
}
