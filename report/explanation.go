package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// WriteDocument writes an explanation or a difference as JSON.
func WriteDocument(w io.Writer, doc any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}

// WriteExplanation writes an explanation in sentences: the packet, both ends,
// and last what becomes of it.
func WriteExplanation(w io.Writer, x *run.Explanation, o Options) error {
	t := &prose{width: o.columns()}
	t.hang("", "%s -> %s, %s", endLabel(&x.From), endLabel(&x.To), service(x.Packet.Protocol, x.Packet.Port))
	t.end("from", &x.From)
	t.end("to", &x.To)
	t.gap()
	word, rest := outcome(&x.Outcome, x.From.Name, x.To.Name)
	t.hang("", "%s %s", strings.ToUpper(word), sentence(rest))
	for i := range x.Others {
		other := &x.Others[i]
		if other.Outcome.Equal(x.Outcome) {
			t.hang("  also      ", "At %s it is the same.", other.Address)
			continue
		}
		word, rest := outcome(&other.Outcome, x.From.Name, x.To.Name)
		t.hang("  but       ", "At %s: %s %s", other.Address, word, sentence(rest))
	}
	for _, s := range x.Sources {
		switch {
		case len(s.Why) > 0:
			t.hang("  not read  ", "%s: %s", s.Forest, sentence(catalog.Text(s.Why)))
		default:
			t.hang("  read      ", "%s: %s%s.", s.Forest, s.Source, when(s.Read))
		}
	}
	return t.to(w)
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", on " + t.UTC().Format("2006-01-02 15:04 UTC")
}

// outcome says what becomes of a packet between two ends: one word, and the rest of
// the sentence.
func outcome(o *run.Outcome, from, to string) (word, rest string) {
	why := catalog.Text(o.Sends) + ", and " + catalog.Text(o.Takes)
	if len(o.Why) > 0 {
		why += "; " + catalog.Text(o.Why)
	}
	word, rest = fate(o.Fate, from, to)
	if last := len(o.May) - 1; last > 0 {
		var may []string
		for _, f := range o.May {
			word, rest := fate(f, from, to)
			may = append(may, word+" "+rest)
		}
		word, rest = "unknown,", "it is "+strings.Join(may[:last], ", ")+" or "+may[last]
	}
	return word, rest + ": " + why
}

// fate says one thing that may become of a packet, in the same way.
func fate(f run.Fate, from, to string) (word, rest string) {
	at := from
	if f.At == "to" {
		at = to
	}
	switch f.Verdict {
	case run.OutcomeProtected:
		return "protected", "by IPsec"
	case run.OutcomeClear:
		return "passed", "in clear"
	case run.OutcomeFails:
		return "failed", "at " + at + ", which gets no IPsec"
	}
	return "dropped", "at " + at
}

// prose is text that is wrapped as it is made.
type prose struct {
	strings.Builder
	width int
}

// gap leaves a line empty.
func (t *prose) gap() { t.WriteString("\n") }

// hang wraps what a format makes behind a label.
func (t *prose) hang(label, format string, args ...any) {
	t.WriteString(render.Hang(label, render.Clean(fmt.Sprintf(format, args...)), t.width))
}

func (t *prose) to(w io.Writer) error {
	_, err := io.WriteString(w, t.String())
	return err
}

// end writes one end.
func (t *prose) end(label string, e *run.ExplainedEnd) {
	t.gap()
	t.hang(fmt.Sprintf("%-6s", label), "%s", whois(e))
	if e.StandIn {
		t.hang("  address   ", "It is not known: %s, of a network for documentation, stands for it. Name one, as in %s@%s.", e.Address, e.Name, e.Address)
	}
	if e.SeenAs.IsValid() {
		t.hang("  address   ", "%s, behind NAT: others see %s.", e.Address, e.SeenAs)
	}
	if a := e.Account; a != nil {
		t.hang("  account   ", "%s", account(a))
	}
	if len(e.Premise) > 0 {
		t.hang("  premise   ", "%s", sentence(catalog.Text(e.Premise)))
	}
	for _, g := range e.GPOs {
		t.hang("  GPO       ", "%s", gpoLine(&g))
	}
	if e.OtherGPOs > 0 {
		t.hang("  GPO       ", "%d %s nothing of this.", e.OtherGPOs, plural(e.OtherGPOs, "other says", "others say"))
	}
	if e.Security == nil {
		t.hang("  verdict   ", "%s", sentence(e.Verdict+": "+catalog.Text(e.Why)))
		return
	}
	t.half("security", e.Security)
	t.half("firewall", e.Firewall)
	if len(e.Authentication) > 0 {
		t.hang("  accepts   ", "%s", sentence(accepts(e)))
	}
	for _, n := range sentences(e.Notes) {
		t.hang("  note      ", "%s", sentence(n))
	}
	t.hang("  verdict   ", "%s", sentence(verdict(e)))
}

