package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// writeTable writes the report for a person at a terminal: the answer first,
// the matrix, a paragraph for all that is not a pass, what was not tested.
func writeTable(w io.Writer, of *run.Run, o Options) error {
	r := words(of)
	t := &table{run: r, digest: digestOf(r), seen: observationsOf(of), options: o, width: o.columns()}
	t.first()
	if err := t.matrix(); err != nil {
		return err
	}
	t.unreached()
	for _, p := range t.digest.causes {
		t.paragraph(p)
	}
	for _, p := range t.digest.waived {
		t.paragraph(p)
	}
	t.notes(t.digest.weak)
	t.notes(t.digest.skipped)
	t.findings()
	t.block("Unused waivers", idleWaivers(of))
	t.block("Owed and not shown", owed(r.Run))
	t.block("Not tested", sentences(r.Untested))
	t.text.WriteString(total(of) + "\n")
	_, err := io.WriteString(w, t.text.String())
	return err
}

type table struct {
	run     *worded
	digest  *digest
	seen    observations
	options Options
	width   int
	text    strings.Builder
}

// paint colours a word of the report where colours are asked for. Blanks that
// pad it stay outside.
func (t *table) paint(word string) string {
	if !t.options.Color {
		return word
	}
	return colors[word].Paint(word)
}

// label is a word padded to columns, coloured.
func (t *table) label(word string, columns int) string {
	return t.paint(word) + strings.Repeat(" ", max(columns-render.Width(word), 2))
}

// first writes the answer and the deployment, on one line where they fit.
func (t *table) first() {
	line := headline(t.run, t.options)
	text := line.text
	label := line.word + "  "
	if t.options.Color {
		label = colors[string(line.answer)].Paint(line.word) + "  "
	}
	about := deployment(t.run.Run)
	if free := t.width - render.Width(label+text) - render.Width(about); free >= 2 {
		t.text.WriteString(label + text + strings.Repeat(" ", free) + about + "\n\n")
		return
	}
	t.hang(label, text)
	t.pair(about, "", 0)
	t.text.WriteByte('\n')
}

// pair writes two texts on one line, two blanks apart, and on two lines (the
// second indented) where they do not fit.
func (t *table) pair(a, b string, indent int) {
	line := a
	if b != "" {
		line += "  " + b
	}
	if render.Width(line) <= t.width {
		t.text.WriteString(line + "\n")
		return
	}
	t.hang("", a)
	if b != "" {
		t.hang(strings.Repeat(" ", indent), b)
	}
}

func (t *table) matrix() error {
	m := matrixOf(t.run.Run)
	blocks := render.Blocks(m.rows(t.options.Color), t.width)
	for _, block := range blocks {
		if len(blocks) > 1 {
			block = spoken(block)
		}
		g, err := render.Grid(block)
		if err != nil {
			return err
		}
		t.text.WriteString(g + "\n")
	}
	return nil
}

// spoken leaves out the checks that have no cell in a block.
func spoken(block [][]string) [][]string {
	none := []string{wordNone, colors[wordNone].Paint(wordNone)}
	return slices.DeleteFunc(block, func(row []string) bool {
		return !slices.ContainsFunc(row[1:], func(w string) bool { return !slices.Contains(none, w) })
	})
}

// unreached names the vantages that could not be used at all.
func (t *table) unreached() {
	any := false
	for _, v := range t.run.Vantages {
		if len(v.Trouble) > 0 {
			any = true
			t.text.WriteString(render.Hang(t.label("ERROR", wordColumns)+"vantage ", render.Clean(v.Name)+": "+render.Clean(catalog.Text(v.Trouble)), t.width))
		}
	}
	if any {
		t.text.WriteByte('\n')
	}
}

// Where the text of a paragraph begins, and that of its lines.
const (
	wordColumns  = 8
	labelColumns = 14
)

func (t *table) paragraph(p paragraph) {
	c := p.cells[0]
	about := ""
	if len(p.cells) == 1 {
		about = flow(t.run.Run, t.seen, c.Cell)
	}
	t.pair(t.label(word(c.Cell), wordColumns)+names(p.cells), about, 2)
	for _, f := range fields(c) {
		label := "  " + f.label
		t.hang(label+strings.Repeat(" ", max(labelColumns-len(label), 2)), f.text)
	}
	if len(p.consequences) > 0 {
		t.hang("  ", "because of "+render.Clean(c.ID.String())+":")
		t.hang("    ", consequences(p.consequences))
	}
	t.text.WriteByte('\n')
}

// consequences lists cells with the word of their verdict.
func consequences(cells []*cell) string {
	said := make([]string, 0, mostNames)
	for i, c := range cells {
		if i == mostNames {
			return strings.Join(said, ", ") + fmt.Sprintf(" and %d more", len(cells)-i)
		}
		said = append(said, word(c.Cell)+" "+render.Clean(c.ID.String()))
	}
	return strings.Join(said, ", ")
}

// notes writes one line for each reason, with the cells that share it.
func (t *table) notes(list []paragraph) {
	for _, p := range list {
		c := p.cells[0]
		reason := render.Clean(c.reason)
		if reason == "" {
			reason = unsaid(c)
		}
		t.hang(t.label(word(c.Cell), wordColumns), names(p.cells)+": "+reason)
	}
	if len(list) > 0 {
		t.text.WriteByte('\n')
	}
}

// unsaid stands for a reason that a check did not give.
func unsaid(c *cell) string {
	if c.Weak {
		return "something it rests on is not shown"
	}
	return "no reason was given"
}

func (t *table) findings() {
	for _, f := range t.digest.findings {
		severity := render.Clean(string(f.severity))
		t.hang(severity+strings.Repeat(" ", max(10-len(severity), 2)), render.Clean(f.id)+": "+render.Clean(f.text))
		for _, l := range render.CleanLines(f.remedy) {
			t.hang("  remedy    ", l)
		}
		t.hang("  at        ", names(f.cells))
	}
	if len(t.digest.findings) > 0 {
		t.text.WriteByte('\n')
	}
}

// block writes sentences under a title; none is no block.
func (t *table) block(title string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	t.text.WriteString(title + "\n")
	for _, s := range sentences {
		t.hang("  - ", render.Clean(s))
	}
	t.text.WriteByte('\n')
}

func (t *table) hang(label, s string) { t.text.WriteString(render.Hang(label, s, t.width)) }
