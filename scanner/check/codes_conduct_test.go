package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What is configured, by code, where the recorded runs have no such case.
func TestCodesOfConfiguredAnswers(t *testing.T) {
	for code, c := range map[reason.Code]struct {
		change func(*intent.Policy, *run.Forest)
		cell   string
	}{
		reason.ControllersUnbound: {rightPolicies["controllers get it, and are exempt"], "gpo-not-on-dcs/gpo:KMS Isolation Policy"},
		reason.GPOUnfiltered:      {rightPolicies["controllers get it, and are exempt"], "gpo-wmi-filter/gpo:KMS Isolation Policy"},
		reason.ActivationByDirectory: {func(p *intent.Policy, f *run.Forest) {
			nobodySays(p, true)
			f.Activation = []run.Activation{{Name: "Windows"}}
		}, "dc-activation/domain:contoso.test"},
	} {
		if got := audit(t, c.change)[c.cell]; !got.Conduct.Has(code) {
			t.Errorf("%s is %s, configured %s, want %s", c.cell, got.Verdict, got.Conduct.Key(), code)
		}
	}
}
