package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// writeMarkdown writes the report for a change ticket or a wiki: what the table
// says, in the Markdown that GitHub and GitLab share. All text is escaped, so
// that a name or a banner from the network is only ever text.
func writeMarkdown(w io.Writer, of *run.Run, o Options) error {
	r := words(of)
	m := &markdown{run: r, seen: observationsOf(of)}
	d := digestOf(r)
	line := headline(r, o)
	m.line("# %s", line.word)
	m.line("%s", escape(line.text))
	m.line("%s", escape(deployment(of)))
	m.matrix()
	for _, v := range r.Vantages {
		if len(v.Trouble) > 0 {
			m.line("**ERROR** vantage %s: %s", escape(v.Name), escape(catalog.Text(v.Trouble)))
		}
	}
	for _, p := range append(d.causes, d.waived...) {
		m.paragraph(p)
	}
	m.notes(append(d.weak, d.skipped...))
	m.findings(d.findings)
	m.block("Unused waivers", idleWaivers(of))
	m.block("Owed and not shown", owed(r.Run))
	m.block("Not tested", sentences(r.Untested))
	m.text.WriteString(escape(total(of)) + "\n")
	_, err := io.WriteString(w, m.text.String())
	return err
}

type markdown struct {
	run  *worded
	seen observations
	text strings.Builder
}

// block writes sentences under a title; none is no block.
func (m *markdown) block(title string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	m.line("## %s", title)
	for _, s := range sentences {
		m.item("%s", escape(s))
	}
	m.text.WriteByte('\n')
}

// line writes a block of one line.
func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(&m.text, format+"\n\n", args...)
}

// item writes a list item.
func (m *markdown) item(format string, args ...any) {
	fmt.Fprintf(&m.text, "- "+format+"\n", args...)
}

func (m *markdown) matrix() {
	x := matrixOf(m.run.Run)
	if len(x.checks) == 0 {
		return
	}
	m.text.WriteString("| check |")
	for _, v := range x.vantages {
		m.text.WriteString(" " + escape(v.Name))
		if s := role(v); s != "" {
			m.text.WriteString(" (" + escape(s) + ")")
		}
		m.text.WriteString(" |")
	}
	m.text.WriteString("\n|---|" + strings.Repeat("---|", len(x.vantages)) + "\n")
	for _, check := range x.checks {
		m.text.WriteString("| " + escape(check) + " |")
		for _, v := range x.vantages {
			s := x.square(check, v.Name)
			if strings.ToUpper(s) == s && s != wordNone {
				m.text.WriteString(" **" + s + "** |")
				continue
			}
			m.text.WriteString(" " + escape(s) + " |")
		}
		m.text.WriteByte('\n')
	}
	m.text.WriteByte('\n')
}

func (m *markdown) paragraph(p paragraph) {
	c := p.cells[0]
	m.line("### %s %s", word(c.Cell), escape(names(p.cells)))
	if f := flow(m.run.Run, m.seen, c.Cell); f != "" && len(p.cells) == 1 {
		m.item("%s", escape(f))
	}
	for _, f := range fields(c) {
		if f.label == "" {
			fmt.Fprintf(&m.text, "  <br>%s\n", escape(f.text))
			continue
		}
		m.item("%s: %s", f.label, escape(f.text))
	}
	if len(p.consequences) > 0 {
		m.item("because of this: %s", escape(consequences(p.consequences)))
	}
	m.text.WriteByte('\n')
}

func (m *markdown) notes(list []paragraph) {
	for _, p := range list {
		c := p.cells[0]
		reason := render.Clean(c.reason)
		if reason == "" {
			reason = unsaid(c)
		}
		m.item("%s %s: %s", escape(word(c.Cell)), escape(names(p.cells)), escape(reason))
	}
	if len(list) > 0 {
		m.text.WriteByte('\n')
	}
}

func (m *markdown) findings(list []shared) {
	if len(list) == 0 {
		return
	}
	m.line("## Findings")
	for _, f := range list {
		m.item("%s %s: %s (%s)", escape(string(f.severity)), escape(f.id), escape(f.text), escape(names(f.cells)))
		for _, l := range render.CleanLines(f.remedy) {
			fmt.Fprintf(&m.text, "  <br>remedy: %s\n", escape(l))
		}
	}
	m.text.WriteByte('\n')
}

// active are the characters that can begin something in Markdown or HTML
// (CommonMark 0.31 2.4), and those that turn into a link or a mention.
var active = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `{`, `\{`, `}`, `\}`, `[`, `\[`, `]`, `\]`,
	`|`, `\|`, `#`, `\#`, `~`, `\~`, `!`, `\!`,
	`<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, `@`, `&#64;`, `://`, `&#58;//`,
)

// escape makes text inert: one line, no markup.
func escape(s string) string { return active.Replace(render.Clean(s)) }
