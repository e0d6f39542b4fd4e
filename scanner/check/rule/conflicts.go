package rule

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Conflicts is the check rule-conflicts: nothing beside the isolation loosens it.
var Conflicts = check.Check{
	ID:         "rule-conflicts",
	Title:      "nothing beside the isolation loosens it",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      check.Arrival,
	Cells:      check.EndCells("rule-conflicts"),
	Trials:     check.ItsTarget,
	Claims: ruleClaims(reason.ClaimUnopposed, func(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
		judgeConflicts(in, e, configured.InboundFlows(in, e, h, e.Env), s, s.exposes)
		judgeOthers(in, e, h, s)
		judgeBlocked(in, e, h, s)
		judgeLocalMerge(in, e, s)
	}, func(in *check.Input, e configured.End, s *ruleSum) {
		judgeConflicts(in, e, configured.OutboundFlows(in, e, e.Env), s, s.breaks)
	}),
}

func judgeConflicts(in *check.Input, e configured.End, flows []configured.FlowAt, s *ruleSum, exempts func(string, reason.Reason)) {
	if len(flows) > 0 {
		s.shown(s.claim)
	}
	s.Intended = reason.One(reason.IntendedOnePolicy)
	judgeChanged(in, e, s)
	configured.Each("", flows, func(f configured.FlowAt) (why reason.Reason) {
		if d := f.Effect.Security; d.Verdict == effect.Exempt && d.Rule != "" && !e.Resultant.Assumed && !configured.Carries(in, d.Source) {
			why = decided(reason.ForeignExemption, e, d, "gpo", d.Source)
		}
		return why
	}, exempts)
	configured.Each("", flows, func(f configured.FlowAt) (why reason.Reason) {
		if d := f.Effect.Security; d.Verdict == effect.Unknown && !s.doubted(d.Why) && foreign(in, e, d.Why) {
			why = reason.New(reason.PacketUnknown, "why", d.Why)
		}
		return why
	}, s.unsure)
	s.note(reason.ToldGPOs, "gpos", sourcesOf(e))
}

// foreign reports whether reasons name a rule that is not the isolation's.
func foreign(in *check.Input, e configured.End, why reason.List) bool {
	for r := range why.All {
		if gpo := r.Word("rule-source"); gpo != "" && !e.Resultant.Assumed && !configured.Carries(in, gpo) {
			return true
		}
	}
	return false
}

// judgeBlocked asks whether a GPO's firewall rule keeps everybody, members too,
// from the KMS port.
func judgeBlocked(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	for _, f := range configured.InboundFlows(in, configured.Alone(in, e), h, e.Env) {
		if by := f.Effect.Firewall; f.KMS && by.Verdict == effect.Dropped && by.Rule != "" {
			s.breaks(f.Text, decided(reason.BlockedForMembers, e, by, "gpo", by.Source))
		}
	}
}

// judgeChanged looks at rules of the isolation that another GPO, or a later part
// of its own, deleted or replaced. What other GPOs do to each other is theirs.
func judgeChanged(in *check.Input, e configured.End, s *ruleSum) {
	for _, r := range e.Resultant.Policy.Removed {
		if r.What != "rule" {
			continue
		}
		if !e.Resultant.Assumed && !configured.Carries(in, r.Source) {
			s.Find(check.Found(reason.RuleRemoved, "end", e.Name, "why", r.Reason()))
			continue
		}
		s.breaks("", reason.New(reason.LostRule, "why", r.Reason(), "by", r.By, "directive", r.Directive, "domain", e.Domain))
	}
	for _, r := range e.Resultant.Policy.Replaced {
		if r.What == "rule" && (e.Resultant.Assumed || configured.Carries(in, r.Source)) {
			s.Find(check.Found(reason.RuleReplaced, "end", e.Name, "why", r.Reason()))
		}
	}
}

// judgeOthers judges what rules of other GPOs exempt, of whom nobody may be a
// stranger that is known.
func judgeOthers(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	declared := declaredFor(in, h)
	for _, x := range exemptedAt(in, e, h) {
		if !x.own {
			judgeExemption(in, e, h, x, declared, s)
		}
	}
}

// judgeLocalMerge says whether the host's own administrators may add rules, which
// is what Windows lets them where nothing is set.
func judgeLocalMerge(in *check.Input, e configured.End, s *ruleSum) {
	mend := store(e, configured.CarrierName(in, e))
	switch set := e.Resultant.Policy.Profile(configured.DomainProfile).LocalIPsec; {
	case set == nil:
		f := check.Found(reason.LocalMerge, "end", e.Name, "store", mend)
		f.Severity = run.Info // nobody says so
		s.Find(f)
	case set.Value != 0:
		s.Find(check.Found(reason.LocalMerge, "end", e.Name, "store", mend, "gpo", set.Source, "value", set.Value))
	}
}

func sourcesOf(e configured.End) []string {
	var all []string
	for _, r := range e.Resultant.Policy.Rules {
		all = check.AppendNew(all, r.Source)
	}
	return all
}
