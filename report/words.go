package report

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The words of a square.
const (
	wordWeak = "pass~"
	wordNone = "-"
)

// word is what a square says of a cell.
func word(c *run.Cell) string {
	switch c.Verdict {
	case run.Pass:
		if c.Weak {
			return wordWeak
		}
		return "pass"
	case run.Fail:
		return "FAIL"
	case run.Inconclusive:
		return "?"
	case run.Skip:
		return "skip"
	case run.Waived:
		return "waived"
	}
	return "ERROR"
}

// colors of the words of a square.
var colors = map[string]render.Color{
	"pass": render.Green, wordWeak: render.Yellow, "FAIL": render.Red, "?": render.Yellow,
	"ERROR": render.Magenta, "skip": render.Faint, "waived": render.Yellow, wordNone: render.Faint,
	string(run.Go): render.Green, string(run.NoGo): render.Red, string(run.Unproven): render.Yellow,
	string(run.GoBut): render.Yellow, string(run.Stopped): render.Yellow,
}

// role is the word for a vantage's role below its name.
func role(v run.Vantage) string {
	switch word := render.Clean(v.Role); word {
	case "domain":
		switch v.Path {
		case "", "lan":
			return "domain"
		case "nat":
			return "NAT"
		case "vpn":
			return "VPN"
		}
		return render.Clean(v.Path)
	case "member-no-rule":
		return "no rule"
	case "non-domain":
		return "outsider"
	case "kms-host":
		return "host"
	case "directory":
		return "configured"
	default:
		return word
	}
}

// headline says the answer and what it rests on, without the deployment, and
// whether the run was stopped or a part of kmsiso broke.
func headline(r *worded, o Options) (run.Answer, string) {
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
	return answer, text
}

