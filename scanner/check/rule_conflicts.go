package check

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleConflicts = Check{
	ID:         "rule-conflicts",
	Title:      "nothing beside the isolation loosens it",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Cells:      endCells("rule-conflicts"),
	Needs:      directoryNeeds,
	Judge: ruleCell(func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeConflicts(e, in.inboundFlows(e, h, e.Env), s)
	}, func(in *Input, e end, s *ruleSum) {
		in.judgeConflicts(e, in.outboundFlows(e, e.Env), s)
	}),
}

func (in *Input) judgeConflicts(e end, flows []flowAt, s *ruleSum) {
	s.intended = "one policy decides"
	for _, r := range e.Told.Policy.Removed {
		if r.What == "rule" {
			s.fail("", "has lost a rule: "+r.String())
			s.remedy = fmt.Sprintf("remove the directive %s from GPO %q, or order the GPOs so that it comes before the isolation", r.Directive, r.By)
		}
	}
	for _, r := range e.Told.Policy.Replaced {
		if r.What == "rule" {
			s.find(run.Finding{ID: "rule-replaced", Severity: run.Warn, Text: e.Name + ": " + r.String()})
		}
	}
	for _, f := range flows {
		d := f.effect.Security
		if d.Verdict != consec.Exempt || d.Rule == "" || in.carries(d.Source) {
			continue
		}
		s.fail(f.text, fmt.Sprintf("is exempt by %s, which is not the isolation's own", byRule(d)))
		s.remedy = fmt.Sprintf("GPMC: take the rule out of GPO %q, or the GPO from these machines; PowerShell: Remove-NetIPsecRule -PolicyStore %s -DisplayName %s",
			d.Source, quoted(e.Domain+`\`+d.Source), d.Rule)
	}
	for _, name := range anyProfile {
		if p := e.Told.Policy.Profile(name); p != nil && p.LocalIPsec != nil && p.LocalIPsec.Value == 1 && name == profile {
			s.find(run.Finding{ID: "local-merge", Severity: run.Warn,
				Text:   fmt.Sprintf("%s: GPO %q lets the machine's own administrators add connection security rules, an exemption among them (AllowLocalIPsecPolicyMerge is 1)", e.Name, p.LocalIPsec.Source),
				Remedy: "GPMC: Windows Defender Firewall properties, Domain Profile, Settings, Apply local connection security rules: No; PowerShell: Set-NetFirewallProfile -Profile Domain -AllowLocalIPsecRules False"})
		}
	}
	s.note("rules of GPO %s", list(sourcesOf(e)))
}

// carries reports whether a GPO of that name is one that carries the isolation.
func (in *Input) carries(name string) bool {
	for _, i := range isolations(in.Policy) {
		for _, g := range in.carriers(i) {
			if g.Name == name {
				return true
			}
		}
	}
	return false
}

func sourcesOf(e end) []string {
	var all []string
	for _, r := range e.Told.Policy.Rules {
		all = appendNew(all, fmt.Sprintf("%q", r.Source))
	}
	return all
}
