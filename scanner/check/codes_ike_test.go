package check_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Each claim of the negotiation, where it is weak, not shown, and contradicted.
func TestIKEClaims(t *testing.T) {
	const ike500, nat = "ike-500/client/kms01", "natt-4500/branch/kms01"
	over := func(six bool, a asked, become func(*run.Observation)) func(*world) {
		return on(a, func(o *run.Observation) {
			if o.Need.Addr.Is6() == six {
				become(o)
			}
		})
	}
	mine := asked{vantage: "client", target: "kms01", probe: run.ProbeIKE, port: check.PortIKE}
	all := asked{target: "kms01", probe: run.ProbeIKE, port: check.PortIKE}
	watch := asked{probe: run.ProbeFlows}
	unseen := on(watch, func(o *run.Observation) {
		o.Flows = slices.DeleteFunc(slices.Clone(o.Flows), func(f run.Flow) bool { return f.Kind == run.FlowIKE && f.Src == addr("198.18.20.20") })
	})
	seenAsNobody := vantaged("branch", func(v *intent.Vantage) { v.SeenAs = nil })
	other := on(asked{vantage: "branch", probe: run.ProbeIKE}, vendor("another"))
	testClaims(t, []claimRow{
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.IKENotAsked, "vantage", "client"), run.Error, changed(over(false, mine, outcome(run.Exhausted, "EMFILE"))), ike500},
		{reason.ClaimSent, run.Setup, reason.New(reason.OwnFilter, "vantage", "client"), run.Inconclusive, changed(over(false, mine, outcome(run.NotPermitted, "EPERM"))), ike500},
		{reason.ClaimSent, run.Broken, reason.New(reason.NoRoute, "vantage", "client"), run.Fail, changed(over(false, mine, outcome(run.NoRoute, "no route"))), ike500},
		{reason.ClaimSent, run.Void, reason.New(reason.NoRoute, "vantage", "client"), run.Pass, changed(over(true, mine, outcome(run.NoRoute, "no route"))), ike500},

		{reason.ClaimAnswered, run.NotShown, reason.New(reason.IKEUnreadable, "words", "no cookie"), run.Inconclusive, changed(over(false, mine, outcome(run.Cut, "no cookie"))), ike500},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.IKEDoesNotPass, "vantage", "client", "witness", "branch"), run.Fail, changed(over(false, mine, mute)), ike500},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.Unreachable), run.Fail, changed(over(false, mine, outcome(run.Unreachable, "no neighbour"))), ike500},
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.IKESilentKMSAnswers), run.Inconclusive, changed(over(false, all, mute)), ike500},
		// The guest's answer over IPv6 is nothing that members are owed.
		{reason.ClaimAnswered, run.Void, reason.New(reason.NobodyAnsweredThere, "vantage", "client"), run.Pass, changed(over(true, mine, mute)), ike500},
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.ControlLost, "vantage", "branch"), run.Inconclusive,
			changed(over(true, mine, mute), over(true, asked{vantage: "branch", probe: run.ProbeIKE, port: check.PortIKE}, failed("it broke"))), ike500},

		{reason.ClaimByTheHost, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(unseen), ike500},
		{reason.ClaimByTheHost, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(on(watch, failed("it broke"))), ike500},
		{reason.ClaimByTheHost, run.Weak, reason.New(reason.HostUntold, "vantage", "client"), run.Pass, changed(unwatched), ike500},
		{reason.ClaimByTheHost, run.Shown, reason.Reason{}, run.Pass, changed(mirrored), ike500},
		{reason.ClaimByTheHost, run.Shown, reason.Reason{}, run.Pass, changed(seenAsNobody), nat},
		{reason.ClaimByTheHost, run.Weak, reason.New(reason.HostUntold, "vantage", "branch"), run.Pass, changed(seenAsNobody, on(asked{probe: run.ProbeIKE}, vendor())), nat},
		{reason.ClaimByTheHost, run.NotShown, reason.New(reason.OtherMachine, "vantage", "branch", "other", "client"), run.Inconclusive, changed(seenAsNobody, other), nat},
	})
}

// unanswered has messages larger than a packet have no answer.
func unanswered(a asked) func(*world) {
	return on(a, func(o *run.Observation) {
		mute(o)
		o.IKE = &run.IKE{Asked: []string{"ikev1-65001"}, Size: 2000, Again: 6, AgainHeard: 6}
		o.Tries = slices.Repeat(o.Tries[:1], 12)
	})
}

