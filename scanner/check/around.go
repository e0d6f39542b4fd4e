package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What must be true around the silence of a denied trial: the port is open to those
// who may reach it, and the vantage is alive and lets such packets out.

// openNeeds are the controls of a trial, before and after it.
func openNeeds(p *policy.Policy, t Trial) []run.Need {
	return append(controlNeeds(p, t, run.Before), controlNeeds(p, t, run.After)...)
}

func controlNeeds(p *policy.Policy, t Trial, when run.When) []run.Need {
	var needs []run.Need
	for _, c := range controls(p, t.Host) {
		if c != t.From.Name {
			needs = append(needs, reach(c, t.Host, t.Addr, t.Port, when))
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
func (e *Evidence) controls(when run.When) controlled {
	c := controlled{closed: true, untried: true}
	for _, n := range controlNeeds(e.Policy, e.Trial, when) {
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
func (e *Evidence) controlsSeen(when run.When) (why reason.List) {
	for _, n := range controlNeeds(e.Policy, e.Trial, when) {
		if o := e.Peek(n); o != nil {
			why = append(why, seen(n.Vantage, o))
		} else {
			why = append(why, reason.New(reason.NotAsked, "vantage", n.Vantage))
		}
	}
	return why
}

func (e *Evidence) openBefore() claim.Support { return e.open(run.Before, reason.NoControlBefore) }
func (e *Evidence) openAfter() claim.Support  { return e.open(run.After, reason.NoControlAfter) }

// open: one who may reach the host was answered by this address and port. Another
// port than that of KMS may be closed to everybody, before and after alike: then its
// silence says nothing.
func (e *Evidence) open(when run.When, missing reason.Code) claim.Support {
	switch {
	case len(e.may) > 0:
	case len(e.Policy.WithRole(policy.RoleDomain, policy.RoleExempt)) > 0:
		return claim.Open(reason.One(missing, "why", reason.New(reason.NoControlOfUse)))
	default:
		return claim.Open(reason.One(missing, "why", reason.New(reason.NoControlDeclared)))
	}
	before, after := e.controls(run.Before), e.controls(run.After)
	now := before
	if when == run.After {
		now = after
	}
	switch {
	case len(now.answered) > 0:
		return claim.Shown(now.answered[0], now.answered[1:]...)
	case e.Port != echo && uint16(e.Port) != e.Host.Port && before.closed && (after.closed || after.untried):
		return claim.Void(reason.One(reason.ClosedToEverybody, "at", e.Label), append(before.all, after.all...)...)
	}
	return claim.Open(reason.One(missing, "why", e.controlsSeen(when)), now.all...)
}

// aliveClaimNeeds ask what answers the vantage, before the trial or after it.
// Where nothing is declared, the IKE of the host has to do.
func aliveClaimNeeds(when run.When) func(*policy.Policy, Trial) []run.Need {
	return func(p *policy.Policy, t Trial) []run.Need {
		needs := append(ownNeeds(p, t), aliveAt(p, t, when)...)
		if len(t.From.Alive) == 0 {
			needs = append(needs, ike(t.From.Name, t.Host, t.Addr, portIKE))
		}
		return needs
	}
}

// aliveAt is the need of what is alive in the family of the trial.
func aliveAt(p *policy.Policy, t Trial, when run.When) []run.Need {
	return alive(p, t.From, t.Addr, when)
}

// alive is the need of what is alive, in the family of an address, at a moment.
func alive(p *policy.Policy, v policy.Vantage, like netip.Addr, when run.When) []run.Need {
	needs := aliveNeeds(p, v, like)
	for i := range needs {
		needs[i].When = when
	}
	return needs
}

func (e *Evidence) aliveBefore() claim.Support {
	w := e.own()
	return e.alive(run.Before, func(o *run.Observation) bool { return o.End <= w.Start })
}

func (e *Evidence) aliveAfter() claim.Support {
	w := e.own()
	return e.alive(run.After, func(o *run.Observation) bool { return o.Start >= w.End })
}

// alive: something beyond the gateway answered the vantage at the right time. The
// vantage itself, its loopback and a KMS host are nothing beyond it.
func (e *Evidence) alive(when run.When, inTime func(*run.Observation) bool) claim.Support {
	v := e.From
	if len(v.Alive) == 0 {
		o := e.See(ike(v.Name, e.Host, e.Addr, portIKE))
		if o.Spoke() {
			return claim.Weak(reason.One(reason.OnlyIKEAlive, "vantage", v.Name, "host", e.Host.Name), o)
		}
		return claim.Open(reason.One(reason.VantageNotAlive, "vantage", v.Name, "why", reason.List{seen(e.Host.Name, o)}), o)
	}
	var (
		why        reason.List
		shown, all []*run.Observation
	)
	for _, n := range aliveAt(e.Policy, e.Trial, when) {
		o := e.See(n)
		switch {
		case !e.beyond(n.Addr):
			why = append(why, reason.New(reason.NotBeyondGateway, "endpoint", n.Target, "address", n.Addr))
		case o.Spoke() && inTime(o):
			shown = append(shown, o)
		case o.Spoke():
			why = append(why, reason.New(reason.AliveAtOtherTime, "endpoint", n.Target))
		default:
			why = append(why, seen(n.Target, o))
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
func (e *Evidence) beyond(a netip.Addr) bool {
	_, isHost := e.Policy.HostOf(a)
	return !isHost && !a.IsLoopback() && !slices.Contains(e.sources(e.From.Name), a)
}

// egressClaimNeeds are what may show that packets of the trial's kind leave the
// vantage.
func egressClaimNeeds(p *policy.Policy, t Trial) []run.Need {
	needs := append(ownNeeds(p, t), wireNeeds(p, t)...)
	return append(needs, egressNeeds(p, t.From, t.Addr, t.Port)...)
}

// egressOpen: packets of this protocol and port leave the vantage, for they were
// seen at the host, or some other machine answered there.
func (e *Evidence) egressOpen() claim.Support {
	o := e.own()
	from, _ := e.used(o)
	taps := e.taps()
	for i := range taps {
		if w := &taps[i]; w.arrivals(o, e.unshared(e.From.Name, from)) > 0 {
			return claim.Shown(o, w.Observation)
		}
	}
	var (
		why        reason.List
		shown, all []*run.Observation
	)
	for _, n := range egressNeeds(e.Policy, e.From, e.Addr, e.Port) {
		x := e.See(n)
		if x.Spoke() && e.beyond(n.Addr) {
			shown = append(shown, x)
		}
		why, all = append(why, seen(n.Target, x)), append(all, x)
	}
	if len(shown) > 0 {
		return claim.Shown(shown[0], shown[1:]...)
	}
	if len(why) == 0 {
		why = reason.One(reason.NoEgressControl, "vantage", e.From.Name)
	}
	return claim.Open(reason.One(reason.OwnEgressMayBlock, "vantage", e.From.Name, "protocol", protocol(e.Port), "why", why), all...)
}
