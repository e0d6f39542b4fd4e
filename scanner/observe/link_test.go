package observe

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The window has room for the third SYN of a classic kernel and for its answer.
func TestWindow(t *testing.T) {
	for answer, want := range map[time.Duration]time.Duration{
		0:                      3800 * time.Millisecond,
		120 * time.Millisecond: 3800 * time.Millisecond,
		200 * time.Millisecond: 4100 * time.Millisecond,
		2 * time.Second:        11300 * time.Millisecond,
		9 * time.Second:        30 * time.Second,
	} {
		if got := window(3500*time.Millisecond, answer); got != want {
			t.Errorf("an answer in %s: %s, want %s", answer, got, want)
		}
	}
	if got := window(10*time.Second, 0); got != 10*time.Second {
		t.Errorf("the policy asks for 10 s: %s", got)
	}
}

// So much is sent that all of it is lost once in a million times.
func TestTransmissions(t *testing.T) {
	for _, c := range []struct{ lost, sent, want int }{
		{0, 0, 3}, {0, 10, 3}, {1, 1000, 3}, {1, 10, 6}, {3, 10, 12}, {1, 2, 20}, {9, 10, 132}, {10, 10, 1375},
	} {
		if got := run.Transmissions(c.lost, c.sent); got != c.want {
			t.Errorf("%d of %d are lost: %d transmissions, want %d", c.lost, c.sent, got, c.want)
		}
	}

}

func TestLinksTakeInExchanges(t *testing.T) {
	const ms = time.Millisecond
	try := func(c run.Class, rtt time.Duration, a run.Attempt) run.Try {
		return run.Try{Class: c, RTT: rtt, Attempt: a}
	}
	l := newLinks()
	all := []run.Observation{
		{Need: run.Need{Vantage: "guest", Spec: run.Spec{Probe: run.ProbeTCP}}, Class: run.Answered,
			Tries: []run.Try{try(run.Answered, 1040*ms, run.Attempt{Sent: 2, Answered: 2, Took: 40 * ms})}},
		{Need: run.Need{Vantage: "guest", Spec: run.Spec{Probe: run.ProbeICMP}}, Class: run.Answered, Tries: []run.Try{
			try(run.Silent, 2000*ms, run.Attempt{Sent: 1}), try(run.Answered, 30*ms, run.Attempt{Sent: 1, Answered: 1, Took: 30 * ms})}},
		// The first protocols are not answered, and that is no loss.
		{Need: run.Need{Vantage: "guest", Spec: run.Spec{Probe: run.ProbeIKE}}, Class: run.Answered, Tries: []run.Try{
			try(run.Silent, 500*ms, run.Attempt{Sent: 1}), try(run.Answered, 60*ms, run.Attempt{Sent: 1, Answered: 1, Took: 60 * ms})}},
		// What never answers says nothing of loss.
		{Need: run.Need{Vantage: "guest", Spec: run.Spec{Probe: run.ProbeTCP}}, Class: run.Silent,
			Tries: []run.Try{try(run.Silent, 3500*ms, run.Attempt{Sent: 3})}},
		// The first answer was lost, and came when it was sent again: two came to nothing.
		{Need: run.Need{Vantage: "branch", Spec: run.Spec{Probe: run.ProbeTCP}}, Class: run.Answered, Tries: []run.Try{
			try(run.Answered, 20*ms, run.Attempt{Sent: 1, Answered: 1, Took: 20 * ms}),
			try(run.Answered, 2040*ms, run.Attempt{Sent: 3, Answered: 1, Took: 2040 * ms}),
			try(run.Answered, 30*ms, run.Attempt{Sent: 1, Answered: 1, Took: 30 * ms})}},
		// All answers take so long: nothing is lost.
		{Need: run.Need{Vantage: "far", Spec: run.Spec{Probe: run.ProbeTCP}}, Class: run.Answered, Tries: []run.Try{
			try(run.Answered, 2000*ms, run.Attempt{Sent: 2, Answered: 1, Took: 2000 * ms}),
			try(run.Answered, 2100*ms, run.Attempt{Sent: 3, Answered: 1, Took: 2100 * ms})}},
		// A way in that tells nothing but the time.
		{Need: run.Need{Vantage: "annex", Spec: run.Spec{Probe: run.ProbeTCP}}, Class: run.Answered,
			Tries: []run.Try{try(run.Answered, 1200*ms, run.Attempt{})}},
	}
	for i := range all {
		l.expect(all[i].Need.Vantage)
	}
	for i := range all {
		l.note(&all[i])
	}
	for vantage, want := range map[string]run.Measure{
		"guest": {Answer: 60 * ms, Lost: 2, Sent: 4}, "annex": {Answer: 1200 * ms, Untold: true}, "nobody": {},
		"branch": {Answer: 30 * ms, Lost: 2, Sent: 5}, "far": {Answer: 2100 * ms, Lost: 0, Sent: 2},
	} {
		if got := l.of(t.Context(), vantage); got.Measure != want {
			t.Errorf("%s: %+v, want %+v", vantage, got.Measure, want)
		}
	}
}

