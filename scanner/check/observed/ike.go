package observed

import (
	"fmt"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// IKE500 is the check ike-500: IKE passes both ways on UDP 500.
var IKE500 = ikeCheck("ike-500", "IKE passes both ways on UDP 500", check.PortIKE)

// NATT4500 is the check natt-4500: IKE passes both ways on UDP 4500, for NAT-T.
var NATT4500 = ikeCheck("natt-4500", "IKE passes both ways on UDP 4500, for NAT-T", check.PortNATT)

// slowIKE is the time of one answer above which negotiation is felt: it takes
// several, and IKEv1 of Windows repeats itself after 1 s.
const slowIKE = time.Second

// ikeCheck makes the check of one IKE port. Any ISAKMP reply counts, whatever
// it says: it came from the host and passed both ways.
func ikeCheck(id, title string, n uint16) check.Check {
	return check.Check{
		ID:        id,
		Title:     title,
		Section:   "Protocol filtering",
		Confirmed: "lab",
		Flow:      check.Flow{Intent: check.Negotiated, Protocol: simulate.UDP, Port: n},
		Cells: func(p *intent.Policy) []run.CellID {
			return check.HostCells(id, p, p.WithRole(intent.RoleDomain))
		},
		Trials: func(p *intent.Policy, c run.CellID) ([]check.Trial, reason.List) {
			return ikeTrials(p, c, n), noIKEAddress(n)
		},
		Claims: func(*intent.Policy, *check.Trial) []check.Claim {
			if n == check.PortIKE {
				return negotiableInFragments
			}
			return negotiable
		},
		Tell: intending(func(*check.Input) reason.List { return reason.One(reason.IntendedIKE) }, tellIKE),
	}
}

// negotiable is what shows that IKE passes between a vantage and a host.
var negotiable = []check.Claim{
	{Code: reason.ClaimSent, Needs: check.OwnNeeds, Ask: traffic.SentIKE},
	{Code: reason.ClaimAnswered, Needs: ikeNeeds, Ask: ikeAnswered},
	{Code: reason.ClaimByTheHost, Needs: traffic.ByHostNeeds, Ask: traffic.IKEByHost},
}

// negotiableInFragments is that, and what shows that fragments pass.
var negotiableInFragments = append(slices.Clone(negotiable), traffic.ClaimLargeIKE)

// ikeTrials are those of one IKE port: at each address of the host, but NAT-T is for
// IPv4 alone.
func ikeTrials(p *intent.Policy, id run.CellID, n uint16) (all []check.Trial) {
	v, h := check.Pair(p, id)
	for _, a := range h.Addresses {
		if n == check.PortNATT && a.Is6() {
			continue
		}
		t := check.TrialOf(v, h, check.Port(n), check.IKENeed(v.Name, h, a, n))
		t.Label = fmt.Sprintf("%s UDP %d", a, n)
		all = append(all, t)
	}
	return all
}

func noIKEAddress(n uint16) reason.List {
	if n == check.PortNATT {
		return reason.One(reason.NoIPv4ForNATT)
	}
	return check.NoAddress
}

// ikeNeeds are the exchange, the vantage's own connection to the KMS port, and the
// exchanges of others.
func ikeNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), check.ReachNeed(t.From.Name, t.Host, t.Addr, check.Port(t.Host.Port), run.Before))
	return append(needs, witnesses(p, t, intent.RoleDomain, intent.RoleNonDomain, intent.RoleExempt)...)
}

// mostWitnesses is how many vantages of each role are looked at for one that hears
// a host's IKE: where two of them hear nothing, as two behind one router may, another
// one tells.
const mostWitnesses = 8

// witnesses are the exchanges of other vantages of some roles, whose answer shows that
// the host's IKE is up: of two in any case, and of more that other checks have ask.
func witnesses(p *intent.Policy, t *check.Trial, roles ...intent.Role) (needs []run.Need) {
	asked, all := map[intent.Role]int{}, 0
	for i := range p.Vantages {
		v := &p.Vantages[i]
		may := v.Role == intent.RoleDomain || v.Role == intent.RoleNonDomain || v.Role == intent.RoleExempt
		some := may && (v.Role != intent.RoleExempt && asked[v.Role] < mostWitnesses || all < 2)
		if !some || v.Name == t.From.Name {
			continue
		}
		if all++; slices.Contains(roles, v.Role) {
			needs = append(needs, check.IKENeed(v.Name, t.Host, t.Addr, traffic.IKEPort(t)))
		}
		asked[v.Role]++
	}
	return needs
}

// witness is the exchange of another vantage that was answered, nil where there is
// none. Where members are owed no answer, that of a member counts alone.
func witness(e *check.Evidence) *run.Observation {
	roles := []intent.Role{intent.RoleDomain}
	if traffic.Owed(e) {
		roles = append(roles, intent.RoleNonDomain, intent.RoleExempt)
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
func ikeAnswered(e *check.Evidence) claim.Support {
	o, to := e.Result(), e.Label
	if !traffic.Went(e, o) {
		return claim.Open(nil, o)
	}
	w, by := witness(e), []*run.Observation{o}
	if w != nil {
		by = append(by, w)
	}
	switch {
	case o.Heard():
		return claim.Shown(o)
	case o.Class == run.Cut:
		return claim.Open(reason.One(reason.IKEUnreadable, "to", to, "words", check.Note(o)), o)
	case !traffic.Owed(e) && w == nil:
		s, _ := traffic.NobodyAnswered(e, witnesses(e.Policy, e.Trial, intent.RoleDomain), o)
		return s
	case o.Class == run.Refused:
		return claim.Broken(reason.One(reason.IKERefuses, "to", to), by...)
	case o.Class == run.Unreachable:
		return claim.Broken(reason.One(reason.Unreachable, "to", to, "words", check.Note(o)), by...)
	case w != nil:
		return claim.Broken(reason.One(reason.IKEDoesNotPass, "to", to, "vantage", e.From.Name, "witness", w.Need.Vantage, "host", e.Host.Name), by...)
	}
	if kms := e.See(check.ReachNeed(e.From.Name, e.Host, e.Addr, check.Port(e.Host.Port), run.Before)); kms.Heard() {
		return claim.Open(reason.One(reason.IKESilentKMSAnswers, "to", to), o, kms)
	}
	return claim.Open(reason.One(reason.IKESilentToAll, "to", to), o)
}

// tellIKE says what each address answered, and finds slow answers.
func tellIKE(in *check.Input, done []*check.Judged, cell *run.Cell) {
	for i := range done {
		t := done[i]
		if t.Void() || t.Unmade() {
			continue
		}
		o := in.See(t.Own[0])
		cell.Seen = cell.Seen.Add(seenIKE(t.Label, o))
		if d := check.RTT(o); d > slowIKE {
			cell.Findings = append(cell.Findings, check.Found(reason.SlowIKE, "to", t.Label, "in", d.Round(100*time.Millisecond)))
		}
	}
	tellWeak(done, cell)
}

// seenIKE is what became of an IKE exchange.
func seenIKE(to string, o *run.Observation) reason.Reason {
	if !o.Heard() || o.IKE == nil {
		return check.Seen(to, o)
	}
	r := reason.New(reason.SeenIKE, "to", to, "protocol", o.IKE.Protocol, "answer", o.IKE.Answer)
	if o.IKE.Notify != "" {
		r = r.With("notify", o.IKE.Notify)
	}
	return r
}
