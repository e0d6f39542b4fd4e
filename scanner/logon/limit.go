package logon

import (
	"fmt"
	"time"
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
	Why string
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
func (l Limit) says(lost int) string {
	if !l.Known {
		return "an attempt got no answer, and how near it is to being locked out is not known, so one attempt is all there is" + more(l.Why)
	}
	if lost > 0 {
		return fmt.Sprintf("%d attempts got no answer, %d wrong passwords are counted for it at %s, and %d lock it out", lost, l.Count, l.Where, l.Threshold)
	}
	wait := ""
	if l.Window > 0 {
		wait = fmt.Sprintf("; a wrong password counts for %s", l.Window)
	}
	return fmt.Sprintf("%d wrong passwords are counted for it at %s and %d lock it out%s", l.Count, l.Where, l.Threshold, wait)
}

func more(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
