package traffic

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What must be true around the silence of a denied trial: the port is open to those
// who may reach it, and the vantage is alive and lets such packets out.

// openNeeds are the controls of a trial, before and after it.
func openNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return ControlNeeds(p, t, run.Before, run.After)
}

// ControlNeeds are the connects of those who may reach the port of a trial, at some
// moments.
func ControlNeeds(p *intent.Policy, t *check.Trial, moments ...run.When) []run.Need {
	controls := check.Controls(p, t.Host)
	needs := make([]run.Need, 0, len(controls)*len(moments))
	for _, when := range moments {
		for _, c := range controls {
			if c != t.From.Name {
				needs = append(needs, check.ReachNeed(c, t.Host, t.Addr, t.Port, when))
			}
		}
	}
	return needs
}

// controlled is what those came to who may reach the address and port of a trial.
type controlled struct {
	answered []*run.Observation
	closed   bool // each of them was observed, and found it closed
	untried  bool // none of them was asked, because none was answered before
	all      []*run.Observation
}

// controls asks the controls of a moment.
func controls(e *check.Evidence, when run.When) controlled {
	c := controlled{closed: true, untried: true}
	for _, n := range ControlNeeds(e.Policy, e.Trial, when) {
		o := e.Peek(n)
		if o == nil {
			c.closed, c.untried = false, false
			continue
		}
		if o.Heard() {
			c.answered = append(c.answered, o)
		}
		c.closed = c.closed && (o.Class == run.Refused || o.Class == run.Silent)
		c.untried = c.untried && o.Trouble.Has(reason.ControlNotRepeated)
		c.all = append(c.all, o)
	}
	return c
}

// controlsSeen says what the controls of a moment came to.
func controlsSeen(e *check.Evidence, when run.When) (why reason.List) {
	for _, n := range ControlNeeds(e.Policy, e.Trial, when) {
		if o := e.Peek(n); o != nil {
			why = append(why, check.Seen(n.Vantage, o))
		} else {
			why = append(why, reason.New(reason.NotAsked, "vantage", n.Vantage))
		}
	}
	return why
}

func openBefore(e *check.Evidence) claim.Support { return open(e, run.Before, reason.NoControlBefore) }

func openAfter(e *check.Evidence) claim.Support { return open(e, run.After, reason.NoControlAfter) }

// open: one who may reach the host was answered by this address and port. Another
// port than that of KMS may be closed to everybody, before and after alike: then its
// silence says nothing.
func open(e *check.Evidence, when run.When, missing reason.Code) claim.Support {
	switch {
	case len(e.May) > 0:
	case len(e.Policy.WithRole(intent.RoleDomain, intent.RoleExempt)) > 0:
		return claim.Open(reason.One(missing, "why", reason.New(reason.NoControlOfUse)))
	default:
		return claim.Open(reason.One(missing, "why", reason.New(reason.NoControlDeclared)))
	}
	before, after := controls(e, run.Before), controls(e, run.After)
	now := before
	if when == run.After {
		now = after
	}
	switch {
	case len(now.answered) > 0:
		return claim.Shown(now.answered[0], now.answered[1:]...)
	case e.Port != check.Echo && uint16(e.Port) != e.Host.Port && before.closed && (after.closed || after.untried):
		return claim.Void(reason.One(reason.ClosedToEverybody, "at", e.Label), append(before.all, after.all...)...)
	}
	return claim.Open(reason.One(missing, "why", controlsSeen(e, when)), now.all...)
}

// aliveClaimNeeds ask what answers the vantage, before the trial or after it.
// Where nothing is declared, the IKE of the host has to do.
func aliveClaimNeeds(when run.When) func(*intent.Policy, *check.Trial) []run.Need {
	return func(p *intent.Policy, t *check.Trial) []run.Need {
		needs := append(check.OwnNeeds(p, t), aliveAt(p, t, when)...)
		if len(t.From.Alive) == 0 {
			needs = append(needs, check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortIKE))
		}
		return needs
	}
}

// aliveAt is the need of what is alive in the family of the trial.
func aliveAt(p *intent.Policy, t *check.Trial, when run.When) []run.Need {
	return alive(p, t.From, t.Addr, when)
}

