package consec

import (
	"fmt"
	"slices"
	"strings"
)

// maxReasons is how many rules an answer names; the rest is counted.
const maxReasons = 8

// security says what connection security does with a packet.
func (p *Policy) security(inbound bool, k *packet, env *Env, t *Trace) Effect {
	if d, ok := p.always(k, env); ok {
		t.settle(d, len(p.Rules))
		return Effect{Security: d}
	}
	c := candidates{policy: p, packet: k, env: env}
	for i := range p.Rules {
		r := &p.Rules[i]
		answer, why := r.match(p, k, env)
		switch {
		case answer == No:
			c.leave(r, why)
		case answer == Maybe:
			c.maybe = append(c.maybe, doubt{r, why})
		case r.Action == DoNotSecure:
			c.exempt = append(c.exempt, r)
		default:
			c.protect = append(c.protect, r)
		}
		t.security(r, answer, why, k, env)
	}
	e := c.decide(inbound)
	if v := e.Security.Verdict; (v == Require || v == Request) && p.Profile(env.Profile) == nil {
		for _, name := range profileNames {
			if off := p.Profile(name).EnableFirewall; isOff(off) {
				e.Security.Verdict = Unknown
				e.Security.Why += fmt.Sprintf(", but in profile %s the firewall is off%s, and with it the rule; the machine's profile is not known", name, by(off.Source))
				break
			}
		}
	}
	return e
}

// doubt is a rule that may be for the packet, and why that is not sure.
type doubt struct {
	rule *Rule
	why  cause
}

// candidates are the rules that are, or may be, for a packet.
type candidates struct {
	policy *Policy
	packet *packet
	env    *Env

	protect, exempt []*Rule
	maybe           []doubt
	tunnels         []*Rule
	near, far       []doubt // not for it: those that name its addresses, and others
	others          int
	accepted        *Rule // the last whose sets were looked at
}

// leave notes a rule that is not for the packet.
func (c *candidates) leave(r *Rule, why cause) {
	near := len(c.near) < maxReasons && r.names(c.packet, c.env.Keywords)
	switch {
	case near && why == causeTunnel:
		c.tunnels = append(c.tunnels, r)
		fallthrough
	case near:
		c.near = append(c.near, doubt{r, why})
	case len(c.far) < maxReasons:
		c.far = append(c.far, doubt{r, why})
	default:
		c.others++
	}
}

// decide gives the effect of the rules that are for the packet.
func (c *candidates) decide(inbound bool) Effect {
	e := c.sure(inbound)
	if e.Security.Verdict == Exempt {
		return e
	}
	unsure := c.unsettled(&e, inbound)
	if e.Security.Verdict == Unknown {
		unsure = append([]string{e.Security.Why}, unsure...)
	}
	for i := range c.policy.Broken {
		b := &c.policy.Broken[i]
		if len(unsure) < maxReasons && (b.ofAll() || b.What == whatRule && c.policy.localCounts(b.Store, c.env.Profile, localIPsec) != No) {
			unsure = append(unsure, b.String())
		}
	}
	if len(unsure) > 0 {
		e.Security = Decision{Verdict: Unknown, Why: strings.Join(unsure, "; ")}
	}
	for _, r := range c.tunnels {
		e.Notes = append(e.Notes, "rule "+r.label()+" is a tunnel rule that names these addresses; tunnels are not looked at")
	}
	return e
}

// unsettled are the rules that may be for the packet and would change the
// effect, each in a sentence. One that comes to the same changes nothing but
// what it accepts beside the others.
func (c *candidates) unsettled(e *Effect, inbound bool) []string {
	var sentences []string
	for _, d := range c.maybe {
		if d.rule.Action != DoNotSecure && d.rule.verdict(inbound) == e.Security.Verdict && c.accept(e, d.rule) == nil {
			continue
		}
		if len(sentences) == maxReasons {
			return append(sentences, "and more such rules")
		}
		sentences = append(sentences, "rule "+d.rule.label()+" "+d.rule.say(d.why, c.packet, c.env))
	}
	return sentences
}

