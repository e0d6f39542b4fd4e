package logon

import (
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Limit is how near an account is to being locked out. Its zero value is that of
// an account of which nothing is known: one attempt is then all there is.
type Limit struct {
	// Known says that Threshold and Count were read where the domain counts, at
	// the PDC emulator.
	Known bool
	// Threshold locks the account out; 0 never does ([MS-ADTS] lockoutThreshold).
	Threshold int
	// Count is how many wrong passwords are counted against it (badPwdCount, 0
	// where the last is older than the observation window).
	Count int
	// Window is how long a wrong password counts.
	Window time.Duration
	// Where the two were read, for people.
	Where string
	// Why it is not known, and what to declare.
	Why reason.List
}

// endless is how many attempts there are where nothing locks an account out.
const endless = 1 << 20

// left is how many attempts may fail so that two are left after that: where
// count + attempts + 3 <= threshold. A threshold of 1 or 2 has no such room: one
// attempt, where nothing is counted.
func (l Limit) left() int {
	switch {
	case !l.Known:
		return 1
	case l.Threshold <= 0:
		return endless
	case l.Threshold <= 2 && l.Count == 0:
		return 1
	}
	return max(0, l.Threshold-l.Count-2)
}

// says why no attempt is left, after some that got no answer.
func (l Limit) says(lost int) reason.List {
	switch {
	case !l.Known:
		return reason.One(reason.LockoutUnknown, "why", l.Why)
	case lost > 0:
		return reason.One(reason.LockoutUnanswered, "lost", lost, "count", l.Count, "at", l.Where, "threshold", l.Threshold)
	case l.Window > 0:
		return reason.One(reason.LockoutNear, "count", l.Count, "at", l.Where, "threshold", l.Threshold, "window", l.Window)
	}
	return reason.One(reason.LockoutNear, "count", l.Count, "at", l.Where, "threshold", l.Threshold)
}
