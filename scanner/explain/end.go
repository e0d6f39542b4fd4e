package explain

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// end is one end of a packet with what it does.
type end struct {
	simulate.At
	conduct simulate.Conduct
	doc     run.ExplainedEnd
}

// describe puts what an end does into the document. Told in full it says how
// that comes about, rule by rule.
func (x *Explainer) describe(a simulate.At, c simulate.Conduct, full bool) *end {
	e := &end{At: a, conduct: c}
	d := &e.doc
	d.Name, d.Kind, d.Role, d.Address, d.SeenAs, d.StandIn = a.Name, string(a.Kind), a.Role, a.Addr, a.Outer, a.StandIn
	d.Account, d.Premise, d.Profile = a.Account, a.Premise, a.Env.Profile
	if full {
		x.gpos(a.Endpoint, d)
	}
	f := &e.conduct.Effect
	d.Verdict, d.Rule, d.Source, d.Why, d.Undocumented = string(f.Verdict), f.Rule, f.Source, f.Why, f.Undocumented
	if a.Policy == nil {
		d.Profile = ""
		return e
	}
	d.Doubts = c.Doubts
	d.Authentication, d.UserAuthentication, d.Proposals = f.Auth, f.User, f.Crypto.Proposals
	d.Peers = slices.Concat(f.Machines, f.Users)
	d.Notes = slices.Clip(f.Notes)
	if len(d.Doubts) > 0 {
		d.Verdict = string(effect.Unknown)
		d.Why = reason.One(reason.EndDoubtful, "why", d.Doubts)
		d.Rule, d.Source = "", ""
	}
	if full {
		d.Security = half(f.Security, c.Trace.Security, c.Trace.OtherSecurity)
		x.nearMisses(a, d.Security)
		d.Firewall = half(f.Firewall, c.Trace.Firewall, c.Trace.OtherFirewall)
		for _, b := range a.Policy.Unreadable() {
			d.Notes = append(d.Notes, reason.New(reason.PartUnreadable, "why", b))
		}
		for _, r := range a.Policy.Removed {
			d.Notes = append(d.Notes, r.Reason())
		}
	}
	return e
}

// certain is how a document says whether a rule is for a packet.
var certain = map[tri.State]string{tri.No: "no", tri.Unknown: "maybe", tri.Yes: "yes"}

// half is one half of a verdict for the document.
func half(d effect.Decision, lines []effect.Line, others int) *run.ExplainedHalf {
	h := &run.ExplainedHalf{Verdict: string(d.Verdict), Why: d.Why, Others: others}
	for _, l := range lines {
		h.Rules = append(h.Rules, run.ExplainedRule{Rule: l.Rule, ID: l.ID, Source: l.Source, For: certain[l.For], Why: l.Why})
	}
	return h
}
