package rule

import (
	"fmt"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Requirement is the check rule-requirement: the hosts require protection inbound and not outbound, the clients request it.
var Requirement = check.Check{
	ID:         "rule-requirement",
	Title:      "the hosts require protection inbound and not outbound, the clients request it",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      check.Arrival,
	Cells:      check.EndCells("rule-requirement"),
	Trials:     check.ItsTarget,
	Claims:     ruleClaims(reason.ClaimUnopposed, requiredAtHost, requestedAtClient),
}

func requiredAtHost(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedRequirement)
	flows := protecting(in, e, h)
	if len(flows) == 0 {
		s.skip(reason.NothingProtects)
		return
	}
	s.shown(s.claim)
	request := in.Policy.Isolation.Stage == intent.StageRequest
	configured.Each("inbound", flows, func(f configured.FlowAt) (why reason.Reason) {
		if f.Effect.Security.Verdict != effect.Require && !request {
			why = decided(reason.OnlyRequested, e, f.Effect.Security)
		}
		return why
	}, s.exposes)
	for _, f := range flows {
		switch d := f.Effect.Security; {
		case d.Verdict == effect.Require:
			s.note(reason.ToldRule, "verdict", d.Verdict, "by", check.RuleOf(d))
		case request:
			s.note(reason.ToldRuleAtRequest, "verdict", d.Verdict, "by", check.RuleOf(d))
		}
	}
	outboundAtHost(in, e, h, s)
	s.note(reason.ToldForm, "form", form(in, e, flows, s))
}

// outboundAtHost asks whether the host still reaches those that have no IPsec.
func outboundAtHost(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	const ldap = 389
	for _, a := range h.Addresses {
		peer := in.Strangers(a)[0]
		switch d := in.Simulator.Outbound(e.Resultant.Policy, a, peer, check.TCP(ldap), e.Env).Security; d.Verdict {
		case effect.Require:
			s.breaks(fmt.Sprintf("outbound from %s", a), decided(reason.RequiredOutbound, e, d))
		case effect.Unknown:
			if !s.doubted(d.Why) {
				s.unsure(fmt.Sprintf("outbound from %s", a), reason.New(reason.PacketUnknown, "why", d.Why))
			}
		}
	}
}

// form says how the protection compares with the paper's one rule: require
// inbound and request outbound between any and the KMS hosts, in the Domain
// profile, for every port.
func form(in *check.Input, e configured.End, flows []configured.FlowAt, s *ruleSum) string {
	requested := slices.ContainsFunc(flows, func(f configured.FlowAt) bool { return f.Effect.Security.Verdict != effect.Require })
	switch {
	case s.wrong():
		return "weaker"
	case requested:
		return "request"
	}
	deciding := map[string]bool{}
	for _, f := range flows {
		deciding[f.Effect.Security.ID+" "+f.Effect.Security.Source] = true
	}
	for i := range e.Resultant.Policy.Rules {
		if r := &e.Resultant.Policy.Rules[i]; deciding[r.ID+" "+r.Source] && !asInPaper(in, r) {
			return "equivalent"
		}
	}
	return "paper"
}

func asInPaper(in *check.Input, r *consec.Rule) bool {
	for _, a := range in.Directories.HostAddresses() {
		if r.EP2.Covers(a, nil) != tri.Yes {
			return false
		}
	}
	return r.Action == consec.SecureServer && r.EP1.IsAny() && !r.EP2.IsAny() && r.Protocol == consec.AnyProtocol &&
		slices.Equal(r.Profiles, []string{configured.DomainProfile}) && len(r.Interfaces)+len(r.InterfaceTypes) == 0
}

func requestedAtClient(in *check.Input, e configured.End, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedClientRequirement)
	protected := false
	flows := configured.OutboundFlows(in, e, e.Env)
	s.unknowns("outbound", flows)
	for _, f := range flows {
		if d := f.Effect.Security; d.Verdict == effect.Request || d.Verdict == effect.Require {
			protected = true
			s.note(reason.ToldRule, "verdict", d.Verdict, "by", check.RuleOf(d))
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
func protecting(in *check.Input, e configured.End, h intent.Host) []configured.FlowAt {
	for _, name := range anyProfile {
		var some []configured.FlowAt
		for _, f := range configured.InboundFlows(in, e, h, inProfile(e.Env, name)) {
			if v := f.Effect.Security.Verdict; v == effect.Require || v == effect.Request {
				some = append(some, f)
			}
		}
		if len(some) > 0 {
			return some
		}
	}
	return nil
}
