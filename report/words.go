package report

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/report/render"
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

// idleWaivers says of each waiver that turned no cell why; one that has ended is
// told with the policy.
func idleWaivers(r *run.Run) []string {
	var said []string
	for _, w := range r.Waivers {
		why := ""
		switch {
		case w.Unknown != "":
			why = w.Unknown
		case w.Waived > 0 || w.Obligations > 0 || w.Expired:
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

// first is the first sentence of several.
func first(text string) string {
	text, _, _ = strings.Cut(text, "; ")
	return render.Clean(text)
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
