package check

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	Trials:     itsTarget,
	Claims: ruleClaims(reason.ClaimUnopposed, func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeConflicts(e, in.inboundFlows(e, h, e.Env), s, s.exposes)
		in.judgeOthers(e, h, s)
		in.judgeBlocked(e, h, s)
		in.judgeLocalMerge(e, s)
	}, func(in *Input, e end, s *ruleSum) {
		in.judgeConflicts(e, in.outboundFlows(e, e.Env), s, s.breaks)
	}),
}

func (in *Input) judgeConflicts(e end, flows []flowAt, s *ruleSum, exempts func(string, reason.Reason)) {
	if len(flows) > 0 {
		s.shown(s.claim)
	}
	s.intended = reason.One(reason.IntendedOnePolicy)
	in.judgeChanged(e, s)
	each("", flows, func(f flowAt) (why reason.Reason) {
		if d := f.effect.Security; d.Verdict == consec.Exempt && d.Rule != "" && !e.Resultant.Assumed && !in.carries(d.Source) {
			why = decided(reason.ForeignExemption, e, d, "gpo", d.Source)
		}
		return why
	}, exempts)
	each("", flows, func(f flowAt) (why reason.Reason) {
		if d := f.effect.Security; d.Verdict == consec.Unknown && !s.doubted(d.Why) && in.foreign(e, d.Why) {
			why = reason.New(reason.PacketUnknown, "why", d.Why)
		}
		return why
	}, s.unsure)
	s.note(reason.ToldGPOs, "gpos", sourcesOf(e))
}

// foreign reports whether reasons name a rule that is not the isolation's.
func (in *Input) foreign(e end, why reason.List) bool {
	for r := range why.All {
		if gpo := r.Word("rule-source"); gpo != "" && !e.Resultant.Assumed && !in.carries(gpo) {
			return true
		}
	}
	return false
}

// judgeBlocked asks whether a GPO's firewall rule keeps everybody, members too,
// from the KMS port.
func (in *Input) judgeBlocked(e end, h policy.Host, s *ruleSum) {
	for _, f := range in.inboundFlows(in.alone(e), h, e.Env) {
		if by := f.effect.Firewall; f.kms && by.Verdict == consec.Dropped && by.Rule != "" {
			s.breaks(f.text, decided(reason.BlockedForMembers, e, by, "gpo", by.Source))
		}
	}
}

// judgeChanged looks at rules of the isolation that another GPO, or a later part
// of its own, deleted or replaced. What other GPOs do to each other is theirs.
func (in *Input) judgeChanged(e end, s *ruleSum) {
	for _, r := range e.Resultant.Policy.Removed {
		if r.What != "rule" {
			continue
		}
		if !e.Resultant.Assumed && !in.carries(r.Source) {
			s.find(found(reason.RuleRemoved, "end", e.Name, "why", r.Reason()))
			continue
		}
		s.breaks("", reason.New(reason.LostRule, "why", r.Reason(), "by", r.By, "directive", r.Directive, "domain", e.Domain))
	}
	for _, r := range e.Resultant.Policy.Replaced {
		if r.What == "rule" && (e.Resultant.Assumed || in.carries(r.Source)) {
			s.find(found(reason.RuleReplaced, "end", e.Name, "why", r.Reason()))
		}
	}
}

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
	mend := store(e, in.carrierName(e))
	switch set := e.Resultant.Policy.Profile(profile).LocalIPsec; {
	case set == nil:
		f := found(reason.LocalMerge, "end", e.Name, "store", mend)
		f.Severity = run.Info // nobody says so
		s.find(f)
	case set.Value != 0:
		s.find(found(reason.LocalMerge, "end", e.Name, "store", mend, "gpo", set.Source, "value", set.Value))
	}
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
	for _, r := range e.Resultant.Policy.Rules {
		all = appendNew(all, r.Source)
	}
	return all
}
