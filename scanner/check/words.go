package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// NoAddress is why a cell over one family of addresses has nothing to try.
var NoAddress = reason.One(reason.NoAddressOfFamily)

// Found is a finding.
func Found(code reason.Code, args ...any) run.Finding { return run.Found(reason.New(code, args...)) }

// AppendNew appends what is not there yet.
func AppendNew[T comparable](to []T, more ...T) []T {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}

// HasFold reports whether a word is among others, in whatever case.
func HasFold(all []string, s string) bool {
	for _, x := range all {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// Label names a port of an address as people do.
func Label(a netip.Addr, n Port) string {
	if n == Echo {
		return a.String() + " (ping)"
	}
	return netip.AddrPortFrom(a, uint16(n)).String()
}

// Protocol names the protocol and the port.
func Protocol(n Port) string {
	if n == Echo {
		return "ping"
	}
	return fmt.Sprintf("TCP %d", n)
}

// Seen is what an observation came to, as a reason. at names what was asked, ""
// where the sentence does.
func Seen(at string, o *run.Observation) reason.Reason {
	r := reason.New(reason.Seen)
	if at != "" {
		r = r.With("at", []string{at})
	}
	switch {
	case len(o.Trouble) > 0:
		return r.With("class", "error").With("why", o.Trouble)
	case len(o.Missing) > 0:
		return r.With("class", "missing").With("why", o.Missing)
	case o.Class == run.Answered && o.Weak != "":
		return r.With("class", "weak")
	case o.Class == run.Silent:
		return r.With("class", o.Class).With("for", Ago(o.End-o.Start))
	case Note(o) != "":
		return r.With("class", o.Class).With("words", Note(o))
	}
	return r.With("class", o.Class)
}

// Note returns the system's own words of the last try that has any.
func Note(o *run.Observation) string {
	for i := len(o.Tries) - 1; i >= 0; i-- {
		if o.Tries[i].Note != "" {
			return o.Tries[i].Note
		}
	}
	return string(o.Class)
}

// RTT is the time to the first answer.
func RTT(o *run.Observation) time.Duration {
	for _, t := range o.Tries {
		if t.Class == run.Answered {
			return t.Start - o.Start + t.RTT
		}
	}
	return 0
}

// Ago prints a duration for a sentence.
func Ago(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	return d.Round(100 * time.Millisecond).String()
}

// List joins names for a sentence.
func List(names []string) string { return strings.Join(names, ", ") }

// MostNamed is how many things of a kind a sentence names.
const MostNamed = 5

// Few names the first things of many, and counts the others.
func Few(names []string) string {
	if n := len(names) - MostNamed; n > 1 {
		return fmt.Sprintf("%s and %d more", List(names[:MostNamed]), n)
	}
	return List(names)
}
