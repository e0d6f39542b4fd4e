package check

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// label names a port of an address as people do.
func label(a netip.Addr, n port) string {
	if n == echo {
		return a.String() + " (ping)"
	}
	return netip.AddrPortFrom(a, uint16(n)).String()
}

func protocol(n port) string {
	if n == echo {
		return "ping"
	}
	return fmt.Sprintf("TCP %d", n)
}

// seen is what an observation came to, as a reason. at names what was asked, ""
// where the sentence does.
func seen(at string, o *run.Observation) reason.Reason {
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
		return r.With("class", o.Class).With("for", ago(o.End-o.Start))
	case note(o) != "":
		return r.With("class", o.Class).With("words", note(o))
	}
	return r.With("class", o.Class)
}

// note returns the system's own words of the last try that has any.
func note(o *run.Observation) string {
	for i := len(o.Tries) - 1; i >= 0; i-- {
		if o.Tries[i].Note != "" {
			return o.Tries[i].Note
		}
	}
	return string(o.Class)
}

// rtt is the time to the first answer.
func rtt(o *run.Observation) time.Duration {
	for _, t := range o.Tries {
		if t.Class == run.Answered {
			return t.Start - o.Start + t.RTT
		}
	}
	return 0
}

// ago prints a duration for a sentence.
func ago(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	return d.Round(100 * time.Millisecond).String()
}

func list(names []string) string { return strings.Join(names, ", ") }

// mostNamed is how many things of a kind a sentence names.
const mostNamed = 5

// few names the first things of many, and counts the others.
func few(names []string) string {
	if n := len(names) - mostNamed; n > 1 {
		return fmt.Sprintf("%s and %d more", list(names[:mostNamed]), n)
	}
	return list(names)
}
