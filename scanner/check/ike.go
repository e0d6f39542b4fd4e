package check

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var ike500 = ikeCheck("ike-500", "IKE passes both ways on UDP 500", portIKE)

var natt4500 = ikeCheck("natt-4500", "IKE passes both ways on UDP 4500, for NAT-T", portNATT)

// slowIKE is the time of one answer above which negotiation is felt: it takes
// several, and IKEv1 of Windows repeats itself after 1 s.
const slowIKE = time.Second

// ikeCheck makes the check of one IKE port. Any ISAKMP reply counts, whatever
// it says: it came from the host and passed both ways.
func ikeCheck(id, title string, n uint16) Check {
	return Check{
		ID:        id,
		Title:     title,
		Section:   "Protocol filtering",
		Confirmed: "lab",
		Flow:      Flow{Intent: Negotiated, Protocol: simulate.UDP, Port: n},
		Cells: func(p *policy.Policy) []run.CellID {
			return hostCells(id, p, p.WithRole(policy.RoleDomain))
		},
		Needs: func(p *policy.Policy, c run.CellID) []run.Need {
			v, h := pair(p, c)
			var needs []run.Need
			for _, a := range family(h.Addresses, false) {
				needs = append(needs, ike(v.Name, h, a, n), reach(v.Name, h, a, port(h.Port), run.Before))
				for _, w := range ikeWitnesses(p, v) {
					needs = append(needs, ike(w, h, a, n))
				}
			}
			return needs
		},
		Also: func(p *policy.Policy, c run.CellID) []run.Need {
			_, h := pair(p, c)
			var needs []run.Need
			witnesses := moreWitnesses(p)
			for _, a := range family(h.Addresses, false) {
				for _, w := range witnesses {
					needs = append(needs, ike(w, h, a, n))
				}
			}
			return needs
		},
		Judge: func(in *Input) run.Cell { return judgeIKE(in, n) },
	}
}

// ikeWitnesses are other vantages whose answer shows that a host's IKE is up.
func ikeWitnesses(p *policy.Policy, but policy.Vantage) []string {
	var names []string
	for i := 0; i < len(p.Vantages) && len(names) < 2; i++ {
		if v := &p.Vantages[i]; maySpeakIKE(v.Role) && v.Name != but.Name {
			names = append(names, v.Name)
		}
	}
	return names
}

// maySpeakIKE is of the roles that stand for somebody else than a host.
func maySpeakIKE(r policy.Role) bool {
	return r == policy.RoleDomain || r == policy.RoleNonDomain || r == policy.RoleExempt
}

// mostWitnesses is how many vantages of each role are looked at for one that hears
// a host's IKE.
const mostWitnesses = 8

// moreWitnesses are vantages that other checks have ask: where two of them hear
// nothing, as two behind one router may, another one tells.
func moreWitnesses(p *policy.Policy) []string {
	var names []string
	seen := map[policy.Role]int{}
	for i := range p.Vantages {
		if v := &p.Vantages[i]; maySpeakIKE(v.Role) && seen[v.Role] < mostWitnesses {
			seen[v.Role]++
			names = append(names, v.Name)
		}
	}
	return names
}

func judgeIKE(in *Input, n uint16) run.Cell {
	v, h := in.vantage(), in.host()
	f := fold{none: noAddress, intended: reason.One(reason.IntendedIKE)}
	if n == portNATT {
		f.none = reason.One(reason.NoIPv4ForNATT)
	}
	for _, a := range family(h.Addresses, false) {
		o := in.See(ike(v.Name, h, a, n))
		to := fmt.Sprintf("%s UDP %d", a, n)
		if !f.sees(to, o) {
			continue
		}
		p := part{seen: reason.List{seenIKE(to, o)}}
		p.verdict, p.why = in.ikeVerdict(v, h, a, n, to, o)
		if d := rtt(o); d > slowIKE {
			p.findings = append(p.findings, found(reason.SlowIKE, "to", to, "in", d.Round(100*time.Millisecond)))
		}
		f.add(p)
	}
	return f.cell()
}

func (in *Input) ikeVerdict(v policy.Vantage, h policy.Host, a netip.Addr, n uint16, to string, o *run.Observation) (run.Verdict, reason.List) {
	switch o.Class {
	case run.Answered:
		return run.Pass, nil
	case run.Refused:
		return run.Fail, reason.One(reason.IKERefuses, "to", to)
	case run.Exhausted, run.NotPermitted, run.Name:
		return run.Error, reason.One(reason.IKENotAsked, "vantage", v.Name, "to", to, "words", note(o))
	case run.Unreachable, run.NoRoute:
		return run.Fail, reason.One(reason.Unreachable, "to", to, "words", note(o))
	case run.Unknown:
		return run.Inconclusive, reason.One(reason.OutcomeUnknown, "to", to, "words", note(o))
	}
	witness := ""
	witnesses := append(ikeWitnesses(in.Policy, v), moreWitnesses(in.Policy)...)
	for _, w := range in.Policy.Vantages {
		if w.Name != v.Name && slices.Contains(witnesses, w.Name) && in.find(ike(w.Name, h, a, n)).Heard() {
			witness = w.Name
			in.See(ike(w.Name, h, a, n)) // the evidence
			break
		}
	}
	if kms := in.Peek(reach(v.Name, h, a, port(h.Port), run.Before)); kms.Heard() && witness == "" {
		return run.Inconclusive, reason.One(reason.IKESilentKMSAnswers, "to", to)
	}
	if witness != "" {
		return run.Fail, reason.One(reason.IKEDoesNotPass, "to", to, "vantage", v.Name, "witness", witness, "host", h.Name)
	}
	return run.Inconclusive, reason.One(reason.IKESilentToAll, "to", to)
}

// seenIKE is what became of an IKE exchange.
func seenIKE(to string, o *run.Observation) reason.Reason {
	if !o.Heard() || o.IKE == nil {
		return seen(to, o)
	}
	r := reason.New(reason.SeenIKE, "to", to, "protocol", o.IKE.Protocol, "answer", o.IKE.Answer)
	if o.IKE.Notify != "" {
		r = r.With("notify", o.IKE.Notify)
	}
	return r
}
