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
