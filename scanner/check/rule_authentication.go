package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleAuthentication = Check{
	ID:         "rule-authentication",
	Title:      "computers authenticate by Kerberos V5 and by nothing weaker",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Cells:      endCells("rule-authentication"),
	Needs:      directoryNeeds,
	Judge: ruleCell(func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeAuthentication(e, in.protecting(e, h), s)
	}, func(in *Input, e end, s *ruleSum) {
		in.judgeAuthentication(e, in.outboundFlows(e, e.Env), s)
	}),
}

func (in *Input) judgeAuthentication(e end, flows []flowAt, s *ruleSum) {
	s.intended = "computer Kerberos V5 only"
	protected := false
	for _, f := range flows {
		d := f.effect.Security
		if d.Verdict != consec.Require && d.Verdict != consec.Request {
			continue
		}
		protected = true
		s.note("%s accepts %s", byRule(d), list(f.effect.Auth))
		for _, m := range f.effect.Weak {
			why := weakness(m)
			if why == "" {
				s.find(run.Finding{ID: "other-authentication", Severity: run.Warn,
					Text: fmt.Sprintf("%s accepts %s beside computer Kerberos: whoever has such a certificate gets in", byRule(d), m)})
				continue
			}
			s.fail("", fmt.Sprintf("accepts %s, by %s: %s", m, byRule(d), why))
			s.remedy = inEditor + "the rule's Authentication tab, Method: Computer (Kerberos V5); " +
				"PowerShell: New-NetIPsecPhase1AuthSet with one proposal, New-NetIPsecAuthProposal -Machine -Kerberos, and " +
				inStore(e, d, "-Phase1AuthSet NAME")
		}
		in.judgeUser(e, f.effect, s)
	}
	if !protected {
		s.skipped = "no rule covers it: see rule-present"
	}
}

// judgeUser looks at a second authentication. The KMS client is a service
// without a user, so one that is required locks it out.
func (in *Input) judgeUser(e end, f consec.Effect, s *ruleSum) {
	if len(f.User) == 0 {
		return
	}
	for _, m := range f.User {
		if m == "Anonymous" { // so it is optional
			return
		}
	}
	s.find(run.Finding{ID: "user-authentication", Severity: run.High,
		Text:   fmt.Sprintf("%s requires a second authentication, of the user (%s): the service that activates has no user", byRule(f.Security), list(f.User)),
		Remedy: inEditor + "the rule's Authentication tab: Computer (Kerberos V5) alone; " + inStore(e, f.Security, "-Phase2AuthSet None")})
}

// weakness says what is wrong with a method, "" where it is only another one.
func weakness(method string) string {
	switch {
	case strings.EqualFold(method, "Anonymous"):
		return "everybody is let in"
	case strings.EqualFold(method, "MachineSHKey"):
		return "a preshared key stands in clear in SYSVOL, where every member of the domain reads it"
	case strings.EqualFold(method, "MachineNtlm"):
		return "NTLM proves less than Kerberos and can be relayed"
	}
	return ""
}
