package diagnose

import (
	"cmp"
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
	failed := d.from(run.DirectoryVantage, func(c *run.Cell) bool { return c.Verdict == run.Error })
	for _, root := range failed {
		alike := slices.DeleteFunc(slices.Clone(failed), func(c *run.Cell) bool { return !c.Reasons.Equal(root.Reasons) })
		if open(root) && len(alike) > 1 {
			blame(root, root.Reasons, alike)
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
				follows = func(c *run.Cell) bool { return c.Verdict == run.Inconclusive && restsOn(c, root) }
			}
			blame(root, root.Reasons, d.from(run.DirectoryVantage, follows))
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
			root.Reasons.Names(reason.GPOFolderMissing) && c.Reasons.Has(reason.CopyWithoutContainer, reason.CopyWithoutFile))
	case d.ofArrival(d.check(c)):
		return d.follows(c, root.ID.Check) && c.ID.Target == root.ID.Target
	case c.ID.Check == gpoNotOnDCs:
		return false
	case !d.told(d.check(c)):
		return d.follows(c, root.ID.Check) && c.ID.Target == root.ID.Target
	case c.Verdict != run.Fail || c.Reasons.Names(reason.NoIsolationGPO, reason.GPODoesNotCome, reason.IsolationElsewhere):
		return true
	}
	// A GPO that is empty comes to machines and tells them nothing.
	return root.ID.Check == gpoExists && c.Reasons.Names(reason.NoSecurityRule, reason.DoesNotExempt)
}

// restsOn reports whether a cell is not decided for what the root does not know.
func restsOn(c, root *run.Cell) bool {
	return slices.ContainsFunc(root.Reasons, func(r reason.Reason) bool {
		unknown := r.Because("why")
		for said := range c.Reasons.All {
			if len(unknown) > 0 && said.Equal(unknown[0]) {
				return true
			}
		}
		return false
	})
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
	for _, root := range d.where(named(rulePresent), func(c *run.Cell) bool { return c.Verdict == run.Fail }) {
		blameAlike(d, root, func(c *run.Cell) bool { return c.ID.Target == root.ID.Target && c.Reasons.Equal(root.Reasons) })
	}
}

// rulesOf are the rules that a cell names: each by its name, or by its id where it
// has none.
func rulesOf(c *run.Cell) map[string]bool {
	names := map[string]bool{}
	for r := range c.Reasons.All {
		for _, arg := range []string{"rule", "other"} {
			if name := cmp.Or(r.Word(arg), r.Word(arg+"-id")); name != "" {
				names[name] = true
			}
		}
	}
	return names
}

// loosenedRules: a rule that exempts whom it should not, or that is lost, leaves
// in doubt, or uncovered, what it takes in, at both ends.
func loosenedRules(d *diagnosis) {
	for _, root := range d.where(d.being(func(x *check.Check) bool { return x.Rules && d.beforeRules(x) }), func(c *run.Cell) bool { return c.Verdict == run.Fail }) {
		names := rulesOf(root)
		lost := root.Reasons.Has(reason.LostRule)
		blameAlike(d, root, func(c *run.Cell) bool {
			if !d.check(c).Rules || !d.sameDomain(root, c) || !lost && !overlap(names, rulesOf(c)) {
				return false
			}
			return c.ID.Check == root.ID.Check || c.Verdict == run.Inconclusive || lost && d.follows(c, root.ID.Check)
		})
	}
}

func overlap(a, b map[string]bool) bool {
	for name := range a {
		if b[name] {
			return true
		}
	}
	return false
}

// blameAlike makes root the cause of others, where there are any.
func blameAlike(d *diagnosis, root *run.Cell, match func(*run.Cell) bool) {
	others := slices.DeleteFunc(d.where(match), func(c *run.Cell) bool { return c == root })
	if len(others) > 0 && open(root) {
		blame(root, root.Reasons, others)
	}
}

// unsureRules: what leaves a machine's policy in doubt leaves every check of it
// in doubt, at both ends.
func unsureRules(d *diagnosis) {
	unsure := d.from(run.DirectoryVantage, d.being(d.told), func(c *run.Cell) bool { return c.Verdict == run.Inconclusive })
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
		blame(root, with(root.Reasons, reason.RulesInDoubt), alike)
	}
}

// twoEnds: what is wrong with a rule at the host is wrong at the clients of its
// domain too, where they are told the same; and a copy of the GPO that lacks
// something differs from the others.
func twoEnds(d *diagnosis) {
	failed := func(c *run.Cell) bool { return c.Verdict == run.Fail }
	for _, x := range d.those(rules) {
		for _, root := range d.where(named(x.ID), failed) {
			if strings.HasPrefix(root.ID.Target, "domain:") {
				continue
			}
			blameAlike(d, root, func(c *run.Cell) bool {
				return c.ID.Check == x.ID && strings.HasPrefix(c.ID.Target, "domain:") && d.sameDomain(root, c)
			})
		}
	}
	for _, copied := range d.where(named(gpoCopiesAgree), failed) {
		i := slices.IndexFunc(d.cells, func(c *run.Cell) bool {
			return failed(c) && c.CausedBy == nil && d.follows(copied, c.ID.Check) && d.check(c).Rules && d.sameDomain(c, copied)
		})
		if i >= 0 {
			root := d.cells[i]
			id := root.ID
			itsOwn(root)
			copied.CausedBy = &id
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
			for _, c := range d.at(h.Name, d.being(atHost)) {
				if c.Breaks == breaks {
					itsOwn(root)
					c.CausedBy = &id
				}
			}
		}
	}
}

// notApplied is the first failed cell of what a host has applied.
func (d *diagnosis) notApplied(host string) *run.Cell {
	for _, k := range d.policy.HostVantages(host) {
		for _, c := range d.of[k.Name] {
			if c.Verdict == run.Fail && c.ID.Check == gpoApplied && c.CausedBy == nil {
				return c
			}
		}
	}
	return nil
}

// wrongRule is the first failed cell of what a host is told.
func (d *diagnosis) wrongRule(host string) *run.Cell {
	for _, c := range d.about[host] {
		if c.Verdict == run.Fail && c.ID.Vantage == run.DirectoryVantage && d.check(c).Rules {
			if c.CausedBy == nil {
				return c
			}
			if root := d.cell[*c.CausedBy]; root != nil {
				return root
			}
		}
	}
	return nil
}
