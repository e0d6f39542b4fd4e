package check

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// reachChain are the checks of how a GPO comes to machines, in the order in
// which Windows comes to them.
var reachChain = []string{"gpo-exists", "gpo-linked", "gpo-readable", "gpo-wmi-filter"}

// ruleChecks are those of what the rules say.
var ruleChecks = []string{"rule-present", "rule-requirement", "rule-authentication", "rule-profile", "fails-open", "rule-crypto", "rule-conflicts", "exemptions"}

// unreachedGPO: what keeps the GPO from its machines is the cause of all that
// the machines are not told.
func unreachedGPO(d *diagnosis) {
	for _, id := range reachChain {
		for _, root := range d.where(checks(id)) {
			if !open(root) || root.Verdict == run.Inconclusive {
				continue
			}
			blame(root, root.Reason, "", d.where(func(c *run.Cell) bool {
				return c.ID.Vantage == run.DirectoryVantage && (c.ID.Check == gpoCoverage.ID || slices.Contains(reachChain, c.ID.Check) && later(reachChain, id, c.ID.Check) && c.ID.Target == root.ID.Target ||
					slices.Contains(ruleChecks, c.ID.Check) && (c.Verdict != run.Fail || strings.Contains(c.Reason, "does not come to it")))
			}))
		}
	}
}

func later(chain []string, a, b string) bool { return slices.Index(chain, a) < slices.Index(chain, b) }

// twoEnds: what is wrong with a rule at the host is wrong at the clients too,
// where they are told the same, and in other domains' copies.
func twoEnds(d *diagnosis) {
	for _, id := range append(slices.Clone(ruleChecks), "gpo-copies-agree") {
		roots := d.where(both(checks(id), func(c *run.Cell) bool { return c.Verdict == run.Fail }))
		if len(roots) == 0 {
			continue
		}
		root := roots[0]
		blame(root, root.Reason, "", d.where(func(c *run.Cell) bool {
			return c.ID.Check == id && strings.HasPrefix(c.ID.Target, "domain:") && !strings.HasPrefix(root.ID.Target, "domain:")
		}))
	}
}

// misconfiguredHosts: a host that is told the wrong thing does the wrong thing.
func misconfiguredHosts(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		root := d.wrongRule(h.Name)
		if root == nil {
			continue
		}
		id := root.ID
		for _, c := range d.where(both(target(h.Name), checks(append(slices.Clone(denyChecks), letIn...)...))) {
			if c.Breaks == run.BreaksPolicy {
				c.CausedBy = &id
			}
		}
	}
}

// wrongRule is the first failed cell of what a host is told.
func (d *diagnosis) wrongRule(host string) *run.Cell {
	for _, c := range d.cells {
		if c.Verdict == run.Fail && c.ID.Vantage == run.DirectoryVantage && c.ID.Target == host && slices.Contains(ruleChecks, c.ID.Check) {
			if c.CausedBy == nil {
				return c
			}
			for _, root := range d.cells {
				if root.ID == *c.CausedBy {
					return root
				}
			}
		}
	}
	return nil
}
