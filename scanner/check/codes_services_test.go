package check_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Every code of IKE, ESP, DNS, the watched wire and what a host must reach occurs.
func TestCodesServices(t *testing.T) { testCodes(t, codesServices()) }

func codesServices() []codeRow {
	const (
		ike500, esp = "ike-500/client/kms01", "esp-50/client/kms01"
		files, dc   = "kms-outbound/kms01/files:445", "kms-outbound/kms01/dc"
		wire        = "domain-protected/client/kms01"
		wireNAT     = "domain-protected/branch/kms01"
		dns         = "dns-srv/client/contoso.test"
		to, kms     = "198.18.10.30 UDP 500", "198.18.10.30:1688"
		resolver    = "198.18.11.10:53"
	)
	is := func(code reason.Code, args ...any) reason.Reason { return reason.New(code, args...) }
	mine := asked{vantage: "client", target: "kms01", probe: run.ProbeIKE, port: check.PortIKE}
	all := asked{target: "kms01", probe: run.ProbeIKE, port: check.PortIKE}
	large, toAll := asked{vantage: "client", target: "kms01", probe: run.ProbeLargeIKE}, asked{probe: run.ProbeLargeIKE}
	member := asked{vantage: "client", target: "kms01", probe: run.ProbeRPC, when: run.Before}
	lone := asked{vantage: "client", target: "kms01", probe: run.ProbeRPC, when: run.Alone}
	there := asked{vantage: "client", target: "kms01", probe: run.ProbeESP}
	out := asked{vantage: "kms01", target: "files", port: 445}
	counts := func(c *run.ESP) func(*world) { return on(there, func(o *run.Observation) { o.ESP = c }) }
	answers := func(change func(*run.SRVAnswer)) func() *world {
		return changed(on(asked{vantage: "client", probe: run.ProbeSRV}, func(o *run.Observation) { change(&o.SRV[0]) }))
	}
	first := func(change func(*run.SRVRecord)) func() *world {
		return answers(func(a *run.SRVAnswer) { change(&a.Records[0]) })
	}
	nobody := changed(on(asked{vantage: "client", probe: run.ProbeSRV}, func(o *run.Observation) { o.SRV = nil }))
	clear := changed(on(asked{probe: run.ProbeFlows}, func(o *run.Observation) {
		o.Flows = append(o.Flows, run.Flow{Src: addr("198.18.20.20"), Dst: addr("198.18.10.30"), Kind: run.FlowTCP, DstPort: 1688, Count: 4})
	}))
	reaching := func(name string, more func(*intent.Policy)) func() *world {
		return changed(declared(func(p *intent.Policy) {
			p.Isolation.Outbound = []intent.Access{{From: []string{intent.NameAllHosts}, To: []string{name}}}
			more(p)
		}))
	}
	return []codeRow{
		{want: is(reason.SeenIKE, "to", to, "answer", "notify", "notify", "NO-PROPOSAL-CHOSEN"), cell: ike500, verdict: run.Pass, world: newWorld, beside: changed(on(mine, mute))},
		{want: is(reason.IKERefuses, "to", to), cell: ike500, verdict: run.Fail, world: changed(on(mine, refusal(63)))},
		{want: is(reason.IKENotAsked, "vantage", "client", "to", to, "words", "EMFILE"), cell: ike500, verdict: run.Error, world: changed(on(mine, outcome(run.Exhausted, "EMFILE")))},
		{want: is(reason.IKESilentKMSAnswers, "to", to), cell: ike500, verdict: run.Inconclusive, world: changed(on(all, mute))},
		{want: is(reason.IKEDoesNotPass, "vantage", "client", "to", to, "host", "kms01"), cell: ike500, verdict: run.Fail, world: changed(on(mine, mute))},
		{want: is(reason.IKESilentToAll, "to", to), cell: ike500, verdict: run.Inconclusive, world: changed(on(all, mute), on(member, mute))},
		{want: is(reason.SlowIKE, "to", to, "in", 2*time.Second), cell: ike500, verdict: run.Pass,
			world: changed(on(mine, func(o *run.Observation) { o.Tries[0].RTT = 2 * time.Second }))},

		{want: is(reason.LargeIKEDoesNotPass, "vantage", "client", "to", to, "witness", "branch", "host", "kms01", "octets", 2000, "count", 12), cell: ike500, verdict: run.Fail,
			world: changed(unwatched, unanswered(large))},
		{want: is(reason.LargeIKEUnseen, "to", to, "watch", "kms01", "host", "kms01", "octets", 2000, "count", 12), cell: ike500, verdict: run.Fail, world: changed(unanswered(toAll))},
		{want: is(reason.LargeIKESilent, "to", to, "octets", 2000, "count", 12), cell: ike500, verdict: run.Pass, world: changed(unwatched, unanswered(toAll))},
		{want: is(reason.LargeIKESilentSince, "to", to), cell: ike500, verdict: run.Inconclusive,
			world: changed(unanswered(large), on(large, func(o *run.Observation) { o.IKE.AgainHeard = 0 }))},
		{want: is(reason.LargeIKENotSent, "vantage", "client", "to", to, "words", "EPERM"), cell: ike500, verdict: run.Pass, world: changed(on(large, outcome(run.NotPermitted, "EPERM")))},
		{want: is(reason.LargeIKEWithoutSmall), cell: ike500, verdict: run.Inconclusive, world: changed(on(large, func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Missing: reason.One(reason.LargeIKEWithoutSmall)}
		}))},

		{want: is(reason.ESPBehindNAT), cell: "esp-50/branch/kms01", verdict: run.Skip, world: newWorld,
			beside: changed(vantaged("branch", func(v *intent.Vantage) { v.Path = "lan" }))},
		{want: is(reason.NoSecondEnd, "host", "kms01"), cell: esp, verdict: run.Skip, world: changed(undeclared(intent.RoleKMSHost))},
		{want: is(reason.SecondEndIsolated, "vantage", "kms01"), cell: esp, verdict: run.Skip,
			world: changed(func(w *world) { shut(w, "kms01") }, vantaged("guest", func(v *intent.Vantage) {
				v.Via = []intent.Via{{Kind: "local", Implies: way.Facts{Here: true, FarEnd: true}}}
			}))},
		{want: is(reason.ESPNotSent, "from", "client", "to", "kms01", "words", "EMFILE"), cell: esp, verdict: run.Error, world: changed(on(there, outcome(run.Exhausted, "EMFILE")))},
		{want: is(reason.ESPUnknown, "from", "client", "words", "it does not say"), cell: esp, verdict: run.Inconclusive, world: changed(on(there, outcome(run.Unknown, "it does not say")))},
		{want: is(reason.ESPNotCounted, "from", "client", "to", "kms01"), cell: esp, verdict: run.Error, world: changed(counts(nil))},
		{want: is(reason.ESPLost, "from", "client", "to", "kms01", "sent", 5), cell: esp, verdict: run.Fail, world: changed(on(lone, mute), counts(&run.ESP{Small: 3, Large: 2}))},
		{want: is(reason.LargeESPLost, "octets", 1400), cell: esp, verdict: run.Fail, world: changed(counts(&run.ESP{Small: 3, SmallSeen: 3, Large: 2, LargeSize: 1400}))},
		{want: is(reason.SmallESPLost), cell: esp, verdict: run.Fail, world: changed(on(lone, mute), counts(&run.ESP{Small: 3, Large: 2, LargeSeen: 2, LargeSize: 1400}))},
		{want: is(reason.ESPArrived, "from", "client", "to", "kms01", "seen", 5, "sent", 5), cell: esp, verdict: run.Pass, world: newWorld,
			beside: changed(on(asked{probe: run.ProbeESP}, outcome(run.Unknown, "")))},

		{want: is(reason.PeerWithoutAddress, "peer", "files:445"), cell: files, verdict: run.Error, world: changed(declared(func(p *intent.Policy) { delete(p.Pins, "files") }))},
		{want: is(reason.PeerUndeclared), cell: dc, verdict: run.Error, world: reaching("dc", func(*intent.Policy) {}),
			beside: reaching("dc", func(p *intent.Policy) {
				p.Forests = []intent.Forest{{Name: "contoso.test", Directory: intent.Directory{URLs: []string{"ldaps://198.18.11.10"}}}}
			})},
		{want: is(reason.OutboundRefused, "to", "files 198.18.11.40:445"), cell: files, verdict: run.Pass, world: changed(on(out, refusal(63)))},

		{want: is(reason.NoConnectionToWatch), cell: wire, verdict: run.Inconclusive, world: changed(on(lone, mute))},
		{want: is(reason.ClearSegments, "count", 4, "vantage", "client", "to", kms), cell: wire, verdict: run.Fail, world: clear},
		{want: is(reason.SeenClear, "watch", "kms01", "esp", 6), cell: wire, verdict: run.Fail, world: clear},
		{want: is(reason.SeenProtected, "watch", "kms01", "esp", 6), cell: wire, verdict: run.Pass, world: newWorld, beside: changed(unwatched)},
		{want: is(reason.HostRequires, "host", "kms01", "from", "198.18.20.20"), cell: wire, verdict: run.Pass,
			world: directories(nil, appliedTold(nil)), beside: directories(retell(boundaryTold), nil)},
		{want: is(reason.SeenAsUndeclared, "vantage", "branch"), cell: wireNAT, verdict: run.Inconclusive,
			world: changed(unwatched, vantaged("branch", func(v *intent.Vantage) { v.SeenAs = nil })), beside: changed(unwatched)},
		{want: is(reason.WireNotWatched, "host", "kms01"), cell: wire, verdict: run.Inconclusive, world: changed(unwatched)},

		{want: is(reason.NoResolver, "vantage", "client"), cell: dns, verdict: run.Skip, world: nobody},
		{want: is(reason.ResolverNotAsked, "vantage", "client", "resolver", resolver, "words", "EPERM"), cell: dns, verdict: run.Error,
			world: answers(func(a *run.SRVAnswer) { a.Class, a.Note = run.NotPermitted, "EPERM" })},
		{want: is(reason.ResolverSilent, "resolver", resolver, "class", run.Silent), cell: dns, verdict: run.Inconclusive,
			world: answers(func(a *run.SRVAnswer) { a.Class = run.Silent })},
		{want: is(reason.ResolverError, "resolver", resolver, "rcode", "servfail"), cell: dns, verdict: run.Inconclusive,
			world: answers(func(a *run.SRVAnswer) { a.RCode = "servfail" })},
		{want: is(reason.ResolverNoAddresses, "resolver", resolver, "name", "kms01.contoso.test"), cell: dns, verdict: run.Inconclusive,
			world: first(func(r *run.SRVRecord) { r.Unanswered, r.Addrs = true, nil })},
		{want: is(reason.ResolverUnknownName, "resolver", resolver, "name", "kms.contoso.test"), cell: dns, verdict: run.Inconclusive,
			world: answers(func(a *run.SRVAnswer) {
				a.Records = append(a.Records, run.SRVRecord{Target: "kms.contoso.test", Port: 1688, Unanswered: true})
			})},
		{want: is(reason.StrangerInDNS, "resolver", resolver, "name", "rogue.contoso.test"), cell: dns, verdict: run.Fail,
			world: answers(func(a *run.SRVAnswer) {
				a.Records = append(a.Records, run.SRVRecord{Target: "rogue.contoso.test", Port: 1688})
			})},
		{want: is(reason.WrongPortInDNS, "resolver", resolver, "port", 1689, "declared", 1688, "name", "kms01.contoso.test"), cell: dns, verdict: run.Fail,
			world: first(func(r *run.SRVRecord) { r.Port = 1689 })},
		{want: is(reason.StrangerAddressInDNS, "address", "198.18.10.99", "name", "kms01.contoso.test"), cell: dns, verdict: run.Fail,
			world: first(func(r *run.SRVRecord) { r.Addrs = []netip.Addr{addr("198.18.10.99")} })},
		{want: is(reason.HostNotInDNS, "resolver", resolver, "host", "kms01"), cell: dns, verdict: run.Fail,
			world: answers(func(a *run.SRVAnswer) { a.Records = a.Records[1:] })},
		{want: is(reason.SeenSRV, "resolver", resolver), cell: dns, verdict: run.Pass, world: newWorld, beside: nobody},
		{want: is(reason.NoServiceInDNS), cell: dns, verdict: run.Fail, world: answers(func(a *run.SRVAnswer) { a.Records = []run.SRVRecord{{Target: "."}} })},
		{want: is(reason.AliasInDNS, "name", "kms.contoso.test", "port", 1688, "alias", "kms01.contoso.test"), cell: dns, verdict: run.Pass,
			world: first(func(r *run.SRVRecord) { r.Target, r.Canonical = "kms.contoso.test", r.Target })},
		{want: is(reason.RecordInDNS, "name", "kms01.contoso.test", "port", 1688), cell: dns, verdict: run.Pass, world: newWorld, beside: nobody},
	}
}
