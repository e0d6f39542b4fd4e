package host

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// tellStale holds what a machine has applied against what the directory tells it
// today: rules that differ are of an older copy, or of a policy that did not come
// through.
func tellStale(e *check.Evidence, l *check.Ledger, applied *consec.Policy) {
	if e.Directories == nil {
		return
	}
	own, ok := ownEnd(e.Input)
	if !ok || own.Resultant.Assumed || len(own.Resultant.Doubts) > 0 {
		return
	}
	differ := differingRules(own.Resultant.Policy, applied)
	if len(differ) == 0 {
		l.Conduct = append(l.Conduct, reason.New(reason.RulesAsTold))
		return
	}
	stale := check.Found(reason.StalePolicy, "vantage", e.Cell.Vantage, "why", differ)
	if equal := l.Of(reason.ClaimEqual); len(equal.Exposed)+len(equal.Broken) > 0 && len(wrongToldTo(e.Input, own)) == 0 {
		equal.Broken = append(equal.Broken, stale.Reason...)
	}
	l.Find(stale)
}

// ownEnd is what the cell's vantage has been told.
func ownEnd(in *check.Input) (configured.End, bool) {
	v := in.FromVantage()
	if v.Role == intent.RoleKMSHost {
		h, _ := in.Policy.Host(v.Host)
		e, _, stop := configured.HostEnd(in, h)
		return e, !stop
	}
	m := in.Simulator.Vantage(v)
	return configured.End{Name: m.Name, Resultant: m.Resultant, Addrs: m.Addrs, Env: m.Env, Domain: m.Domain, Count: 1}, m.Account != nil && m.Resultant != nil
}

// wrongToldTo lists the KMS hosts that the directory itself tells the vantage
// wrong about: it is not the copy then.
func wrongToldTo(in *check.Input, e configured.End) []string {
	var wrong []string
	if v := in.FromVantage(); v.Role == intent.RoleKMSHost {
		h, _ := in.Policy.Host(v.Host)
		for _, f := range configured.InboundFlows(in, e, h, e.Env) {
			if f.KMS && !slices.Contains(protectionAtHost(in.Policy), f.Effect.Security.Verdict) {
				wrong = append(wrong, f.Text)
			}
		}
		return wrong
	}
	for _, f := range configured.OutboundFlows(in, e, e.Env) {
		if v := f.Effect.Security.Verdict; v != effect.Require && v != effect.Request {
			wrong = append(wrong, f.Text)
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
