package consec

import (
	"fmt"
	"strings"
)

// firewall says what the firewall does with a packet in clear.
func (p *Policy) firewall(inbound bool, k *packet, env *Env, t *Trace) Decision {
	at := p.Profile(env.Profile)
	if at != nil {
		d, done := p.switches(at, inbound, env)
		if done {
			return d
		}
	}
	var c contest
	for i := range p.Firewall {
		r := &p.Firewall[i]
		answer, why := r.match(p, inbound, k, env)
		c.add(r, answer, why)
		t.firewall(r, answer, why, k, env)
	}
	d := c.decide(p, inbound, at, k, env)
	if d.Verdict == Unknown {
		return d
	}
	if doubt := p.switchDoubt(at, env, d.Verdict); doubt != "" {
		d.Verdict = Unknown
		d.Why += ", but " + doubt
	}
	return d
}

// switches are the settings that decide before any rule.
func (p *Policy) switches(at *Profile, inbound bool, env *Env) (Decision, bool) {
	switch {
	case at.EnableFirewall != nil && at.EnableFirewall.Value == 0:
		return Decision{Verdict: Allowed, Source: at.EnableFirewall.Source, Why: "the firewall is off in profile " + env.Profile + by(at.EnableFirewall.Source)}, true
	case len(at.DisabledInterfaces) > 0 && env.Interface != "" && inList(at.DisabledInterfaces, strings.Trim(env.Interface, "{}")) == Yes:
		return Decision{Verdict: Allowed, Why: "the firewall is off on interface " + env.Interface}, true
	case inbound && at.ShieldsUp != nil && at.ShieldsUp.Value != 0 && on(at.EnableFirewall, p.LocalKnown) == Yes:
		return Decision{Verdict: Dropped, Source: at.ShieldsUp.Source, Why: "the firewall blocks all connections in profile " + env.Profile + by(at.ShieldsUp.Source) + " (DoNotAllowExceptions)"}, true
	}
	return Decision{}, false
}

// on says whether the firewall is on: a setting that no layer has is at its
// default if the machine's own settings are known.
func on(s *Setting, known bool) Answer {
	switch {
	case s != nil && s.Value == 0:
		return No
	case s != nil || known:
		return Yes
	}
	return Maybe
}

// switchDoubt says why a drop is not sure: the machine may have turned the
// firewall off, which nobody sees who does not see its own settings.
func (p *Policy) switchDoubt(at *Profile, env *Env, v Verdict) string {
	switch {
	case v == Allowed:
		return ""
	case at == nil:
		for _, name := range profileNames {
			if q := p.Profile(name); on(q.EnableFirewall, p.LocalKnown) != Yes || len(q.DisabledInterfaces) > 0 {
				return "whether the firewall is on depends on the profile, which is not known"
			}
		}
	case on(at.EnableFirewall, p.LocalKnown) != Yes:
		return "whether the firewall is on is left to the machine, whose own settings are not known"
	case len(at.DisabledInterfaces) > 0 && env.Interface == "":
		return "the firewall is off on some interfaces, and this one is not known"
	}
	return ""
}

// contest are the rules that are, or may be, for a packet: the first of each
// kind.
type contest struct {
	block, allow             *FirewallRule
	secure, over             *FirewallRule // ask for IPsec; over comes before block
	mayBlock, mayAllow       *FirewallRule
	maySecure                *FirewallRule
	whyMayBlock, whyMayAllow cause
}

