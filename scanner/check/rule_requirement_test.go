package check_test

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The form is told beside the verdict: only one that is weaker fails.
func TestForm(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*intent.Policy, *run.Forest)
		verdict run.Verdict
		form    string
	}{
		"the paper's":       {nil, run.Pass, "paper"},
		"endpoints swapped": {replaceRule("EP2_", "EP1_"), run.Pass, "equivalent"},
		"every profile":     {replaceRule("Profile=Domain|", ""), run.Pass, "equivalent"},
		"two GPOs":          {twoGPOs, run.Pass, "paper"},
		"any to any":        {rightPolicies["any to any on the host"], run.Pass, "equivalent"},
		"the KMS port only": {rightPolicies["the KMS port only"], run.Pass, "equivalent"},
		"stage request":     {rightPolicies["stage request"], run.Pass, "request"},
		"boundary":          {replaceRule("SecureServer", "Boundary"), run.Fail, "weaker"},
		"secure":            {replaceRule("SecureServer", "Secure"), run.Fail, "weaker"},
	} {
		t.Run(name, func(t *testing.T) {
			got := audit(t, c.change)["rule-requirement/kms01"]
			want := reason.New(reason.ToldForm, "end", "kms01", "form", c.form)
			if got.Verdict != c.verdict || !slices.ContainsFunc(got.Conduct, want.Equal) {
				t.Errorf("it is %s, configured %s; want %s in the form %s", got.Verdict, got.Conduct.Key(), c.verdict, c.form)
			}
		})
	}
}
