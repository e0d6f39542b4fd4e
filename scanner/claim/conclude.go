package claim

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Asked is a claim of a trial with its support.
type Asked struct {
	Code reason.Code
	Support
}

// Conclusion is what a trial comes to. Only [Conclude] makes one that passes: the
// zero Conclusion does not decide.
type Conclusion struct {
	verdict run.Verdict
	weak    bool
	void    bool
	unmade  bool
	by      run.Attribution
	why     reason.List
}

// order is that in which support decides, the first that a claim has.
var order = []run.Support{run.Exposure, run.Broken, run.Void, run.ToolFailed, run.Setup, run.NotShown, run.Weak}

// verdicts are what support comes to that decides.
var verdicts = map[run.Support]run.Verdict{
	run.Exposure: run.Fail, run.Broken: run.Fail, run.Void: run.Skip, run.ToolFailed: run.Error,
	run.Setup: run.Inconclusive, run.NotShown: run.Inconclusive, run.Weak: run.Pass,
}

// Conclude says what a trial comes to: exposure or what is broken fails it, whatever
// else is known. Else what is closed to everybody takes it away; else a failure of
// the tool is an error; else what is not shown, or not as declared, does not decide.
// Else every claim is shown, and it passes: weakly, if one of them is weak.
//
// Why is that of the first claim that decides; of a weak pass that of all weak
// claims. A trial without claims rests on nothing and does not pass.
func Conclude(all []Asked) Conclusion {
	if len(all) == 0 {
		return Conclusion{verdict: run.Skip, void: true, why: reason.One(reason.NothingTried)}
	}
	for _, level := range order {
		if c, decides := decide(all, level); decides {
			return c.denied(all)
		}
	}
	for i := range all {
		if all[i].Level() != run.Shown || len(all[i].by) == 0 {
			return Conclusion{verdict: run.Inconclusive, why: reason.One(reason.ClaimNotShown, "claim", all[i].Code)}
		}
	}
	return Conclusion{verdict: run.Pass}.denied(all)
}

// denied is the conclusion with who denies, of a pass.
func (c Conclusion) denied(all []Asked) Conclusion {
	for i := range all {
		if by := all[i].denier; c.verdict == run.Pass && by != "" {
			c.by = by
		}
	}
	return c
}

// decide is the conclusion by claims that are supported so far and no further.
func decide(all []Asked, level run.Support) (c Conclusion, decides bool) {
	for i := range all {
		if all[i].Level() != level {
			continue
		}
		why := all[i].why
		if len(why) == 0 {
			why = reason.One(reason.ClaimNotShown, "claim", all[i].Code)
		}
		switch {
		case !decides:
			decides = true
			c = Conclusion{verdict: verdicts[level], weak: level == run.Weak, void: level == run.Void, unmade: all[i].unmade, why: why}
		case level == run.Weak:
			c.why = c.why.Add(why...)
		}
	}
	return c, decides
}

// Verdict is that of the trial: inconclusive of the zero Conclusion.
func (c Conclusion) Verdict() run.Verdict {
	if c.verdict == "" {
		return run.Inconclusive
	}
	return c.verdict
}

// Void says that the trial says nothing.
func (c Conclusion) Void() bool { return c.void }

// Why is empty for a plain pass only.
func (c Conclusion) Why() reason.List { return c.why }

// Unmade says that an observation decided that was not made: the reason is the
// tool's own, and does not name where.
func (c Conclusion) Unmade() bool { return c.unmade }
