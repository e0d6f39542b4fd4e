package check

import (
	"maps"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// itself is vantage and target of the cell that stands for a check whose cells
// could not even be listed.
const itself = "kmsiso"

// judgement is a judging under way: it notes which checks break.
type judgement struct {
	run      *run.Run
	unlisted map[string]bool // cells whose needs could not be listed
}

func newJudgement(r *run.Run) *judgement {
	r.Broken = nil
	j := &judgement{run: r, unlisted: map[string]bool{}}
	for i := range r.Observations {
		if n := &r.Observations[i].Need; n.Probe == run.ProbeUnlisted {
			j.unlisted[n.Param] = true
		}
	}
	return j
}

// Judge judges every cell of the plan from the observations of a run, each by
// itself. What expires does so by r.Started, the wall clock. What broke while it
// judged, or while the run observed, is noted in r.Broken: a check that breaks
// costs its own cells.
func (pl *Plan) Judge(r *run.Run) []run.Cell {
	j := newJudgement(r)
	in := j.input(pl)
	cells := make([]run.Cell, 0, len(pl.cells))
	for i := range pl.cells {
		c := &pl.cells[i]
		cell, kept := in.cells[i]
		if !kept || !j.whole() {
			cell = j.cell(in.of(c))
		}
		if !kept && j.whole() && pl.keepable(c) {
			in.keep(i, cell)
		}
		cells = append(cells, cell)
	}
	j.brokenParts(r)
	r.Beyond = in.unknown.reasons()
	return cells
}

// whole reports whether the run came to its end, and nothing of it broke so far.
func (j *judgement) whole() bool {
	return j.run.Stopped == nil && len(j.unlisted)+len(j.run.Broken) == 0
}

// input is what all cells of a plan share of what they may look at.
func (j *judgement) input(pl *Plan) *Input {
	in := &Input{Policy: pl.policy, plan: pl, vantages: map[string]*run.Vantage{}, observed: pl.observations(j.run), Started: j.run.Started, unknown: new(unknown)}
	for i := range j.run.Vantages {
		in.vantages[j.run.Vantages[i].Name] = &j.run.Vantages[i]
	}
	in.configured = j.configured(pl, in.vantages, func(n run.Need) *run.Observation {
		if i, planned := pl.index[n]; planned {
			return in.observed[i]
		}
		return nil
	})
	return in
}

// of is the input of one cell.
func (in *Input) of(c *planned) *Input {
	one := *in
	one.Cell, one.planned = c.id, c
	return &one
}

// observations are those of a run by the index of their needs: nil where nobody
// observed one. What the plan does not name is left out.
func (pl *Plan) observations(r *run.Run) []*run.Observation {
	all := make([]*run.Observation, len(pl.needs))
	for i := range r.Observations {
		o := &r.Observations[i]
		if n, planned := pl.index[o.Need]; planned {
			all[n] = o
		}
	}
	return all
}

// directories is readDirectories. Where that breaks every forest is one that
// could not be read.
func (j *judgement) directories(p *intent.Policy, observed func(run.Need) *run.Observation) (dirs *rsop.Deployment) {
	const part = "reading of the directories"
	if err := j.guard(part, func() { dirs = readDirectories(p, observed) }); err != nil {
		dirs = rsop.Deploy(p, func(string) *run.Observation { return &run.Observation{Trouble: reason.Of(err)} })
	}
	return dirs
}

// cell judges one cell. A check that breaks, or has broken, makes it an error. So does a run
// that was stopped before everything was observed that the cell needs, unless
// what was observed is enough for a fail.
func (j *judgement) cell(in *Input) run.Cell {
	var cell run.Cell
	c, err := in.planned.check, in.planned.err
	if err != nil {
		j.run.Broken = AppendNew(j.run.Broken, c.Name())
	}
	if len(j.unlisted) > 0 && j.unlisted[in.Cell.String()] {
		err = reason.Fail(reason.CheckUnlisted, "part", c.Name())
		j.run.Broken = AppendNew(j.run.Broken, c.Name())
	}
	stopped := false
	if err == nil {
		err = j.guard(c.Name(), func() {
			cell = c.judge(in)
			stopped = j.run.Stopped != nil && cell.Verdict != run.Fail && in.stopped()
		})
	}
	if err != nil {
		cell, out := unconcluded(run.Error, reason.Of(err))
		return c.sign(in, cell, out)
	}
	if stopped {
		// The cause is known: no explanation is to look for another.
		cell, out := unconcluded(run.Error, stoppedBefore)
		cell.Stopped, cell.Causes = true, stoppedBefore
		return c.sign(in, cell, out)
	}
	return cell
}

// stoppedBefore is why a cell is not decided in a run that was stopped.
var stoppedBefore = reason.One(reason.StoppedBefore)

// stopped reports whether something of what a cell needs was not observed any
// more.
func (in *Input) stopped() bool {
	return slices.ContainsFunc(in.planned.needs, func(n int32) bool {
		o := in.observed[n]
		return o == nil || o.Stopped
	})
}

// judge judges one cell. The verdict is that of its outcome, whatever is told beside it.
func (c *Check) judge(in *Input) run.Cell {
	cell, out := in.known(c.look(in))
	return c.sign(in, cell, out)
}

// look is what a cell comes to, with what is told of it. A vantage that nobody could
// enter decides it at once.
func (c *Check) look(in *Input) (run.Cell, claim.Outcome) {
	h, isHost := in.Policy.Host(in.Cell.Target)
	switch v := in.At(in.Cell.Vantage); {
	case c.Configured:
		if why, unread := in.unreadForests(); unread {
			return unconcluded(run.Error, why)
		}
		return c.judgeTrials(in)
	case c.Watching:
		return c.judgeTrials(in)
	case in.IsolatedFromController(v):
		return unconcluded(run.Skip, reason.One(reason.IsolatedFromController, "why", v.Trouble))
	case len(v.Trouble) > 0:
		return unconcluded(run.Error, v.Trouble)
	case isHost && len(h.Addresses) == 0:
		return unconcluded(run.Error, in.Policy.Endpoints(h.Name, []uint16{h.Port})[0].Trouble)
	}
	cell, out := c.judgeTrials(in)
	cell.ID = in.Cell
	in.tellConfigured(&cell)
	return cell, out
}

// unconcluded is a cell of which nothing was tried.
func unconcluded(v run.Verdict, why reason.List) (run.Cell, claim.Outcome) {
	out := claim.Unpassed(v, why)
	return out.Cell(), out
}

// sign adds to a judgement what it is of, its evidence, and its verdict.
func (c *Check) sign(in *Input, cell run.Cell, out claim.Outcome) run.Cell {
	out.Seal(&cell)
	cell.ID, cell.Title, cell.Section, cell.Confirmed = in.Cell, c.Title, c.Section, c.Confirmed
	cell.Evidence = in.evidence
	return cell
}

// IsolatedFromController reports whether nobody could enter a vantage because
// it is a KMS host, whose isolation shuts out a controller that is neither a
// domain member nor exempt. That is no failure, of nobody.
func (in *Input) IsolatedFromController(v *run.Vantage) bool {
	if len(v.Trouble) == 0 || v.Role != string(intent.RoleKMSHost) || in.Policy.Isolation.Stage != intent.StageRequire {
		return false
	}
	for _, w := range v.Ways {
		if !w.Unanswered {
			return false
		}
	}
	for _, c := range in.Policy.WithRole(intent.RoleDomain, intent.RoleExempt, intent.RoleKMSHost) {
		for _, w := range c.Via {
			if w.Implies.Here {
				return false
			}
		}
	}
	return len(v.Ways) > 0
}

// guard has a part of the judging done, and notes where it breaks.
func (j *judgement) guard(part string, do func()) error {
	err := belt.Catch(part, do)
	if err != nil {
		j.run.Broken = AppendNew(j.run.Broken, part)
	}
	return err
}

// brokenParts notes what broke while the run observed: ways in and probes.
func (j *judgement) brokenParts(r *run.Run) {
	parts := map[string]bool{}
	for i := range r.Observations {
		if o := &r.Observations[i]; o.Broke && o.Need.Probe != run.ProbeUnlisted {
			parts["probe "+string(o.Need.Probe)] = true
		}
	}
	for _, v := range r.Vantages {
		if v.Broke {
			parts["way into "+v.Name] = true
		}
	}
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		r.Broken = AppendNew(r.Broken, part)
	}
}
