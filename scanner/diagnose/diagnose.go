// Package diagnose says what is behind the verdicts of a whole run: which broken
// link is the cause, and which cells only follow from it. It knows checks by what
// they declare of themselves, their flow and what they come after, and changes no
// verdict.
package diagnose

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Diagnose looks at all verdicts together: it names the first broken link of
// each chain as the cause and marks what only follows from it. It changes no
// verdict. The explanations are tried in order, the most encompassing first; a
// cell that one of them has explained is left alone by the others.
func Diagnose(pl *check.Plan, r *run.Run, cells []run.Cell) {
	if !slices.ContainsFunc(cells, func(c run.Cell) bool { return open(&c) }) {
		return // nothing to explain
	}
	d := &diagnosis{plan: pl, policy: pl.Policy(), run: r, observed: map[run.Need]*run.Observation{}, hosts: map[string]string{}}
	d.enter(cells)
	for _, h := range d.policy.Hosts {
		for _, a := range h.Addresses {
			d.hosts[a.String()] = h.Name
		}
	}
	d.relate()
	for _, explain := range explanations {
		d.try(explain)
	}
	d.try(explanation{"ownErrors", (*diagnosis).ownErrors})
	d.try(explanation{"foldAlike", (*diagnosis).foldAlike})
}

// explanation is one of those that are tried in order.
type explanation struct {
	name string
	do   func(*diagnosis)
}

var explanations = []explanation{
	{"unreadDirectory", unreadDirectory},
	{"unreachedGPO", unreachedGPO},
	{"noAccounts", noAccounts},
	{"unsureRules", unsureRules},
	{"loosenedRules", loosenedRules},
	{"twoEnds", twoEnds},
	{"lostVantages", lostVantages},
	{"misconfiguredHosts", misconfiguredHosts},
	{"cutOffVantages", cutOffVantages},
	{"downHosts", downHosts},
	{"requiredOutbound", requiredOutbound},
	{"unreachedResolvers", unreachedResolvers},
	{"stoppedServices", stoppedServices},
	{"hiddenHosts", hiddenHosts},
	{"openHosts", openHosts},
	{"openServices", openServices},
	{"silentIKE", silentIKE},
	{"unappliedPolicy", unappliedPolicy},
	{"blockedESP", blockedESP},
	{"failedNegotiation", failedNegotiation},
	{"missingExemptions", missingExemptions},
	{"missingControls", missingControls},
	{"declaredCauses", declaredCauses},
}

// try gives an explanation its turn. One that breaks explains nothing.
func (d *diagnosis) try(e explanation) {
	if belt.Catch("diagnosis "+e.name, func() { e.do(d) }) != nil {
		if part := "diagnosis " + e.name; !slices.Contains(d.run.Broken, part) {
			d.run.Broken = append(d.run.Broken, part)
		}
	}
}

// foldAlike folds roots of one check that say the same of different vantages
// and hosts under the first of them: one broken router is one cause, however
// many cells it turns. Cells that no explanation took are their own cause.
func (d *diagnosis) foldAlike() {
	roots := map[string]*run.Cell{}
	moved := map[run.CellID]run.CellID{}
	alike := map[*run.Cell][]string{}
	for _, c := range d.cells {
		switch {
		case c.CausedBy != nil || c.Stopped || c.Verdict == run.Pass || c.Verdict == run.Skip || c.Verdict == run.Waived:
			continue
		}
		itsOwn(c)
		key := c.ID.Check + " " + string(c.Verdict) + " " + d.impersonal(c.Causes, c.ID)
		root := roots[key]
		if root == nil {
			roots[key] = c
			continue
		}
		id := root.ID
		moved[c.ID] = id
		c.CausedBy = &id
		alike[root] = append(alike[root], c.ID.Vantage+" with "+c.ID.Target)
	}
	for root, others := range alike {
		root.Causes = with(root.Causes, reason.LikewiseAt, "at", others)
	}
	for _, c := range d.cells {
		if c.CausedBy == nil {
			continue
		}
		if to, ok := moved[*c.CausedBy]; ok {
			c.CausedBy = &to
		}
	}
}

// diagnosis is the whole run as the explanations see it.
type diagnosis struct {
	plan     *check.Plan
	policy   *intent.Policy
	run      *run.Run
	cells    []*run.Cell
	observed map[run.Need]*run.Observation
	hosts    map[string]string // by address, the name
	index
	relations
}

// open reports whether a cell is worth an explanation and has none yet.
func open(c *run.Cell) bool {
	switch c.Verdict {
	case run.Fail, run.Error, run.Inconclusive:
		return len(c.Causes) == 0 && c.CausedBy == nil
	}
	return false
}

// itsOwn makes what a cell says itself the cause that it names, where it names
// none.
func itsOwn(c *run.Cell) {
	if len(c.Causes) == 0 {
		c.Causes = c.Reasons
	}
}

// blame makes root the cause of the others.
func blame(root *run.Cell, causes reason.List, others []*run.Cell) {
	root.Causes = causes
	for _, c := range others {
		if c != root && open(c) {
			id := root.ID
			c.CausedBy = &id
		}
	}
}

// with is a list with one more reason, which leaves the list itself alone.
func with(l reason.List, code reason.Code, args ...any) reason.List {
	return append(slices.Clip(l), reason.New(code, args...))
}

// wantsAnswer reports whether a need is of a question that the far side answers.
func wantsAnswer(n run.Need) bool {
	switch n.Probe {
	case run.ProbeICMP, run.ProbeTCP, run.ProbeTCPFrom, run.ProbeRPC, run.ProbeIKE:
		return true
	}
	return false
}

// first returns the first cell of the given checks, tried in their order.
func first(cells []*run.Cell, of []*check.Check) *run.Cell {
	for _, x := range of {
		for _, c := range cells {
			if x.Is(c.ID) {
				return c
			}
		}
	}
	return nil
}
