package check

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/policy"
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
	mine := asked{vantage: "client", target: "kms01", probe: run.ProbeIKE, port: portIKE}
	all := asked{target: "kms01", probe: run.ProbeIKE, port: portIKE}
	watch := asked{probe: run.ProbeFlows}
	unseen := on(watch, func(o *run.Observation) {
		o.Flows = slices.DeleteFunc(slices.Clone(o.Flows), func(f run.Flow) bool { return f.Kind == run.FlowIKE && f.Src == addr("198.18.20.20") })
	})
	seenAsNobody := vantaged("branch", func(v *policy.Vantage) { v.SeenAs = nil })
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

		{reason.ClaimByTheHost, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(unseen), ike500},
		{reason.ClaimByTheHost, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(on(watch, failed("it broke"))), ike500},
		{reason.ClaimByTheHost, run.Weak, reason.New(reason.HostUntold, "vantage", "client"), run.Pass, changed(unwatched), ike500},
		{reason.ClaimByTheHost, run.Shown, reason.Reason{}, run.Pass, changed(mirrored), ike500},
		{reason.ClaimByTheHost, run.Shown, reason.Reason{}, run.Pass, changed(seenAsNobody), nat},
		{reason.ClaimByTheHost, run.Weak, reason.New(reason.HostUntold, "vantage", "branch"), run.Pass, changed(seenAsNobody, on(asked{probe: run.ProbeIKE}, vendor())), nat},
		{reason.ClaimByTheHost, run.NotShown, reason.New(reason.OtherMachine, "vantage", "branch", "other", "client"), run.Inconclusive, changed(seenAsNobody, other), nat},
	})
}
