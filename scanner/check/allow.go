package check

import (
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// slow is the negotiation that a user notices: Windows itself gives a TCP
// connection 21 s, and a warm one needs milliseconds.
const slow = 5 * time.Second

// allowNeeds lists what shows that a vantage reaches a port of a host.
func allowNeeds(p *policy.Policy, v policy.Vantage, h policy.Host, addrs []netip.Addr, n port) []run.Need {
	var needs []run.Need
	for _, a := range addrs {
		needs = append(needs, reach(v.Name, h, a, n, run.Before))
		if v.Role == policy.RoleDomain {
			needs = append(needs, ike(v.Name, h, a, portIKE))
		}
		needs = append(needs, aliveNeeds(p, v, a)...)
	}
	return needs
}

// judgeAllow judges that the cell's vantage reaches a port on each address.
func judgeAllow(in *Input, addrs []netip.Addr, n port) run.Cell {
	f := fold{none: noAddress}
	in.allows(&f, addrs, n)
	return f.cell()
}

// allows adds a part for each address.
func (in *Input) allows(f *fold, addrs []netip.Addr, n port) {
	v, h := in.vantage(), in.host()
	for _, a := range addrs {
		o := in.See(reach(v.Name, h, a, n, run.Before))
		if !f.sees(label(a, n), o) {
			continue
		}
		p := part{seen: reason.List{seenAllowed(label(a, n), o)}, findings: delays(o, label(a, n))}
		p.verdict, p.why = in.allowed(v, h, a, n, o)
		f.add(p)
	}
}

// allowed judges one address.
func (in *Input) allowed(v policy.Vantage, h policy.Host, a netip.Addr, n port, o *run.Observation) (run.Verdict, reason.List) {
	to := label(a, n)
	switch o.Class {
	case run.Answered:
		if o.Weak != "" && !in.corroborated(v, h, a, n) {
			return run.Inconclusive, reason.One(reason.WeakAnswer, "to", to, "words", o.Weak)
		}
		if o.RPC != nil && o.RPC.Bind != "accepted" {
			return run.Fail, reason.One(reason.BindNotAccepted, "to", to, "bind", o.RPC.Bind)
		}
		return run.Pass, nil
	case run.Refused:
		return run.Fail, reason.One(reason.PortRefuses, "to", to)
	case run.Cut:
		return run.Fail, reason.One(reason.AnswerCutShort, "to", to, "words", note(o))
	case run.Exhausted, run.NotPermitted:
		return run.Error, reason.One(reason.NotSent, "vantage", v.Name, "to", to, "words", note(o))
	case run.Name:
		return run.Error, reason.One(reason.HostNameUnresolved, "host", h.Name)
	case run.NoRoute:
		return run.Fail, reason.One(reason.NoRoute, "vantage", v.Name, "to", to, "words", note(o))
	case run.Unreachable:
		return run.Fail, reason.One(reason.Unreachable, "to", to, "words", note(o))
	case run.Unknown:
		return run.Inconclusive, reason.One(reason.OutcomeUnknown, "to", to, "words", note(o))
	}
	if len(v.Alive) > 0 {
		if alive, why := in.alive(v, h, a); !alive {
			return run.Fail, reason.One(reason.VantageCutOff, "to", to, "vantage", v.Name, "why", why)
		}
	}
	if v.Role != policy.RoleDomain {
		return run.Fail, reason.One(reason.Silent, "to", to)
	}
	i := in.See(ike(v.Name, h, a, portIKE))
	if i.Heard() {
		return run.Fail, reason.One(reason.SilentButIKE, "to", to)
	}
	return run.Fail, reason.One(reason.SilentToMember, "to", to, "ike", seen("", i))
}

// corroborated reports whether another answer of the same host backs a weak
// one: the KMS port's, which no text tool has told.
func (in *Input) corroborated(v policy.Vantage, h policy.Host, a netip.Addr, n port) bool {
	if n != echo {
		return false
	}
	o := in.Peek(reach(v.Name, h, a, port(h.Port), run.Before))
	return o.Heard() && o.Weak == ""
}

// delays reports lost first packets and slow negotiations.
func delays(o *run.Observation, to string) (all []run.Finding) {
	lost := 0
	for _, t := range o.Tries {
		if t.Class == run.Answered {
			break
		}
		lost++
	}
	if o.Heard() && lost > 0 {
		all = append(all, found(reason.FirstPacketsLost, "to", to, "lost", lost))
	}
	if d := rtt(o); d > slow {
		all = append(all, found(reason.SlowNegotiation, "to", to, "in", d.Round(100*time.Millisecond)))
	}
	return all
}

// seenAllowed is what became of what may pass: how long it took, and what the bind
// came to.
func seenAllowed(to string, o *run.Observation) reason.Reason {
	if !o.Heard() {
		return seen(to, o)
	}
	r := reason.New(reason.Seen, "at", to, "class", o.Class, "in", rtt(o).Round(100*time.Microsecond))
	if o.RPC != nil {
		r = r.With("bind", o.RPC.Bind)
	}
	return r
}