// idleWaivers says of each waiver that turned no cell why; one that has ended is
// told with the policy.
func idleWaivers(r *run.Run) []string {
	var said []string
	for _, w := range r.Waivers {
		why := ""
		switch {
		case w.Unknown != "":
			why = w.Unknown
		case w.Waived > 0 || w.Expired:
			continue
		case w.Covers:
			why = "nothing that it covers fails or is inconclusive; remove it"
		default:
			why = "this run has no such cell"
		}
		said = append(said, fmt.Sprintf("waiver %s (%s, until %s): %s", render.Clean(w.Cell), render.Clean(w.Owner), render.Clean(w.Until), render.Clean(why)))
	}
	return said
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
	case answer == run.Go && r.Ports > 0:
		return answer, fmt.Sprintf("(%d of 65,535 TCP ports)  %s", r.Ports, passed(n))
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

// reservations says what is weak or waived in a GO: the first reason of a weak cell
// or obligation, and how many there are; and what an older document does not know.
func reservations(r *worded) (parts []string) {
	n := r.Count()
	parts = sentences(r.Beyond)
	for i := range r.cells {
		if c := r.cells[i]; c.Weak {
			parts = append(parts, fmt.Sprintf("%s weak: %s", pronounced(n.Weak), first(c.reason)))
			break
		}
	}
	if n.Waived > 0 {
		parts = append(parts, count(n.Waived, "cell")+" waived")
	}
	if len(parts) == 0 {
		if w := r.Owes(run.Weak); w > 0 {
			parts = append(parts, count(w, "obligation")+" paid weakly")
		}
	}
	return parts
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

// first is the first sentence of several.
func first(text string) string {
	text, _, _ = strings.Cut(text, "; ")
	return render.Clean(text)
}

// owed says of what is owed and not shown why, and what to do.
func owed(r *run.Run) []string {
	var all []string
	for i := range r.Obligations {
		if o := &r.Obligations[i]; o.Paid == run.NotShown {
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

// passed is what a GO rests on.
func passed(n run.Counts) string {
	said := strconv.Itoa(n.Pass) + " pass"
	for _, x := range []struct {
		n    int
		what string
	}{{n.Weak, "weak"}, {n.Skip, "skip"}, {n.Waived, "waived"}} {
		if x.n > 0 {
			said += fmt.Sprintf(", %d %s", x.n, x.what)
		}
	}
	return said
}

// count writes a number with its noun.
func count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "y"):
		noun = strings.TrimSuffix(noun, "y") + "ies"
	default:
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// deployment is the other half of the first line: what was looked at.
func deployment(r *run.Run) string {
	words := []string{r.Name, r.Stage, r.Basis}
	if r.Scope == "kms-port" {
		words = append(words, "TCP 1688 only")
	}
	var said []string
	for _, w := range append(words, seconds(r.Duration)) {
		if w = render.Clean(w); w != "" {
			said = append(said, w)
		}
	}
	return strings.Join(said, "  ")
}

// seconds writes a duration as 14.2 s.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s" }

// total is the last line of a report for people.
func total(r *run.Run) string {
	n := r.Count()
	return fmt.Sprintf("pass %d (%d weak)  fail %d  inconclusive %d  error %d  skip %d  waived %d  warnings %d",
		n.Pass, n.Weak, n.Fail, n.Inconclusive, n.Error, n.Skip, n.Waived, n.Warnings)
}

// field is one line of a paragraph.
type field struct{ label, text string }

// fields are the lines of a cell's paragraph, cleaned, without empty ones.
func fields(c *cell) []field {
	reason := c.reason
	if reason == c.cause || reason == c.observed {
		reason = ""
	}
	var lines []field
	for _, f := range []field{
		{"reason", reason}, {"intended", c.intended}, {"configured", c.configured}, {"observed", c.observed},
		{"breaks", breaks(c.Breaks)}, {"cause", c.cause}, {"remedy", c.remedy}, {"controls", c.controls}, {"waived by", c.Waiver},
	} {
		for i, text := range render.CleanLines(f.text) {
			if i > 0 {
				f.label = ""
			}
			lines = append(lines, field{f.label, text})
		}
	}
	return lines
}

// breaks says between which answers a fail lies.
func breaks(b run.Breaks) string {
	switch b {
	case run.BreaksPolicy:
		return "between intended and configured: a policy mistake"
	case run.BreaksApplying:
		return "between configured and applied: the host has not taken what it is told"
	case run.BreaksNetwork:
		return "between configured and observed: the network, or the host itself"
	}
	return ""
}

// flow says which packets a cell is about, as its first observation from its
// own vantage has it: "guest 198.18.20.9 -> 198.18.10.31:1688".
func flow(r *run.Run, seen observations, c *run.Cell) string {
	for _, id := range c.Evidence {
		o := seen[id]
		if o == nil || o.Need.Vantage != c.ID.Vantage || !o.Need.Addr.IsValid() {
			continue
		}
		to := o.Need.Addr.String()
		if o.Need.Port != 0 {
			to = netip.AddrPortFrom(o.Need.Addr, o.Need.Port).String()
		}
		from := o.Need.Vantage
		if a := source(r, o.Need.Vantage, o.Need.Addr); a.IsValid() {
			from += " " + a.String()
		}
		return render.Clean(from + " -> " + to)
	}
	return ""
}

// source is the first address of a vantage in the family of to.
func source(r *run.Run, vantage string, to netip.Addr) netip.Addr {
	for _, v := range r.Vantages {
		if v.Name != vantage {
			continue
		}
		for _, a := range v.Addresses {
			if a.Is4() == to.Is4() {
				return a
			}
		}
	}
	return netip.Addr{}
}

// observations are those of a run by their id.
type observations map[string]*run.Observation

func observationsOf(r *run.Run) observations {
	seen := make(observations, len(r.Observations))
	for i := range r.Observations {
		seen[r.Observations[i].ID] = &r.Observations[i]
	}
	return seen
}

// mostNames is how many cells a line names before it counts the rest.
const mostNames = 8

// names lists cells in one line; all of them are in the JSON report.
func names(cells []*cell) string {
	var b strings.Builder
	for i, c := range cells {
		if i == mostNames {
			fmt.Fprintf(&b, " and %d more", len(cells)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(render.Clean(c.ID.String()))
	}
	return b.String()
}
