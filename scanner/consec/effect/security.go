package effect

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// security says what connection security does with a packet.
func security(p *consec.Policy, inbound bool, k *packet, env *Env, t *Trace) Effect {
	if d, ok := always(p, k, env); ok {
		t.settle(d, len(p.Rules))
		return Effect{Security: d}
	}
	c := candidates{policy: p, packet: k, env: env}
	for i := range p.Rules {
		r := &p.Rules[i]
		answer, why := matchRule(r, p, k, env)
		switch {
		case answer == tri.No:
			c.leave(r, why)
		case answer == tri.Unknown:
			c.maybe = append(c.maybe, doubt{r, why})
		case r.Action == consec.DoNotSecure:
			c.exempt = append(c.exempt, r)
		default:
			c.protect = append(c.protect, r)
		}
		t.security(r, answer, why, k, env)
	}
	e := c.decide(inbound)
	if v := e.Security.Verdict; (v == Require || v == Request) && p.Profile(env.Profile) == nil {
		for _, name := range consec.ProfileNames {
			if off := p.Profile(name).EnableFirewall; isOff(off) {
				e.Security.Verdict = Unknown
				e.Security.Why = reason.One(reason.RuleOffElsewhere, "why", e.Security.Why, "profile", name, "source", off.Source)
				break
			}
		}
	}
	return e
}

// doubt is a rule that may be for the packet, and why that is not sure.
type doubt struct {
	rule *consec.Rule
	why  cause
}

// candidates are the rules that are, or may be, for a packet.
type candidates struct {
	policy *consec.Policy
	packet *packet
	env    *Env

	protect, exempt []*consec.Rule
	maybe           []doubt
	tunnels         []*consec.Rule
	near, far       []doubt // not for it: those that name its addresses, and others
	others          int
	accepted        *consec.Rule // the last whose sets were looked at
}

// leave notes a rule that is not for the packet.
func (c *candidates) leave(r *consec.Rule, why cause) {
	near := len(c.near) < consec.MostReasons && ruleNames(r, c.packet, c.env.Keywords)
	switch {
	case near && why == causeTunnel:
		c.tunnels = append(c.tunnels, r)
		fallthrough
	case near:
		c.near = append(c.near, doubt{r, why})
	case len(c.far) < consec.MostReasons:
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
		unsure = slices.Concat(e.Security.Why, unsure)
	}
	for i := range c.policy.Broken {
		b := &c.policy.Broken[i]
		if len(unsure) < consec.MostReasons && (ofAll(b) || b.What == consec.KindRule && localCounts(c.policy, b.Store, c.env.Profile, localIPsec) != tri.No) {
			unsure = append(unsure, b.Reason())
		}
	}
	if len(unsure) > 0 {
		e.Security = Decision{Verdict: Unknown, Why: unsure}
	}
	for _, r := range c.tunnels {
		e.Notes = append(e.Notes, r.About(reason.TunnelNamesIt))
	}
	return e
}

// unsettled are the rules that may be for the packet and would change the
// effect. One that comes to the same changes nothing but what it accepts beside
// the others.
func (c *candidates) unsettled(e *Effect, inbound bool) reason.List {
	var all reason.List
	for _, d := range c.maybe {
		if d.rule.Action != consec.DoNotSecure && verdictOf(d.rule, inbound) == e.Security.Verdict && c.accept(e, d.rule) == nil {
			continue
		}
		if len(all) == consec.MostReasons {
			return append(all, reason.New(reason.MoreUnsureRules))
		}
		all = append(all, c.say(d))
	}
	return all
}

// say is why a rule is not, or not surely, for the packet.
func (c *candidates) say(d doubt) reason.Reason {
	t := sayRule(d.rule, d.why, c.packet, c.env)
	return d.rule.About(t.code, t.args...)
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
	e := Effect{Security: decisionOf(first, verdictOf(first, inbound))}
	e.Security.Why = reason.List{first.About(reason.RuleProtects, "action", first.Action)}
	for _, r := range c.protect {
		if v := verdictOf(r, inbound); v != e.Security.Verdict {
			d := decisionOf(first, Unknown)
			d.Why = reason.List{first.About(reason.RuleOrder, "verdict", e.Security.Verdict, "other", r.Name, "other-id", r.ID, "other-source", r.Source, "other-verdict", v)}
			return Effect{Security: d}
		}
		if err := c.accept(&e, r); err != nil {
			d := decisionOf(r, Unknown)
			d.Why = reason.Of(err)
			return Effect{Security: d}
		}
	}
	return e
}

