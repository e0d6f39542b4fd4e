package check

import (
	"fmt"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

var ruleRequirement = Check{
	ID:         "rule-requirement",
	Title:      "the hosts require protection inbound and not outbound, the clients request it",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      arrival,
	Cells:      endCells("rule-requirement"),
	Trials:     itsTarget,
	Claims:     ruleClaims(reason.ClaimUnopposed, requiredAtHost, requestedAtClient),
}

func requiredAtHost(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = reason.One(reason.IntendedRequirement)
	flows := in.protecting(e, h)
	if len(flows) == 0 {
		s.skip(reason.NothingProtects)
		return
	}
	s.shown(s.claim)
	request := in.Policy.Isolation.Stage == policy.StageRequest
	each("inbound", flows, func(f flowAt) (why reason.Reason) {
		if f.effect.Security.Verdict != consec.Require && !request {
			why = decided(reason.OnlyRequested, e, f.effect.Security)
		}
		return why
	}, s.exposes)
	for _, f := range flows {
		switch d := f.effect.Security; {
		case d.Verdict == consec.Require:
			s.note(reason.ToldRule, "verdict", d.Verdict, "by", ruleOf(d))
		case request:
			s.note(reason.ToldRuleAtRequest, "verdict", d.Verdict, "by", ruleOf(d))
		}
	}
	in.outboundAtHost(e, h, s)
	s.note(reason.ToldForm, "form", in.form(e, flows, s))
}

// outboundAtHost asks whether the host still reaches those that have no IPsec.
func (in *Input) outboundAtHost(e end, h policy.Host, s *ruleSum) {
	const ldap = 389
	for _, a := range h.Addresses {
		peer := in.strangers(a)[0]
		switch d := in.sim.Outbound(e.Resultant.Policy, a, peer, tcp(ldap), e.Env).Security; d.Verdict {
		case consec.Require:
			s.breaks(fmt.Sprintf("outbound from %s", a), decided(reason.RequiredOutbound, e, d))
		case consec.Unknown:
			if !s.doubted(d.Why) {
				s.unsure(fmt.Sprintf("outbound from %s", a), reason.New(reason.PacketUnknown, "why", d.Why))
			}
		}
	}
}

// form says how the protection compares with the paper's one rule: require
// inbound and request outbound between any and the KMS hosts, in the Domain
// profile, for every port.
func (in *Input) form(e end, flows []flowAt, s *ruleSum) string {
	requested := slices.ContainsFunc(flows, func(f flowAt) bool { return f.effect.Security.Verdict != consec.Require })
	switch {
	case s.wrong():
		return "weaker"
	case requested:
		return "request"
	}
	deciding := map[string]bool{}
	for _, f := range flows {
		deciding[f.effect.Security.ID+" "+f.effect.Security.Source] = true
	}
	for i := range e.Resultant.Policy.Rules {
		if r := &e.Resultant.Policy.Rules[i]; deciding[r.ID+" "+r.Source] && !in.asInPaper(r) {
			return "equivalent"
		}
	}
	return "paper"
}

func (in *Input) asInPaper(r *consec.Rule) bool {
	for _, a := range in.directories.HostAddresses() {
		if r.EP2.Covers(a, nil) != consec.Yes {
			return false
		}
	}
	return r.Action == consec.SecureServer && r.EP1.IsAny() && !r.EP2.IsAny() && r.Protocol == consec.AnyProtocol &&
		slices.Equal(r.Profiles, []string{profile}) && len(r.Interfaces)+len(r.InterfaceTypes) == 0
}

func requestedAtClient(in *Input, e end, s *ruleSum) {
	s.intended = reason.One(reason.IntendedClientRequirement)
	protected := false
	flows := in.outboundFlows(e, e.Env)
	s.unknowns("outbound", flows)
	for _, f := range flows {
		if d := f.effect.Security; d.Verdict == consec.Request || d.Verdict == consec.Require {
			protected = true
			s.note(reason.ToldRule, "verdict", d.Verdict, "by", ruleOf(d))
		}
	}
	if !protected {
		s.skip(reason.NoRuleForHosts)
		return
	}
	s.shown(s.claim)
}

// protecting are the inbound packets of strangers that some rule protects, in
// the profile domain or, where it is for others only, in those.
func (in *Input) protecting(e end, h policy.Host) []flowAt {
	for _, name := range anyProfile {
		var some []flowAt
		for _, f := range in.inboundFlows(e, h, inProfile(e.Env, name)) {
			if v := f.effect.Security.Verdict; v == consec.Require || v == consec.Request {
				some = append(some, f)
			}
		}
		if len(some) > 0 {
			return some
		}
	}
	return nil
}
