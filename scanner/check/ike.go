package check

import (
	"fmt"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/claim"
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
		Trials: func(p *policy.Policy, c run.CellID) ([]Trial, reason.List) {
			return ikeTrials(p, c, n), noIKEAddress(n)
		},
		Claims: func(*policy.Policy, Trial) []Claim { return negotiable },
		Tell:   intending(func(*Input) reason.List { return reason.One(reason.IntendedIKE) }, tellIKE),
	}
}

// negotiable is what shows that IKE passes between a vantage and a host.
var negotiable = []Claim{
	{Code: reason.ClaimSent, Needs: ownNeeds, Ask: (*Evidence).sentIKE},
	{Code: reason.ClaimAnswered, Needs: ikeNeeds, Ask: (*Evidence).ikeAnswered},
	{Code: reason.ClaimByTheHost, Needs: byHostNeeds, Ask: (*Evidence).ikeByHost},
}

// ikeTrials are those of one IKE port: at each address of the host, but NAT-T is for
// IPv4 alone.
func ikeTrials(p *policy.Policy, id run.CellID, n uint16) (all []Trial) {
	v, h := pair(p, id)
	for _, a := range h.Addresses {
		if n == portNATT && a.Is6() {
			continue
		}
		t := trialOf(v, h, port(n), ike(v.Name, h, a, n))
		t.Label = fmt.Sprintf("%s UDP %d", a, n)
		all = append(all, t)
	}
	return all
}

func noIKEAddress(n uint16) reason.List {
	if n == portNATT {
		return reason.One(reason.NoIPv4ForNATT)
	}
	return noAddress
}

// ikeNeeds are the exchange, the vantage's own connection to the KMS port, and the
// exchanges of others.
func ikeNeeds(p *policy.Policy, t Trial) []run.Need {
	needs := append(ownNeeds(p, t), reach(t.From.Name, t.Host, t.Addr, port(t.Host.Port), run.Before))
	return append(needs, witnesses(p, t, policy.RoleDomain, policy.RoleNonDomain, policy.RoleExempt)...)
}

// mostWitnesses is how many vantages of each role are looked at for one that hears
// a host's IKE: where two of them hear nothing, as two behind one router may, another
// one tells.
const mostWitnesses = 8

// witnesses are the exchanges of other vantages of some roles, whose answer shows that
// the host's IKE is up: of two in any case, and of more that other checks have ask.
func witnesses(p *policy.Policy, t Trial, roles ...policy.Role) (needs []run.Need) {
	asked, all := map[policy.Role]int{}, 0
	for i := range p.Vantages {
		v := &p.Vantages[i]
		may := v.Role == policy.RoleDomain || v.Role == policy.RoleNonDomain || v.Role == policy.RoleExempt
		some := may && (v.Role != policy.RoleExempt && asked[v.Role] < mostWitnesses || all < 2)
		if !some || v.Name == t.From.Name {
			continue
		}
		if all++; slices.Contains(roles, v.Role) {
			needs = append(needs, ike(v.Name, t.Host, t.Addr, ikePort(t)))
		}
		asked[v.Role]++
	}
	return needs
}

// witness is the exchange of another vantage that was answered, nil where there is
// none. Where members are owed no answer, that of a member counts alone.
func (e *Evidence) witness() *run.Observation {
	roles := []policy.Role{policy.RoleDomain}
	if e.owed() {
		roles = append(roles, policy.RoleNonDomain, policy.RoleExempt)
	}
	for _, n := range witnesses(e.Policy, e.Trial, roles...) {
		if o := e.Peek(n); o.Heard() {
			return o
		}
	}
	return nil
}

// ikeAnswered: the host answered our message, whatever it said: the answer has our
// cookie.
func (e *Evidence) ikeAnswered() claim.Support {
	o, to := e.own(), e.Label
	if !e.went(o) {
		return claim.Open(nil, o)
	}
	w := e.witness()
	switch {
	case o.Heard():
		return claim.Shown(o)
	case o.Class == run.Cut:
		return claim.Open(reason.One(reason.IKEUnreadable, "to", to, "words", note(o)), o)
	case !e.owed() && w == nil:
		s, _ := e.nobodyAnswered(witnesses(e.Policy, e.Trial, policy.RoleDomain), o)
		return s
	case o.Class == run.Refused:
		return claim.Broken(reason.One(reason.IKERefuses, "to", to), o)
	case o.Class == run.Unreachable:
		return claim.Broken(reason.One(reason.Unreachable, "to", to, "words", note(o)), o)
	case w != nil:
		return claim.Broken(reason.One(reason.IKEDoesNotPass, "to", to, "vantage", e.From.Name, "witness", w.Need.Vantage, "host", e.Host.Name), o, w)
	}
	if kms := e.See(reach(e.From.Name, e.Host, e.Addr, port(e.Host.Port), run.Before)); kms.Heard() {
		return claim.Open(reason.One(reason.IKESilentKMSAnswers, "to", to), o, kms)
	}
	return claim.Open(reason.One(reason.IKESilentToAll, "to", to), o)
}

// tellIKE says what each address answered, and finds slow answers.
func tellIKE(in *Input, done []*judgedTrial, cell *run.Cell) {
	for i := range done {
		t := done[i]
		if t.Void() || t.Unmade() {
			continue
		}
		o := in.See(t.Own[0])
		cell.Seen = cell.Seen.Add(seenIKE(t.Label, o))
		if d := rtt(o); d > slowIKE {
			cell.Findings = append(cell.Findings, found(reason.SlowIKE, "to", t.Label, "in", d.Round(100*time.Millisecond)))
		}
	}
	tellWeak(done, cell)
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
