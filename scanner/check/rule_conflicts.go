package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleConflicts = Check{
	ID:         "rule-conflicts",
	Title:      "nothing beside the isolation loosens it",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      arrival,
	Cells:      endCells("rule-conflicts"),
	Needs:      directoryNeeds,
	Judge: ruleCell(func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeConflicts(e, in.inboundFlows(e, h, e.Env), s)
		in.judgeOthers(e, h, s)
		in.judgeBlocked(e, h, s)
		in.judgeLocalMerge(e, s)
	}, func(in *Input, e end, s *ruleSum) {
		in.judgeConflicts(e, in.outboundFlows(e, e.Env), s)
	}),
}

func (in *Input) judgeConflicts(e end, flows []flowAt, s *ruleSum) {
	s.intended = "one policy decides"
	in.judgeChanged(e, s)
	each("", flows, func(f flowAt) string {
		if d := f.effect.Security; d.Verdict == consec.Exempt && d.Rule != "" && !e.Told.Assumed && !in.carries(d.Source) {
			s.remedy = fmt.Sprintf("GPMC: take the rule out of GPO %q, or the GPO from these machines; PowerShell: Remove-NetIPsecRule -PolicyStore %s -DisplayName %s",
				d.Source, quoted(e.Domain+`\`+d.Source), quoted(strings.Trim(d.Rule, `"`)))
			return fmt.Sprintf("is exempt by %s, which is not the isolation's own", byRule(d))
		}
		return ""
	}, s.fail)
	s.note("rules of GPO %s", list(sourcesOf(e)))
}

// judgeBlocked asks whether a GPO's firewall rule keeps everybody, members too,
// from the KMS port.
func (in *Input) judgeBlocked(e end, h policy.Host, s *ruleSum) {
	for _, f := range in.inboundFlows(in.alone(e), h, e.Env) {
		if by := f.effect.Firewall; f.kms && by.Verdict == consec.Dropped && by.Rule != "" {
			s.fail(f.text, fmt.Sprintf("is blocked for members too, in the Domain profile: by firewall %s", byRule(by)))
			s.remedy = fmt.Sprintf("GPMC: take the firewall rule out of GPO %q; PowerShell: Remove-NetFirewallRule -PolicyStore %s -DisplayName %s",
				by.Source, quoted(e.Domain+`\`+by.Source), quoted(strings.Trim(by.Rule, `"`)))
		}
	}
}

// judgeChanged looks at rules of the isolation that another GPO, or a later part
// of its own, deleted or replaced. What other GPOs do to each other is theirs.
func (in *Input) judgeChanged(e end, s *ruleSum) {
	for _, r := range e.Told.Policy.Removed {
		if r.What != "rule" {
			continue
		}
		if !e.Told.Assumed && !in.carries(r.Source) {
			s.find(run.Finding{ID: "rule-removed", Severity: run.Info, Text: e.Name + ": " + catalog.Text(reason.List{r.Reason()})})
			continue
		}
		s.fail("", HasLost+catalog.Text(reason.List{r.Reason()}))
		s.remedy = fmt.Sprintf("GPMC: edit GPO %q: delete and make anew its connection security rules, which writes the file anew without %s, or order the GPOs so that it comes before the isolation; "+
			"PowerShell: Set-GPLink -Name %s -Domain %s -Target CONTAINER -Order N", r.By, r.Directive, quoted(r.By), e.Domain)
	}
	for _, r := range e.Told.Policy.Replaced {
		if r.What == "rule" && (e.Told.Assumed || in.carries(r.Source)) {
			s.find(run.Finding{ID: "rule-replaced", Severity: run.Warn, Text: e.Name + ": " + catalog.Text(reason.List{r.Reason()})})
		}
	}
}

// HasLost begins what is said of a rule that is deleted, for explanations.
const HasLost = "has lost a rule: "

// judgeOthers judges what rules of other GPOs exempt, of whom nobody may be a
// stranger that is known.
func (in *Input) judgeOthers(e end, h policy.Host, s *ruleSum) {
	declared := in.declaredFor(h)
	for _, x := range in.exemptedAt(e, h) {
		if !x.own {
			in.judgeExemption(e, h, x, declared, s)
		}
	}
}

// judgeLocalMerge says whether the host's own administrators may add rules, which
// is what Windows lets them where nothing is set.
func (in *Input) judgeLocalMerge(e end, s *ruleSum) {
	set := e.Told.Policy.Profile(profile).LocalIPsec
	f := run.Finding{ID: "local-merge", Severity: run.Info,
		Remedy: "GPMC: Windows Defender Firewall with Advanced Security, Properties, Domain Profile, Settings, Apply local connection security rules: No; " +
			fmt.Sprintf("PowerShell: Set-NetFirewallProfile -PolicyStore %s -Profile Domain -AllowLocalIPsecRules False", quoted(e.Domain+`\`+in.carrierName(e)))}
	const may = "the machine's own administrators may add connection security rules, an exemption among them"
	switch {
	case set == nil:
		f.Text = fmt.Sprintf("%s: %s (AllowLocalIPsecPolicyMerge is not set)", e.Name, may)
	case set.Value == 0:
		return
	default:
		f.Severity = run.Warn
		f.Text = fmt.Sprintf("%s: by GPO %q %s (AllowLocalIPsecPolicyMerge is %d)", e.Name, set.Source, may, set.Value)
	}
	s.find(f)
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
