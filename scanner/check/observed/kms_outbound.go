package observed

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// KMSOutbound is the check kms-outbound: the KMS host can initiate connections.
var KMSOutbound = check.Check{
	ID:        "kms-outbound",
	Title:     "the KMS host can initiate connections",
	Section:   "Connectivity from the KMS host",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Allowed, Protocol: simulate.TCP, FromHost: true},
	After:     []string{"ike-500", "natt-4500", "esp-50"}, // towards members
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(intent.RoleKMSHost) {
			for _, to := range Outbound(p, k.Host) {
				ids = append(ids, run.CellID{Check: "kms-outbound", Vantage: k.Name, Target: to.Name})
			}
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		return outboundTrials(p, id), check.NoAddress
	},
	Claims: func(_ *intent.Policy, t *check.Trial) []check.Claim {
		if t.Target == intent.NameDNS {
			return []check.Claim{
				{Code: reason.ClaimSent, Needs: check.OwnNeeds, Ask: questionsSent},
				{Code: reason.ClaimAnswered, Needs: check.OwnNeeds, Ask: anyResolverAnswered},
			}
		}
		return []check.Claim{
			{Code: reason.ClaimSent, Needs: check.OwnNeeds, Ask: sentToPeer},
			{Code: reason.ClaimAnswered, Needs: peerNeeds, Ask: peerAnswered},
		}
	},
	Tell: intending(func(*check.Input) reason.List { return reason.One(reason.IntendedOutboundAnswer) }, tellOutbound),
}

// peer is something a host must be able to reach.
type peer struct {
	Name      string
	endpoints []intent.Endpoint
}

// Outbound lists what a host is declared to reach.
func Outbound(p *intent.Policy, host string) []peer {
	var all []peer
	for _, f := range p.Isolation.Outbound {
		if !check.IsNamed(f.From, host) {
			continue
		}
		for _, to := range f.To {
			all = append(all, peer{Name: to, endpoints: p.Endpoints(to, f.Ports)})
		}
	}
	return all
}

// outboundTrials are what a host must reach of a peer: each port of each machine that
// its name stands for. The addresses of one machine are one trial.
func outboundTrials(p *intent.Policy, id run.CellID) (all []check.Trial) {
	k, _ := p.Vantage(id.Vantage)
	for _, to := range Outbound(p, k.Host) {
		switch {
		case to.Name != id.Target:
			continue
		case to.Name == intent.NameDNS:
			return []check.Trial{{Label: "the resolver", From: k, Target: to.Name, Own: []run.Need{srv(k.Name, firstDomain(p))}}}
		case len(to.endpoints) == 0:
			all = append(all, check.Trial{Label: to.Name, From: k, Target: to.Name, Trouble: reason.One(reason.PeerUndeclared)})
		}
		for _, e := range to.endpoints {
			t := check.Trial{From: k, Target: to.Name, Port: check.Port(e.Port), Trouble: e.Trouble}
			var where []string
			for _, a := range e.Addrs {
				t.Own = append(t.Own, check.DialNeed(k.Name, e, a, check.Port(e.Port)))
				where = append(where, check.Label(a, check.Port(e.Port)))
			}
			t.Label = strings.TrimSpace(e.Name + " " + check.List(where))
			all = append(all, t)
		}
	}
	return all
}

// peerNeeds are the trial, and what else the host asks the same addresses: their hop
// counts tell who refuses.
func peerNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := check.OwnNeeds(p, t)
	for _, to := range Outbound(p, t.From.Host) {
		for _, e := range to.endpoints {
			for _, a := range e.Addrs {
				if slices.ContainsFunc(t.Own, func(n run.Need) bool { return n.Addr == a }) && e.Port != 0 {
					needs = append(needs, check.DialNeed(t.From.Name, e, a, check.Port(e.Port)))
				}
			}
		}
	}
	return needs
}