// What a vantage answers itself, what its resolver says, and what comes late shows no
// quick link.
func TestAQuickLink(t *testing.T) {
	const ms = time.Millisecond
	l := newLinks()
	heard := func(vantage string, p run.Probe, t run.Try) {
		l.heard(&run.Observation{Need: run.Need{Vantage: vantage, Spec: run.Spec{Probe: p}}, Class: t.Class, Tries: []run.Try{t}})
	}
	heard("slow", run.ProbeTCP, run.Try{Class: run.Answered, RTT: 4000 * ms})
	heard("silent", run.ProbeTCP, run.Try{Class: run.Silent, RTT: 20 * ms})
	heard("refuses itself", run.ProbeTCP, run.Try{Class: run.Refused, RTT: ms, Attempt: run.Attempt{Loopback: true}})
	heard("has a near resolver", run.ProbeSRV, run.Try{Class: run.Answered, RTT: ms})
	heard("quick", run.ProbeTCP, run.Try{Class: run.Answered, RTT: 1020 * ms, Attempt: run.Attempt{Sent: 2, Answered: 2, Took: 20 * ms}})
	for _, v := range []string{"slow", "silent", "refuses itself", "has a near resolver", "nobody"} {
		if l.areQuick(v) || l.areQuick("quick", v) {
			t.Errorf("%s is quick", v)
		}
	}
	if !l.areQuick("quick", "") {
		t.Error("it is not quick")
	}
}

// What is alive is asked before the windows of a vantage and again after all of
// them, whatever the order of the needs; the slowest answer lengthens the window.
func TestAliveIsAskedAroundTheWindow(t *testing.T) {
	alive := func(v string, when run.When) run.Need {
		return run.Need{Vantage: v, When: when, Spec: run.Spec{Probe: run.ProbeTCP, Target: "dns", Addr: netip.MustParseAddr("198.18.11.53"), Port: 53}}
	}
	synctest.Test(t, func(t *testing.T) {
		needs := []run.Need{alive("outside", run.After), tcpNeed("outside", run.Window), alive("outside", run.Before),
			tcpNeed("inside", run.Before), tcpNeed("inside", run.After)}
		got, length := observed(t, &scripted{after: 5 * time.Millisecond}, &scripted{after: 400 * time.Millisecond, silent: 445}, needs)
		before, window, after := got[alive("outside", run.Before)], got[tcpNeed("outside", run.Window)], got[alive("outside", run.After)]
		if before.Class != run.Answered || before.End > window.Start || after.Class != run.Answered || after.Start < window.End {
			t.Errorf("before %s-%s, window %s-%s, after %s-%s", before.Start, before.End, window.Start, window.End, after.Start, after.End)
		}
		if want := 4900 * time.Millisecond; length != want || window.End-window.Start != want {
			t.Errorf("the window was %s long, T %s, want %s", window.End-window.Start, length, want)
		}
	})
	// A slow answer is waited for: before it nobody knows how long the window is to be.
	synctest.Test(t, func(t *testing.T) {
		needs := []run.Need{alive("outside", run.Before), alive("outside", run.After), tcpNeed("outside", run.Window)}
		got, length := observed(t, &scripted{}, &scripted{after: 4 * time.Second, silent: 445}, needs)
		before, window := got[alive("outside", run.Before)], got[tcpNeed("outside", run.Window)]
		if want := 19300 * time.Millisecond; before.End > window.Start || length != want || window.End-window.Start != want {
			t.Errorf("before ends at %s, the window is %s-%s, T %s", before.End, window.Start, window.End, length)
		}
	})
	// Who is cut off does not hold up the others, and is not asked again.
	synctest.Test(t, func(t *testing.T) {
		quick := tcpNeed("inside", run.Window)
		quick.Port = 139
		needs := []run.Need{alive("outside", run.Before), alive("outside", run.After), tcpNeed("outside", run.Window), quick, tcpNeed("inside", run.Before)}
		outside := &scripted{}
		got, _ := observed(t, &scripted{after: 5 * time.Millisecond, silent: 139}, outside, needs)
		if w := got[quick]; w.Start > time.Second || got[tcpNeed("outside", run.Window)].Start < 21*time.Second || len(outside.begun) != 2 {
			t.Errorf("the windows began at %s and %s, %d dials", w.Start, got[tcpNeed("outside", run.Window)].Start, len(outside.begun))
		}
		if got[alive("outside", run.After)].Class != "" {
			t.Errorf("after: %+v", got[alive("outside", run.After)])
		}
	})
}

