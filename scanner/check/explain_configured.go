package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// reachChain are the checks of how a GPO comes to machines, in the order in
// which Windows comes to them.
var reachChain = []string{"gpo-exists", "gpo-linked", "gpo-readable", "gpo-wmi-filter"}

// ruleChecks are those of what the rules say.
var ruleChecks = []string{"rule-present", "rule-requirement", "rule-authentication", "rule-profile", "fails-open", "rule-crypto", "rule-conflicts", "exemptions"}

// unreadDirectory: what could not be read is not known to any check, for one
// reason.
func unreadDirectory(d *diagnosis) {
	failed := d.where(both(vantage(run.DirectoryVantage), func(c *run.Cell) bool { return c.Verdict == run.Error }))
	for _, root := range failed {
		alike := slices.DeleteFunc(slices.Clone(failed), func(c *run.Cell) bool { return c.Reason != root.Reason })
		if open(root) && len(alike) > 1 {
			blame(root, root.Reason, "", alike)
		}
	}
}

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

// doubts of an end, as [ruleSum.begin] has them.
var doubts = regexp.MustCompile("(?:" + toldOtherwise + "|" + toldUnreadable + ")([^;]*)")

// unsureRules: what leaves a machine's policy in doubt leaves every check of it
// in doubt, at both ends.
func unsureRules(d *diagnosis) {
	unsure := d.where(both(checks(ruleChecks...), func(c *run.Cell) bool {
		return c.Verdict == run.Inconclusive && c.ID.Vantage == run.DirectoryVantage
	}))
	why := func(c *run.Cell) string {
		var all []string
		for _, m := range doubts.FindAllStringSubmatch(c.Reason, -1) {
			all = appendNew(all, m[1])
		}
		return clauses(all)
	}
	for _, root := range unsure {
		key := why(root)
		if key == "" || !open(root) {
			continue
		}
		var alike []*run.Cell
		for _, c := range unsure {
			if why(c) == key {
				alike = append(alike, c)
			}
		}
		blame(root, root.Reason, "look at what is named in the editor; GPMC: the GPO's Settings tab shows what Windows makes of it", alike)
	}
}

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
