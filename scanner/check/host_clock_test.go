package check_test

import (
	"math"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// clocks is a world with a directory whose controller is ahead, and a host that is. Both
// are ahead of kmsiso, and known to within some time.
func clocks(host, hostWithin, controller, controllerWithin time.Duration) func() *world {
	return after(directories(func(_ *intent.Policy, f *run.Forest) { f.Skew, f.SkewWithin = &controller, controllerWithin }, nil), reads(host, hostWithin))
}

// reads has the clock of kms01 read so.
func reads(ahead, within time.Duration) func(*world) {
	return on(asked{vantage: "kms01", probe: run.ProbeClock}, func(o *run.Observation) { o.Clock = &run.Clock{Ahead: ahead, Within: within} })
}

const clockCell = "host-clock/kms01/kms01"

// Each claim of host-clock, where it is shown, weak, not shown, and contradicted.
func TestClaimsOfClocks(t *testing.T) {
	const s = time.Second
	none, wrong, unsure, apart := reason.Reason{}, reason.New(reason.HostClockWrong, "host", "kms01", "allowed", 5*time.Minute),
		reason.New(reason.HostClockUnsure, "host", "kms01"), reason.New(reason.HostClockApart, "host", "kms01")
	one, alone := reason.New(reason.OneClockWrong, "host", "kms01"), reason.New(reason.NoControllerClock, "host", "kms01")
	no := func(what string) func(*run.Observation) {
		return func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Missing: reason.List{reason.Quote(what)}}
		}
	}
	atHost, forest := asked{vantage: "kms01", probe: run.ProbeClock}, asked{probe: run.ProbeDirectory}
	told := directories(nil, nil)
	forgets := func(change func(*run.Forest)) func() *world {
		return directories(func(_ *intent.Policy, f *run.Forest) { change(f) }, nil)
	}
	testClaims(t, []claimRow{
		{reason.ClaimRead, run.Shown, none, run.Pass, told, clockCell},
		{reason.ClaimRead, run.ToolFailed, reason.Quote("it broke"), run.Error, after(told, on(atHost, failed("it broke"))), clockCell},
		{reason.ClaimRead, run.Void, reason.Quote("no clock"), run.Skip, after(told, on(atHost, no("no clock"))), clockCell},
		{reason.ClaimRead, run.NotShown, none, run.Inconclusive, after(told, on(atHost, func(o *run.Observation) { o.Clock = nil })), clockCell},

		{reason.ClaimInForce, run.Shown, none, run.Pass, told, clockCell},
		{reason.ClaimInForce, run.Weak, apart, run.Pass, clocks(62*s, s, 0, s), clockCell},
		{reason.ClaimInForce, run.NotShown, unsure, run.Inconclusive, clocks(299*s, s, 0, s), clockCell},
		{reason.ClaimInForce, run.Broken, wrong, run.Fail, clocks(302*s, s, 0, s), clockCell},
		{reason.ClaimInForce, run.Broken, wrong, run.Fail, clocks(-302*s, s, 0, s), clockCell},

		// Whoever is wrong, Kerberos is judged by the domain controller.
		{reason.ClaimInForce, run.Shown, none, run.Pass, clocks(3600*s, s, 3610*s, s), clockCell},
		{reason.ClaimInForce, run.Broken, wrong, run.Fail, clocks(0, s, 400*s, s), clockCell},
		{reason.ClaimInForce, run.Broken, wrong, run.Fail, clocks(200*s, s, -200*s, s), clockCell},

		// What is not known exactly is not concluded.
		{reason.ClaimInForce, run.Weak, apart, run.Pass, clocks(0, 60*s, 0, 0+s), clockCell},
		{reason.ClaimInForce, run.NotShown, unsure, run.Inconclusive, clocks(0, 300*s, 0, s), clockCell},
		{reason.ClaimInForce, run.NotShown, unsure, run.Inconclusive, clocks(900*s, 700*s, 0, s), clockCell},
		{reason.ClaimInForce, run.NotShown, unsure, run.Inconclusive, clocks(0, math.MinInt64, 0, s), clockCell},
		{reason.ClaimInForce, run.Broken, wrong, run.Fail, clocks(math.MaxInt64, s, math.MinInt64, s), clockCell},

		// No source can tell the time of a domain controller.
		{reason.ClaimInForce, run.Void, alone, run.Skip, newWorld, clockCell},
		{reason.ClaimInForce, run.Void, alone, run.Skip, changed(reads(59*s, s/2)), clockCell},
		{reason.ClaimInForce, run.Void, alone, run.Skip, changed(reads(-60*s, s)), clockCell},
		{reason.ClaimInForce, run.NotShown, one, run.Inconclusive, changed(reads(299*s, s)), clockCell},
		{reason.ClaimInForce, run.NotShown, one, run.Inconclusive, changed(reads(-3600*s, s)), clockCell},
		{reason.ClaimInForce, run.Void, alone, run.Skip, forgets(func(f *run.Forest) { f.Skew = nil }), clockCell},

		// One could, and it is not known.
		{reason.ClaimInForce, run.NotShown, alone, run.Inconclusive, forgets(func(f *run.Forest) { f.SkewWithin = 0 }), clockCell},
		{reason.ClaimInForce, run.NotShown, alone, run.Inconclusive, forgets(func(f *run.Forest) { f.SkewWithin = -s }), clockCell},
		{reason.ClaimInForce, run.NotShown, alone, run.Inconclusive, forgets(func(f *run.Forest) { f.Domains[0].Accounts = nil }), clockCell},
		{reason.ClaimInForce, run.NotShown, alone, run.Inconclusive, after(told, on(forest, failed("it broke"))), clockCell},
	})
}

