package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ledger is what one look at the evidence says of all claims of a trial. What is
// configured is looked through once, and answers them together. A claim of which
// nothing is entered is not shown.
type ledger struct {
	looked  bool
	entries map[reason.Code]*entry

	// What is said beside the verdict, of a trial of which something was read.
	intended, conduct, seen reason.List
	findings                []run.Finding
	// besides is what could not be read, for a trial that something else decides.
	besides reason.List
}

// entry is what a look says of one claim, about many things.
type entry struct {
	exposed, broken, failed, unsure, weak, void reason.List

	unread bool // failed, unsure or void is what could not be read
	by     []*run.Observation
}

// of is the entry of a claim.
func (l *ledger) of(code reason.Code) *entry {
	if l.entries == nil {
		l.entries = map[reason.Code]*entry{}
	}
	if l.entries[code] == nil {
		l.entries[code] = &entry{}
	}
	return l.entries[code]
}

// find notes a finding, once.
func (l *ledger) find(f run.Finding) {
	if !slices.ContainsFunc(l.findings, func(have run.Finding) bool { return have.Reason.Equal(f.Reason) }) {
		l.findings = append(l.findings, f)
	}
}

// shown enters that observations show the claim. What is entered against it outweighs
// them.
func (t *entry) shown(by []*run.Observation) { t.by = append(t.by, by...) }

// support is what the entry comes to. An exposure says what is broken as well, and all
// that is said of several places is said once.
func (t *entry) support() claim.Support {
	exposed := t.exposed
	if len(exposed) > 0 {
		exposed = slices.Concat(exposed, t.broken)
	}
	for _, kind := range []struct {
		why  reason.List
		made func(reason.List, ...*run.Observation) claim.Support
	}{{exposed, claim.Exposed}, {t.broken, claim.Broken}, {t.void, claim.Void}, {t.failed, claim.Failed}, {t.unsure, claim.Open}, {t.weak, claim.Weak}} {
		switch {
		case len(kind.why) == 0:
		case t.unread:
			return claim.Unread(kind.made(kind.why.Merge("at"), t.by...))
		default:
			return kind.made(kind.why.Merge("at"), t.by...)
		}
	}
	if len(t.by) == 0 {
		return claim.Support{}
	}
	return claim.Shown(t.by[0], t.by[1:]...)
}

// told reports whether something of the trial was read: then it is said what was
// meant, and what is there.
func (l *ledger) told() bool {
	for _, t := range l.entries {
		if s := t.support(); !s.Unread() && s.Level() != run.NotShown || len(t.unsure) > 0 && !t.unread {
			return true
		}
	}
	return false
}

// tellBesides adds what the ledger of a trial says beside the verdict, and the reasons
// of all claims that come to the verdict: the conclusion has those of the first alone.
func (t *judgedTrial) tellBesides(cell *run.Cell) {
	l := &t.ledger
	if !l.looked {
		return
	}
	cell.Findings = append(cell.Findings, l.findings...)
	if l.told() {
		cell.Intended, cell.Conduct, cell.Seen = l.intended, l.conduct, l.seen
	}
	for i := range t.claims {
		if claim.Conclude(t.claims[i:i+1]).Verdict() == cell.Verdict {
			cell.Reasons = cell.Reasons.Add(t.claims[i].Why()...)
		}
	}
	if cell.Verdict != run.Pass && !t.Unmade() {
		cell.Reasons = append(cell.Reasons, l.besides...)
	}
}

// together are claims that one look answers, over all that the directories say.
func together(look func(*Evidence, *ledger), codes ...reason.Code) func(*policy.Policy, Trial) []Claim {
	return looking(func(p *policy.Policy, _ Trial) []run.Need { return directoryNeeds(p, run.CellID{}) }, look, codes...)
}

// looking are claims that one look answers over what these needs show.
func looking(needs func(*policy.Policy, Trial) []run.Need, look func(*Evidence, *ledger), codes ...reason.Code) func(*policy.Policy, Trial) []Claim {
	var claims []Claim
	for _, code := range codes {
		claims = append(claims, Claim{Code: code, Needs: needs, Ask: func(e *Evidence) claim.Support {
			if l := e.ledger; !l.looked {
				l.looked = true
				look(e, l)
			}
			return e.ledger.of(code).support()
		}})
	}
	return func(*policy.Policy, Trial) []Claim { return claims }
}

// itsTarget is the one trial of a cell of what is configured: its target as a whole.
func itsTarget(*policy.Policy, run.CellID) ([]Trial, reason.List) { return []Trial{{}}, nil }

// complete enters whether a domain and these aspects of it are known, under the claim
// that all was read that a check rests on, and says so.
func (e *Evidence) complete(l *ledger, domain string, aspects ...run.Aspect) bool {
	gap := run.Cell{Verdict: run.Pass}
	look := func(aspects ...run.Aspect) {
		if cell, stop := e.unreadable(domain, aspects...); stop && cell.Verdict.Worse(gap.Verdict) {
			gap = cell
		}
	}
	look()
	for _, a := range aspects {
		look(a)
	}
	t := l.of(reason.ClaimComplete)
	t.shown(e.forests())
	if gap.Verdict == run.Pass {
		return true
	}
	t.gap(gap)
	where := part{label: domain, why: gap.Reasons}
	l.besides = append(l.besides, where.unobserved()...)
	return false
}

// gap enters what could not be read.
func (t *entry) gap(c run.Cell) {
	t.unread = true
	switch c.Verdict {
	case run.Fail:
		t.broken = t.broken.Add(c.Reasons...)
	case run.Error:
		t.failed = t.failed.Add(c.Reasons...)
	case run.Inconclusive:
		t.unsure = t.unsure.Add(c.Reasons...)
	default:
		t.void = t.void.Add(c.Reasons...)
	}
}
