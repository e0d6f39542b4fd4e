package diagnose

import (
	"cmp"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// relations are what the checks of a plan declare of each other.
type relations struct {
	checks []*check.Check
	byID   map[kind]*check.Check
	after  map[[2]string]bool // that the first comes after the second, if not at once

	// By ID: the checks of how a GPO comes to machines, which are those that checks
	// of rules come after and that look at no rule themselves; those that name the
	// last of them; and those that come after a negotiation of IPsec.
	arrival, arrived, negotiated map[string]bool
}

// kind tells the checks of one ID apart.
type kind struct {
	id         string
	configured bool
}

func kindOf(id run.CellID) kind { return kind{id.Check, id.Vantage == run.DirectoryVantage} }

func (d *diagnosis) relate() {
	d.checks, d.byID, d.after = d.plan.Checks(), map[kind]*check.Check{}, map[[2]string]bool{}
	direct := map[string][]string{}
	for _, x := range d.checks {
		d.byID[kind{x.ID, x.Configured}] = x
		direct[x.ID] = append(direct[x.ID], x.After...)
	}
	var follow func(id, root string)
	follow = func(id, root string) {
		for _, before := range direct[root] {
			if pair := [2]string{id, before}; !d.after[pair] {
				d.after[pair] = true
				follow(id, before)
			}
		}
	}
	for id := range direct {
		follow(id, id)
	}
	d.arrival, d.arrived, d.negotiated = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, x := range d.checks {
		d.arrival[x.ID] = !x.Rules && d.beforeRules(x)
		d.negotiated[x.ID] = d.any(func(y *check.Check) bool { return negotiates(y) && d.comesAfter(x.ID, y.ID) })
	}
	for _, x := range d.checks {
		d.arrived[x.ID] = !d.arrival[x.ID] && slices.ContainsFunc(x.After, func(last string) bool {
			return d.arrival[last] && !d.any(func(y *check.Check) bool { return d.arrival[y.ID] && d.comesAfter(y.ID, last) })
		})
	}
}

// those are the checks of the plan that match, in its order.
func (d *diagnosis) those(match func(*check.Check) bool) []*check.Check {
	var some []*check.Check
	for _, x := range d.checks {
		if match(x) {
			some = append(some, x)
		}
	}
	return some
}

// check of a cell; one about nothing where the plan has none.
func (d *diagnosis) check(c *run.Cell) *check.Check {
	if x := d.byID[kindOf(c.ID)]; x != nil {
		return x
	}
	return &check.Check{ID: c.ID.Check}
}

// follows reports whether a cell is of a check that comes after another.
func (d *diagnosis) follows(c *run.Cell, root string) bool { return d.comesAfter(c.ID.Check, root) }

// named matches the cells of the checks of one ID.
func named(id string) func(*run.Cell) bool {
	return func(c *run.Cell) bool { return c.ID.Check == id }
}

// being matches the cells of checks that match.
func (d *diagnosis) being(match func(*check.Check) bool) func(*run.Cell) bool {
	return func(c *run.Cell) bool { return match(d.check(c)) }
}

// What checks are about, for those and being.

func negotiates(x *check.Check) bool { return x.Flow.Intent == check.Negotiated }

func denies(x *check.Check) bool { return x.Flow.Intent == check.Denied }

// letsIn is of checks that say that a flow to a host works.
func letsIn(x *check.Check) bool { return x.Flow.AtHost() && !denies(x) }

func atHost(x *check.Check) bool { return x.Flow.AtHost() }

func fromHost(x *check.Check) bool { return x.Flow.FromHost }

func rules(x *check.Check) bool { return x.Rules }

// ofArrival is of the checks of how a GPO comes to machines.
func (d *diagnosis) ofArrival(x *check.Check) bool { return d.arrival[x.ID] }

// told is of the checks of what machines are told by the GPOs that come to them.
func (d *diagnosis) told(x *check.Check) bool { return d.arrived[x.ID] }

// byIPsec is of checks of flows that need IPsec to be negotiated.
func (d *diagnosis) byIPsec(x *check.Check) bool { return letsIn(x) && d.negotiated[x.ID] }

// beforeRules is of checks that some check of rules comes after.
func (d *diagnosis) beforeRules(x *check.Check) bool {
	return d.any(func(y *check.Check) bool { return y.Rules && d.comesAfter(y.ID, x.ID) })
}

func (d *diagnosis) comesAfter(id, root string) bool { return d.after[[2]string{id, root}] }

func (d *diagnosis) any(match func(*check.Check) bool) bool {
	return slices.ContainsFunc(d.checks, match)
}

// plainest sorts checks: those that try the KMS port come first, for they say most
// of a host, then those of declared ports, of echo, of IPv6 alone, from source
// ports that filters trust, and at last those that only look at what others tried.
func plainest(all []*check.Check) []*check.Check {
	rank := func(f check.Flow) int {
		switch {
		case f.Intent == check.Negotiated:
			return 6
		case f.Intent == check.Protected:
			return 5
		case f.Trusted:
			return 4
		case f.IPv6:
			return 3
		case f.Protocol == simulate.Echo:
			return 2
		case f.Declared:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b *check.Check) int { return cmp.Compare(rank(a.Flow), rank(b.Flow)) })
	return all
}

// declaredCauses: what fails is the cause of what declares to come after it, where
// no other explanation is about it.
func declaredCauses(d *diagnosis) {
	for _, x := range d.checks {
		if negotiates(x) || fromHost(x) || x.Rules || d.ofArrival(x) || x.ID == espPasses || x.ID == gpoApplied {
			continue
		}
		for _, root := range d.cells {
			if !x.Is(root.ID) || root.Verdict != run.Fail {
				continue
			}
			by := root.ID
			if root.CausedBy != nil {
				by = *root.CausedBy
			}
			for _, c := range d.where(func(c *run.Cell) bool { return c != root && d.follows(c, x.ID) && d.alongside(root, c) }) {
				itsOwn(root)
				c.CausedBy = &by
			}
		}
	}
}

// alongside reports whether a cell is of the same machines as another: of its
// target, and of its vantage too where both look at the network.
func (d *diagnosis) alongside(root, c *run.Cell) bool {
	if d.check(root).Configured != d.check(c).Configured {
		return d.hostOf(root) != "" && d.hostOf(root) == d.hostOf(c)
	}
	return root.ID.Target == c.ID.Target && root.ID.Vantage == c.ID.Vantage
}

// hostOf is the KMS host that a cell is about, as its target or its vantage.
func (d *diagnosis) hostOf(c *run.Cell) string {
	if h, ok := d.policy.Host(c.ID.Target); ok {
		return h.Name
	}
	if v, ok := d.policy.Vantage(c.ID.Vantage); ok && v.Role == intent.RoleKMSHost {
		return v.Host
	}
	return ""
}
