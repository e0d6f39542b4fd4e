package report

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// firstLine is the first line of a report, without the deployment.
type firstLine struct {
	answer run.Answer
	word   string // for the answer: of an audit another one
	text   string // what it rests on
}

// headline says the answer and what it rests on, and whether the run was stopped or a
// part of kmsiso broke.
func headline(r *worded, o Options) firstLine {
	answer, text := gist(r, o)
	unknown := 0
	for _, w := range r.Waivers {
		if w.Unknown != "" {
			unknown++
		}
	}
	if unknown > 0 {
		text += fmt.Sprintf("; %s of what is not declared", count(unknown, "waiver"))
	}
	if len(r.Broken) > 0 {
		text += " (broke: " + render.Clean(strings.Join(r.Broken, ", ")) + ")"
	}
	if r.Stopped != nil {
		text += fmt.Sprintf(" (stopped: %d of %s)", r.Decided(), count(len(r.Cells), "cell"))
	}
	line := firstLine{answer, string(answer), text}
	if r.Audit && answer == r.Answer() {
		line.word = ofAudit(r.Run)
	}
	return line
}

// ofAudit is the word for the answer of an audit, which looks at Group Policy alone.
func ofAudit(r *run.Run) string {
	const right = "GROUP POLICY OK"
	switch answer := r.Answer(); answer {
	case run.Go:
		return strings.Join(append([]string{right}, neverTold(r)...), " ")
	case run.GoBut:
		return right + ", but"
	case run.NoGo:
		return string(run.NoGo) + " GROUP POLICY WRONG"
	default:
		return string(answer)
	}
}

// neverTold says how far the sources of what is configured can tell.
func neverTold(r *run.Run) (parts []string) {
	for _, code := range []reason.Code{reason.BackupNeverTells, reason.ExportNeverTells} {
		for i := range r.Obligations {
			if o := &r.Obligations[i]; o.Paid == run.Void && o.Why.Has(code) {
				parts = append(parts, catalog.Text(o.Why))
				break
			}
		}
	}
	return parts
}

// gist is the answer and what it rests on. Strict makes a GO with warnings, or with a
// but, a NO-GO.
func gist(r *worded, o Options) (run.Answer, string) {
	n, answer := r.Count(), r.Answer()
	switch {
	case r.Fault != "":
		return answer, "the run could not be made: " + render.Clean(r.Fault)
	case len(r.Cells) == 0:
		return answer, "the run has no cells: it says nothing"
	case answer.Goes() && r.ExitCode(o.Strict) != 0:
		return run.NoGo, "strict: " + strings.Join(strictly(r), "; ")
	case answer == run.Go && r.Sample != (run.Sample{}):
		return answer, fmt.Sprintf("(%s)  %s", sampled(r.Sample), passed(n))
	case answer == run.GoBut:
		return answer, strings.Join(append(reservations(r), passed(n)), "; ")
	case answer == run.Go, answer == run.Stopped:
		return answer, passed(n)
	case n.Fail+n.Inconclusive+n.Error == 0 && r.Owes(run.NotShown) > 0:
		return answer, unpaid(r) + "; " + passed(n)
	case n.Fail+n.Inconclusive+n.Error == 0 && n.Pass == 0:
		return answer, "nothing passed: the run proves nothing"
	case n.Fail+n.Inconclusive+n.Error == 0:
		return answer, passed(n)
	}
	undecided := len(r.Cells) - r.Decided()
	causes := 0
	for _, p := range digestOf(r).causes {
		for _, c := range p.cells {
			if !c.Stopped {
				causes++
			}
		}
	}
	return answer, fmt.Sprintf("%s, %s", count(causes, "cause"), count(n.Fail+n.Inconclusive+n.Error-undecided, "cell"))
}

// sampled says how much of a host outsiders tried.
func sampled(s run.Sample) string {
	var parts []string
	whole := " of 65,535" // said once
	for _, of := range []struct {
		n    int
		what string
	}{{s.TCP, "TCP ports"}, {s.UDP, "UDP ports"}, {s.From, "source ports"}} {
		if of.n > 0 {
			parts, whole = append(parts, fmt.Sprintf("%d%s %s", of.n, whole, of.what)), ""
		}
	}
	return strings.Join(parts, ", ")
}

