package check

import (
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// configured is what is known of the configuration in a run: it is dear to put
// together, and the same for each run that has the same readings.
type configured struct {
	at       time.Time          // when the run was started
	readings []*run.Observation // of directories and registries; nil where nobody made one
	seenAt   []addresses
	// What the directories say; nil where none is declared.
	Directories *rsop.Deployment
	Simulator   *simulate.Simulator
	// cells are those that rest on the readings alone, by their places in the plan.
	cells map[int]run.Cell
}

// addresses are those that a vantage was found to have.
type addresses struct {
	vantage string
	all     []netip.Addr
}

// configured puts together what is configured, or takes what is kept.
func (j *judgement) configured(pl *Plan, vantages map[string]*run.Vantage, observed func(run.Need) *run.Observation) *configured {
	now := &configured{at: j.run.Started, cells: map[int]run.Cell{}}
	if pl.Keeps {
		now.readings, now.seenAt = readings(pl, observed), addressesOf(j.run)
		if pl.kept.same(now) {
			return pl.kept
		}
	}
	now.Directories = j.directories(pl.policy, observed)
	now.Simulator = simulate.New(pl.policy, now.Directories, vantages, registries(observed))
	if pl.Keeps {
		pl.kept = now
	}
	return now
}

// keepable reports whether a cell rests on readings alone.
func (pl *Plan) keepable(c *planned) bool {
	return pl.Keeps && c.check.Configured && c.err == nil && !slices.ContainsFunc(slices.Concat(c.needs, c.also), func(n int32) bool {
		return pl.needs[n].Probe != run.ProbeDirectory && pl.needs[n].Probe != run.ProbeRegistry
	})
}

// keep keeps a cell. Whoever explains it may add to its lists.
func (c *configured) keep(i int, cell run.Cell) {
	cell.Reasons, cell.Intended, cell.Conduct = slices.Clip(cell.Reasons), slices.Clip(cell.Intended), slices.Clip(cell.Conduct)
	cell.Seen, cell.Controls, cell.Causes = slices.Clip(cell.Seen), slices.Clip(cell.Controls), slices.Clip(cell.Causes)
	cell.Findings, cell.Evidence, cell.Trials = slices.Clip(cell.Findings), slices.Clip(cell.Evidence), slices.Clip(cell.Trials)
	c.cells[i] = cell
}

// readings are copies of what was read of directories and registries.
func readings(pl *Plan, observed func(run.Need) *run.Observation) []*run.Observation {
	needs := DirectoryNeeds(pl.policy, run.CellID{})
	for i := range pl.policy.Vantages {
		needs = append(needs, AppliedNeeds(pl.policy.Vantages[i].Name)...)
	}
	all := make([]*run.Observation, len(needs))
	for i, n := range needs {
		if o := observed(n); o != nil {
			one := *o
			all[i] = &one
		}
	}
	return all
}

func addressesOf(r *run.Run) []addresses {
	var all []addresses
	for i := range r.Vantages {
		all = append(all, addresses{r.Vantages[i].Name, r.Vantages[i].Addresses})
	}
	return all
}

// same reports whether what is kept is what is read now.
func (c *configured) same(now *configured) bool {
	return c != nil && c.at.Equal(now.at) && slices.EqualFunc(c.readings, now.readings, sameReading) &&
		slices.EqualFunc(c.seenAt, now.seenAt, func(a, b addresses) bool {
			return a.vantage == b.vantage && slices.Equal(a.all, b.all)
		})
}

// sameReading reports whether two observations are one, which read the very same
// forest, or values.
func sameReading(a, b *run.Observation) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Forest != b.Forest || len(a.Registry) != len(b.Registry) || len(a.Registry) > 0 && &a.Registry[0] != &b.Registry[0] {
		return false
	}
	x, y := *a, *b
	x.Forest, x.Registry, y.Forest, y.Registry = nil, nil, nil, nil
	return reflect.DeepEqual(x, y)
}
