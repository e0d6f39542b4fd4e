package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestExplain asks about one packet in a world of its own. What is said in the end
// stands in a golden.
func TestExplain(t *testing.T) {
	answers := map[string]string{}
	for name, c := range questions {
		t.Run(name, func(t *testing.T) {
			p, f := deployment(), contoso()
			if c.change != nil {
				c.change(p, f)
			}
			forests := append([]*run.Forest{f}, c.more...)
			for _, o := range c.more {
				if trusts := f.Domains[0].Trusts; len(trusts) > 0 {
					trust(f, o, trusts[0].Direction, trusts[0].Attributes)
				}
			}
			got, err := world(t, p, forests...).Explain(c.ask)
			if err != nil {
				t.Fatal(err)
			}
			if got.From.Verdict != c.from || got.To.Verdict != c.to {
				t.Errorf("the sender does %s and the receiver %s, want %s and %s", got.From.Verdict, got.To.Verdict, c.from, c.to)
			}
			if got.Outcome.Verdict != c.outcome || got.Outcome.At != c.at {
				t.Errorf("%s at %q, want %s at %q: %s", got.Outcome.Verdict, got.Outcome.At, c.outcome, c.at, got.Outcome.Why.Key())
			}
			answers[name] = closing(t, got)
			c.says.in(t, slices.Concat(got.Outcome.Sends, got.Outcome.Takes, got.Outcome.Why))
			c.told.in(t, slices.Concat(said(&got.From), said(&got.To)))
		})
	}
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		fmt.Fprintf(&all, "%s:\n%s", name, answers[name])
	}
	goldenText(t, "answers.text", all.String())
}
