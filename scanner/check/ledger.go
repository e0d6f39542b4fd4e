package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Ledger is what one look at the evidence says of all claims of a trial. What is
// configured is looked through once, and answers them together. A claim of which
// nothing is entered is not shown.
type Ledger struct {
	looked  bool
	Claims  []reason.Code
	Entries map[reason.Code]*Entry

	// What is said beside the verdict, of a trial of which something was read.
	Intended, Conduct, Seen reason.List
	Findings                []run.Finding
}

// Entry is what a look says of one claim, about many things.
type Entry struct {
	Exposed, Broken, Failed, Unsure, Weak, Void reason.List

	unread bool   // failed, unsure or void is what could not be read
	where  string // of what it could not be read
	By     []*run.Observation
}

// Of is the entry of a claim. What is no claim of the check has none: that is a mistake
// of the check, which breaks it.
func (l *Ledger) Of(code reason.Code) *Entry {
	if !slices.Contains(l.Claims, code) {
		panic(fmt.Sprintf("a look enters what is no claim of its check: %s", code))
	}
	if l.Entries == nil {
		l.Entries = map[reason.Code]*Entry{}
	}
	if l.Entries[code] == nil {
		l.Entries[code] = &Entry{}
	}
	return l.Entries[code]
}

// Find notes a finding, once.
func (l *Ledger) Find(f run.Finding) {
	if !slices.ContainsFunc(l.Findings, func(have run.Finding) bool { return have.Reason.Equal(f.Reason) }) {
		l.Findings = append(l.Findings, f)
	}
}

// Shown enters that observations show the claim. What is entered against it outweighs
// them.
func (t *Entry) Shown(by []*run.Observation) { t.By = append(t.By, by...) }

// Shown enters that observations show all claims of the look.
func (l *Ledger) Shown(by []*run.Observation) {
	for _, code := range l.Claims {
		l.Of(code).Shown(by)
	}
}

// support is what the entry comes to. An exposure says what is broken as well, and all
// that is said of several places is said once. Where something of the trial is in
// doubt, what is not there does not take the trial away.
func (t *Entry) support(inDoubt bool) claim.Support {
	exposed := t.Exposed
	if len(exposed) > 0 {
		exposed = slices.Concat(exposed, t.Broken)
	}
	kinds := []supporting{{exposed, claim.Exposed}, {t.Broken, claim.Broken}, {t.Void, claim.Void}, {t.Failed, claim.Failed}, {t.Unsure, claim.Open}, {t.Weak, claim.Weak}}
	if inDoubt {
		kinds[2], kinds[3], kinds[4] = kinds[3], kinds[4], supporting{t.Void, claim.Open}
	}
	for _, kind := range kinds {
		switch {
		case len(kind.why) == 0:
		case t.unread:
			return claim.Unread(kind.made(kind.why.Merge("at"), t.By...))
		default:
			return kind.made(kind.why.Merge("at"), t.By...)
		}
	}
	if len(t.By) == 0 {
		return claim.Support{}
	}
	return claim.Shown(t.By[0], t.By[1:]...)
}

// supporting are reasons with what they make of a claim.
type supporting struct {
	why  reason.List
	made func(reason.List, ...*run.Observation) claim.Support
}

// Support is what the look says of a claim.
func (l *Ledger) Support(code reason.Code) claim.Support { return l.Of(code).support(l.inDoubt()) }

// inDoubt reports whether something failed, or is not sure.
func (l *Ledger) inDoubt() bool {
	for _, t := range l.Entries {
		if len(t.Failed)+len(t.Unsure) > 0 {
			return true
		}
	}
	return false
}

// told reports whether something of the trial was read: then it is said what was
// meant, and what is there.
func (l *Ledger) told() bool {
	for _, t := range l.Entries {
		if s := t.support(false); !s.Unread() && s.Level() != run.NotShown || len(t.Unsure) > 0 && !t.unread {
			return true
		}
	}
	return len(l.Findings) > 0
}

// reasons are why a trial of a ledger came to a verdict: those of all claims that come
// to it, and beside them what failed or could not be read. The conclusion has those of
// the first claim alone.
func (t *Judged) reasons(v run.Verdict) reason.List {
	var f claim.Fold
	for i := 0; t.ledger.looked && i < len(t.Claims); i++ {
		f.Add(t.ledger.Of(t.Claims[i].Code).parts()...)
	}
	return f.Reasons(v)
}