// sure is the effect of the rules that are surely for the packet.
func (c *candidates) sure(inbound bool) Effect {
	switch {
	case len(c.exempt) > 0:
		return c.exempted()
	case len(c.protect) == 0:
		return Effect{Security: Decision{Verdict: Clear, Why: c.uncovered()}}
	}
	first := c.protect[0]
	e := Effect{Security: first.decision(first.verdict(inbound))}
	e.Security.Why = fmt.Sprintf("rule %s has the action %s", first.label(), first.Action)
	for _, r := range c.protect {
		if v := r.verdict(inbound); v != e.Security.Verdict {
			d := first.decision(Unknown)
			d.Why = fmt.Sprintf("rules %s (%s) and %s (%s) are both for it, and their order is not documented", first.label(), e.Security.Verdict, r.label(), v)
			return Effect{Security: d}
		}
		if err := c.accept(&e, r); err != nil {
			d := r.decision(Unknown)
			d.Why = err.Error()
			return Effect{Security: d}
		}
	}
	return e
}

// exempted is the effect where a rule exempts the packet.
func (c *candidates) exempted() Effect {
	r := c.exempt[0]
	e := Effect{Security: r.decision(Exempt)}
	e.Security.Why = "rule " + r.label() + " exempts it"
	if len(c.protect) > 0 {
		e.Security.Undocumented = true
		e.Security.Why += " (order not documented)"
		e.Notes = append(e.Notes, fmt.Sprintf("rule %s would protect it; the order of the two is not documented, so the exemption is taken to win", c.protect[0].label()))
	}
	return e
}

// uncovered says why no rule is for the packet.
func (c *candidates) uncovered() string {
	if len(c.near)+len(c.far) == 0 {
		return "there is no connection security rule"
	}
	told := append(c.near, c.far...)
	told = told[:min(len(told), maxReasons)]
	var sentences []string
	for _, d := range told {
		sentences = append(sentences, "rule "+d.rule.label()+" "+d.rule.say(d.why, c.packet, c.env))
	}
	if n := len(c.near) + len(c.far) + c.others - len(told); n > 0 {
		sentences = append(sentences, fmt.Sprintf("%d other rules are not for it", n))
	}
	return strings.Join(sentences, "; ")
}

// accept adds to an effect what a rule accepts: its authentication, its
// proposals, and who may communicate.
func (c *candidates) accept(e *Effect, r *Rule) error {
	if c.accepted != nil && c.accepted.sets() == r.sets() && r.plain() {
		return nil // of thousands of rules most are alike
	}
	first, err := c.policy.auth1(r, c.env)
	if err != nil {
		return err
	}
	user, err := c.policy.auth2(r, c.env)
	if err != nil {
		return err
	}
	crypto, err := c.policy.quickMode(r, c.env)
	if err != nil {
		return err
	}
	e.Auth = appendNew(e.Auth, first...)
	e.User = appendNew(e.User, user...)
	e.Weak = nil
	for _, m := range e.Auth {
		if m != ComputerKerberos {
			e.Weak = append(e.Weak, m)
		}
	}
	e.Crypto.join(crypto)
	e.Machines = appendNew(e.Machines, nonEmpty(r.Machines, c.policy.Machines)...)
	e.Users = appendNew(e.Users, nonEmpty(r.Users, c.policy.Users)...)
	c.accepted = r
	if len(r.Unknown) > 0 {
		e.Notes = appendNew(e.Notes, fmt.Sprintf("rule %s has parts that are not known here: %s", r.label(), strings.Join(r.Unknown, ", ")))
	}
	if len(r.KeyModules) == 1 && r.KeyModules[0] == "IkeV2" && slices.Contains(first, ComputerKerberos) {
		e.Notes = appendNew(e.Notes, fmt.Sprintf("rule %s allows IKEv2 only, which knows no Kerberos", r.label()))
	}
	for i := range c.policy.MainModes {
		if m := &c.policy.MainModes[i]; m.mayCover(c.packet, c.env) {
			e.Notes = appendNew(e.Notes, fmt.Sprintf("main mode rule %s has sets of its own for these addresses", m.label()))
		}
	}
	return nil
}

// plain reports whether nothing but its sets decides what the rule accepts.
func (r *Rule) plain() bool {
	return r.Machines == "" && r.Users == "" && len(r.Unknown) == 0 && len(r.KeyModules) == 0
}

// verdict of a protecting rule in one direction, [MS-FASP] 2.2.52.
func (r *Rule) verdict(inbound bool) Verdict {
	if r.Action == Secure || r.Action == SecureServer && inbound {
		return Require
	}
	return Request
}

func (r *Rule) decision(v Verdict) Decision {
	return Decision{Verdict: v, Rule: r.Title(), ID: r.ID, Source: r.Source}
}

// label is the title with the source.
func (r *Rule) label() string { return r.Title() + of(r.Source) }

func nonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

func appendNew(to []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}
