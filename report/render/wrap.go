package render

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// The same report must come out of every environment: tablewriter would count
// characters of ambiguous width (UAX 11) by the locale and RUNEWIDTH_EASTASIAN.
func init() { twwidth.SetEastAsian(false) }

// Width is the number of terminal columns a cleaned or coloured line takes.
func Width(s string) int { return twwidth.Width(s) }

// Wrap breaks a cleaned line at blanks so that no line is wider than width
// columns. A word that is wider by itself is cut.
func Wrap(s string, width int) []string {
	width = max(width, 1)
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(s) {
		w := Width(word)
		if used > 0 && used+1+w > width {
			lines, line, used = append(lines, line), "", 0
		}
		if w > width {
			// Each octet is looked at once: the word may have no end.
			head, tail := cut(word, width)
			for tail != "" {
				lines = append(lines, head)
				head, tail = cut(tail, width)
			}
			word, w = head, Width(head)
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+w
	}
	if used > 0 {
		lines = append(lines, line)
	}
	return lines
}

// Hang wraps s behind label, and indents the lines that follow to where the
// text began. Width counts the label. Where the label takes most of the line the
// text begins below it.
func Hang(label, s string, width int) string {
	indent := Width(label)
	below := indent > hangMost && indent > width/2
	if below {
		indent = hangBelow
	}
	lines := Wrap(s, width-indent)
	if len(lines) == 0 {
		return strings.TrimRight(label, " ") + "\n"
	}
	margin := "\n" + strings.Repeat(" ", indent)
	if below {
		return strings.TrimRight(label, " ") + margin + strings.Join(lines, margin) + "\n"
	}
	return label + strings.Join(lines, margin) + "\n"
}

// A label of more columns than hangMost may stand above its text, which is then
// indented by hangBelow.
const (
	hangMost  = 40
	hangBelow = 8
)

// Shorten cuts s to width columns and ends it with an ellipsis where it was
// longer.
func Shorten(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	head, _ := cut(s, max(width-1, 1))
	return head + "…"
}

// cut splits s behind the last rune that fits in width columns, but takes one
// rune at least.
func cut(s string, width int) (head, tail string) {
	used := 0
	for i, r := range s {
		used += Width(string(r))
		if used > width && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}
