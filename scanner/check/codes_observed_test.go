package check_test

import (
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Every code of what was tried and seen from vantages occurs.
func TestCodesObserved(t *testing.T) { testCodes(t, codesObserved()) }

func codesObserved() []codeRow {
	const (
		guest, annex   = "non-domain-kms/guest/kms01", "non-domain-kms/annex/kms01"
		guestPing      = "non-domain-ping/guest/kms01"
		guest6         = "ipv6-isolated/guest/kms01"
		client, kiosk  = "domain-kms/client/kms01", "exempt-kms/kiosk/kms01"
		branch, behind = "nat-client/branch/kms01", "natt-4500/client/kms01"
	)
	kms := []string{"198.18.10.30:1688"}
	window := asked{vantage: "guest", target: "kms01", probe: run.ProbeRPC, when: run.Window}
	member := asked{vantage: "client", target: "kms01", probe: run.ProbeRPC, when: run.Before}
	exempt := asked{vantage: "kiosk", target: "kms01", probe: run.ProbeRPC, when: run.Before}
	six := func(w *world) { w.policy.Hosts[0].Addresses = w.policy.Hosts[0].Addresses[1:] }
	is := func(code reason.Code, args ...any) reason.Reason { return reason.New(code, args...) }
	return []codeRow{
		{want: is(reason.Seen, "class", run.Answered), cell: "domain-protected/client/kms01", verdict: run.Inconclusive, world: changed(unwatched)},
		{want: is(reason.NotObserved), cell: client, verdict: run.Error, world: changed(func(w *world) { w.lost = member.picks })},
		{want: is(reason.PlaceNotObserved, "at", []string{"198.18.10.30:5985"}, "why", reason.Quote("its far end ended")), cell: guest, verdict: run.Fail,
			world: changed(on(window, reply), on(asked{vantage: "guest", target: "kms01", port: 5985}, failed("its far end ended")))},
		{want: is(reason.NoAddressOfFamily), cell: branch, verdict: run.Skip, world: changed(six)},
		{want: is(reason.NoIPv4ForNATT), cell: behind, verdict: run.Skip, world: changed(six)},
		{want: is(reason.NoIPv6AtVantage, "vantage", "guest"), cell: guest6, verdict: run.Skip, world: changed(func(w *world) {
			w.run.Vantages[2].Addresses = w.run.Vantages[2].Addresses[:1]
		})},
		{want: is(reason.StageIsRequest), cell: guest, verdict: run.Skip, world: changed(declared(func(p *intent.Policy) { p.Isolation.Stage = intent.StageRequest }))},
		{want: is(reason.ScopeIsKMSPort), cell: guestPing, verdict: run.Skip, world: changed(declared(func(p *intent.Policy) { p.Isolation.Scope = intent.ScopeKMSPort }))},

		// Of a deny.
		{want: is(reason.OutsiderAnswered, "vantage", "guest", "at", kms), cell: guest, verdict: run.Fail, world: changed(on(window, reply))},
		{want: is(reason.OutsiderAccepted, "vantage", "guest", "at", kms), cell: guest, verdict: run.Fail, world: changed(on(window, outcome(run.Cut, "EOF")))},
		{want: is(reason.OutsiderRefusedByHost, "vantage", "guest", "at", kms, "hops", 63), cell: guest, verdict: run.Fail, world: changed(unwatched, on(window, refusal(63)))},
		{want: is(reason.RefuserUnknown, "at", kms), cell: guest, verdict: run.Inconclusive, world: changed(nothingArrives, on(window, refusal(0)))},
		{want: is(reason.OutsiderNotSent, "vantage", "guest", "words", "too many open files"), cell: guest, verdict: run.Error,
			world: changed(on(window, outcome(run.Exhausted, "too many open files")))},
		{want: is(reason.OutsiderNoRoute, "vantage", "guest", "words", "network is unreachable"), cell: guest, verdict: run.Inconclusive,
			world: changed(on(window, outcome(run.NoRoute, "network is unreachable")))},
		{want: is(reason.OutsiderNoName, "host", "kms01"), cell: guest, verdict: run.Error, world: changed(on(window, outcome(run.Name, "")))},
		{want: is(reason.OutsiderUnreachable, "words", "no route to host"), cell: guest, verdict: run.Inconclusive,
			world: changed(on(window, outcome(run.Unreachable, "no route to host")))},
		{want: is(reason.OutsiderUnknown, "words", "it does not say"), cell: guest, verdict: run.Inconclusive,
			world: changed(on(window, outcome(run.Unknown, "it does not say")))},
		{want: is(reason.UnexpectedClass, "class", run.Sent), cell: guest, verdict: run.Error, world: changed(on(window, outcome(run.Sent, "")))},
		{want: is(reason.NoControlBefore, "at", kms), cell: guest, verdict: run.Inconclusive,
			world: changed(on(asked{target: "kms01", port: 1688, when: run.Before}, mute))},
		{want: is(reason.NoControlAfter, "at", kms), cell: guest, verdict: run.Inconclusive,
			world: changed(on(asked{target: "kms01", port: 1688, when: run.After}, mute))},
		{want: is(reason.NoControlDeclared), cell: guest, verdict: run.Inconclusive, world: changed(undeclared(intent.RoleDomain, intent.RoleExempt))},
		{want: is(reason.NoControlOfUse), cell: guest, verdict: run.Inconclusive,
			world: changed(undeclared(intent.RoleExempt), vantaged("client", func(v *intent.Vantage) { v.Path = "nat" }))},
		{want: is(reason.NotAsked, "vantage", "client"), cell: guest, verdict: run.Inconclusive, world: changed(func(w *world) {
			w.lost = asked{target: "kms01", port: 1688, when: run.After}.picks
		})},
		{want: is(reason.VantageNotAlive, "vantage", "guest"), cell: guest, verdict: run.Inconclusive,
			world: changed(on(asked{vantage: "guest", target: "files"}, mute))},
		{want: is(reason.NoAliveAddress), cell: guest6, verdict: run.Inconclusive, world: changed(declared(func(p *intent.Policy) {
			p.Pins["files"] = intent.Pin{Addrs: p.Pins["files"].Addrs[:1]}
		}))},
		{want: is(reason.OwnEgressMayBlock, "vantage", "guest", "protocol", "TCP 1688"), cell: guest, verdict: run.Inconclusive,
			world: changed(nothingArrives, on(asked{vantage: "guest", target: "files", port: 1688}, mute))},
		{want: is(reason.NoEgressControl, "vantage", "guest"), cell: guest, verdict: run.Inconclusive,
			world: changed(nothingArrives, vantaged("guest", func(v *intent.Vantage) { v.Alive = nil }))},
		{want: is(reason.Denied, "at", []string{"198.18.10.30 (ping)"}), cell: guestPing, verdict: run.Pass, world: newWorld,
			beside: changed(on(asked{vantage: "guest", target: "kms01", probe: run.ProbeICMP}, reply))},
		{want: is(reason.DenyUnattributed), cell: guest, verdict: run.Pass, world: changed(unwatched)},
		{want: is(reason.PathDenies), cell: guest, verdict: run.Pass, world: changed(nothingArrives)},
		{want: is(reason.DeniedOnPath), cell: guest, verdict: run.Pass, world: changed(nothingArrives)},
		{want: is(reason.ArrivedUnanswered, "watch", "kms01", "vantage", "guest", "at", kms[0]), cell: guest, verdict: run.Pass, world: newWorld,
			beside: changed(nothingArrives)},
		{want: is(reason.PairedAnswered, "pair", "kiosk", "at", kms[0]), cell: annex, verdict: run.Pass, world: changed(unwatched)},
		{want: is(reason.NeverArrives, "vantage", "guest", "at", kms[0]), cell: guest, verdict: run.Pass, world: changed(nothingArrives)},
		{want: is(reason.ArrivalUnknown, "vantage", "guest", "host", "kms01"), cell: guest, verdict: run.Pass, world: changed(unwatched)},
		{want: is(reason.MiddleboxRefuses, "at", kms[0], "hops", 64, "host-hops", 63), cell: guest, verdict: run.Pass, world: changed(on(window, refusal(64)))},
		{want: is(reason.PathSays, "from", "198.18.30.1", "at", kms[0], "words", "prohibited"), cell: guest, verdict: run.Pass,
			world: changed(on(window, func(o *run.Observation) {
				outcome(run.Unreachable, "prohibited")(o)
				o.Tries[0].From, o.Tries[0].ICMP = addr("198.18.30.1"), run.ICMP{Type: 3, Code: 13}
			}))},
		{want: is(reason.AppliedPolicyRequires, "host", "kms01", "vantage", "guest"), cell: guest, verdict: run.Pass,
			world: directories(nil, appliedTold(nil)), beside: directories(nil, appliedTold(boundaryTold))},
		{want: is(reason.DirectoryPolicyRequires, "host", "kms01", "vantage", "guest"), cell: guest, verdict: run.Pass,
			world: directories(nil, nil), beside: directories(retell(boundaryTold), nil)},

		// Of an allowed flow.
		{want: is(reason.WeakAnswer, "to", "198.18.10.30 (ping)", "words", "text cannot tell"), cell: "domain-ping/client/kms01", verdict: run.Inconclusive,
			world: changed(on(member, mute), on(asked{vantage: "client", probe: run.ProbeICMP}, func(o *run.Observation) { o.Weak = "text cannot tell" }))},
		{want: is(reason.BindNotAccepted, "to", kms[0], "bind", "rejected"), cell: client, verdict: run.Fail,
			world: changed(on(member, func(o *run.Observation) { o.RPC = &run.RPC{Bind: "rejected"} }))},
		{want: is(reason.PortRefuses, "to", kms[0]), cell: client, verdict: run.Fail, world: changed(on(member, refusal(63)))},
		{want: is(reason.AnswerCutShort, "to", kms[0], "words", "EOF"), cell: client, verdict: run.Fail, world: changed(on(member, outcome(run.Cut, "EOF")))},
		{want: is(reason.NotSent, "vantage", "client", "to", kms[0], "words", "EMFILE"), cell: client, verdict: run.Error,
			world: changed(on(member, outcome(run.Exhausted, "EMFILE")))},
		{want: is(reason.HostNameUnresolved, "host", "kms01"), cell: client, verdict: run.Error, world: changed(on(member, outcome(run.Name, "")))},
		{want: is(reason.NoRoute, "vantage", "client", "to", kms[0], "words", "no route"), cell: client, verdict: run.Fail,
			world: changed(on(member, outcome(run.NoRoute, "no route")))},
		{want: is(reason.Unreachable, "to", kms[0], "words", "no neighbour"), cell: client, verdict: run.Fail,
			world: changed(on(member, outcome(run.Unreachable, "no neighbour")))},
		{want: is(reason.OutcomeUnknown, "to", kms[0], "words", "it does not say"), cell: client, verdict: run.Inconclusive,
			world: changed(on(member, outcome(run.Unknown, "it does not say")))},
		{want: is(reason.VantageCutOff, "to", kms[0], "vantage", "kiosk"), cell: kiosk, verdict: run.Fail, world: changed(on(asked{vantage: "kiosk"}, mute))},
		{want: is(reason.SilentToMember, "to", kms[0]), cell: client, verdict: run.Fail,
			world: changed(on(member, mute), on(asked{vantage: "client", probe: run.ProbeIKE}, mute))},
		{want: is(reason.SilentButIKE, "to", kms[0]), cell: client, verdict: run.Fail, world: changed(on(member, mute))},
		{want: is(reason.Silent, "to", kms[0]), cell: kiosk, verdict: run.Fail, world: changed(on(exempt, mute))},
		{want: is(reason.NATTSilent), cell: branch, verdict: run.Fail, world: changed(on(asked{vantage: "branch", target: "kms01"}, mute)),
			beside: changed(on(asked{vantage: "branch", target: "kms01", probe: run.ProbeRPC}, mute))},
		{want: is(reason.AnyRPCInterface, "at", append(kms, "[2001:db8:10::30]:1688")), cell: client, verdict: run.Fail, world: changed(on(asked{param: run.RandomInterface}, accepted))},
		{want: is(reason.AnyInterface, "at", kms[0]), cell: client, verdict: run.Pass,
			world: changed(on(asked{param: run.RandomInterface}, accepted), declared(func(p *intent.Policy) { p.Isolation.Basis = intent.BasisPaper }))},
		{want: is(reason.FirstPacketsLost, "to", kms[0], "lost", 1), cell: client, verdict: run.Pass, world: changed(on(member, func(o *run.Observation) {
			o.Tries = append([]run.Try{{Start: o.Start, Class: run.Silent}}, o.Tries...)
		}))},
		{want: is(reason.SlowNegotiation, "to", kms[0], "in", 6*time.Second), cell: client, verdict: run.Pass,
			world: changed(on(member, func(o *run.Observation) { o.Tries[0].RTT = 6 * time.Second }))},
	}
}

// accepted has an RPC bind accepted, whatever the interface.
func accepted(o *run.Observation) { o.RPC = &run.RPC{Bind: "accepted"} }
