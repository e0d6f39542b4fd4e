package check

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
)

var ruleRequirement = Check{
	ID:         "rule-requirement",
	Title:      "the hosts require protection inbound and not outbound, the clients request it",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Cells:      endCells("rule-requirement"),
	Needs:      directoryNeeds,
	Judge:      ruleCell(requiredAtHost, requestedAtClient),
}

func requiredAtHost(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = "inbound is required, outbound only requested"
	protected := false
	for _, f := range in.protecting(e, h) {
		protected = true
		d := f.effect.Security
		switch {
		case d.Verdict == consec.Require:
			s.note("%s by %s", d.Verdict, byRule(d))
		case in.Policy.Isolation.Stage == policy.StageRequest:
			s.note("%s by %s, as the stage request has it", d.Verdict, byRule(d))
		default:
			s.fail("inbound "+f.text, "is only requested: "+byRule(d)+" lets it in in clear")
			s.remedy = inEditor + "the rule's Authentication tab: Require inbound and request outbound; " +
				inStore(e, d, "-InboundSecurity Require -OutboundSecurity Request")
		}
	}
	if !protected {
		s.skipped = "no rule covers it: see rule-present"
		return
	}
	for _, a := range h.Addresses {
		peer := in.strangers(a)[0]
		effect := e.Told.Policy.Outbound(a, peer, protoTCP, 389, e.Env)
		if d := effect.Security; d.Verdict == consec.Require {
			s.fail(fmt.Sprintf("outbound from %s", a), "is required too: by "+byRule(d)+" it reaches neither DNS nor domain controllers, which have no IPsec")
			s.remedy = inEditor + "the rule's Authentication tab: Require inbound and request outbound; " +
				inStore(e, d, "-InboundSecurity Require -OutboundSecurity Request")
		}
	}
}

func requestedAtClient(in *Input, e end, s *ruleSum) {
	s.intended = "outbound to every KMS host is requested or required"
	protected := false
	for _, f := range in.outboundFlows(e, e.Env) {
		switch d := f.effect.Security; d.Verdict {
		case consec.Request, consec.Require:
			protected = true
			s.note("%s by %s", d.Verdict, byRule(d))
		}
	}
	if !protected {
		s.skipped = "no rule covers the KMS hosts there: see rule-present"
	}
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
