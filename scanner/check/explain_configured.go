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

// toldChecks are those of what machines are told.
var toldChecks = append(slices.Clone(ruleChecks), "nat-policy")

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
			if !open(root) {
				continue
			}
			follows := func(c *run.Cell) bool { return followsFrom(root, c) }
			if root.Verdict == run.Inconclusive {
				why := notKnown(root)
				follows = func(c *run.Cell) bool {
					return why != "" && c.Verdict == run.Inconclusive && strings.Contains(c.Reason, why)
				}
			}
			blame(root, root.Reason, "", d.where(both(vantage(run.DirectoryVantage), follows)))
		}
	}
}

// followsFrom reports whether a cell says no more than that the GPO does not come
// to machines, or is not known, which the root says.
func followsFrom(root, c *run.Cell) bool {
	switch {
	case c.ID.Check == gpoCoverage.ID:
		return true
	case c.ID.Check == gpoReplicated.ID:
		return root.ID.Check == gpoExists.ID && c.ID.Target == root.ID.Target && root.Verdict == run.Error && c.Verdict == run.Error
	case slices.Contains(reachChain, c.ID.Check):
		return later(reachChain, root.ID.Check, c.ID.Check) && c.ID.Target == root.ID.Target
	case !slices.Contains(toldChecks, c.ID.Check):
		return false
	case c.Verdict != run.Fail || strings.Contains(c.Reason, "does not come to it"):
		return true
	}
	// A GPO that is empty comes to machines and tells them nothing.
	return root.ID.Check == gpoExists.ID && (strings.HasSuffix(c.Reason, "there is no connection security rule") || c.ID.Check == exemptions.ID && strings.Contains(c.Reason, "no active rule has it"))
}

// notKnown is what a cell says is the reason for not knowing something.
func notKnown(c *run.Cell) string {
	_, why, _ := strings.Cut(c.Reason, "not known: ")
	return why
}

func later(chain []string, a, b string) bool { return slices.Index(chain, a) < slices.Index(chain, b) }

// doubts of an end, as [ruleSum.begin] has them.
var doubts = regexp.MustCompile("(?:" + toldOtherwise + "|" + toldUnreadable + ")([^;]*)")

// unsureRules: what leaves a machine's policy in doubt leaves every check of it
// in doubt, at both ends.
func unsureRules(d *diagnosis) {
	unsure := d.where(both(checks(toldChecks...), func(c *run.Cell) bool {
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
