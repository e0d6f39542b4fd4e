package effect

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// firewall says what the firewall does with a packet in clear. Where the
// profile is not known it is asked for each of them.
func firewall(p *consec.Policy, inbound bool, k *packet, env *Env, t *Trace) Decision {
	if t != nil {
		for i := range p.Firewall {
			r := &p.Firewall[i]
			answer, why := matchFirewall(r, p, inbound, k, env)
			t.firewall(r, answer, why, k, env)
		}
	}
	for i := range p.Broken {
		if b := &p.Broken[i]; ofAll(b) {
			return Decision{Verdict: Unknown, Source: b.Source, Why: reason.List{b.Reason()}}
		}
	}
	if p.Profile(env.Profile) != nil {
		return inProfile(p, inbound, k, env)
	}
	var first Decision
	for i, name := range consec.ProfileNames {
		at := *env
		at.Profile = name
		d := inProfile(p, inbound, k, &at)
		switch {
		case i == 0:
			first = d
		case d.Verdict != first.Verdict:
			return Decision{Verdict: Unknown, Why: reason.One(reason.FirewallByProfile, "profile", consec.ProfileNames[0], "verdict", first.Verdict, "why", first.Why,
				"other-profile", name, "other-verdict", d.Verdict, "other-why", d.Why)}
		}
	}
	return first
}

// inProfile is firewall in a profile that is known.
func inProfile(p *consec.Policy, inbound bool, k *packet, env *Env) Decision {
	at := p.Profile(env.Profile)
	d, done := switches(at, inbound, env)
	if !done {
		var c contest
		for i := range p.Firewall {
			r := &p.Firewall[i]
			answer, why := matchFirewall(r, p, inbound, k, env)
			c.add(r, answer, why)
		}
		d = c.decide(p, inbound, at, k, env)
	}
	if d.Verdict == Dropped || d.Verdict == AllowedSecure {
		if doubt := offDoubt(p, at, env); doubt != nil {
			d.Verdict = Unknown
			d.Why = reason.One(reason.FirewallDoubt, "why", d.Why, "doubt", doubt)
		}
	}
	return d
}

// switches are the settings that decide before any rule.
func switches(at *consec.Profile, inbound bool, env *Env) (Decision, bool) {
	switch {
	case isOff(at.EnableFirewall):
		return Decision{Verdict: Allowed, Source: at.EnableFirewall.Source, Why: reason.One(reason.FirewallOff, "profile", env.Profile, "source", at.EnableFirewall.Source)}, true
	case len(at.DisabledInterfaces) > 0 && env.Interface != "" && inList(at.DisabledInterfaces, strings.Trim(env.Interface, "{}")) == tri.Yes:
		return Decision{Verdict: Allowed, Why: reason.One(reason.FirewallOffOnInterface, "interface", env.Interface)}, true
	case inbound && at.ShieldsUp != nil && at.ShieldsUp.Value != 0:
		return Decision{Verdict: Dropped, Source: at.ShieldsUp.Source, Why: reason.One(reason.FirewallShieldsUp, "profile", env.Profile, "source", at.ShieldsUp.Source)}, true
	}
	return Decision{}, false
}

// isOff reports whether a switch is set to off.
func isOff(s *consec.Setting) bool { return s != nil && s.Value == 0 }

// offDoubt says why it is not sure that the firewall drops anything: the
// machine may have turned it off, which nobody sees who does not see its own
// settings.
func offDoubt(p *consec.Policy, at *consec.Profile, env *Env) reason.List {
	switch {
	case at.EnableFirewall == nil && !p.LocalKnown:
		return reason.One(reason.FirewallMayBeOff)
	case len(at.DisabledInterfaces) > 0 && env.Interface == "":
		return reason.One(reason.FirewallOffSomewhere)
	}
	return nil
}

// contest are the rules that are, or may be, for a packet: the first of each
// kind.
type contest struct {
	block, allow             *consec.FirewallRule
	secure, over             *consec.FirewallRule // ask for IPsec; over comes before block
	mayBlock, mayAllow       *consec.FirewallRule
	maySecure                *consec.FirewallRule
	whyMayBlock, whyMayAllow cause
}

func (c *contest) add(r *consec.FirewallRule, answer tri.State, why cause) {
	if answer == tri.No {
		return
	}
	sure := answer == tri.Yes
	to := &c.mayAllow
	switch {
	case r.Action == consec.Block && sure:
		to = &c.block
	case r.Action == consec.Block:
		to = &c.mayBlock
	case r.Secure != "" && sure && (r.Action == consec.ByPass || r.Over):
		to = &c.over
	case r.Secure != "" && sure:
		to = &c.secure
	case r.Secure != "":
		to = &c.maySecure
	case sure:
		to = &c.allow
	}
	if *to != nil {
		return
	}
	*to = r
	switch to {
	case &c.mayBlock:
		c.whyMayBlock = why
	case &c.mayAllow:
		c.whyMayAllow = why
	}
}