// Whether large IKE messages pass: shown, weak, not shown and contradicted.
func TestLargeIKEClaim(t *testing.T) {
	const cell = "ike-500/client/kms01"
	code := reason.ClaimLargeIKE
	mine, other := asked{vantage: "client", target: "kms01", probe: run.ProbeLargeIKE}, asked{vantage: "branch", target: "kms01", probe: run.ProbeLargeIKE}
	small := asked{vantage: "client", target: "kms01", probe: run.ProbeIKE, port: check.PortIKE}
	files := asked{vantage: "client", target: "files", when: run.Once}
	watch := asked{probe: run.ProbeFlows}
	facts := func(change func(*run.IKE)) func(*world) {
		return on(mine, func(o *run.Observation) { change(o.IKE) })
	}
	lossy := facts(func(x *run.IKE) { x.AgainHeard = 4 })
	slowly := on(files, func(o *run.Observation) {
		o.Tries[0].Attempt = run.Attempt{Sent: 3, Answered: 3, Took: time.Millisecond}
	})
	testClaims(t, []claimRow{
		{code, run.Shown, reason.Reason{}, run.Pass, changed(func(*world) {}), cell},
		{code, run.Broken, reason.New(reason.LargeIKEDoesNotPass, "vantage", "client", "witness", "branch", "octets", 2000, "count", 12), run.Fail, changed(unwatched, unanswered(mine)), cell},
		{code, run.Broken, reason.New(reason.LargeIKEUnseen, "watch", "kms01", "host", "kms01", "octets", 2000), run.Fail, changed(unanswered(mine), unanswered(other)), cell},
		{code, run.Broken, reason.New(reason.Unreachable, "words", "fragments forbidden"), run.Fail, changed(on(mine, outcome(run.Unreachable, "fragments forbidden"))), cell},
		{code, run.Weak, reason.New(reason.LargeIKESilent, "octets", 2000, "count", 12), run.Pass, changed(unwatched, unanswered(mine), unanswered(other)), cell},
		{code, run.Weak, reason.New(reason.LargeIKENotSent, "vantage", "client", "words", "EPERM"), run.Pass, changed(on(mine, outcome(run.NotPermitted, "EPERM"))), cell},
		{code, run.NotShown, reason.New(reason.LinkLoses, "vantage", "client", "counted", 12), run.Inconclusive, changed(unwatched, unanswered(mine), lossy), cell},
		{code, run.NotShown, reason.New(reason.LinkLoses, "vantage", "client", "counted", 12), run.Inconclusive, changed(unwatched, vantaged("client", func(v *intent.Vantage) { v.Alive = []string{"files:445"} }), unanswered(mine), slowly), cell},
		{code, run.NotShown, reason.New(reason.LargeIKESilentSince), run.Inconclusive, changed(unanswered(mine), facts(func(x *run.IKE) { x.AgainHeard = 0 })), cell},
		{code, run.NotShown, reason.Reason{}, run.Inconclusive, changed(unanswered(mine), facts(func(x *run.IKE) { x.Again, x.AgainHeard = 0, 0 })), cell},
		{code, run.NotShown, reason.New(reason.LinkLoses, "counted", 2, "want", 3), run.Inconclusive, changed(unwatched, unanswered(mine), on(mine, func(o *run.Observation) { o.Tries = o.Tries[:2] })), cell},
		{code, run.NotShown, reason.New(reason.ControlLost, "vantage", "branch"), run.Inconclusive, changed(unwatched, unanswered(mine), on(other, failed("it broke"))), cell},
		{code, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(on(watch, failed("it broke")), unanswered(mine), unanswered(other)), cell},
		{code, run.NotShown, reason.New(reason.IKEUnreadable, "words", "no cookie"), run.Inconclusive, changed(on(mine, outcome(run.Cut, "no cookie"))), cell},
		{code, run.NotShown, reason.New(reason.OutcomeUnknown, "words", "it says no more"), run.Inconclusive, changed(on(mine, outcome(run.Unknown, "it says no more"))), cell},
		{code, run.NotShown, reason.Reason{}, run.Inconclusive, changed(on(mine, func(o *run.Observation) { o.IKE.Size = 0 })), cell},
		{code, run.NotShown, reason.New(reason.LargeIKEWithoutSmall), run.Inconclusive, changed(on(mine, func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Missing: reason.One(reason.LargeIKEWithoutSmall)}
		})), cell},
		{code, run.ToolFailed, reason.Quote("it broke"), run.Error, changed(on(mine, failed("it broke"))), cell},
		{code, run.NotShown, reason.Reason{}, run.Fail, changed(on(small, mute)), cell},
	})
}

