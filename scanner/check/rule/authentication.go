package rule

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Authentication is the check rule-authentication: computers authenticate by Kerberos V5 and by nothing weaker.
var Authentication = check.Check{
	ID:         "rule-authentication",
	Title:      "computers authenticate by Kerberos V5 and by nothing weaker",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      check.Arrival,
	Cells:      check.EndCells("rule-authentication"),
	Trials:     check.ItsTarget,
	Claims: ruleClaims(reason.ClaimAgree, func(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
		judgeAuthentication(e, protecting(in, e, h), s, s.exposes)
	}, func(in *check.Input, e configured.End, s *ruleSum) {
		judgeAuthentication(e, configured.OutboundFlows(in, e, e.Env), s, s.breaks)
	}),
}

// judgeAuthentication looks at the methods of each rule that protects. What accepts
// less than Kerberos lets strangers in at a host, and only there.
func judgeAuthentication(e configured.End, flows []configured.FlowAt, s *ruleSum, weaker func(string, reason.Reason)) {
	s.Intended = reason.One(reason.IntendedKerberos)
	protected := false
	for _, f := range flows {
		d := f.Effect.Security
		if d.Verdict != effect.Require && d.Verdict != effect.Request {
			continue
		}
		protected = true
		s.note(reason.ToldMethods, "by", check.RuleOf(d), "methods", f.Effect.Auth)
		judgeKerberosIn(e, f.Effect, s)
		for _, m := range f.Effect.Weak {
			code := weakness(m)
			if code == "" {
				s.Find(check.Found(reason.OtherAuthentication, "by", check.RuleOf(d), "method", m))
				continue
			}
			weaker("", decided(code, e, d, "method", m))
		}
		judgeUser(f.Effect, s)
	}
	if !protected {
		s.skip(reason.NothingProtects)
		return
	}
	s.shown(s.claim)
}

// judgeUser looks at a second authentication. The KMS client is a service
// without a user, so one that is required locks it out.
func judgeUser(f effect.Effect, s *ruleSum) {
	if len(f.User) == 0 {
		return
	}
	for _, m := range f.User {
		if m == "Anonymous" { // so it is optional
			return
		}
	}
	s.Find(check.Found(reason.UserAuthentication, "by", check.RuleOf(f.Security), "methods", f.User))
}

// judgeKerberosIn asks whether the rules accept computer Kerberos at all, and
// whether it can come about.
func judgeKerberosIn(e configured.End, f effect.Effect, s *ruleSum) {
	d := f.Security
	if !slices.Contains(f.Auth, consec.ComputerKerberos) {
		s.breaks("", decided(reason.NoComputerKerberos, e, d, "methods", f.Auth))
	}
	for i := range e.Resultant.Policy.Rules {
		r := &e.Resultant.Policy.Rules[i]
		if r.ID == d.ID && r.Source == d.Source && slices.Equal(r.KeyModules, []string{"IkeV2"}) {
			s.breaks("", decided(reason.IKEv2Only, e, d))
		}
	}
	for i := range e.Resultant.Policy.MainModes {
		if m := &e.Resultant.Policy.MainModes[i]; m.Active && m.Auth1Set != "" {
			s.unsure("", reason.New(reason.MainModeOwnMethods, "rule", cmp.Or(m.Name, m.ID)))
		}
	}
	for _, sddl := range f.Machines {
		s.Find(check.Found(reason.AuthorisedComputers, "end", e.Name, "by", check.RuleOf(d), "sddl", sddl))
	}
}

// weakness is what is wrong with a method, "" where it is only another one.
func weakness(method string) reason.Code {
	switch {
	case strings.EqualFold(method, "Anonymous"):
		return reason.AcceptsAnonymous
	case strings.EqualFold(method, "MachineSHKey"):
		return reason.AcceptsPresharedKey
	case strings.EqualFold(method, "MachineNtlm"):
		return reason.AcceptsNTLM
	}
	return ""
}