// What is alive is connected to so often that a link shows what it loses, before
// anything is sent in a window, and once after it. No more is sent than was told.
func TestALinkIsMeasured(t *testing.T) {
	alive := func(when run.When) run.Need {
		return run.Need{Vantage: "outside", When: when, Spec: run.Spec{Probe: run.ProbeTCP, Target: "dns", Addr: netip.MustParseAddr("198.18.11.53"), Port: 53}}
	}
	synctest.Test(t, func(t *testing.T) {
		needs := []run.Need{alive(run.Before), tcpNeed("outside", run.Window), tcpNeed("inside", run.Before), tcpNeed("inside", run.After), alive(run.After)}
		outside := &scripted{after: 5 * time.Millisecond, silent: 445, lossy: true}
		got, _ := observed(t, &scripted{after: 5 * time.Millisecond}, outside, needs)
		before, window, after := got[alive(run.Before)], got[tcpNeed("outside", run.Window)], got[alive(run.After)]
		var m run.Measure
		m.Note(&before)
		// 2 of 14 are lost: 8 transmissions, which are three connections.
		if m.Lost != 2 || m.Sent != 14 || before.End > window.Start || len(window.Tries) != 3 || len(after.Tries) != 1 {
			t.Errorf("lost %d of %d until %s; from %s on %d tries; after it %d", m.Lost, m.Sent, before.End, window.Start, len(window.Tries), len(after.Tries))
		}
		limits := Limits(&intent.Policy{}, needs)
		for i, n := range needs {
			told := probes.Describe(n, limits(i))[0]
			if sent := len(got[n].Tries); sent > max(told.Count, told.Lossy) {
				t.Errorf("%s %s: told %d, sent %d", n.Target, n.When, told.Count, sent)
			}
			if n == alive(run.Before) && told.Count != run.Exchanges {
				t.Errorf("the measure of the link: told %d", told.Count)
			}
		}
	})
}

// The connections that a watch is to know are made after all else, those between the
// same two ends one after the other.
func TestAloneComesLastAndAlone(t *testing.T) {
	lone := func(v string, port uint16) run.Need {
		n := tcpNeed(v, run.Alone)
		n.Port = port
		return n
	}
	synctest.Test(t, func(t *testing.T) {
		first, second, other := lone("inside", 1688), lone("inside", 1689), lone("outside", 1688)
		needs := []run.Need{first, tcpNeed("outside", run.Window), second, other, tcpNeed("inside", run.Before), tcpNeed("inside", run.After)}
		got, _ := observed(t, &scripted{after: 300 * time.Millisecond}, &scripted{after: 200 * time.Millisecond, silent: 445}, needs)
		a, b, c := got[first], got[second], got[other]
		last := max(got[tcpNeed("outside", run.Window)].End, got[tcpNeed("inside", run.After)].End)
		if a.Start < last || c.Start < last || b.Start < a.End || a.Class != run.Answered || b.Class != run.Answered {
			t.Errorf("all else ends at %s; %s-%s, then %s-%s, and %s-%s", last, a.Start, a.End, b.Start, b.End, c.Start, c.End)
		}
		if c.Start != a.Start {
			t.Errorf("two pairs of ends wait for each other: %s, %s", a.Start, c.Start)
		}
	})
}