// Each claim of ESP as such, where it is weak, not shown, and contradicted.
func TestESPClaims(t *testing.T) {
	const esp = "esp-50/client/kms01"
	there, back := asked{vantage: "client", target: "kms01", probe: run.ProbeESP}, asked{vantage: "kms01", target: "client", probe: run.ProbeESP}
	lone := asked{vantage: "client", target: "kms01", when: run.Alone}
	counts := func(a asked, small, large int) func(*world) {
		return on(a, func(o *run.Observation) {
			o.ESP = &run.ESP{Small: 3, SmallSeen: small, Large: 2, LargeSeen: large, LargeSize: 1400}
		})
	}
	cannot := func(a asked) func(*world) {
		return on(a, func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Missing: reason.List{reason.Quote("no raw sockets")}}
		})
	}
	over6 := func(become func(*run.Observation)) func(*world) {
		return on(there, func(o *run.Observation) {
			if o.Need.Addr.Is6() {
				become(o)
			}
		})
	}
	watch := asked{probe: run.ProbeFlows}
	inUDP := on(watch, func(o *run.Observation) {
		o.Flows = slices.Clone(o.Flows)
		for i := range o.Flows {
			if f := &o.Flows[i]; f.Kind == run.FlowESP {
				f.Kind = run.FlowUDPESP
			}
		}
	})
	untold := on(watch, func(o *run.Observation) {
		o.Watch = &run.Watch{Why: reason.One(reason.SendingUnseen, "host", "kms01", "interface", "eth0")}
	})
	testClaims(t, []claimRow{
		{reason.ClaimSent, run.Setup, reason.New(reason.ESPOwnFilter, "from", "client", "to", "kms01"), run.Inconclusive, changed(on(there, outcome(run.NotPermitted, "EPERM"))), esp},
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.ESPNotSent, "from", "client"), run.Error, changed(on(there, outcome(run.NoRoute, "no route"))), esp},
		{reason.ClaimSent, run.Void, reason.New(reason.ESPNotSent, "from", "client"), run.Pass, changed(over6(outcome(run.NoRoute, "no route"))), esp},
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.ESPNotCounted, "from", "kms01"), run.Error, changed(on(back, func(o *run.Observation) { o.ESP = nil })), esp},
		{reason.ClaimSent, run.Shown, reason.Reason{}, run.Pass, changed(cannot(there)), esp},
		{reason.ClaimSent, run.Void, reason.Reason{}, run.Skip, changed(cannot(there), cannot(back), inUDP), esp},
		{reason.ClaimSent, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(cannot(there), on(watch, failed("it broke"))), esp},

		{reason.ClaimSmall, run.Broken, reason.New(reason.ESPLost, "from", "client", "to", "kms01"), run.Fail, changed(on(lone, mute), counts(there, 0, 0)), esp},
		{reason.ClaimSmall, run.Broken, reason.New(reason.ESPLost, "from", "kms01", "to", "client"), run.Fail, changed(on(lone, mute), counts(back, 0, 0)), esp},
		{reason.ClaimSmall, run.NotShown, reason.New(reason.WatchBlind, "watch", "kms01"), run.Inconclusive, changed(on(lone, mute), untold, counts(there, 0, 0)), esp},
		{reason.ClaimSmall, run.Broken, reason.New(reason.ESPLost), run.Fail, changed(inUDP, counts(there, 0, 0)), esp},
		{reason.ClaimSmall, run.Void, reason.New(reason.ESPInUDP, "watch", "kms01", "vantage", "client"), run.Pass, changed(inUDP, cannot(there)), esp},

		{reason.ClaimLarge, run.Broken, reason.New(reason.LargeESPLost, "octets", 1400), run.Fail, changed(counts(back, 3, 0)), esp},
		{reason.ClaimLarge, run.Weak, reason.New(reason.LargeESPNotTried, "from", "client"), run.Pass, changed(cannot(there)), esp},
	})
}
