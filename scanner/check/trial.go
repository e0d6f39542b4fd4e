package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Trial is one flow that a cell tries, as far as it can be said before anything is
// sent. What was used, such as the source address, is evidence.
type Trial struct {
	Label string // names it: "198.18.10.30:1688"
	From  intent.Vantage
	Host  intent.Host // the zero Host where the target is no KMS host
	Addr  netip.Addr
	Port  Port
	// Target is what is asked or tried in place of a KMS host: a peer, or a domain.
	Target string
	// Trouble says why there is nothing that could be sent.
	Trouble reason.List
	// Own is what the trial itself sends or asks: mostly one need.
	Own []run.Need
}

// TrialOf is the trial of a need to reach a port of a host.
func TrialOf(from intent.Vantage, h intent.Host, n Port, own run.Need) Trial {
	return Trial{Label: Label(own.Addr, n), From: from, Host: h, Addr: own.Addr, Port: n, Own: []run.Need{own}}
}

// OwnNeeds are those of what the trial itself sends.
func OwnNeeds(_ *intent.Policy, t *Trial) []run.Need { return t.Own }

// Result is what became of what the trial sent.
func (e *Evidence) Result() *run.Observation { return e.See(e.Own[0]) }

// Claim is one short sentence that must be true for a trial to pass.
type Claim struct {
	Code reason.Code
	// Needs lists what can show it.
	Needs func(*intent.Policy, *Trial) []run.Need
	// Ask says how far the evidence supports it.
	Ask func(*Evidence) claim.Support
}

// Evidence is what a claim of a trial may look at: of the observations those that
// the claim needs, and no other.
type Evidence struct {
	*Input
	*Trial

	claim reason.Code
	May   []int32 // indexes of the needs of the claim, in ascending order

	facts  *facts
	looked []int32 // indexes of the needs that it looked at
	ledger *Ledger // of all claims of the trial
}

// See is [Input.See] for the needs of the claim.
func (e *Evidence) See(n run.Need) *run.Observation { return e.look(n, e.owned(n)) }

// Peek is [Input.Peek] for the needs of the claim.
func (e *Evidence) Peek(n run.Need) *run.Observation {
	i := e.owned(n)
	if e.observed[i] == nil {
		return nil
	}
	return e.look(n, i)
}

// owned is the index of a need of the claim.
func (e *Evidence) owned(n run.Need) int32 {
	i := e.indexOf(n)
	e.owns(i)
	e.looked = append(e.looked, i)
	return i
}

// fewNeeds is how many needs are looked through, one after the other: up to here that
// takes less time than to hash one.
const fewNeeds = 12

// indexOf is the index of a need, -1 of one that the claim does not name, or the plan.
func (e *Evidence) indexOf(n run.Need) int32 {
	if len(e.May) > fewNeeds {
		if i, known := e.plan.index[n]; known {
			return i
		}
		return -1
	}
	for _, i := range e.May {
		if e.plan.needs[i] == n {
			return i
		}
	}
	return -1
}

// owns sees that the claim names a need. Any other need is a mistake of the claim,
// which breaks the check.
func (e *Evidence) owns(i int32) {
	if _, owns := slices.BinarySearch(e.May, i); !owns {
		panic(fmt.Sprintf("claim %s of check %s looks at what it does not need", e.claim, e.Cell.Check))
	}
}

// Needs are those of the claim.
func (e *Evidence) Needs() []run.Need {
	all := make([]run.Need, len(e.May))
	for i, n := range e.May {
		all[i] = e.plan.needs[n]
	}
	return all
}

// Judged is a trial with what it came to.
type Judged struct {
	*Trial

	Claims []claim.Asked
	may    [][]int32 // what each claim may look at
	ledger Ledger
	claim.Conclusion
}

// try asks each claim of a trial. What each may look at stands in the plan.
func (in *Input) try(t *Trial, claims []Claim, may [][]int32) *Judged {
	done := &Judged{Trial: t, may: may, Claims: make([]claim.Asked, 0, len(claims))}
	lacking := in.lacks(t)
	known := make(facts, 0, fewFacts)
	e := &Evidence{Input: in, Trial: t, facts: &known, looked: make([]int32, 0, fewNeeds), ledger: &done.ledger} // of one claim after the other
	for i := range claims {
		c := &claims[i]
		if lacking != nil {
			done.Claims = append(done.Claims, claim.Asked{Code: c.Code, Support: claim.Void(lacking)})
			continue
		}
		e.claim, e.May, e.looked = c.Code, may[i], e.looked[:0]
		done.Claims = append(done.Claims, claim.Asked{Code: c.Code, Support: e.lessKnown(c.Ask(e))})
	}
	in.leaveOut(done.Claims)
	done.Conclusion = claim.Conclude(done.Claims)
	return done
}

// EvidenceOf is the evidence of all claims of a trial, for what is told beside them.
func (in *Input) EvidenceOf(t *Judged) *Evidence {
	e := &Evidence{Input: in, Trial: t.Trial, claim: "told", May: slices.Concat(t.may...), facts: &facts{}}
	slices.Sort(e.May)
	return e
}

// told is the trial as the document has it.
func (t *Judged) told() run.Trial {
	told := run.Trial{At: t.Label, Claims: slices.Grow([]run.Claim(nil), len(t.Claims))}
	for i := range t.Claims {
		a := &t.Claims[i]
		one := run.Claim{Code: a.Code, Support: a.Level(), By: a.By()}
		if one.Support != run.Shown { // why a deny is shown says the cell
			one.Why = claim.Where(told.At, a.Why())
		}
		told.Claims = append(told.Claims, one)
	}
	return told
}

// SupportOf is that of one claim.
func (t *Judged) SupportOf(of reason.Code) claim.Support {
	for i := range t.Claims {
		if a := &t.Claims[i]; a.Code == of {
			return a.Support
		}
	}
	return claim.Support{}
}

// part is the trial as a part of its cell.
func (t *Judged) part() claim.Part { return t.At(t.Label).Because(t.reasons(t.Verdict())) }

// judgeTrials judges each trial of a square, and folds them. What says nothing is no
// part; a square of nothing else is skipped.
func (c *Check) judgeTrials(in *Input) (run.Cell, claim.Outcome) {
	trials, none := in.planned.tries(in.Policy)
	f := claim.Fold{None: none}
	done, told := slices.Grow([]*Judged(nil), len(trials)), slices.Grow([]run.Trial(nil), len(trials))
	may := in.planned.claims
	for i := range trials {
		t := &trials[i]
		claims := c.Claims(in.Policy, t)
		one := in.try(t, claims, may[:len(claims)])
		may = may[len(claims):]
		done, told = append(done, one), append(told, one.told())
		if p := one.part(); one.Void() {
			f.Void(p)
		} else {
			f.Add(p)
		}
	}
	out := f.Outcome()
	cell := out.Cell()
	cell.Trials = told
	for _, t := range done {
		t.tellBesides(&cell)
	}
	if c.Tell != nil && len(done) > 0 {
		c.Tell(in, done, &cell)
	}
	return cell, out
}
