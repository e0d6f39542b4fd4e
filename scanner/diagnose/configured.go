package diagnose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The checks that an explanation here is about by name.
const (
	gpoExists      = "gpo-exists"
	gpoCoverage    = "gpo-coverage"
	gpoNotOnDCs    = "gpo-not-on-dcs"
	gpoReplicated  = "gpo-replicated"
	gpoCopiesAgree = "gpo-copies-agree"
	gpoApplied     = "gpo-applied"
	rulePresent    = "rule-present"
	exemptions     = "exemptions"
	espPasses      = "esp-50"
)

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
// the machines of its domain are not told.
func unreachedGPO(d *diagnosis) {
	for _, x := range d.those(d.ofArrival) {
		for _, root := range d.where(named(x.ID)) {
			if !open(root) {
				continue
			}
			follows := func(c *run.Cell) bool { return d.sameDomain(root, c) && d.followsFrom(root, c) }
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
func (d *diagnosis) followsFrom(root, c *run.Cell) bool {
	switch {
	case c.ID.Check == gpoCoverage, c.ID.Check == gpoNotOnDCs && c.Verdict != run.Fail:
		return true
	case c.ID.Check == gpoReplicated:
		return d.follows(c, root.ID.Check) && c.ID.Target == root.ID.Target && (root.Verdict == run.Error && c.Verdict == run.Error ||
			strings.Contains(root.Reason, "has no folder in SYSVOL") && strings.HasSuffix(c.Reason, "is not there"))
	case d.ofArrival(d.check(c)):
		return d.follows(c, root.ID.Check) && c.ID.Target == root.ID.Target
	case c.ID.Check == gpoNotOnDCs:
		return false
	case !d.told(d.check(c)):
		return d.follows(c, root.ID.Check) && c.ID.Target == root.ID.Target
	case c.Verdict != run.Fail || strings.Contains(c.Reason, "does not come to it"):
		return true
	}
	// A GPO that is empty comes to machines and tells them nothing.
	return root.ID.Check == gpoExists && (strings.HasSuffix(c.Reason, "there is no connection security rule") || c.ID.Check == exemptions && strings.Contains(c.Reason, "no active rule has it"))
}

// notKnown is what a cell says is the reason for not knowing something.
func notKnown(c *run.Cell) string {
	_, why, _ := strings.Cut(c.Reason, "not known: ")
	return why
}

// sameDomain reports whether two cells are of GPOs, hosts or clients of one
// domain, as far as their targets tell: a host whose name tells no declared domain
// may be of any.
func (d *diagnosis) sameDomain(a, b *run.Cell) bool {
	one, other := d.domainOf(a.ID), d.domainOf(b.ID)
	return one == "" || other == "" || strings.EqualFold(one, other)
}

func (d *diagnosis) domainOf(id run.CellID) string { return d.plan.Domain(id.Target) }

// noAccounts: a host without an account is one cause, whatever asks for it.
func noAccounts(d *diagnosis) {
	for _, root := range d.where(both(named(rulePresent), func(c *run.Cell) bool { return c.Verdict == run.Fail })) {
		blameAlike(d, root, func(c *run.Cell) bool { return c.ID.Target == root.ID.Target && c.Reason == root.Reason })
	}
}

// ruleNames are the rules that a sentence names.
var ruleNames = regexp.MustCompile(`rule ("[^"]+"|\{[^}]*\})`)

// loosenedRules: a rule that exempts whom it should not, or that is lost, leaves
// in doubt, or uncovered, what it takes in, at both ends.
func loosenedRules(d *diagnosis) {
	for _, root := range d.where(both(d.being(func(x *check.Check) bool { return x.Rules && d.beforeRules(x) }), func(c *run.Cell) bool { return c.Verdict == run.Fail })) {
		names := ruleNames.FindAllString(root.Reason, -1)
		lost := root.Reasons.Has(reason.LostRule)
		blameAlike(d, root, func(c *run.Cell) bool {
			if !d.check(c).Rules || !d.sameDomain(root, c) || !lost && !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(c.Reason, n) }) {
				return false
			}
			return c.ID.Check == root.ID.Check || c.Verdict == run.Inconclusive || lost && d.follows(c, root.ID.Check)
		})
	}
}

// blameAlike makes root the cause of others, where there are any.
func blameAlike(d *diagnosis, root *run.Cell, match func(*run.Cell) bool) {
	others := slices.DeleteFunc(d.where(match), func(c *run.Cell) bool { return c == root })
	if len(others) > 0 && open(root) {
		blame(root, root.Reason, "", others)
	}
}

// unsureRules: what leaves a machine's policy in doubt leaves every check of it
// in doubt, at both ends.
func unsureRules(d *diagnosis) {
	unsure := d.where(both(d.being(d.told), func(c *run.Cell) bool {
		return c.Verdict == run.Inconclusive && c.ID.Vantage == run.DirectoryVantage
	}))
	why := func(c *run.Cell) string {
		var all reason.List
		for _, r := range c.Reasons {
			if r.Is(reason.ToldOtherwise, reason.ToldUnreadable) {
				all = all.Add(r.Because("why")...)
			}
		}
		return all.Key()
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

// twoEnds: what is wrong with a rule at the host is wrong at the clients of its
// domain too, where they are told the same; and a copy of the GPO that lacks
// something differs from the others.
func twoEnds(d *diagnosis) {
	failed := func(c *run.Cell) bool { return c.Verdict == run.Fail }
	for _, x := range d.those(rules) {
		for _, root := range d.where(both(named(x.ID), failed)) {
			if strings.HasPrefix(root.ID.Target, "domain:") {
				continue
			}
			blameAlike(d, root, func(c *run.Cell) bool {
				return c.ID.Check == x.ID && strings.HasPrefix(c.ID.Target, "domain:") && d.sameDomain(root, c)
			})
		}
	}
	for _, copied := range d.where(both(named(gpoCopiesAgree), failed)) {
		i := slices.IndexFunc(d.cells, func(c *run.Cell) bool {
			return failed(c) && c.CausedBy == nil && d.follows(copied, c.ID.Check) && d.check(c).Rules && d.sameDomain(c, copied)
		})
		if i >= 0 {
			root := d.cells[i]
			id := root.ID
			root.Cause, copied.CausedBy = cmp.Or(root.Cause, root.Reason), &id
		}
	}
}

// misconfiguredHosts: a host that is told the wrong thing does the wrong thing,
// and so does one that has not taken what it is told.
func misconfiguredHosts(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		for breaks, root := range map[run.Breaks]*run.Cell{run.BreaksPolicy: d.wrongRule(h.Name), run.BreaksApplying: d.notApplied(h.Name)} {
			if root == nil {
				continue
			}
			id := root.ID
			for _, c := range d.where(both(target(h.Name), d.being(atHost))) {
				if c.Breaks == breaks {
					root.Cause = cmp.Or(root.Cause, root.Reason)
					c.CausedBy = &id
				}
			}
		}
	}
}

// notApplied is the first failed cell of what a host has applied.
func (d *diagnosis) notApplied(host string) *run.Cell {
	for _, c := range d.cells {
		if v, _ := d.policy.Vantage(c.ID.Vantage); c.Verdict == run.Fail && c.ID.Check == gpoApplied && v.Host == host && c.CausedBy == nil {
			return c
		}
	}
	return nil
}

// wrongRule is the first failed cell of what a host is told.
func (d *diagnosis) wrongRule(host string) *run.Cell {
	for _, c := range d.cells {
		if c.Verdict == run.Fail && c.ID.Vantage == run.DirectoryVantage && c.ID.Target == host && d.check(c).Rules {
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
