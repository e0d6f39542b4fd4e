package check

import (
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

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
