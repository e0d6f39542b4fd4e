package check

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/policy"
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
		p := part{seen: label(a, n) + " " + sawAllowed(o), findings: delays(o, label(a, n))}
		p.verdict, p.reason = in.allowed(v, h, a, n, o)
		f.add(p)
	}
}

// allowed judges one address.
func (in *Input) allowed(v policy.Vantage, h policy.Host, a netip.Addr, n port, o *run.Observation) (run.Verdict, string) {
	what := label(a, n)
	switch o.Class {
	case run.Answered:
		if o.Weak != "" && !in.corroborated(v, h, a, n) {
			return run.Inconclusive, fmt.Sprintf("%s answered, but %s", what, o.Weak)
		}
		if o.RPC != nil && o.RPC.Bind != "accepted" {
			return run.Fail, fmt.Sprintf("%s accepts connections, but the RPC bind to the KMS interface is %s: no KMS host listens there", what, o.RPC.Bind)
		}
		return run.Pass, ""
	case run.Refused:
		return run.Fail, fmt.Sprintf("%s refuses: reachable, but nothing listens", what)
	case run.Cut:
		return run.Fail, fmt.Sprintf("%s accepts connections, but its answer is cut short or no RPC: %s", what, note(o))
	case run.Exhausted, run.NotPermitted:
		return run.Error, fmt.Sprintf("%s could not send to %s: %s", v.Name, what, note(o))
	case run.Name:
		return run.Error, fmt.Sprintf("%s has no address", h.Name)
	case run.NoRoute:
		return run.Fail, fmt.Sprintf("%s has no route to %s (%s)", v.Name, what, note(o))
	case run.Unknown:
		return run.Inconclusive, fmt.Sprintf("%s has no known outcome: %s", what, note(o))
	case run.Unreachable:
		return run.Fail, fmt.Sprintf("%s cannot be reached: %s", what, note(o))
	}
	if len(v.Alive) > 0 {
		if alive, why := in.alive(v, h, a); !alive {
			return run.Fail, fmt.Sprintf("%s is silent, and so is everything else that should answer %s (%s)", what, v.Name, why)
		}
	}
	reason := fmt.Sprintf("%s is silent", what)
	if v.Role == policy.RoleDomain {
		if i := in.See(ike(v.Name, h, a, portIKE)); i.Heard() {
			reason += ", though its UDP 500 answers IKE"
		} else {
			reason += ", and its UDP 500 " + saw(i)
		}
	}
	return run.Fail, reason
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
func delays(o *run.Observation, what string) []run.Finding {
	var found []run.Finding
	lost := 0
	for _, t := range o.Tries {
		if t.Class == run.Answered {
			break
		}
		lost++
	}
	if o.Heard() && lost > 0 {
		found = append(found, run.Finding{ID: "first-packets-lost", Severity: run.Info,
			Text: fmt.Sprintf("%s answered after %d lost packets, as while IPsec is negotiated", what, lost)})
	}
	if d := rtt(o); d > slow {
		found = append(found, run.Finding{ID: "slow-negotiation", Severity: run.Warn,
			Text:   fmt.Sprintf("%s answered after %s only", what, d.Round(100*time.Millisecond)),
			Remedy: "look for a slow or distant domain controller, or a first keying module that is not answered"})
	}
	return found
}

func sawAllowed(o *run.Observation) string {
	if o.Heard() {
		return "answered in " + rtt(o).Round(100*time.Microsecond).String() + bindNote(o)
	}
	return saw(o)
}
