package policyfile

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kmsiso/kmsiso/scanner/nearmiss"
)

// Error is one mistake in a policy file: where it is, what is wrong and what
// to do. [Load] returns all it finds, joined.
type Error struct {
	File    string
	Line    int // from 1; 0 where the mistake is of the whole file
	Column  int // from 1, in characters
	Message string
	Excerpt string // the line with a caret below; values of secrets are masked
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s\n%s", e.File, e.Line, e.Column, e.Message, e.Excerpt)
}

// source is one file as it was read, for excerpts.
type source struct {
	name   string // as a person would type it
	dir    string // relative paths in the file start here
	lines  []string
	hidden []span
}

// span is a piece of text that must not be shown: from a column of a line to
// the end of that line, and the lines after it up to, not including, until.
type span struct{ line, column, until int }

// place is a position in a source. The zero place is nowhere.
type place struct {
	src          *source
	line, column int
}

func newSource(name, dir string, text []byte) *source {
	s := strings.ReplaceAll(string(text), "\r\n", "\n")
	return &source{name: name, dir: dir, lines: strings.Split(s, "\n")}
}

// secretKey is a line that gives a value to something that may be a secret.
var secretKey = regexp.MustCompile(`(?i)["']?[\w-]*(pass|pwd|secret|token|keytab|shkey|credential)[\w-]*["']?\s*:`)

// at is a place in the source, as a parser gives it; a line of 0 is none.
func (s *source) at(line, column int) place {
	if line < 1 {
		return place{src: s}
	}
	return place{s, min(line, len(s.lines)), max(column, 1)}
}

// hideSuspects hides what may be a secret in a file that cannot be parsed: the
// rest of every line that names one, and the deeper lines below.
func (s *source) hideSuspects() {
	for i, line := range s.lines {
		at := secretKey.FindStringIndex(line)
		if at == nil {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " -"))
		until := i + 1
		for until < len(s.lines) && (strings.TrimSpace(s.lines[until]) == "" ||
			len(s.lines[until])-len(strings.TrimLeft(s.lines[until], " ")) > indent) {
			until++
		}
		s.hidden = append(s.hidden, span{line: i + 1, column: utf8.RuneCountInString(line[:at[1]]) + 1, until: until + 1})
	}
}

// shown is a line as it may be printed.
func (s *source) shown(line int) string {
	if line < 1 || line > len(s.lines) {
		return ""
	}
	text := []rune(strings.Map(printable, s.lines[line-1]))
	for _, h := range s.hidden {
		switch {
		case line == h.line && h.column <= len(text):
			text = append(slices.Clone(text[:max(h.column-1, 0)]), []rune("***")...)
		case line > h.line && line < h.until:
			text = []rune("***")
		}
	}
	return string(text)
}

// printable keeps a terminal safe from what a file holds.
func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == utf8.RuneError:
		return '?'
	case r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		return '?' // invisible, or turning the direction of writing
	}
	return r
}

// excerptWidth is how many characters of a line an excerpt shows.
const excerptWidth = 100

// excerpt shows the line before and the line itself, with a caret.
func (s *source) excerpt(line, column int) string {
	var b strings.Builder
	from := 0
	if column > excerptWidth-20 {
		from = column - excerptWidth/2
	}
	for n := max(line-1, 1); n <= line; n++ {
		text := []rune(s.shown(n))
		text = text[min(from, len(text)):]
		if len(text) > excerptWidth {
			text = append(slices.Clone(text[:excerptWidth]), []rune(" ...")...)
		}
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%6d | %s", n, string(text)), " "))
	}
	fmt.Fprintf(&b, "       | %s^", strings.Repeat(" ", max(column-1-from, 0)))
	return b.String()
}

// maxProblems is how many mistakes are told at once.
const maxProblems = 50

// problems collects mistakes until all files are read, so that what must be
// hidden is known before anything is shown.
type problems struct {
	found    []problem
	known    map[problem]bool // those in found
	warnings []string
}

type problem struct {
	at      place
	message string
}

func (p *problems) add(at place, format string, args ...any) {
	next := problem{at, fmt.Sprintf(format, args...)}
	if !p.known[next] {
		if p.known == nil {
			p.known = map[problem]bool{}
		}
		p.known[next] = true
		p.found = append(p.found, next)
	}
}

// full reports whether more mistakes were found than are told.
func (p *problems) full() bool { return len(p.found) > maxProblems }

func (p *problems) warn(at place, format string, args ...any) {
	p.warnings = append(p.warnings, at.String()+": "+fmt.Sprintf(format, args...))
}

// err returns all mistakes, in the order of the file, or nil.
func (p *problems) err() error {
	files := map[*source]int{} // in the order in which something was found
	for _, f := range p.found {
		if _, known := files[f.at.src]; !known {
			files[f.at.src] = len(files)
		}
	}
	slices.SortStableFunc(p.found, func(a, b problem) int {
		switch {
		case a.at.src != b.at.src:
			return files[a.at.src] - files[b.at.src]
		case a.at.line != b.at.line:
			return a.at.line - b.at.line
		}
		return a.at.column - b.at.column
	})
	var all []error
	for i, f := range p.found {
		if i == maxProblems {
			all = append(all, fmt.Errorf("and %d more mistakes", len(p.found)-i))
			break
		}
		all = append(all, f.err())
	}
	return errors.Join(all...)
}

func (f problem) err() error {
	e := &Error{Message: f.message, Line: f.at.line, Column: f.at.column}
	if f.at.src == nil {
		return e
	}
	e.File = f.at.src.name
	if e.Line > 0 {
		e.Excerpt = f.at.src.excerpt(e.Line, e.Column)
	}
	return e
}

func (p place) String() string {
	switch {
	case p.src == nil:
		return ""
	case p.line == 0:
		return p.src.name
	}
	return fmt.Sprintf("%s:%d", p.src.name, p.line)
}

// didYouMean returns a sentence for [nearmiss.Of], or the list of what there is.
func didYouMean(got string, words []string) string {
	if len(words) == 0 {
		return "none is declared"
	}
	if w := nearmiss.Of(got, words); w != "" {
		return `did you mean "` + w + `"?`
	}
	words = slices.Clone(words)
	if len(words) > 12 {
		words = append(words[:12], "...")
	}
	return "there is " + strings.Join(words, ", ")
}
