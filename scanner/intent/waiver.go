package intent

import (
	"strings"
	"time"
	_ "time/tzdata" // Windows has no names of zones
)

// DefaultWaiverDays is how long a waiver may last without a warning.
const DefaultWaiverDays = 180

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

// location reads the zone of the policy, which is UTC where none is declared.
func (l *loader) location(s text) *time.Location {
	if !s.set {
		return time.UTC
	}
	zone, err := time.LoadLocation(s.value)
	if err != nil || strings.EqualFold(s.value, "local") {
		l.bad.add(s.at, "zone %q is no time zone; write its IANA name, such as Europe/Berlin", s.value)
		return time.UTC
	}
	return zone
}

func (l *loader) waiver(w block[waiverForm], limit scalar[days]) Waiver {
	f := w.form
	out := Waiver{
		Cell: f.Cell.value, Reason: f.Reason.value, Owner: f.Owner.value, Place: w.at.String(),
		Expires: f.Expires.value.end(l.zone), Until: f.Expires.value.text,
	}
	if (!f.Cell.set || !f.Reason.set || !f.Owner.set || !f.Expires.set) && !w.broken {
		l.bad.add(w.at, "a waiver needs cell, reason, owner and expires: somebody answers for it until a day")
	}
	if parts := out.Parts(); f.Cell.set && (parts[0] == "" || parts[1] == "" || parts[2] == "") {
		l.bad.add(f.Cell.at, "%q is no cell; write check/vantage/target, where * stands for any", f.Cell.value)
	}
	most := DefaultWaiverDays
	if limit.set {
		most = int(limit.value)
	}
	switch {
	case !f.Expires.set:
	case !out.Expires.After(l.now):
		l.bad.warn(f.Expires.at, "the waiver of %s expired on %s and has no effect; remove or extend it", out.Cell, out.Until)
	case out.Expires.After(l.now.AddDate(0, 0, most+1)):
		l.bad.warn(f.Expires.at, "the waiver of %s lasts until %s, which is more than %d days; shorten it, or allow more with limits: {waiver: 365d}", out.Cell, out.Until, most)
	}
	return out
}