// alive is the need of what is alive, in the family of an address, at a moment.
func alive(p *intent.Policy, v intent.Vantage, like netip.Addr, when run.When) []run.Need {
	needs := aliveNeeds(p, v, like)
	for i := range needs {
		needs[i].When = when
	}
	return needs
}

func aliveBefore(e *check.Evidence) claim.Support {
	w := e.Result()
	return aliveThen(e, run.Before, func(o *run.Observation) bool { return o.End <= w.Start })
}

func aliveAfter(e *check.Evidence) claim.Support {
	w := e.Result()
	return aliveThen(e, run.After, func(o *run.Observation) bool { return o.Start >= w.End })
}

// aliveThen: something beyond the gateway answered the vantage at the right time. The
// vantage itself, its loopback and a KMS host are nothing beyond it.
func aliveThen(e *check.Evidence, when run.When, inTime func(*run.Observation) bool) claim.Support {
	v := e.From
	if len(v.Alive) == 0 {
		o := e.See(check.IKENeed(v.Name, e.Host, e.Addr, check.PortIKE))
		if o.Spoke() {
			return claim.Weak(reason.One(reason.OnlyIKEAlive, "vantage", v.Name, "host", e.Host.Name), o)
		}
		return claim.Open(reason.One(reason.VantageNotAlive, "vantage", v.Name, "why", reason.List{check.Seen(e.Host.Name, o)}), o)
	}
	var (
		why        reason.List
		shown, all []*run.Observation
	)
	for _, n := range aliveAt(e.Policy, e.Trial, when) {
		o := e.See(n)
		switch {
		case !beyond(e, n.Addr):
			why = append(why, reason.New(reason.NotBeyondGateway, "endpoint", n.Target, "address", n.Addr))
		case o.Spoke() && inTime(o):
			shown = append(shown, o)
		case o.Spoke():
			why = append(why, reason.New(reason.AliveAtOtherTime, "endpoint", n.Target))
		default:
			why = append(why, check.Seen(n.Target, o))
		}
		all = append(all, o)
	}
	if len(shown) > 0 {
		return claim.Shown(shown[0], shown[1:]...)
	}
	for _, x := range e.Policy.AliveOf(v) {
		why = append(why, x.Trouble...)
	}
	if len(why) == 0 {
		why = reason.One(reason.NoAliveAddress)
	}
	return claim.Open(reason.One(reason.VantageNotAlive, "vantage", v.Name, "why", why), all...)
}

// beyond reports whether an address is that of another machine, and of no KMS host.
func beyond(e *check.Evidence, a netip.Addr) bool {
	_, isHost := e.Policy.HostOf(a)
	return !isHost && !a.IsLoopback() && !slices.Contains(e.Sources(e.From.Name), a)
}

// egressClaimNeeds are what may show that packets of the trial's kind leave the
// vantage.
func egressClaimNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), WireNeeds(p, t)...)
	return append(needs, egressNeeds(p, t.From, t.Addr, t.Port)...)
}

// egressOpen: packets of this protocol and port leave the vantage, for they were
// seen at the host, or some other machine answered there.
func egressOpen(e *check.Evidence) claim.Support {
	o := e.Result()
	from, _ := Used(e, o)
	taps := Taps(e)
	for i := range taps {
		if w := &taps[i]; w.arrivals(o, Unshared(e, e.From.Name, from)) > 0 {
			return claim.Shown(o, w.Observation)
		}
	}
	var (
		why        reason.List
		shown, all []*run.Observation
	)
	for _, n := range egressNeeds(e.Policy, e.From, e.Addr, e.Port) {
		x := e.See(n)
		if x.Spoke() && beyond(e, n.Addr) {
			shown = append(shown, x)
		}
		why, all = append(why, check.Seen(n.Target, x)), append(all, x)
	}
	if len(shown) > 0 {
		return claim.Shown(shown[0], shown[1:]...)
	}
	if len(why) == 0 {
		why = reason.One(reason.NoEgressControl, "vantage", e.From.Name)
	}
	return claim.Open(reason.One(reason.OwnEgressMayBlock, "vantage", e.From.Name, "protocol", check.Protocol(e.Port), "why", why), all...)
}
