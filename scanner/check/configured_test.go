package check

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestConfiguredHealthy(t *testing.T) {
	for name, forests := range map[string][]*run.Forest{"one forest": nil, "two forests": {fabrikam()}} {
		t.Run(name, func(t *testing.T) {
			cells := audit(t, nil, forests...)
			passed := 0
			for id, c := range cells {
				if c.Verdict == run.Pass {
					passed++
				} else if c.Verdict != run.Skip {
					t.Errorf("%s is %s: %s", id, c.Verdict, c.Reason)
				}
				for _, f := range c.Findings {
					if f.Severity != run.Info {
						t.Errorf("%s has the finding %s: %s", id, f.ID, f.Text)
					}
				}
			}
			if passed < 25 {
				t.Errorf("%d cells passed", passed)
			}
		})
	}
}