// verdict says what an end does. The rules that were named above are not told
// again.
func verdict(e *run.ExplainedEnd) string {
	switch {
	case len(e.Doubts) > 0 || e.Verdict != e.Security.Verdict || e.Undocumented:
	case e.Rule != "":
		return fmt.Sprintf("%s, by rule %s%s", e.Verdict, e.Rule, ofSource(e.Source))
	case len(e.Security.Rules) > 0 && e.Verdict == "clear":
		return "clear: no rule is for it"
	}
	return e.Verdict + ": " + catalog.Text(e.Why)
}

// half writes what connection security or the firewall does: the rules that
// have to do with the packet, or else why.
func (t *prose) half(label string, h *run.ExplainedHalf) {
	text := h.Verdict
	if len(h.Rules) == 0 || h.Verdict == "unknown" {
		text += ": " + catalog.Text(h.Why)
	}
	t.hang(fmt.Sprintf("  %-10s", label), "%s", sentence(text))
	for _, r := range h.Rules {
		mark := map[string]string{"yes": "+", "maybe": "?", "no": "-"}[r.For]
		text := catalog.Text(r.Why)
		if r.Rule != "" {
			text = fmt.Sprintf("rule %s%s %s", r.Rule, ofSource(r.Source), text)
		}
		t.hang("            "+mark+" ", "%s", sentence(text))
	}
	if h.Others > 0 {
		t.hang("              ", "%d %s nothing to do with it.", h.Others, plural(h.Others, "other rule has", "other rules have"))
	}
}

func accepts(e *run.ExplainedEnd) string {
	text := run.MethodWords(e.Authentication)
	if len(e.UserAuthentication) > 0 {
		text += ", then " + run.MethodWords(e.UserAuthentication)
	}
	text += "; " + strings.Join(e.Proposals, ", ")
	if len(e.Peers) > 0 {
		text += "; only the peers in " + strings.Join(e.Peers, ", ")
	}
	return text
}

var kinds = map[string]string{
	"host": "a KMS host of the policy", "vantage": "a vantage of the policy", "computer": "a computer of the directory",
	"client": "any client", "exemption": "a machine in an exemption of the policy",
	"outsider": "a machine that is a member of nothing", "address": "an address of nobody who is known",
}

func whois(e *run.ExplainedEnd) string {
	text := e.Name + " is " + kinds[e.Kind]
	if e.Role != "" {
		text += ", role " + e.Role
	}
	if e.Profile != "" {
		text += "; profile " + e.Profile
	}
	return sentence(text)
}

func account(a *run.ExplainedMember) string {
	text := a.DN
	if text == "" {
		text = "in " + a.In
	}
	if a.OS != "" {
		text += "; " + a.OS
	}
	if a.State != "" {
		text += "; " + a.State
	}
	return text
}

func gpoLine(g *run.ExplainedGPO) string {
	text := fmt.Sprintf("%q ", g.Name)
	switch g.Applies {
	case "yes":
		text += "applies; it is linked at " + g.Linked
	case "assumed":
		text += "is taken to apply"
	case "no":
		text += "does not apply: " + catalog.Text(g.Why)
	default:
		text += "may apply: " + catalog.Text(g.Why)
	}
	for _, n := range sentences(g.Notes) {
		text += "; " + n
	}
	return sentence(text)
}

func endLabel(e *run.ExplainedEnd) string {
	a := e.Address
	if e.SeenAs.IsValid() {
		a = e.SeenAs
	}
	if e.Name == a.String() {
		return e.Name
	}
	return e.Name + " " + a.String()
}

// service names what is asked for as people do.
func service(protocol string, port uint16) string {
	if port == 0 {
		return "ping"
	}
	return fmt.Sprintf("%s %d", strings.ToUpper(protocol), port)
}

func ofSource(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(" of %q", name)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
