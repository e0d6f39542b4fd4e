package check

import (
	"fmt"
	"slices"
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
	Rules:      true,
	After:      arrival,
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
		in.judgeKerberosIn(e, f.effect, s)
		for _, m := range f.effect.Weak {
			why := weakness(m)
			if why == "" {
				s.find(run.Finding{ID: "other-authentication", Severity: run.Warn,
					Text: fmt.Sprintf("%s accepts %s: whoever has such a certificate gets in", byRule(d), m)})
				continue
			}
			s.fail("", fmt.Sprintf("accepts %s, by %s: %s", m, byRule(d), why))
			s.remedy = inEditor + "the rule's Authentication tab, Method: Computer (Kerberos V5); " +
				kerberosOnly(e, d)
		}
		judgeUser(f.effect, s)
	}
	if !protected {
		s.skipped = "nothing protects it: see rule-present and exemptions"
	}
}

// judgeUser looks at a second authentication. The KMS client is a service
// without a user, so one that is required locks it out.
func judgeUser(f consec.Effect, s *ruleSum) {
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
		Remedy: inEditor + "the rule's Authentication tab: Computer (Kerberos V5) alone; PowerShell: Remove-NetIPsecRule, then New-NetIPsecRule with the same and without -Phase2AuthSet"})
}

// kerberosOnly are the lines that leave a rule computer Kerberos alone.
func kerberosOnly(e end, d consec.Decision) string {
	store := quoted(e.Domain + `\` + orElse(d.Source, "GPO"))
	return fmt.Sprintf("PowerShell: New-NetIPsecPhase1AuthSet -PolicyStore %s -Name KMSKerberos -DisplayName 'Computer Kerberos' -Proposal (New-NetIPsecAuthProposal -Machine -Kerberos); ", store) +
		strings.TrimPrefix(inStore(e, d, "-Phase1AuthSet KMSKerberos"), "PowerShell: ")
}

// judgeKerberosIn asks whether the rules accept computer Kerberos at all, and
// whether it can come about.
func (in *Input) judgeKerberosIn(e end, f consec.Effect, s *ruleSum) {
	d := f.Security
	if !slices.Contains(f.Auth, consec.ComputerKerberos) {
		s.fail("", fmt.Sprintf("does not accept computer Kerberos: %s has %s only", byRule(d), list(f.Auth)))
		s.remedy = inEditor + "the rule's Authentication tab, Method: Computer (Kerberos V5); " + kerberosOnly(e, d)
	}
	for i := range e.Told.Policy.Rules {
		r := &e.Told.Policy.Rules[i]
		if r.ID == d.ID && r.Source == d.Source && slices.Equal(r.KeyModules, []string{"IkeV2"}) {
			s.fail("", fmt.Sprintf("negotiates by IKEv2 only, which knows no Kerberos: %s", byRule(d)))
			s.remedy = "PowerShell: " + strings.TrimPrefix(inStore(e, d, "-KeyModule Default"), "PowerShell: ")
		}
	}
	for i := range e.Told.Policy.MainModes {
		if m := &e.Told.Policy.MainModes[i]; m.Active && m.Auth1Set != "" {
			s.unsure("", fmt.Sprintf("has a main mode rule %q, whose own authentication set may take the place of the rule's", orElse(m.Name, m.ID)))
		}
	}
	for _, sddl := range f.Machines {
		s.find(run.Finding{ID: "authorised-computers", Severity: run.Info,
			Text: fmt.Sprintf("%s: %s lets in only computers that %s grants it; who they are is not looked at", e.Name, byRule(d), sddl)})
	}
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
