package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Trial is one flow that a cell tries, as far as it can be said before anything is
// sent. What was used, such as the source address, is evidence.
type Trial struct {
	Label string // names it: "198.18.10.30:1688"
	From  policy.Vantage
	Host  policy.Host // the zero Host where the target is no KMS host
	Addr  netip.Addr
	Port  port
	// Target is what is asked or tried in place of a KMS host: a peer, or a domain.
	Target string
	// Trouble says why there is nothing that could be sent.
	Trouble reason.List
	// Own is what the trial itself sends or asks: mostly one need.
	Own []run.Need
}

// trialOf is the trial of a need to reach a port of a host.
func trialOf(from policy.Vantage, h policy.Host, n port, own run.Need) Trial {
	return Trial{Label: label(own.Addr, n), From: from, Host: h, Addr: own.Addr, Port: n, Own: []run.Need{own}}
}

// ownNeeds are those of what the trial itself sends.
func ownNeeds(_ *policy.Policy, t Trial) []run.Need { return t.Own }

// own is what became of what the trial sent.
func (e *Evidence) own() *run.Observation { return e.See(e.Own[0]) }

// Claim is one short sentence that must be true for a trial to pass.
type Claim struct {
	Code reason.Code
	// Needs lists what can show it.
	Needs func(*policy.Policy, Trial) []run.Need
	// Ask says how far the evidence supports it.
	Ask func(*Evidence) claim.Support
}

// Evidence is what a claim of a trial may look at: of the observations those that
// the claim needs, and no other.
type Evidence struct {
	*Input
	Trial

	claim  *Claim
	needs  []run.Need
	ledger *ledger // of all claims of the trial
}

// See is [Input.See] for the needs of the claim.
func (e *Evidence) See(n run.Need) *run.Observation {
	e.owns(n)
	return e.Input.See(n)
}

// Peek is [Input.Peek] for the needs of the claim.
func (e *Evidence) Peek(n run.Need) *run.Observation {
	e.owns(n)
	return e.Input.Peek(n)
}

func (e *Evidence) owns(n run.Need) {
	if !slices.Contains(e.needs, n) {
		panic(fmt.Sprintf("claim %s of check %s looks at what it does not need: %+v", e.claim.Code, e.Cell.Check, n))
	}
}

// trialNeeds are those of all claims of all trials.
func trialNeeds(p *policy.Policy, trials []Trial, claimsOf func(*policy.Policy, Trial) []Claim) []run.Need {
	var all []run.Need
	for _, t := range trials {
		claims := claimsOf(p, t)
		for i := range claims {
			all = append(all, claims[i].Needs(p, t)...)
		}
	}
	return all
}

// judgedTrial is a trial with what it came to.
type judgedTrial struct {
	Trial

	claims []claim.Asked
	ledger ledger
	claim.Conclusion
}

// try asks each claim of a trial.
func (in *Input) try(t Trial, claims []Claim) *judgedTrial {
	done := &judgedTrial{Trial: t}
	for i := range claims {
		c := &claims[i]
		e := &Evidence{Input: in, Trial: t, claim: c, needs: c.Needs(in.Policy, t), ledger: &done.ledger}
		done.claims = append(done.claims, claim.Asked{Code: c.Code, Support: c.Ask(e)})
	}
	done.Conclusion = claim.Conclude(done.claims)
	return done
}

// whole is the evidence of all claims of a trial, for what is told beside them.
func (in *Input) whole(t *judgedTrial) *Evidence {
	all := &Claim{Code: "told"}
	e := &Evidence{Input: in, Trial: t.Trial, claim: all}
	claims := in.planned.check.Claims(in.Policy, t.Trial)
	for i := range claims {
		e.needs = append(e.needs, claims[i].Needs(in.Policy, t.Trial)...)
	}
	return e
}

// told is the trial as the document has it.
func (t *judgedTrial) told() run.Trial {
	told := run.Trial{At: t.Label}
	where := part{label: told.At}
	for _, a := range t.claims {
		told.Claims = append(told.Claims, run.Claim{Code: a.Code, Support: a.Level(), Why: where.at(a.Why()), By: a.By()})
	}
	return told
}

// support is that of one claim.
func (t *judgedTrial) support(of reason.Code) claim.Support {
	for _, a := range t.claims {
		if a.Code == of {
			return a.Support
		}
	}
	return claim.Support{}
}

// part is the trial as a part of its cell.
func (t *judgedTrial) part() part {
	p := part{label: t.Label, verdict: t.Verdict(), weakly: t.Weak(), why: t.Why(), unseen: t.Unmade()}
	if p.verdict == run.Pass {
		denier := t.support(reason.ClaimDeniedByHost)
		p.by, p.ground = denier.Denier(), denier.Why()
	}
	return p
}

// judgeTrials judges each trial of a square, and folds them. What says nothing is no
// part; a square of nothing else is skipped.
func (c *Check) judgeTrials(in *Input) run.Cell {
	trials, none := c.Trials(in.Policy, in.Cell)
	f := fold{none: none}
	var (
		done []*judgedTrial
		told []run.Trial
	)
	for _, t := range trials {
		one := in.try(t, c.Claims(in.Policy, t))
		done, told = append(done, one), append(told, one.told())
		p := one.part()
		if one.Void() {
			f.void = append(f.void, p)
			continue
		}
		f.add(p)
	}
	cell := f.cell()
	cell.Trials = told
	for _, t := range done {
		t.ledger.tell(&cell, t.Unmade())
	}
	if c.Tell != nil && len(done) > 0 {
		c.Tell(in, done, &cell)
	}
	return cell
}
