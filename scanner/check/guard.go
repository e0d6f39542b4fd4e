package check

import (
	"maps"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/belt"
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

// guard has a part of the judging done, and notes where it breaks.
func (j *judgement) guard(part string, do func()) error {
	err := belt.Catch(part, do)
	if err != nil {
		j.run.Broken = AppendNew(j.run.Broken, part)
	}
	return err
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
