package policyfile

import (
	"strings"
	"time"
	_ "time/tzdata" // Windows has no names of zones

	"github.com/kmsiso/kmsiso/scanner/intent"
)

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

func (l *loader) waiver(w block[waiverForm], limit scalar[days]) intent.Waiver {
	f := w.form
	out := intent.Waiver{
		Cell: f.Cell.value, Reason: f.Reason.value, Owner: f.Owner.value, Place: w.at.String(),
		Expires: f.Expires.value.end(l.zone), Until: f.Expires.value.text,
	}
	if (!f.Cell.set || !f.Reason.set || !f.Owner.set || !f.Expires.set) && !w.broken {
		l.bad.add(w.at, "a waiver needs cell, reason, owner and expires: somebody answers for it until a day")
	}
	if parts := out.Parts(); f.Cell.set && (parts[0] == "" || parts[1] == "" || parts[2] == "") {
		l.bad.add(f.Cell.at, "%q is no cell; write check/vantage/target, where * stands for any", f.Cell.value)
	}
	most := intent.DefaultWaiverDays
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
