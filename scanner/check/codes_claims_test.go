package check_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// claimRow is a world in which one claim of a denied trial is supported otherwise.
type claimRow struct {
	claim   reason.Code
	support run.Support
	want    reason.Reason
	verdict run.Verdict // of the trial's cell
	world   func() *world
	cell    string // the guest's cell of the KMS port, or another
}

// Each claim of a denied trial, where it is weak, not shown, and contradicted. In the
// row that names no other, it alone is not shown.
func TestDeniedClaims(t *testing.T) {
	const guest, guest6, ping = "non-domain-kms/guest/kms01", "ipv6-isolated/guest/kms01", "non-domain-ping/guest/kms01"
	window := asked{vantage: "guest", target: "kms01", probe: run.ProbeRPC, when: run.Window}
	alive := func(when run.When) asked { return asked{vantage: "guest", target: "files", port: 445, when: when} }
	other := asked{target: "kms01", port: 5985}
	try := func(change func(*run.Try)) func(*run.Observation) {
		return func(o *run.Observation) {
			for i := range o.Tries {
				change(&o.Tries[i])
			}
		}
	}
	slow := func(d time.Duration, told bool) func(*run.Observation) {
		return func(o *run.Observation) {
			*o = tried(o.Need, run.Answered, d)
			if !told {
				o.Tries[0].Attempt = run.Attempt{}
			}
			if o.Need.When == run.Before {
				o.Start, o.End, o.Tries[0].Start = 0, d, 0
			}
		}
	}
	longWindow := func(o *run.Observation) {
		o.Tries[0].RTT = 29 * time.Second
		o.End = o.Start + o.Tries[0].RTT
	}
	leaves := func(kind run.FlowKind, src, dst string, sport, dport uint16) func(*world) {
		return sees(run.Flow{Src: addr(src), Dst: addr(dst), Kind: kind, SrcPort: sport, DstPort: dport, Passage: run.PassedOut, Count: 1, First: 2 * time.Second, Last: 2 * time.Second})
	}
	testClaims(t, []claimRow{
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.OutsiderNotSent), run.Error, changed(on(window, outcome(run.Exhausted, "EMFILE"))), guest},
		{reason.ClaimSent, run.Setup, reason.New(reason.OutsiderOwnFilter, "vantage", "guest", "words", "EPERM"), run.Inconclusive, changed(on(window, outcome(run.NotPermitted, "EPERM"))), guest},
		{reason.ClaimSent, run.Setup, reason.New(reason.OutsiderOwnFilter, "vantage", "guest"), run.Inconclusive,
			changed(on(window, func(o *run.Observation) { refusal(64)(o); o.Tries[0].Loopback = true })), guest},
		{reason.ClaimSent, run.Setup, reason.New(reason.OutsiderOwnFilter, "vantage", "guest"), run.Inconclusive, changed(on(window, func(o *run.Observation) {
			outcome(run.Unreachable, "prohibited")(o)
			o.Tries[0].From, o.Tries[0].ICMP = addr("198.18.30.9"), run.ICMP{Type: 3, Code: 13}
		})), guest},
		{reason.ClaimSent, run.NotShown, reason.New(reason.OutsiderUnknown), run.Inconclusive, changed(on(window, outcome(run.Unknown, "timed out"))), guest},

		{reason.ClaimUnanswered, run.Exposure, reason.New(reason.OutsiderAnswerLeft, "watch", "kms01", "host", "kms01", "vantage", "guest"), run.Fail,
			changed(leaves(run.FlowSYNACK, "198.18.10.30", "198.18.30.9", 1688, 50000)), guest},
		{reason.ClaimUnanswered, run.Exposure, reason.New(reason.OutsiderAnswerLeft), run.Fail, changed(leaves(run.FlowSYNACK, "198.18.10.99", "198.18.30.9", 1688, 50000)), guest},
		{reason.ClaimUnanswered, run.Exposure, reason.New(reason.OutsiderAnswerLeft), run.Fail, changed(leaves(run.FlowRefusal, "198.18.10.30", "198.18.30.9", 1688, 50000)), guest},
		{reason.ClaimUnanswered, run.Exposure, reason.New(reason.OutsiderAnswerLeft), run.Fail, changed(leaves(run.FlowEchoReply, "198.18.10.30", "198.18.30.9", 50000, 0)), ping},
		{reason.ClaimUnanswered, run.Exposure, reason.New(reason.SomebodyAnswers, "watch", "kms01", "host", "kms01", "vantage", "guest"), run.Fail, changed(nothingArrives, on(window, reply)), guest},
		{reason.ClaimUnanswered, run.Weak, reason.New(reason.PathRefuses, "watch", "kms01"), run.Pass, changed(on(window, refusal(0))), guest},
		{reason.ClaimUnanswered, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01", "why", reason.Quote("it broke")), run.Inconclusive,
			changed(on(asked{probe: run.ProbeFlows}, failed("it broke"))), guest},
		{reason.ClaimUnanswered, run.NotShown, reason.New(reason.WatchBlind, "watch", "kms01", "why", reason.New(reason.SendingUnseen, "host", "kms01", "interface", "eth0")), run.Inconclusive,
			changed(on(asked{probe: run.ProbeFlows}, func(o *run.Observation) {
				o.Watch = &run.Watch{Why: reason.One(reason.SendingUnseen, "host", "kms01", "interface", "eth0")}
			})), guest},
		{reason.ClaimDeniedByHost, run.NotShown, reason.New(reason.DenierUnknown), run.Inconclusive, changed(nothingArrives, on(window, refusal(0))), guest},

		{reason.ClaimOpenBefore, run.Void, reason.New(reason.ClosedToEverybody), run.Pass, changed(on(other, mute)), guest},
		{reason.ClaimOpenAfter, run.NotShown, reason.New(reason.NoControlAfter), run.Inconclusive,
			changed(on(asked{target: "kms01", port: 5985, when: run.After}, mute)), guest},

		{reason.ClaimAliveBefore, run.Weak, reason.New(reason.OnlyIKEAlive, "vantage", "guest", "host", "kms01"), run.Pass,
			changed(vantaged("guest", func(v *intent.Vantage) { v.Alive = nil })), guest},
		{reason.ClaimAliveBefore, run.NotShown, reason.New(reason.VantageNotAlive), run.Inconclusive, changed(on(alive(run.Before), mute)), guest},
		{reason.ClaimAliveAfter, run.NotShown, reason.New(reason.VantageNotAlive), run.Inconclusive, changed(on(alive(run.After), mute)), guest},
		{reason.ClaimAliveBefore, run.NotShown, reason.New(reason.AliveAtOtherTime, "endpoint", "files"), run.Inconclusive, changed(on(alive(run.Before), func(o *run.Observation) {
			*o = answered(o.Need)
			o.Start, o.End = 3*time.Second, 4*time.Second
		})), guest},
		{reason.ClaimAliveBefore, run.NotShown, reason.New(reason.NotBeyondGateway, "endpoint", "files", "address", "127.0.0.1"), run.Inconclusive,
			changed(declared(func(p *intent.Policy) { p.Pins["files"] = intent.Pin{Addrs: []netip.Addr{addr("127.0.0.1")}} })), guest},
		{reason.ClaimAliveBefore, run.NotShown, reason.New(reason.NoAliveAddress), run.Inconclusive, changed(declared(func(p *intent.Policy) {
			p.Pins["files"] = intent.Pin{Addrs: p.Pins["files"].Addrs[:1]}
		})), guest6},

		{reason.ClaimWaited, run.NotShown, reason.New(reason.SilenceTooShort, "counted", 0, "want", 3), run.Inconclusive,
			changed(on(window, func(o *run.Observation) { *o = tried(o.Need, run.Silent, time.Millisecond) })), guest},
		{reason.ClaimWaited, run.NotShown, reason.New(reason.SilenceTooShort, "counted", 2, "want", 3), run.Inconclusive, changed(on(window, try(func(t *run.Try) { t.Sent = 2 }))), guest},
		{reason.ClaimWaited, run.NotShown, reason.New(reason.LinkTooSlow, "vantage", "guest"), run.Inconclusive, changed(on(window, longWindow), on(alive(run.Before), slow(8*time.Second, true))), guest},
		{reason.ClaimWaited, run.NotShown, reason.New(reason.LinkLoses, "vantage", "guest", "lost", 2), run.Inconclusive,
			changed(on(alive(run.Before), try(func(t *run.Try) { t.Sent, t.Answered = 2, 2 }))), guest},
		{reason.ClaimWaited, run.NotShown, reason.New(reason.LinkUnmeasured, "vantage", "guest"), run.Inconclusive, changed(on(asked{vantage: "guest", probe: run.ProbeIKE}, failed("it broke"))), guest},
		{reason.ClaimWaited, run.Weak, reason.New(reason.AnswerUntold, "vantage", "guest"), run.Pass,
			changed(on(asked{vantage: "guest", target: "kms01", when: run.Window}, longWindow), on(alive(run.Before), slow(1500*time.Millisecond, false)), late), guest},
		{reason.ClaimWaited, run.Weak, reason.New(reason.TransmissionsUncounted, "vantage", "guest"), run.Pass, changed(on(window, try(func(t *run.Try) { t.Sent = 0 })), unplaced("guest")), guest},

		{reason.ClaimEgress, run.NotShown, reason.New(reason.OwnEgressMayBlock), run.Inconclusive,
			changed(nothingArrives, on(asked{vantage: "guest", target: "files", port: 1688}, mute)), guest},

		{reason.ClaimSameHost, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive,
			changed(on(asked{probe: run.ProbeFlows}, func(o *run.Observation) { o.Flows = onlyOf(o.Flows, "198.18.30.9") })), guest},
		{reason.ClaimSameHost, run.NotShown, reason.New(reason.ControlLost, "vantage", "client"), run.Inconclusive,
			changed(on(asked{vantage: "client", target: "kms01", port: 1688, when: run.Before}, failed("it broke"))), guest},
		{reason.ClaimSameHost, run.NotShown, reason.New(reason.OtherMachine, "vantage", "guest", "other", "client"), run.Inconclusive,
			changed(unwatched, on(asked{vantage: "guest", probe: run.ProbeIKE}, vendor("another"))), guest},
		{reason.ClaimSameHost, run.Weak, reason.New(reason.HostUntold, "vantage", "guest"), run.Pass,
			changed(unwatched, on(asked{probe: run.ProbeIKE}, vendor())), guest},

		{reason.ClaimOutsider, run.Setup, reason.New(reason.OutsiderExempt, "vantage", "guest", "address", "198.18.30.9", "exemption", "guests"), run.Inconclusive, changed(declared(func(p *intent.Policy) {
			p.Exemptions = append(p.Exemptions, intent.Exemption{Name: "guests", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.30.0/24")}})
		})), guest},
		{reason.ClaimOutsider, run.Setup, reason.New(reason.OutsiderSpeaksESP, "watch", "kms01"), run.Inconclusive,
			changed(sees(run.Flow{Src: addr("198.18.30.9"), Dst: addr("198.18.10.30"), Kind: run.FlowESP, SPI: 7, Passage: run.PassedIn, Count: 3, First: 2 * time.Second, Last: 3 * time.Second})), guest},
		{reason.ClaimOutsider, run.Setup, reason.New(reason.OutsiderHasAccount, "vantage", "guest", "name", "pc1.contoso.test", "domain", "contoso.test"), run.Inconclusive,
			directories(guestIs("pc1.contoso.test"), nil), guest},
		{reason.ClaimOutsider, run.Shown, reason.Reason{}, run.Pass, directories(guestIs("kiosk9.contoso.test"), appliedTold(nil)), guest},
		{reason.ClaimSameHost, run.Shown, reason.Reason{}, run.Pass, changed(unwatched), guest},
		{reason.ClaimEgress, run.Shown, reason.Reason{}, run.Pass, changed(unwatched), guest},
		{reason.ClaimOutsider, run.Weak, reason.New(reason.OutsiderUnshown, "vantage", "guest"), run.Pass, changed(unwatched), guest},
	})
}