// exempted is the effect where a rule exempts the packet.
func (c *candidates) exempted() Effect {
	r := c.exempt[0]
	e := Effect{Security: decisionOf(r, Exempt)}
	e.Security.Why = reason.List{r.About(reason.RuleExempts)}
	if len(c.protect) > 0 {
		e.Security.Undocumented = true
		e.Security.Why = reason.List{r.About(reason.RuleExemptsFirst)}
		e.Notes = append(e.Notes, c.protect[0].About(reason.ExemptionBeforeProtection))
	}
	return e
}

// uncovered says why no rule is for the packet.
func (c *candidates) uncovered() reason.List {
	if len(c.near)+len(c.far) == 0 {
		return reason.One(reason.NoSecurityRule)
	}
	named := append(c.near, c.far...)
	named = named[:min(len(named), consec.MostReasons)]
	all := make(reason.List, 0, len(named)+1)
	for _, d := range named {
		all = append(all, c.say(d))
	}
	if n := len(c.near) + len(c.far) + c.others - len(named); n > 0 {
		all = append(all, reason.New(reason.OtherRules, "count", n))
	}
	return all
}

// accept adds to an effect what a rule accepts: its authentication, its
// proposals, and who may communicate.
func (c *candidates) accept(e *Effect, r *consec.Rule) error {
	if c.accepted != nil && c.accepted.SetIDs() == r.SetIDs() && plain(r) {
		return nil // of thousands of rules most are alike
	}
	first, err := c.policy.FirstAuth(r, c.env.Version)
	if err != nil {
		return err
	}
	user, err := c.policy.SecondAuth(r, c.env.Version)
	if err != nil {
		return err
	}
	crypto, err := c.policy.QuickMode(r, c.env.Version)
	if err != nil {
		return err
	}
	e.Auth = appendNew(e.Auth, first...)
	e.User = appendNew(e.User, user...)
	e.Weak = nil
	for _, m := range e.Auth {
		if m != consec.ComputerKerberos {
			e.Weak = append(e.Weak, m)
		}
	}
	e.Crypto.Join(crypto)
	e.Machines = appendNew(e.Machines, nonEmpty(r.Machines, c.policy.Machines)...)
	e.Users = appendNew(e.Users, nonEmpty(r.Users, c.policy.Users)...)
	c.accepted = r
	if len(r.Unknown) > 0 {
		e.Notes = e.Notes.Add(r.About(reason.RulePartsUnknown, "parts", r.Unknown))
	}
	if len(r.KeyModules) == 1 && r.KeyModules[0] == "IkeV2" && slices.Contains(first, consec.ComputerKerberos) {
		e.Notes = e.Notes.Add(r.About(reason.RuleIKEv2Kerberos))
	}
	for i := range c.policy.MainModes {
		if m := &c.policy.MainModes[i]; mayCover(m, c.packet, c.env) {
			e.Notes = e.Notes.Add(m.About(reason.MainModeOwnSets))
		}
	}
	return nil
}

// plain reports whether nothing but its sets decides what the rule accepts.
func plain(r *consec.Rule) bool {
	return r.Machines == "" && r.Users == "" && len(r.Unknown) == 0 && len(r.KeyModules) == 0
}

// verdictOf of a protecting rule in one direction, [MS-FASP] 2.2.52.
func verdictOf(r *consec.Rule, inbound bool) Verdict {
	if r.Action == consec.Secure || r.Action == consec.SecureServer && inbound {
		return Require
	}
	return Request
}

func decisionOf(r *consec.Rule, v Verdict) Decision {
	return Decision{Verdict: v, Rule: r.Title(), ID: r.ID, Source: r.Source}
}

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
