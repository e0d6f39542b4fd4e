package check_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Each claim of a protected connection, where it is weak, not shown, and contradicted.
func TestProtectedClaims(t *testing.T) {
	const client, branch = "domain-protected/client/kms01", "domain-protected/branch/kms01"
	watch := asked{probe: run.ProbeFlows}
	lone := asked{vantage: "client", target: "kms01", when: run.Alone}
	over := func(six bool, a asked, become func(*run.Observation)) func(*world) {
		return on(a, func(o *run.Observation) {
			if o.Need.Addr.Is6() == six {
				become(o)
			}
		})
	}
	plain := asked{vantage: "client", target: "kms01", probe: run.ProbeRPC, when: run.Before}
	flows := func(change func([]run.Flow) []run.Flow) func(*world) {
		return on(watch, func(o *run.Observation) { o.Flows = change(slices.Clone(o.Flows)) })
	}
	between := func(f run.Flow, a, b string) bool {
		return f.Src == addr(a) && f.Dst == addr(b) || f.Src == addr(b) && f.Dst == addr(a)
	}
	const member, host = "198.18.20.20", "198.18.10.30"
	without := func(a, b string) func(*world) {
		return flows(func(all []run.Flow) []run.Flow {
			return slices.DeleteFunc(all, func(f run.Flow) bool { return between(f, a, b) })
		})
	}
	packets := func(change func(*run.Flow)) func(*world) {
		return flows(func(all []run.Flow) []run.Flow {
			for i := range all {
				if between(all[i], member, host) && len(all[i].Packets) > 0 {
					change(&all[i])
				}
			}
			return all
		})
	}
	early := packets(func(f *run.Flow) {
		f.Packets = slices.DeleteFunc(slices.Clone(f.Packets), func(p run.WirePacket) bool { return p.At > 5*time.Second })
	})
	notSized := packets(func(f *run.Flow) {
		f.Packets = slices.Clone(f.Packets)
		for i := range f.Packets {
			f.Packets[i].Size = 96
		}
	})
	bare := func(kind run.FlowKind, src, dst string, sport, dport uint16, own string, passage run.Passage, when time.Duration) func(*world) {
		return flows(func(all []run.Flow) []run.Flow {
			return append(all, run.Flow{Src: addr(src), Dst: addr(dst), Kind: kind, SrcPort: sport, DstPort: dport, Own: own, Passage: passage, Count: 2, First: when, Last: when})
		})
	}
	const before, at8 = 2 * time.Second, 8 * time.Second
	clear := func(count int) reason.Reason {
		return reason.New(reason.ClearSegments, "count", count, "vantage", "client", "to", "198.18.10.30:1688")
	}
	request := declared(func(p *intent.Policy) { p.Isolation.Stage = intent.StageRequest })
	seenAsNobody := vantaged("branch", func(v *intent.Vantage) { v.SeenAs = nil })
	untold := on(watch, func(o *run.Observation) {
		o.Watch = &run.Watch{Why: reason.One(reason.SendingUnseen, "host", "kms01", "interface", "eth0")}
	})
	nobody := on(watch, func(o *run.Observation) {
		*o = run.Observation{Need: o.Need, Missing: reason.List{reason.Quote("it cannot capture")}}
	})
	member4500 := func(o *told) { o.rule = replaced(o.rule, "SecureServer", "Boundary") }
	shared := vantaged("branch", func(v *intent.Vantage) { v.SeenAs = []netip.Addr{addr(member)} })
	sharedWithOutsider := vantaged("guest", func(v *intent.Vantage) { v.SeenAs = []netip.Addr{addr(member)} })
	testClaims(t, []claimRow{
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.NoConnectionToWatch), run.Inconclusive, changed(over(false, lone, mute)), client},
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.PaddedBindRefused, "to", "198.18.10.30:1688", "bind", "nak"), run.Inconclusive,
			changed(over(false, lone, func(o *run.Observation) { o.RPC.Bind = "nak" })), client},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.SilentButIKE), run.Fail, changed(over(false, lone, mute), over(false, plain, mute)), client},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.BindNotAccepted), run.Fail,
			changed(over(false, lone, func(o *run.Observation) { o.RPC.Bind = "nak" }), over(false, plain, func(o *run.Observation) { o.RPC.Bind = "nak" })), client},
		{reason.ClaimAnswered, run.Void, reason.New(reason.NobodyAnsweredThere, "vantage", "client"), run.Pass, changed(over(true, lone, mute), over(true, plain, mute)), client},

		{reason.ClaimSeenOnWire, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(without(member, host)), client},
		// ESP of another time is that of another flow.
		{reason.ClaimSeenOnWire, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(early, packets(func(f *run.Flow) { f.Count = len(f.Packets) })), client},
		// What kmsiso itself sent as ESP is no protection.
		{reason.ClaimSeenOnWire, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive,
			changed(packets(func(f *run.Flow) { f.Own = "o55" })), client},
		{reason.ClaimSeenOnWire, run.NotShown, reason.New(reason.SeenAsUndeclared, "vantage", "branch"), run.Inconclusive, changed(seenAsNobody), branch},
		{reason.ClaimSeenOnWire, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(on(watch, failed("it broke"))), client},
		{reason.ClaimSeenOnWire, run.NotShown, reason.New(reason.WatchBlind, "watch", "kms01"), run.Inconclusive, changed(without(member, host), untold), client},
		{reason.ClaimSeenOnWire, run.Weak, reason.New(reason.WireNotWatched, "host", "kms01"), run.Pass, directories(nil, appliedTold(nil)), client},

		{reason.ClaimUsed, run.Exposure, reason.New(reason.UsedExempt, "vantage", "client"), run.Fail, changed(declared(func(p *intent.Policy) {
			p.Exemptions = append(p.Exemptions, intent.Exemption{Name: "more", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.20.20/32")}})
		})), client},

		{reason.ClaimNoClear, run.Exposure, clear(2), run.Fail, changed(bare(run.FlowTCP, member, host, 50000, 1688, "", run.PassedIn, before)), client},
		{reason.ClaimNoClear, run.Exposure, clear(2), run.Fail, changed(bare(run.FlowSYN, member, host, 50000, 1688, "", run.PassedIn, before),
			bare(run.FlowSYNACK, host, member, 1688, 50000, "", run.PassedOut, before)), client},
		{reason.ClaimNoClear, run.Shown, reason.Reason{}, run.Pass, changed(bare(run.FlowSYNACK, host, member, 1688, 50000, "", run.PassedOut, before)), client},
		{reason.ClaimNoClear, run.Exposure, clear(2), run.Fail, changed(bare(run.FlowTCP, "198.18.10.99", member, 1688, 50000, "", run.PassedOut, before)), client},
		{reason.ClaimNoClear, run.Exposure, clear(2), run.Fail, changed(untold, bare(run.FlowTCP, member, host, 50000, 1688, "", run.PassedIn, before)), client},
		{reason.ClaimNoClear, run.Exposure, clear(2), run.Fail, changed(request, bare(run.FlowTCP, member, host, 50000, 1688, "", run.PassedIn, at8)), client},
		{reason.ClaimNoClear, run.Shown, reason.Reason{}, run.Pass, changed(request, bare(run.FlowTCP, member, host, 50000, 1688, "", run.PassedIn, before)), client},
		{reason.ClaimNoClear, run.Shown, reason.Reason{}, run.Pass, changed(bare(run.FlowSYN, member, host, 50000, 1688, "", run.PassedIn, at8)), client},
		{reason.ClaimNoClear, run.Shown, reason.Reason{}, run.Pass, changed(bare(run.FlowTCP, member, host, 50000, 445, "", run.PassedIn, at8)), client},
		{reason.ClaimNoClear, run.NotShown, reason.New(reason.WatchBlind, "watch", "kms01"), run.Inconclusive, changed(untold), client},
		{reason.ClaimNoClear, run.NotShown, reason.New(reason.WireNotWatched, "host", "kms01"), run.Inconclusive, changed(nobody), client},
		{reason.ClaimNoClear, run.NotShown, reason.New(reason.WireNotWatched, "host", "kms01"), run.Inconclusive, directories(nil, appliedTold(member4500)), client},
		{reason.ClaimNoClear, run.NotShown, reason.New(reason.WireNotWatched, "host", "kms01"), run.Inconclusive, directories(func(_ *intent.Policy, f *run.Forest) {
			d := &f.Domains[0]
			d.Accounts = d.Accounts[:len(d.Accounts)-1] // the member's own
		}, appliedTold(nil)), client},
		{reason.ClaimNoClear, run.Weak, reason.New(reason.HostRequires, "host", "kms01", "from", member), run.Pass, directories(nil, appliedTold(nil)), client},

		{reason.ClaimESPBothWays, run.NotShown, reason.New(reason.ESPUntied, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(notSized), client},
		{reason.ClaimESPBothWays, run.NotShown, reason.New(reason.ESPUntied, "watch", "kms01", "vantage", "client"), run.Inconclusive,
			changed(on(lone, func(o *run.Observation) { o.RPC.Asked = 0 })), client},
		{reason.ClaimESPBothWays, run.NotShown, reason.New(reason.ESPUntied, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(shared), client},
		{reason.ClaimESPBothWays, run.Shown, reason.Reason{}, run.Pass, changed(sharedWithOutsider), client}, // who makes no such connection
		{reason.ClaimESPBothWays, run.NotShown, reason.New(reason.ESPUntied), run.Inconclusive, changed(flows(func(all []run.Flow) []run.Flow {
			return slices.DeleteFunc(all, func(f run.Flow) bool { return f.Src == addr(host) })
		})), client},
		{reason.ClaimESPBothWays, run.Weak, reason.New(reason.ESPUntied, "watch", "kms01", "vantage", "client"), run.Pass, func() *world {
			w := directories(nil, appliedTold(nil))()
			on(watch, func(o *run.Observation) { *o = w.wire(o.Need) })(w)
			on(lone, func(o *run.Observation) { o.RPC.Asked = 0 })(w)
			return w
		}, client},
		// What was seen outweighs what is configured.
		{reason.ClaimESPBothWays, run.NotShown, reason.New(reason.ESPUntied, "watch", "kms01", "vantage", "client"), run.Inconclusive, func() *world {
			w := directories(nil, appliedTold(nil))()
			on(watch, func(o *run.Observation) { *o = w.wire(o.Need) })(w)
			notSized(w)
			return w
		}, client},
	})
}