// testClaims judges the worlds of rows.
func testClaims(t *testing.T, rows []claimRow) {
	for _, row := range rows {
		t.Run(string(row.claim)+" "+string(row.support)+" "+string(row.want.Code), func(t *testing.T) {
			w := row.world()
			c := w.judged(t)[row.cell]
			losing(t, w, &c)
			if c.Verdict != row.verdict || row.support == run.Weak && !c.Weak {
				t.Errorf("%s is %s, weak %v: %s\n%+v", c.ID, c.Verdict, c.Weak, c.Reasons.Key(), c.Trials)
			}
			for _, trial := range c.Trials {
				for _, a := range trial.Claims {
					if a.Code == row.claim && a.Support == row.support && (row.want.Code == "" || tellsAny(a.Why, row.want)) {
						return
					}
				}
			}
			t.Errorf("%s has no %s %s by %s: %+v", row.cell, row.claim, row.support, row.want.Key(), c.Trials)
		})
	}
}

// losing complains where a cell passes plainly that did not, because one of the
// observations that it may look at was lost, or failed.
func losing(t *testing.T, w *world, was *run.Cell) {
	t.Helper()
	if testing.Short() || was.Verdict == run.Pass && !was.Weak {
		return
	}
	pl := checks.NewPlan(w.declared(), false)
	for i := range w.run.Observations {
		o := &w.run.Observations[i]
		if !pl.LooksAt(was.ID, o.Need) {
			continue
		}
		for _, become := range [][]run.Observation{nil, {{ID: o.ID, Need: o.Need, Trouble: reason.List{reason.Quote("it failed")}}}} {
			r := *w.run
			r.Observations = slices.Concat(r.Observations[:i:i], become, r.Observations[i+1:])
			if now := check.JudgeCell(pl, &r, was.ID); now.Verdict == run.Pass && !now.Weak {
				t.Errorf("%s is %s: %s; without %+v it passes", was.ID, was.Verdict, was.Reasons.Key(), o.Need)
			}
		}
	}
}

