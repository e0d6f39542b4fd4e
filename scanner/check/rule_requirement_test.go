package check

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The form is told beside the verdict: only one that is weaker fails.
func TestForm(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*policy.Policy, *run.Forest)
		verdict run.Verdict
		form    string
	}{
		"the paper's":       {nil, run.Pass, "the paper's"},
		"endpoints swapped": {replaceRule("EP2_", "EP1_"), run.Pass, "equivalent to the paper's"},
		"every profile":     {replaceRule("Profile=Domain|", ""), run.Pass, "equivalent to the paper's"},
		"two GPOs":          {twoGPOs, run.Pass, "the paper's"},
		"any to any":        {rightPolicies["any to any on the host"], run.Pass, "equivalent to the paper's"},
		"the KMS port only": {rightPolicies["the KMS port only"], run.Pass, "equivalent to the paper's"},
		"stage request":     {rightPolicies["stage request"], run.Pass, "that of the stage request"},
		"boundary":          {replaceRule("SecureServer", "Boundary"), run.Fail, "weaker than the paper's"},
		"secure":            {replaceRule("SecureServer", "Secure"), run.Fail, "weaker than the paper's"},
	} {
		t.Run(name, func(t *testing.T) {
			got := audit(t, c.change)["rule-requirement/kms01"]
			if got.Verdict != c.verdict || !strings.HasSuffix(got.Configured, "form: "+c.form) {
				t.Errorf("it is %s, configured %q; want %s in the form %s", got.Verdict, got.Configured, c.verdict, c.form)
			}
		})
	}
}
