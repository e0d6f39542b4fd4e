package check

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/policy"
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
	f := fold{none: "no IPv4 address is declared; NAT-T is not for IPv6", intended: "any ISAKMP reply"}
	for _, a := range family(h.Addresses, false) {
		o := in.See(ike(v.Name, h, a, n))
		what := fmt.Sprintf("%s UDP %d", a, n)
		if !f.sees(what, o) {
			continue
		}
		p := part{seen: what + " " + sawIKE(o)}
		p.verdict, p.reason = in.ikeVerdict(v, h, a, n, what, o)
		if d := rtt(o); d > slowIKE {
			p.findings = append(p.findings, run.Finding{ID: "slow-ike", Severity: run.Warn,
				Text:   fmt.Sprintf("%s answered after %s: every first connection waits that long", what, d.Round(100*time.Millisecond)),
				Remedy: "look at the host's load, at its path to a domain controller, and at packet loss"})
		}
		f.add(p)
	}
	return f.cell()
}

func (in *Input) ikeVerdict(v policy.Vantage, h policy.Host, a netip.Addr, n uint16, what string, o *run.Observation) (run.Verdict, string) {
	switch o.Class {
	case run.Answered:
		return run.Pass, ""
	case run.Refused:
		return run.Fail, what + ": the host says that nothing listens there; IKE is not running, or no IPsec policy reached it"
	case run.Exhausted, run.NotPermitted, run.Name:
		return run.Error, fmt.Sprintf("%s could not ask %s: %s", v.Name, what, note(o))
	case run.Unknown:
		return run.Inconclusive, fmt.Sprintf("%s has no known outcome: %s", what, note(o))
	case run.Unreachable, run.NoRoute:
		return run.Fail, fmt.Sprintf("%s cannot be reached: %s", what, note(o))
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
		return run.Inconclusive, what + " is silent, which alone proves nothing: the KMS port answers, so another keying module or an SA from before may carry it"
	}
	if witness != "" {
		return run.Fail, fmt.Sprintf("%s is silent to %s and answers %s: it does not pass between %s and %s", what, v.Name, witness, v.Name, h.Name)
	}
	return run.Inconclusive, what + " is silent to everybody: filtered, not listening, or silent by policy"
}

func sawIKE(o *run.Observation) string {
	if !o.Heard() || o.IKE == nil {
		return saw(o)
	}
	s := fmt.Sprintf("answered %s with %s", o.IKE.Protocol, o.IKE.Answer)
	if o.IKE.Notify != "" {
		s += " " + o.IKE.Notify
	}
	return s
}
