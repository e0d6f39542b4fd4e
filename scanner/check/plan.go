package check

import (
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"sync"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Plan is what a policy asks for: the cells in order, each with what has to be
// observed for it. It is made once for a run: the run observes what it names, and
// [Plan.Judge] lets a cell see what the same plan names for it, and nothing else.
type Plan struct {
	policy *intent.Policy
	checks []*Check
	cells  []planned
	byID   map[run.CellID]int32 // into cells
	// needs are those of all cells, each once; the first of them, as many as asked
	// says, are to be observed, in the order in which the cells ask.
	needs []run.Need
	asked int
	index map[run.Need]int32 // into needs
	// needsAt are the indexes of those that are observed at an address, worked out when
	// somebody asks.
	needsAt func() map[netip.Addr][]int32
	// claims are those of the trials of each check.
	claims map[string][]reason.Code
	// clear are the needs of which a claim says whether the answer was in clear, by
	// their indexes, in ascending order.
	clear []int32
	// older is the plan of the document that is judged, where it may lack something.
	older *run.Plan
	// Keeps has the plan put together, and judge, what is configured only where that
	// is not what it was in the run before: for whoever judges many runs of one policy,
	// one after the other. Runs may share a forest, or the values of a registry, and
	// must not change one that was judged.
	Keeps bool
	kept  *configured // what is configured in the run before
}

// planned is one cell of a plan.
type planned struct {
	check *Check
	id    run.CellID
	needs []int32 // indexes of what the cell needs, in ascending order
	also  []int32 // and of what else it may look at
	// trials are what the cell tries, and none why it tries nothing. They are known once
	// the plan has asked for its needs.
	trials []Trial
	none   reason.List
	listed bool
	// claims are what each claim of each trial needs, one trial after the other.
	claims [][]int32
	err    error // why the cells of the check could not be listed
}

// mostAtOnce bounds the cells that a plan makes room for before it knows them.
const mostAtOnce = 100_000

// PlanOf makes the plan of a policy of some checks.
func PlanOf(p *intent.Policy, checks []Check) *Plan {
	some := 0 // cells and needs: room for them is made once, because a map that grows is dear
	if slices.ContainsFunc(checks, func(c Check) bool { return !c.Configured }) {
		some = min(2*len(p.Hosts)*len(p.Vantages), mostAtOnce)
	}
	pl := &Plan{policy: p, cells: make([]planned, 0, some), byID: make(map[run.CellID]int32, some),
		needs: make([]run.Need, 0, some), index: make(map[run.Need]int32, some), claims: map[string][]reason.Code{}}
	for _, one := range checks {
		c := &one
		pl.checks = append(pl.checks, c)
		if pl.claims[c.ID] == nil {
			pl.claims[c.ID] = []reason.Code{}
		}
		name := c.Name()
		var ids []run.CellID
		if err := belt.Catch(name, func() { ids = c.CellIDs(p) }); err != nil {
			pl.cells = append(pl.cells, planned{check: c, id: run.CellID{Check: c.ID, Vantage: itself, Target: itself}, err: err})
			continue
		}
		for _, id := range ids {
			cell := planned{check: c, id: id}
			if belt.Catch(name, func() { pl.ask(&cell) }) != nil {
				cell.needs, cell.claims = pl.add([]run.Need{unlisted(id)}), nil
			}
			pl.byID[id] = int32(len(pl.cells)) //nolint:gosec // so many cells do not fit into any memory
			pl.cells = append(pl.cells, cell)
		}
	}
	slices.Sort(pl.clear)
	pl.clear = slices.Clip(slices.Compact(pl.clear))
	pl.asked = len(pl.needs)
	pl.needsAt = sync.OnceValue(pl.byAddress)
	for i := range pl.cells {
		if c := &pl.cells[i]; c.err == nil && !c.check.Configured {
			var also []run.Need
			// One that breaks here breaks again when it is judged, which says so.
			_ = belt.Catch(c.check.Name(), func() { also = c.check.also(p, c.id) })
			c.also = pl.add(also)
		}
	}
	return pl
}

// ask lists what a cell needs: what each claim of its trials does.
func (pl *Plan) ask(cell *planned) {
	c := cell.check
	trials, none := c.Trials(pl.policy, cell.id)
	for i := range trials {
		t := &trials[i]
		claims := c.Claims(pl.policy, t)
		cell.claims = slices.Grow(cell.claims, len(claims))
		for _, one := range claims {
			needs := pl.add(one.Needs(pl.policy, t))
			cell.claims = append(cell.claims, needs)
			if one.Code == reason.ClaimUnanswered || one.Code == reason.ClaimNoClear {
				pl.clear = append(pl.clear, needs...)
			}
			if !slices.Contains(pl.claims[c.ID], one.Code) {
				pl.claims[c.ID] = append(pl.claims[c.ID], one.Code)
			}
		}
	}
	cell.needs = slices.Concat(cell.claims...)
	slices.Sort(cell.needs)
	cell.needs = slices.Clip(slices.Compact(cell.needs))
	cell.trials, cell.none, cell.listed = trials, none, true
}

// tries lists what the cell tries, and where there is nothing to try, why. A check that
// broke when it was asked breaks again.
func (c *planned) tries(p *intent.Policy) ([]Trial, reason.List) {
	if c.listed {
		return c.trials, c.none
	}
	return c.check.Trials(p, c.id)
}

// add gives needs their indexes.
func (pl *Plan) add(needs []run.Need) []int32 {
	all := make([]int32, 0, len(needs))
	for _, n := range needs {
		i, known := pl.index[n]
		if !known {
			i = int32(len(pl.needs)) //nolint:gosec // so many needs do not fit into any memory
			pl.index[n] = i
			pl.needs = append(pl.needs, n)
		}
		all = append(all, i)
	}
	slices.Sort(all)
	return slices.Clip(slices.Compact(all))
}

// Needs lists everything that has to be observed, each need once, in the order in
// which the cells ask.
func (pl *Plan) Needs() []run.Need { return pl.needs[:pl.asked:pl.asked] }

// Probed yields each need that the run observes at one of some addresses. clear says that
// a claim judges whether its answer was in clear.
func (in *Input) Probed(addrs []netip.Addr) iter.Seq2[*run.Need, bool] {
	at := in.plan.needsAt()
	return func(yield func(n *run.Need, clear bool) bool) {
		for _, a := range addrs {
			for _, i := range at[a] {
				_, clear := slices.BinarySearch(in.plan.clear, i)
				if !yield(&in.plan.needs[i], clear) {
					return
				}
			}
		}
	}
}

// byAddress are the indexes of the needs that are observed, by their addresses.
func (pl *Plan) byAddress() map[netip.Addr][]int32 {
	at := map[netip.Addr][]int32{}
	for i := range pl.Needs() {
		if a := pl.needs[i].Addr; a.IsValid() {
			at[a] = append(at[a], int32(i)) //nolint:gosec // so many needs do not fit into any memory
		}
	}
	return at
}

// Cells are the cells in order, each with its check. Those of a check that could not
// list them are left out.
func (pl *Plan) Cells(yield func(*Check, run.CellID) bool) {
	for i := range pl.cells {
		if c := &pl.cells[i]; c.err == nil && !yield(c.check, c.id) {
			return
		}
	}
}

// Policy is the policy that the plan is of.
func (pl *Plan) Policy() *intent.Policy { return pl.policy }

// Checks are the checks of the plan, in order.
func (pl *Plan) Checks() []*Check { return pl.checks }

// NeedsOf lists what has to be observed for a cell; nothing for a cell that is not
// planned.
func (pl *Plan) NeedsOf(id run.CellID) []run.Need {
	var needs []run.Need
	if i, planned := pl.byID[id]; planned {
		for _, n := range pl.cells[i].needs {
			needs = append(needs, pl.needs[n])
		}
	}
	return needs
}

// also lists what a cell may look at besides what it needs.
func (c *Check) also(p *intent.Policy, id run.CellID) []run.Need {
	var all []run.Need
	if c.Also != nil {
		all = c.Also(p, id)
	}
	if c.Flow.AtHost() {
		all = append(all, ConfiguredNeeds(p, id)...)
	}
	return all
}

// names reports whether a plan names a need for the cell.
func (c *planned) names(i int32) bool {
	_, needed := slices.BinarySearch(c.needs, i)
	_, looked := slices.BinarySearch(c.also, i)
	return needed || looked
}

// unlisted stands for the needs of a cell whose check broke.
func unlisted(id run.CellID) run.Need {
	return run.Need{Vantage: id.Vantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeUnlisted, Param: id.String()}}
}

// find returns the index of a need. One that the plan does not name for the cell is a
// mistake of the check, which breaks it.
func (in *Input) find(n run.Need) int32 {
	i, known := in.plan.index[n]
	if !known || !in.planned.names(i) {
		panic(fmt.Sprintf("check %s looks at what it did not plan for %s: %+v", in.Cell.Check, in.Cell, n))
	}
	return i
}