// vendor has IKE answers say of themselves what is given.
func vendor(ids ...string) func(*run.Observation) {
	return func(o *run.Observation) {
		if o.IKE != nil {
			o.IKE.VendorIDs = ids
		}
	}
}

// guestIs gives the guest a way in by a name.
func guestIs(name string) func(*intent.Policy, *run.Forest) {
	return func(p *intent.Policy, _ *run.Forest) {
		p.Vantages[2].Via = []intent.Via{intent.By(ssh.Entry.Kind, way.Values{"address": name})}
	}
}

// tellsAny reports whether some reason of a list, or one that it rests on, is the
// wanted one.
func tellsAny(l reason.List, want reason.Reason) bool {
	for r := range l.All {
		if tells(r, want) {
			return true
		}
	}
	return false
}

// sees has the watch of the first host see one flow more.
func sees(f run.Flow) func(*world) {
	return on(asked{vantage: "kms01", probe: run.ProbeFlows}, func(o *run.Observation) { o.Flows = append(o.Flows, f) })
}

// unplaced takes from a vantage's tries their own ends, as where an ssh server makes
// them.
func unplaced(vantage string) func(*world) {
	return func(w *world) { w.bare = vantage }
}

// late has all that is asked after a window of 29 s come after it.
func late(w *world) {
	on(asked{probe: run.ProbeFlows}, func(o *run.Observation) {
		o.Flows = slices.Clone(o.Flows)
		for i := range o.Flows {
			f := &o.Flows[i]
			f.Last += 30 * time.Second
			if len(f.Packets) > 0 {
				f.Packets, f.Count = append(slices.Clone(f.Packets), run.WirePacket{At: 36 * time.Second, Size: 120}), f.Count+1
			}
		}
	})(w)
	on(asked{when: run.After}, func(o *run.Observation) {
		o.Start, o.End = o.Start+30*time.Second, o.End+30*time.Second
		for i := range o.Tries {
			o.Tries[i].Start += 30 * time.Second
		}
	})(w)
}

// onlyOf keeps flows from one address.
func onlyOf(flows []run.Flow, from string) (some []run.Flow) {
	for _, f := range flows {
		if f.Src == addr(from) {
			some = append(some, f)
		}
	}
	return some
}
