package check

import (
	"fmt"
	"slices"
	"strings"

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
	claims  []reason.Code
	entries map[reason.Code]*entry

	// What is said beside the verdict, of a trial of which something was read.
	intended, conduct, seen reason.List
	findings                []run.Finding
}

// entry is what a look says of one claim, about many things.
type entry struct {
	exposed, broken, failed, unsure, weak, void reason.List

	unread bool   // failed, unsure or void is what could not be read
	where  string // of what it could not be read
	by     []*run.Observation
}

// of is the entry of a claim. What is no claim of the check has none: that is a mistake
// of the check, which breaks it.
func (l *ledger) of(code reason.Code) *entry {
	if !slices.Contains(l.claims, code) {
		panic(fmt.Sprintf("a look enters what is no claim of its check: %s", code))
	}
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

// shown enters that observations show all claims of the look.
func (l *ledger) shown(by []*run.Observation) {
	for _, code := range l.claims {
		l.of(code).shown(by)
	}
}

// support is what the entry comes to. An exposure says what is broken as well, and all
// that is said of several places is said once. Where something of the trial is in
// doubt, what is not there does not take the trial away.
func (t *entry) support(inDoubt bool) claim.Support {
	exposed := t.exposed
	if len(exposed) > 0 {
		exposed = slices.Concat(exposed, t.broken)
	}
	kinds := []supporting{{exposed, claim.Exposed}, {t.broken, claim.Broken}, {t.void, claim.Void}, {t.failed, claim.Failed}, {t.unsure, claim.Open}, {t.weak, claim.Weak}}
	if inDoubt {
		kinds[2], kinds[3], kinds[4] = kinds[3], kinds[4], supporting{t.void, claim.Open}
	}
	for _, kind := range kinds {
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

// supporting are reasons with what they make of a claim.
type supporting struct {
	why  reason.List
	made func(reason.List, ...*run.Observation) claim.Support
}

// support is what the look says of a claim.
func (l *ledger) support(code reason.Code) claim.Support { return l.of(code).support(l.inDoubt()) }

// inDoubt reports whether something failed, or is not sure.
func (l *ledger) inDoubt() bool {
	for _, t := range l.entries {
		if len(t.failed)+len(t.unsure) > 0 {
			return true
		}
	}
	return false
}

// told reports whether something of the trial was read: then it is said what was
// meant, and what is there.
func (l *ledger) told() bool {
	for _, t := range l.entries {
		if s := t.support(false); !s.Unread() && s.Level() != run.NotShown || len(t.unsure) > 0 && !t.unread {
			return true
		}
	}
	return len(l.findings) > 0
}

// reasons are why a trial of a ledger came to a verdict: those of all claims that come
// to it, and beside them what failed or could not be read. The conclusion has those of
// the first claim alone.
func (t *judgedTrial) reasons(v run.Verdict) reason.List {
	var f claim.Fold
	for i := 0; t.ledger.looked && i < len(t.claims); i++ {
		f.Add(t.ledger.of(t.claims[i].Code).parts()...)
	}
	return f.Reasons(v)
}

// parts are what an entry says against its claim, the worst first.
func (t *entry) parts() (all []claim.Part) {
	for _, kind := range []struct {
		verdict run.Verdict
		why     reason.List
	}{{run.Fail, slices.Concat(t.exposed, t.broken)}, {run.Error, t.failed}, {run.Inconclusive, t.unsure}, {run.Skip, t.void}} {
		if len(kind.why) > 0 {
			all = append(all, claim.Against(kind.verdict, t.where, kind.why, t.unread))
		}
	}
	return all
}

// against reports whether something was entered that speaks against a claim.
func (l *ledger) against() bool {
	for _, t := range l.entries {
		if len(t.parts()) > 0 {
			return true
		}
	}
	return false
}

// tellBesides adds what the ledger of a trial says beside the verdict.
func (t *judgedTrial) tellBesides(cell *run.Cell) {
	l := &t.ledger
	if !l.looked {
		return
	}
	cell.Findings = append(cell.Findings, l.findings...)
	if l.told() {
		cell.Intended, cell.Conduct, cell.Seen = l.intended, l.conduct, l.seen
	}
	if cell.Verdict == run.Pass {
		cell.Reasons = cell.Reasons.Add(t.Why()...)
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
				l.looked, l.claims = true, codes
				look(e, l)
			}
			return e.ledger.support(code)
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
	t.gapAt(domain, gap)
	return false
}

// there enters whether an isolation has a GPO to judge. Where its GPO is not there,
// gpo-exists says so. known says that all of these aspects is known: what is known is
// judged all the same.
func (e *Evidence) there(l *ledger, i isolation, gpos []*run.GPO, aspects ...run.Aspect) (known, there bool) {
	if known = e.complete(l, i.domain, aspects...); len(gpos) > 0 {
		return known, true
	}
	if known && e.tellsGPOs(l, i.domain) {
		l.of(reason.ClaimComplete).void = reason.One(reason.GPOMissing, i.named()...)
	}
	return known, false
}

// tellsGPOs reports whether the source of a domain can tell of GPOs at all, and else
// enters why not.
func (e *Evidence) tellsGPOs(l *ledger, domain string) bool {
	lost := e.directories.Forest(domain).Lost[run.AspectGPOs]
	return len(lost) == 0 || e.complete(l, domain, run.AspectGPOs)
}

// gapAt enters what could not be read of a place.
func (t *entry) gapAt(where string, c run.Cell) {
	t.where = strings.TrimPrefix(t.where+", "+where, ", ")
	t.gap(c)
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
