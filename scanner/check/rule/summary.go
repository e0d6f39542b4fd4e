package rule

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// unknowns are what of packets cannot be told, as far as no doubt says it.
func (s *ruleSum) unknowns(way string, flows []configured.FlowAt) {
	configured.Each(way, flows, func(f configured.FlowAt) (why reason.Reason) {
		if d := f.Effect.Security; d.Verdict == effect.Unknown && !s.doubted(d.Why) {
			why = reason.New(reason.PacketUnknown, "why", d.Why)
		}
		return why
	}, s.unsure)
}

// ruleClaims are the claims of what an end is told: that all of it is known, and one
// about its rules. They are asked of the host's end where the target is a KMS host,
// else of each of the domain's client ends.
func ruleClaims(of reason.Code, host func(*check.Input, configured.End, intent.Host, *ruleSum), client func(*check.Input, configured.End, *ruleSum), more ...reason.Code) func(*intent.Policy, *check.Trial) []check.Claim {
	return check.Together(func(e *check.Evidence, l *check.Ledger) {
		sum := &ruleSum{Ledger: l, whole: reason.ClaimComplete, claim: of, by: e.Forests()}
		sum.look(e.Input, host, client)
		sum.enter()
	}, append([]reason.Code{reason.ClaimComplete, of}, more...)...)
}

// ruleSum sums up what the ends of a cell come to.
type ruleSum struct {
	*check.Ledger

	whole   reason.Code // the claim that all of an end is known
	claim   reason.Code // the one that what is said of an end or a packet is said of
	by      []*run.Observation
	end     string // whose turn it is
	doubts  reason.List
	skipped reason.List
}

// look looks at each end.
func (s *ruleSum) look(in *check.Input, host func(*check.Input, configured.End, intent.Host, *ruleSum), client func(*check.Input, configured.End, *ruleSum)) {
	complete := s.Of(s.whole)
	if h, ok := in.Policy.Host(in.Cell.Target); ok {
		switch e, cell, stop := configured.HostEnd(in, h); {
		case stop && cell.Verdict == run.Fail && in.Cell.Check != rulePresentID:
			complete.Void = reason.One(reason.EndUnknown, "why", cell.Reasons)
		case stop:
			complete.Gap(cell)
		default:
			s.begin(e)
			host(in, e, h, s)
		}
		return
	}
	ends, cell, stop := configured.ClientEnds(in, in.DomainOf())
	if stop {
		complete.Gap(cell)
		return
	}
	for _, e := range ends {
		s.begin(e)
		client(in, e, s)
	}
}

// begin begins an end. Its doubts are the same for every check of it.
func (s *ruleSum) begin(e configured.End) {
	s.end = e.Name
	s.shown(s.whole)
	for _, d := range e.Resultant.Doubts {
		s.doubt(reason.ToldOtherwise, d)
	}
	for _, b := range e.Resultant.Policy.Unreadable() {
		s.doubt(reason.ToldUnreadable, b)
	}
}

// doubt notes why what the end has been told may not be what is known.
func (s *ruleSum) doubt(code reason.Code, why reason.Reason) {
	s.doubts = append(s.doubts, reason.New(code, "ends", []string{s.end}, "why", why)).Merge("ends")
}

// shown notes that a claim was looked at, at the end whose turn it is.
func (s *ruleSum) shown(code reason.Code) { s.Of(code).Shown(s.by) }

// exposes notes what lets strangers in at the end whose turn it is, with a packet or,
// with "", as a whole.
func (s *ruleSum) exposes(packet string, why reason.Reason) {
	t := s.Of(s.claim)
	t.Exposed = append(t.Exposed, s.at(packet, why))
}

// breaks notes what is wrong otherwise.
func (s *ruleSum) breaks(packet string, why reason.Reason) {
	t := s.Of(s.claim)
	t.Broken = append(t.Broken, s.at(packet, why))
}

// unsure notes what cannot be told.
func (s *ruleSum) unsure(packet string, why reason.Reason) {
	t := s.Of(s.claim)
	t.Unsure = append(t.Unsure, s.at(packet, why))
}

// at is a reason that says of which end and packet it is.
func (s *ruleSum) at(packet string, why reason.Reason) reason.Reason {
	return why.With("at", []string{strings.TrimSpace(s.end + " " + packet)})
}

// wrong reports whether something is, so far.
func (s *ruleSum) wrong() bool {
	t := s.Of(s.claim)
	return len(t.Exposed)+len(t.Broken) > 0
}

// doubted reports whether doubts of the ends say this already.
func (s *ruleSum) doubted(why reason.List) bool {
	said := slices.Collect(s.doubts.All)
	return len(why) > 0 && !slices.ContainsFunc(why, func(r reason.Reason) bool { return !slices.ContainsFunc(said, r.Equal) })
}

// note says what the end has been told.
func (s *ruleSum) note(code reason.Code, args ...any) {
	s.Conduct = s.Conduct.Add(reason.New(code, args...).With("end", s.end))
}

// skip says why the check is not about the end.
func (s *ruleSum) skip(code reason.Code, args ...any) { s.skipped = reason.One(code, args...) }

// mostPackets is how many packets are named of which the same is said.
const mostPackets = 3

// enter enters what was said of all ends. What is in doubt is not skipped.
func (s *ruleSum) enter() {
	t, complete := s.Of(s.claim), s.Of(s.whole)
	complete.Unsure = append(complete.Unsure, s.doubts...)
	if len(t.Unsure)+len(complete.Unsure) == 0 {
		t.Void = s.skipped
	}
	for _, of := range s.Entries {
		of.Exposed, of.Broken, of.Unsure = atMost(of.Exposed), atMost(of.Broken), atMost(of.Unsure)
	}
}

// atMost says what is said of several packets once, and bounds how many are named.
func atMost(l reason.List) reason.List {
	all := l.Merge("at")
	for i, r := range all {
		if len(r.Words("at")) > mostPackets {
			all[i] = r.With("most", mostPackets)
		}
	}
	return all
}

// decided is a reason about a rule of an end, with what names the rule to whoever
// mends it.
func decided(code reason.Code, e configured.End, d effect.Decision, args ...any) reason.Reason {
	return reason.New(code, append(args, "by", check.RuleOf(d), "store", store(e, d.Source), "rule", ruleName(d))...)
}

// ruleName is the name of the rule that decides, as PowerShell wants it.
func ruleName(d effect.Decision) string { return strings.Trim(d.Rule, `"`) }

// store is the policy store of a GPO in the domain of an end.
func store(e configured.End, gpo string) string { return e.Domain + `\` + cmp.Or(gpo, "GPO") }

var anyProfile = []string{"domain", "private", "public"}

// inProfile is the environment with another profile.
func inProfile(env effect.Env, name string) effect.Env {
	env.Profile = name
	return env
}
