package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// tellStale holds what a machine has applied against what the directory tells it
// today: rules that differ are of an older copy, or of a policy that did not come
// through.
func (e *Evidence) tellStale(l *ledger, applied *consec.Policy) {
	if e.directories == nil {
		return
	}
	own, ok := e.ownEnd()
	if !ok || own.Resultant.Assumed || len(own.Resultant.Doubts) > 0 {
		return
	}
	differ := differingRules(own.Resultant.Policy, applied)
	if len(differ) == 0 {
		l.conduct = append(l.conduct, reason.New(reason.RulesAsTold))
		return
	}
	stale := found(reason.StalePolicy, "vantage", e.Cell.Vantage, "why", differ)
	if equal := l.of(reason.ClaimEqual); len(equal.exposed)+len(equal.broken) > 0 && len(e.wrongToldTo(own)) == 0 {
		equal.broken = append(equal.broken, stale.Reason...)
	}
	l.find(stale)
}

// ownEnd is what the cell's vantage has been told.
func (in *Input) ownEnd() (end, bool) {
	v := in.vantage()
	if v.Role == policy.RoleKMSHost {
		h, _ := in.Policy.Host(v.Host)
		e, _, stop := in.hostEnd(h)
		return e, !stop
	}
	m := in.sim.Vantage(v)
	return end{Name: m.Name, Resultant: m.Resultant, Addrs: m.Addrs, Env: m.Env, Domain: m.Domain, Count: 1}, m.Account != nil && m.Resultant != nil
}

// wrongToldTo lists the KMS hosts that the directory itself tells the vantage
// wrong about: it is not the copy then.
func (in *Input) wrongToldTo(e end) []string {
	var wrong []string
	if v := in.vantage(); v.Role == policy.RoleKMSHost {
		h, _ := in.Policy.Host(v.Host)
		for _, f := range in.inboundFlows(e, h, e.Env) {
			if f.kms && !slices.Contains(protectionAtHost(in.Policy), f.effect.Security.Verdict) {
				wrong = append(wrong, f.text)
			}
		}
		return wrong
	}
	for _, f := range in.outboundFlows(e, e.Env) {
		if v := f.effect.Security.Verdict; v != consec.Require && v != consec.Request {
			wrong = append(wrong, f.text)
		}
	}
	return wrong
}

// differingRules compares the connection security rules of two policies by their
// text, which Windows copies as it stands.
func differingRules(told, applied *consec.Policy) (all reason.List) {
	const most = 3
	find := func(p *consec.Policy, id string) *consec.Rule {
		i := slices.IndexFunc(p.Rules, func(r consec.Rule) bool { return r.ID == id && r.Store == consec.GPO })
		if i < 0 {
			return nil
		}
		return &p.Rules[i]
	}
	for i := range told.Rules {
		r := &told.Rules[i]
		switch x := find(applied, r.ID); {
		case x == nil:
			all = append(all, reason.New(reason.AppliedLacksRule, "rule", r.Title(), "gpo", r.Source))
		case x.Text != r.Text:
			all = append(all, reason.New(reason.AppliedRuleDiffers, "rule", r.Title(), "gpo", r.Source))
		}
	}
	for i := range applied.Rules {
		if r := &applied.Rules[i]; r.Store == consec.GPO && find(told, r.ID) == nil {
			all = append(all, reason.New(reason.AppliedRuleGone, "rule", r.Title()))
		}
	}
	if n := len(all) - most; n > 0 {
		all = append(all[:most], reason.New(reason.MoreRules, "count", n))
	}
	return all
}