func (c *contest) add(r *FirewallRule, answer Answer, why cause) {
	if answer == No {
		return
	}
	sure := answer == Yes
	to := &c.mayAllow
	switch {
	case r.Action == Block && sure:
		to = &c.block
	case r.Action == Block:
		to = &c.mayBlock
	case r.Secure != "" && sure && (r.Action == ByPass || r.Over):
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
func (c *contest) decide(p *Policy, inbound bool, at *Profile, k *packet, env *Env) Decision {
	switch {
	case c.block != nil && c.over != nil:
		return c.over.decision(AllowedSecure, "lets through what IPsec has authenticated, and comes before rule "+c.block.label()+", which blocks")
	case c.block != nil:
		return c.block.decision(Dropped, "blocks it")
	}
	if broken := p.brokenFirewall(env); broken != "" {
		return Decision{Verdict: Unknown, Why: broken}
	}
	d := c.unblocked(p, inbound, at, k, env)
	if c.mayBlock != nil && d.Verdict == Allowed {
		return c.mayBlock.decision(Unknown, "would block it, and "+c.mayBlock.say(c.whyMayBlock, k, env))
	}
	return d
}

// unblocked is decide where no rule surely blocks.
func (c *contest) unblocked(p *Policy, inbound bool, at *Profile, k *packet, env *Env) Decision {
	local := p.localDoubt(at)
	switch {
	case c.allow != nil && local != "":
		return c.allow.decision(Unknown, "allows it, unless a rule of the machine's own blocks it: "+local)
	case c.allow != nil:
		return c.allow.decision(Allowed, "allows it")
	case local != "":
		return Decision{Verdict: Unknown, Why: "no rule known here decides, and " + local}
	}
	drops, source, why := p.byDefault(at, inbound)
	switch {
	case drops == No:
		return Decision{Verdict: Allowed, Source: source, Why: "no rule decides, and " + why}
	case c.mayAllow != nil:
		return c.mayAllow.decision(Unknown, "would allow it, and "+c.mayAllow.say(c.whyMayAllow, k, env))
	case drops == Maybe:
		return Decision{Verdict: Unknown, Source: source, Why: "no rule decides, and " + why}
	case c.over != nil:
		return c.over.decision(AllowedSecure, "lets through what IPsec has authenticated, and "+why)
	case c.secure != nil:
		return c.secure.decision(AllowedSecure, "lets through what IPsec has authenticated, and "+why)
	case c.maySecure != nil:
		return c.maySecure.decision(Dropped, "may let through what IPsec has authenticated; in clear "+why)
	}
	return Decision{Verdict: Dropped, Source: source, Why: "no rule allows it, and " + why}
}

// byDefault says whether the profile drops what no rule is for.
func (p *Policy) byDefault(at *Profile, inbound bool) (drops Answer, source, why string) {
	direction, standard := "outbound", uint32(0)
	if inbound {
		direction, standard = "inbound", 1
	}
	if at == nil {
		one, _, _ := p.byDefault(&p.Domain, inbound)
		for _, q := range []*Profile{&p.Private, &p.Public} {
			if other, _, _ := p.byDefault(q, inbound); other != one {
				return Maybe, "", "the default differs between the profiles, and the machine's is not known"
			}
		}
		return p.byDefault(&p.Domain, inbound)
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
		return Maybe, "", "the default for what is " + direction + " is left to the machine, whose own settings are not known"
	}
	if value == 0 {
		return No, source, "what is " + direction + " is allowed by default"
	}
	return Yes, source, "what is " + direction + " is blocked by default"
}

// localDoubt says why rules of the machine's own may decide, or "".
func (p *Policy) localDoubt(at *Profile) string {
	if p.LocalKnown {
		return ""
	}
	for _, q := range []*Profile{&p.Domain, &p.Private, &p.Public} {
		if (at == nil || at == q) && (q.LocalRules == nil || q.LocalRules.Value != 0) {
			return "the machine's own rules count and are not known"
		}
	}
	return ""
}

// brokenFirewall tells of a rule that cannot be read and may be for any packet.
func (p *Policy) brokenFirewall(env *Env) string {
	for i := range p.Broken {
		if b := &p.Broken[i]; b.What == whatFirewall && p.localCounts(b.Store, env.Profile, localRules) != No {
			return b.String()
		}
	}
	return ""
}

func (r *FirewallRule) decision(v Verdict, does string) Decision {
	return Decision{Verdict: v, Rule: r.Title(), ID: r.ID, Source: r.Source, Why: fmt.Sprintf("firewall rule %s %s", r.label(), does)}
}