// reservations says what keeps a GO from being plain: what an older document does not
// know, what is weak, what is waived, and what is declared and was not tried. Of each kind
// the first is named, and how many there are.
func reservations(r *worded) (parts []string) {
	n := r.Count()
	parts = sentences(r.Beyond)
	for i := range r.cells {
		if c := r.cells[i]; c.Weak {
			parts = append(parts, fmt.Sprintf("%s weak: %s", pronounced(n.Weak), first(whyWeak(c))))
			break
		}
	}
	if n.Waived > 0 {
		parts = append(parts, count(n.Waived, "cell")+" waived")
	}
	parts = append(parts, some(r.Run, "obligation", "waived", waived)...)
	parts = append(parts, neverTold(r.Run)...)
	parts = append(parts, some(r.Run, "declared thing", "without a trial", untried)...)
	if len(parts) == 0 {
		if w := r.Owes(run.Weak); w > 0 {
			parts = append(parts, count(w, "obligation")+" paid weakly")
		}
	}
	return parts
}

// whyWeak says why a cell is weak. It has other reasons as well: those of what it shows.
func whyWeak(c *cell) string {
	var codes []reason.Code
	var why reason.List
	for i := range c.Trials {
		for _, one := range c.Trials[i].Claims {
			if one.Support != run.Weak {
				continue
			}
			why = append(why, one.Why...)
			for _, r := range one.Why {
				codes = append(codes, r.Code)
			}
		}
	}
	for _, r := range c.Reasons {
		if l := (reason.List{r}); l.Names(codes...) {
			return catalog.Text(l)
		}
	}
	if len(why) > 0 {
		return catalog.Text(why[:1])
	}
	return c.reason
}

// some says how many obligations of a kind there are, and names the first.
func some(r *run.Run, noun, what string, is func(*run.Obligation) bool) []string {
	n, named := 0, ""
	for i := range r.Obligations {
		if o := &r.Obligations[i]; is(o) {
			if n++; n == 1 {
				named = fmt.Sprintf("%s (%s)", catalog.Text(o.What), catalog.Text(o.Why))
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s %s: %s", count(n, noun), what, named)}
}

// waived reports whether a waiver stands in the place of an obligation.
func waived(o *run.Obligation) bool { return o.Why.Has(reason.WaivedInstead) }

// untried reports whether nothing can try what is declared. What a kind of source never
// tells, or a document does not know, is said once, for all.
func untried(o *run.Obligation) bool {
	return o.Paid == run.Void && !o.Why.Has(reason.BackupNeverTells, reason.ExportNeverTells, reason.DocumentDoesNotKnow)
}

// strictly says what keeps a GO from being one where the options are strict.
func strictly(r *worded) []string {
	if n := r.Count(); n.Warnings > 0 {
		return append([]string{count(n.Warnings, "warning")}, reservations(r)...)
	}
	return reservations(r)
}

// pronounced is a number of cells with its verb.
func pronounced(n int) string {
	if n == 1 {
		return "1 cell is"
	}
	return fmt.Sprintf("%d cells are", n)
}

// owed says of what is owed and not shown why, and what to do. What a cell says is not
// said again.
func owed(r *run.Run) []string {
	var all []string
	for i := range r.Obligations {
		switch o := &r.Obligations[i]; {
		case waived(o):
			all = append(all, strings.Join(sentences(append(o.What[:1:1], o.Why...)), ": "))
		case o.Paid == run.NotShown && !o.Why.Has(reason.CellUndecided):
			all = append(all, strings.Join(append(sentences(o.Why), catalog.Fix(o.Why)), ": "))
		}
	}
	return all
}

// unpaid says what is owed and not shown, and what to mend.
func unpaid(r *worded) string {
	for i := range r.Obligations {
		if o := &r.Obligations[i]; o.Paid == run.NotShown {
			return strings.Join(sentences(o.Why), "; ")
		}
	}
	return ""
}