// The lines are at 60 and at 300 seconds, and what may be beyond one counts as beyond.
func TestLinesOfClocks(t *testing.T) {
	const ms, controller = time.Millisecond, 7 * time.Second
	for _, row := range []struct {
		apart, within time.Duration // half a second of it is the controller's
		verdict       run.Verdict
		weak          bool
	}{
		{0, 500 * ms, run.Pass, false},
		{59_000 * ms, 500 * ms, run.Pass, false},
		{59_499 * ms, 500 * ms, run.Pass, false},
		{59_000 * ms, 1000 * ms, run.Pass, true},
		{60_000 * ms, 500 * ms, run.Pass, true},
		{60_500 * ms, 500 * ms, run.Pass, true},
		{299_000 * ms, 500 * ms, run.Pass, true},
		{299_499 * ms, 500 * ms, run.Pass, true},
		{299_000 * ms, 1000 * ms, run.Inconclusive, false},
		{300_000 * ms, 500 * ms, run.Inconclusive, false},
		{300_499 * ms, 500 * ms, run.Inconclusive, false},
		{300_500 * ms, 500 * ms, run.Fail, false},
		{302_000 * ms, 3000 * ms, run.Inconclusive, false},
		{303_000 * ms, 3000 * ms, run.Fail, false},
	} {
		for _, sign := range []time.Duration{1, -1} {
			c := clocks(controller+sign*row.apart, row.within-500*ms, controller, 500*ms)().judged(t)[clockCell]
			if c.Verdict != row.verdict || c.Weak != row.weak {
				t.Errorf("%s apart, within %s: %s, weak %v: %s", sign*row.apart, row.within, c.Verdict, c.Weak, c.Reasons.Key())
			}
			if found := len(c.Findings) > 0; found != row.weak {
				t.Errorf("%s apart, within %s: findings %+v", sign*row.apart, row.within, c.Findings)
			}
			if !c.Seen.Has(reason.SeenHostClock) || !c.Seen.Has(reason.SeenControllerClock) {
				t.Errorf("seen %s", c.Seen.Key())
			}
		}
	}
}

// Nobody knows which of two clocks is wrong, but that one is.
func TestOneClockIsWrong(t *testing.T) {
	for ahead, found := range map[time.Duration]bool{0: false, 59 * time.Second: false, 60 * time.Second: true, -2 * time.Minute: true, time.Hour: true} {
		c := changed(reads(ahead, time.Millisecond))().judged(t)[clockCell]
		if is := len(c.Findings) == 1 && c.Findings[0].Reason.Has(reason.OneClockWrong); is != found || len(c.Findings) > 1 {
			t.Errorf("%s apart: %+v", ahead, c.Findings)
		}
	}
}