// sentToPeer: the packets to one address of the peer, at least, left the host.
func sentToPeer(e *check.Evidence) claim.Support {
	if len(e.Own) == 0 {
		return claim.Failed(reason.One(reason.PeerWithoutAddress, "peer", e.Target, "why", e.Trouble))
	}
	var all []claim.Support
	for _, n := range e.Own {
		all = append(all, traffic.Leaves(e, e.See(n), &traffic.PeerSending))
	}
	if went := ownThatWent(e, nil); len(went) > 0 {
		return claim.Shown(went[0], went[1:]...)
	}
	for _, level := range []run.Support{run.ToolFailed, run.Setup, run.NotShown, run.Broken} {
		if i := slices.IndexFunc(all, func(s claim.Support) bool { return s.Level() == level }); i >= 0 {
			return all[i]
		}
	}
	return all[0]
}

// ownThatWent are those of what the trial sent that left the host, and of which something
// more is true; nil is nothing more.
func ownThatWent(e *check.Evidence, is func(*run.Observation) bool) (some []*run.Observation) {
	for _, n := range e.Own {
		if o := e.See(n); traffic.Went(e, o) && (is == nil || is(o)) {
			some = append(some, o)
		}
	}
	return some
}

// peerAnswered: one address of the peer answered.
func peerAnswered(e *check.Evidence) claim.Support {
	var (
		went    []*run.Observation
		why     reason.List
		refused *run.Observation
	)
	heard := ownThatWent(e, (*run.Observation).Heard)
	if len(heard) > 0 {
		return claim.Shown(heard[0], heard[1:]...)
	}
	for _, o := range ownThatWent(e, nil) {
		if o.Class == run.Refused {
			refused = o
		}
		went, why = append(went, o), why.Add(check.Seen("", o))
	}
	switch {
	case len(went) == 0:
		return claim.Open(nil)
	case refused == nil:
		return claim.Broken(why, went...)
	}
	return peerRefused(e, refused)
}

// peerRefused says who refused: the peer itself, which shows that the path is open, or
// a device on the path. The hop count of another answer of the peer tells.
func peerRefused(e *check.Evidence, o *run.Observation) claim.Support {
	var other *run.Observation
	for _, n := range e.Needs() {
		if n == o.Need || n.Addr != o.Need.Addr {
			continue
		}
		x := e.See(n)
		switch {
		case len(x.Trouble) > 0:
			return claim.Open(reason.One(reason.PeerHopsLost, "peer", e.Target, "why", x.Trouble), o, x)
		case x.TTL() == 0 || o.TTL() == 0:
		case x.TTL() == o.TTL():
			return claim.Shown(o, x)
		default:
			other = x
		}
	}
	if other != nil {
		return claim.Broken(reason.One(reason.PeerRefusedOnPath, "peer", e.Target, "hops", o.TTL(), "peer-hops", other.TTL()), o, other)
	}
	return claim.Weak(reason.One(reason.PeerRefuses, "peer", e.Target), o)
}

// tellOutbound says what came of each address, and finds those that are dead beside
// one that answers.
func tellOutbound(in *check.Input, done []*check.Judged, cell *run.Cell) {
	var all reason.List
	for i := range done {
		t := done[i]
		for _, n := range t.Own {
			o, what := in.See(n), traffic.Describe(n)
			if blind := slices.Concat(o.Trouble, o.Missing); len(blind) > 0 {
				if cell.Verdict == run.Fail {
					cell.Reasons = append(cell.Reasons, claim.Where(what, reason.One(reason.PlaceNotObserved, "why", blind))...)
				}
				continue
			}
			all = append(all, check.Seen(what, o))
			switch {
			case t.Verdict() != run.Pass || o.Heard():
			case o.Class == run.Refused:
				cell.Findings = append(cell.Findings, check.Found(reason.OutboundRefused, "to", what))
			case !o.Class.Local():
				cell.Findings = append(cell.Findings, check.Found(reason.PeerAddressDead, "to", what, "seen", check.Seen("", o)))
			}
		}
	}
	cell.Seen = all.Merge("at")
	tellWeak(done, cell)
}
