package document

import (
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func (e *encoder) cell(c *run.Cell) {
	usual := e.titled[c.ID.Check]
	if usual == nil {
		usual = c
		e.titled[c.ID.Check], e.checks = c, append(e.checks, c)
	}
	e.open()
	e.text("id", c.ID.String())
	e.textUnless("title", c.Title, usual.Title)
	e.textUnless("section", c.Section, usual.Section)
	e.textUnless("confirmed", c.Confirmed, usual.Confirmed)
	e.text("verdict", string(c.Verdict))
	e.flagSet("weak", c.Weak)
	listSet(e, "trials", c.Trials, (*encoder).trial)
	e.reasonsSet("reason", c.Reasons)
	e.flagSet("stopped", c.Stopped)
	e.textSet("by", string(c.By))
	e.numberedSet("intended", c.Intended)
	e.numberedSet("configured", c.Conduct)
	e.numberedSet("observed", c.Seen)
	e.numberedSet("controls", c.Controls)
	e.textSet("breaks", string(c.Breaks))
	e.reasonsSet("cause", c.Causes)
	if c.CausedBy != nil {
		e.text("causedBy", c.CausedBy.String())
	}
	listSet(e, "findings", c.Findings, (*encoder).finding)
	if !isUsual(c) {
		e.field("evidence")
		e.words(c.Evidence)
	}
	e.textSet("waiver", c.Waiver)
	e.end()
}

// titles writes what cells have of their check.
func (e *encoder) titles() {
	if len(e.checks) == 0 {
		return
	}
	e.field("checks")
	e.open()
	for i, c := range e.checks {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = append(reason.AppendText(e.b, c.ID.Check), ':')
		e.open()
		e.text("title", c.Title)
		e.text("section", c.Section)
		e.text("confirmed", c.Confirmed)
		e.end()
	}
	e.end()
}

func (e *encoder) trial(t *run.Trial) {
	e.open()
	e.textSet("at", t.At)
	e.field("claims")
	e.open()
	for i := range t.Claims {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.claim(&t.Claims[i], t.At)
	}
	e.end()
	e.end()
}

// claim writes a claim of a trial: of one that is plainly shown the ids of what shows
// it, and of any other its support, why and the ids.
func (e *encoder) claim(c *run.Claim, at string) {
	e.b = append(reason.AppendText(e.b, string(c.Code)), ':')
	if c.Support == run.Shown && len(c.Why) == 0 {
		e.words(c.By)
		return
	}
	e.open()
	e.text("support", string(c.Support))
	if len(c.Why) > 0 {
		e.field("why")
		e.whys(c.Why, at)
	}
	listSet(e, "by", c.By, (*encoder).word)
	e.end()
}

// whys writes why a claim is not shown. What is said of the place of its trial, as
// nearly all is, does not name it again, and is a number. The cell has the texts.
func (e *encoder) whys(l reason.List, at string) {
	e.b = append(e.b, '[')
	for i, r := range l {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		if r, ok := placeless(r, at); ok {
			e.b = strconv.AppendInt(e.b, int64(e.table.Place(r)), 10)
		} else {
			e.b = r.AppendCodes(e.b)
		}
	}
	e.b = append(e.b, ']')
}

func (e *encoder) obligation(o *run.Obligation) {
	e.open()
	e.reasons("what", o.What)
	e.text("paid", string(o.Paid))
	e.reasonsSet("why", o.Why)
	listSet(e, "by", o.By, func(e *encoder, id *run.CellID) { e.b = reason.AppendText(e.b, id.String()) })
	e.end()
}

func (e *encoder) finding(f *run.Finding) {
	e.open()
	e.text("severity", string(f.Severity))
	e.reasons("reason", f.Reason)
	e.end()
}
