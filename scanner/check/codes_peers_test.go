package check_test

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Each claim of what a host must reach and of what DNS says, where it is weak, not
// shown, and contradicted.
func TestPeerClaims(t *testing.T) {
	const files, dns, srv = "kms-outbound/kms01/files:445", "kms-outbound/kms01/dns", "dns-srv/client/contoso.test"
	out := asked{vantage: "kms01", target: "files", port: 445}
	also := asked{vantage: "kms01", target: "files", port: 443}
	more := declared(func(p *intent.Policy) {
		p.Isolation.Outbound = append(p.Isolation.Outbound, intent.Access{From: []string{"kms01"}, To: []string{"files:443"}})
	})
	first := func(become func(*run.Observation)) func(*world) {
		return on(out, func(o *run.Observation) {
			if o.Need.Addr.Is4() {
				become(o)
			}
		})
	}
	resolvers := func(who string, change func(*run.SRVAnswer)) func(*world) {
		return on(asked{vantage: who, probe: run.ProbeSRV}, func(o *run.Observation) {
			o.SRV = append([]run.SRVAnswer(nil), o.SRV...)
			change(&o.SRV[0])
		})
	}
	status := func(class run.Class, rcode string) func(*run.SRVAnswer) {
		return func(a *run.SRVAnswer) { a.Class, a.RCode, a.Note = class, rcode, "words" }
	}
	testClaims(t, []claimRow{
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.NotSent, "vantage", "kms01"), run.Error, changed(on(out, outcome(run.Exhausted, "EMFILE"))), files},
		{reason.ClaimSent, run.Setup, reason.New(reason.OwnFilter, "vantage", "kms01"), run.Inconclusive, changed(on(out, outcome(run.NotPermitted, "EPERM"))), files},
		{reason.ClaimSent, run.Broken, reason.New(reason.NoRoute, "vantage", "kms01"), run.Fail, changed(on(out, outcome(run.NoRoute, "no route"))), files},
		{reason.ClaimSent, run.Shown, reason.Reason{}, run.Pass, changed(first(outcome(run.NoRoute, "no route"))), files},
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.PeerWithoutAddress), run.Error, changed(declared(func(p *intent.Policy) { delete(p.Pins, "files") })), files},
		{reason.ClaimSent, run.NotShown, reason.New(reason.OutcomeUnknown), run.Inconclusive, changed(on(out, outcome(run.Unknown, "it does not say"))), files},

		{reason.ClaimAnswered, run.Shown, reason.Reason{}, run.Pass, changed(first(mute)), files},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.Seen, "class", run.Silent), run.Fail, changed(on(out, mute)), files},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.Seen, "class", run.Cut), run.Fail, changed(on(out, outcome(run.Cut, "EOF"))), files},
		// A neighbour that does not answer is told by the host's own system, and is no filter of it.
		{reason.ClaimAnswered, run.Broken, reason.New(reason.Seen, "class", run.Unreachable), run.Fail, changed(on(out, func(o *run.Observation) {
			outcome(run.Unreachable, "host unreachable")(o)
			o.Tries[0].From, o.Tries[0].ICMP = addr("198.18.10.30"), run.ICMP{Type: 3, Code: 1}
		})), files},
		{reason.ClaimSent, run.Setup, reason.New(reason.OwnFilter, "vantage", "kms01"), run.Inconclusive, changed(on(out, func(o *run.Observation) {
			outcome(run.Unreachable, "prohibited")(o)
			o.Tries[0].From, o.Tries[0].ICMP = addr("198.18.10.30"), run.ICMP{Type: 3, Code: 13}
		})), files},
		{reason.ClaimSent, run.Setup, reason.New(reason.AnsweredByItself, "vantage", "kms01"), run.Inconclusive, changed(on(out, func(o *run.Observation) {
			reply(o)
			o.Tries[0].Loopback = true
		})), files},
		{reason.ClaimAnswered, run.Weak, reason.New(reason.PeerRefuses, "peer", "files:445"), run.Pass, changed(on(out, refusal(0))), files},
		{reason.ClaimAnswered, run.Weak, reason.New(reason.PeerRefuses, "peer", "files:445"), run.Pass, changed(on(out, refusal(63))), files},
		{reason.ClaimAnswered, run.Shown, reason.Reason{}, run.Pass, changed(more, on(also, reply), on(out, refusal(63))), files},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.PeerRefusedOnPath, "peer", "files:445", "hops", 64, "peer-hops", 63), run.Fail,
			changed(more, on(also, reply), on(out, refusal(64))), files},
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.PeerHopsLost, "peer", "files:445"), run.Inconclusive, changed(more, on(also, failed("it broke")), on(out, refusal(63))), files},

		{reason.ClaimAnswered, run.Broken, reason.New(reason.ResolverSilent, "class", run.Silent), run.Fail, changed(resolvers("kms01", status(run.Silent, ""))), dns},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.ResolverError, "rcode", "servfail"), run.Fail, changed(resolvers("kms01", status(run.Answered, "servfail"))), dns},
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.ResolverSilent, "class", run.Unknown), run.Inconclusive, changed(resolvers("kms01", status(run.Unknown, ""))), dns},
		{reason.ClaimAnswered, run.Shown, reason.Reason{}, run.Pass, changed(resolvers("kms01", status(run.Answered, "nxdomain"))), dns},
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.ResolverNotAsked, "vantage", "kms01"), run.Error, changed(resolvers("kms01", status(run.NotPermitted, ""))), dns},

		{reason.ClaimAllResolvers, run.NotShown, reason.New(reason.ResolverUnheard, "resolver", "198.18.11.9:53"), run.Inconclusive, changed(func(w *world) {
			v := &w.run.Vantages[0]
			v.Resolvers = append(v.Resolvers, netip.MustParseAddrPort("198.18.11.9:53"))
		}), srv},
		{reason.ClaimAllResolvers, run.NotShown, reason.New(reason.ResolverSilent), run.Inconclusive, changed(resolvers("client", status(run.Silent, ""))), srv},
		{reason.ClaimAllResolvers, run.NotShown, reason.New(reason.ResolverSilent, "class", run.NoRoute), run.Inconclusive, changed(resolvers("client", status(run.NoRoute, ""))), srv},
		{reason.ClaimAllResolvers, run.ToolFailed, reason.New(reason.ResolverNotAsked), run.Error, changed(resolvers("client", status(run.Exhausted, ""))), srv},
		{reason.ClaimOnlyDeclared, run.Broken, reason.New(reason.StrangerInDNS), run.Fail, changed(resolvers("client", func(a *run.SRVAnswer) {
			a.Records = append(a.Records, run.SRVRecord{Target: "rogue.contoso.test", Port: 1688})
		})), srv},
		{reason.ClaimOnlyDeclared, run.NotShown, reason.New(reason.ResolverUnknownName), run.Inconclusive, changed(resolvers("client", func(a *run.SRVAnswer) {
			a.Records = append(a.Records, run.SRVRecord{Target: "kms.contoso.test", Port: 1688, Unanswered: true})
		})), srv},
		{reason.ClaimNamesAll, run.Broken, reason.New(reason.HostNotInDNS, "host", "kms01"), run.Fail, changed(resolvers("client", func(a *run.SRVAnswer) { a.Records = a.Records[1:] })), srv},
		{reason.ClaimSRVPort, run.Broken, reason.New(reason.WrongPortInDNS, "port", 1689), run.Fail, changed(resolvers("client", record(func(r *run.SRVRecord) { r.Port = 1689 }))), srv},
		{reason.ClaimSRVAddresses, run.Broken, reason.New(reason.StrangerAddressInDNS), run.Fail,
			changed(resolvers("client", record(func(r *run.SRVRecord) { r.Addrs = []netip.Addr{addr("198.18.10.99")} }))), srv},
		{reason.ClaimSRVAddresses, run.NotShown, reason.New(reason.ResolverNoAddresses), run.Inconclusive,
			changed(resolvers("client", record(func(r *run.SRVRecord) { r.Addrs, r.Unanswered = nil, true }))), srv},
	})
}

// record changes the first record of an answer.
func record(change func(*run.SRVRecord)) func(*run.SRVAnswer) {
	return func(a *run.SRVAnswer) {
		a.Records = append([]run.SRVRecord(nil), a.Records...)
		change(&a.Records[0])
	}
}

// A dead address of a peer that answers at another one is found, and no failure.
func TestDeadAddressOfAPeer(t *testing.T) {
	w := changed(on(asked{vantage: "kms01", target: "files", port: 445}, func(o *run.Observation) {
		if o.Need.Addr.Is6() {
			mute(o)
		}
	}))()
	c := w.judged(t)["kms-outbound/kms01/files:445"]
	if c.Verdict != run.Pass || c.Weak || len(c.Findings) != 1 || c.Findings[0].ID() != string(reason.PeerAddressDead) {
		t.Errorf("%s, weak %v: %s; found %v", c.Verdict, c.Weak, c.Reasons.Key(), c.Findings)
	}
}