// decide weighs the rules: an authenticated override comes before a block, a
// block before an allow, and the profile's default comes last ([MS-FASP]
// 2.2.34, 2.2.38). The packet comes in clear; what asks for IPsec lets it
// through only once it is authenticated.
func (c *contest) decide(p *consec.Policy, inbound bool, at *consec.Profile, k *packet, env *Env) Decision {
	switch {
	case c.block != nil && c.over != nil:
		return firewallDecision(c.over, AllowedSecure, reason.FirewallOverrides, "other", c.block.Name, "other-id", c.block.ID, "other-source", c.block.Source)
	case c.block != nil:
		return firewallDecision(c.block, Dropped, reason.FirewallBlocks)
	}
	if broken := brokenFirewall(p, env); broken != nil {
		return Decision{Verdict: Unknown, Why: broken}
	}
	d := c.unblocked(p, inbound, at, k, env)
	if c.mayBlock != nil && d.Verdict == Allowed {
		return firewallDecision(c.mayBlock, Unknown, reason.FirewallMayBlock, "why", sayFirewall(c.mayBlock, c.whyMayBlock, k, env).alone())
	}
	return d
}

// unblocked is decide where no rule surely blocks.
func (c *contest) unblocked(p *consec.Policy, inbound bool, at *consec.Profile, k *packet, env *Env) Decision {
	local := localDoubt(p, at)
	switch {
	case c.allow != nil && local != nil:
		return firewallDecision(c.allow, Unknown, reason.FirewallAllowsUnlessOwn, "why", local)
	case c.allow != nil:
		return firewallDecision(c.allow, Allowed, reason.FirewallAllows)
	case local != nil:
		return Decision{Verdict: Unknown, Why: reason.One(reason.NoRuleKnown, "why", local)}
	}
	drops, source, why := byDefault(p, at, inbound)
	switch {
	case drops == tri.No:
		return Decision{Verdict: Allowed, Source: source, Why: reason.One(reason.NoRuleDecides, "why", why)}
	case c.mayAllow != nil:
		return firewallDecision(c.mayAllow, Unknown, reason.FirewallMayAllow, "why", sayFirewall(c.mayAllow, c.whyMayAllow, k, env).alone())
	case drops == tri.Unknown:
		return Decision{Verdict: Unknown, Source: source, Why: reason.One(reason.NoRuleDecides, "why", why)}
	case c.over != nil:
		return firewallDecision(c.over, AllowedSecure, reason.FirewallSecuresElse, "why", why)
	case c.secure != nil:
		return firewallDecision(c.secure, AllowedSecure, reason.FirewallSecuresElse, "why", why)
	case c.maySecure != nil:
		return firewallDecision(c.maySecure, Dropped, reason.FirewallMaySecure, "why", why)
	}
	return Decision{Verdict: Dropped, Source: source, Why: reason.One(reason.NoRuleAllows, "why", why)}
}

// byDefault says whether the profile drops what no rule is for.
func byDefault(p *consec.Policy, at *consec.Profile, inbound bool) (drops tri.State, source string, why reason.List) {
	direction, standard := "outbound", uint32(0)
	if inbound {
		direction, standard = "inbound", 1
	}
	s := at.DefaultOutbound
	if inbound {
		s = at.DefaultInbound
	}
	value := standard
	switch {
	case s != nil:
		value, source = s.Value, s.Source
	case !p.LocalKnown:
		return tri.Unknown, "", reason.One(reason.DefaultUnknown, "direction", direction)
	}
	if value == 0 {
		return tri.No, source, reason.One(reason.DefaultAllows, "direction", direction)
	}
	return tri.Yes, source, reason.One(reason.DefaultBlocks, "direction", direction)
}

// localDoubt says why rules of the machine's own may decide; none where they do
// not.
func localDoubt(p *consec.Policy, at *consec.Profile) reason.List {
	if p.LocalKnown || isOff(at.LocalRules) {
		return nil
	}
	return reason.One(reason.OwnRulesUnknown)
}

// brokenFirewall tells of a rule that cannot be read and may be for any packet.
func brokenFirewall(p *consec.Policy, env *Env) reason.List {
	for i := range p.Broken {
		if b := &p.Broken[i]; b.What == consec.KindFirewall && localCounts(p, b.Store, env.Profile, localRules) != tri.No {
			return reason.List{b.Reason()}
		}
	}
	return nil
}

func firewallDecision(r *consec.FirewallRule, v Verdict, code reason.Code, args ...any) Decision {
	return Decision{Verdict: v, Rule: r.Title(), ID: r.ID, Source: r.Source, Why: reason.List{r.About(code, args...)}}
}