// parts are what an entry says against its claim, the worst first.
func (t *Entry) parts() (all []claim.Part) {
	for _, kind := range []struct {
		verdict run.Verdict
		why     reason.List
	}{{run.Fail, slices.Concat(t.Exposed, t.Broken)}, {run.Error, t.Failed}, {run.Inconclusive, t.Unsure}, {run.Skip, t.Void}} {
		if len(kind.why) > 0 {
			all = append(all, claim.Against(kind.verdict, t.where, kind.why, t.unread))
		}
	}
	return all
}

// Against reports whether something was entered that speaks against a claim.
func (l *Ledger) Against() bool {
	for _, t := range l.Entries {
		if len(t.parts()) > 0 {
			return true
		}
	}
	return false
}

// tellBesides adds what the ledger of a trial says beside the verdict.
func (t *Judged) tellBesides(cell *run.Cell) {
	l := &t.ledger
	if !l.looked {
		return
	}
	cell.Findings = append(cell.Findings, l.Findings...)
	if l.told() {
		cell.Intended, cell.Conduct, cell.Seen = l.Intended, l.Conduct, l.Seen
	}
	if cell.Verdict == run.Pass {
		cell.Reasons = cell.Reasons.Add(t.Why()...)
	}
}

// Together are claims that one look answers, over all that the directories say.
func Together(look func(*Evidence, *Ledger), codes ...reason.Code) func(*intent.Policy, *Trial) []Claim {
	return Looking(func(p *intent.Policy, _ *Trial) []run.Need { return DirectoryNeeds(p, run.CellID{}) }, look, codes...)
}

// Looking are claims that one look answers over what these needs show.
func Looking(needs func(*intent.Policy, *Trial) []run.Need, look func(*Evidence, *Ledger), codes ...reason.Code) func(*intent.Policy, *Trial) []Claim {
	var claims []Claim
	for _, code := range codes {
		claims = append(claims, Claim{Code: code, Needs: needs, Ask: func(e *Evidence) claim.Support {
			if l := e.ledger; !l.looked {
				l.looked, l.Claims = true, codes
				look(e, l)
			}
			return e.ledger.Support(code)
		}})
	}
	return func(*intent.Policy, *Trial) []Claim { return claims }
}

// ItsTarget is the one trial of a cell of what is configured: its target as a whole.
func ItsTarget(*intent.Policy, run.CellID) ([]Trial, reason.List) { return []Trial{{}}, nil }

// Complete enters whether a domain and these aspects of it are known, under the claim
// that all was read that a check rests on, and says so.
func (e *Evidence) Complete(l *Ledger, domain string, aspects ...run.Aspect) bool {
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
	t := l.Of(reason.ClaimComplete)
	t.Shown(e.Forests())
	if gap.Verdict == run.Pass {
		return true
	}
	t.GapAt(domain, gap)
	return false
}

// There enters whether an isolation has a GPO to judge. Where its GPO is not there,
// gpo-exists says so. known says that all of these aspects is known: what is known is
// judged all the same.
func (e *Evidence) There(l *Ledger, i Isolation, gpos []*run.GPO, aspects ...run.Aspect) (known, there bool) {
	if known = e.Complete(l, i.Domain, aspects...); len(gpos) > 0 {
		return known, true
	}
	if known && e.tellsGPOs(l, i.Domain) {
		l.Of(reason.ClaimComplete).Void = reason.One(reason.GPOMissing, i.named()...)
	}
	return known, false
}

// tellsGPOs reports whether the source of a domain can tell of GPOs at all, and else
// enters why not.
func (e *Evidence) tellsGPOs(l *Ledger, domain string) bool {
	lost := e.Directories.Forest(domain).Lost[run.AspectGPOs]
	return len(lost) == 0 || e.Complete(l, domain, run.AspectGPOs)
}

// GapAt enters what could not be read of a place.
func (t *Entry) GapAt(where string, c run.Cell) {
	t.where = strings.TrimPrefix(t.where+", "+where, ", ")
	t.Gap(c)
}

// Gap enters what could not be read.
func (t *Entry) Gap(c run.Cell) {
	t.unread = true
	switch c.Verdict {
	case run.Fail:
		t.Broken = t.Broken.Add(c.Reasons...)
	case run.Error:
		t.Failed = t.Failed.Add(c.Reasons...)
	case run.Inconclusive:
		t.Unsure = t.Unsure.Add(c.Reasons...)
	default:
		t.Void = t.Void.Add(c.Reasons...)
	}
}
