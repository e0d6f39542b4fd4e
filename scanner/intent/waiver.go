package intent

import (
	"strings"
	"time"
)

// Covers reports whether the waiver is for a cell. The three parts are compared
// one by one; * is any text, and every other character is itself.
func (w Waiver) Covers(check, vantage, target string) bool {
	parts := w.Parts()
	return Matches(parts[0], check) && Matches(parts[1], vantage) && Matches(parts[2], target)
}

// Parts are the patterns of check, vantage and target. A target may hold a /.
func (w Waiver) Parts() (parts [3]string) {
	copy(parts[:], strings.SplitN(w.Cell, "/", len(parts)))
	return parts
}

// Matches reports whether a pattern, in which * is any text, is for a name.
func Matches(pattern, name string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, first)
	for ok {
		first, rest, wild = strings.Cut(rest, "*")
		if !wild {
			return strings.HasSuffix(name, first)
		}
		// The earliest place leaves the most for what follows.
		_, name, ok = strings.Cut(name, first)
	}
	return false
}

// Ends is until when the waiver holds, as it was written.
func (w Waiver) Ends() string { return written(w.Until, w.Expires) }

// Ends is until when the exemption is declared, as it was written.
func (e Exemption) Ends() string { return written(e.Until, e.Expires) }

// written is a moment as it was written. Documents of earlier versions do not
// say that: there a day ends at midnight UTC.
func written(text string, t time.Time) string {
	switch {
	case text != "":
		return text
	case t.Equal(t.UTC().Truncate(24 * time.Hour)):
		return t.UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04 -07:00")
}
