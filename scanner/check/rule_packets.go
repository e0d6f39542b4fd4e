package check

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ruleCell judges an end cell: the host's end where the target is a KMS host,
// else each of the domain's client ends. What the GPOs leave in doubt makes a
// pass inconclusive.
func ruleCell(host func(*Input, end, policy.Host, *ruleSum), client func(*Input, end, *ruleSum)) func(*Input) run.Cell {
	return func(in *Input) run.Cell {
		sum := &ruleSum{}
		if h, ok := in.Policy.Host(in.Cell.Target); ok {
			e, cell, stop := in.hostEnd(h)
			if stop && cell.Verdict == run.Fail && in.Cell.Check != rulePresentID {
				return skipped(reason.EndUnknown, "why", cell.Reasons)
			}
			if stop {
				return cell
			}
			sum.begin(e)
			host(in, e, h, sum)
			return sum.cell()
		}
		ends, cell, stop := in.clientEnds(in.domain())
		if stop {
			return cell
		}
		for _, e := range ends {
			sum.begin(e)
			client(in, e, sum)
		}
		return sum.cell()
	}
}

// ruleSum sums up what the ends of a cell come to.
type ruleSum struct {
	end      string // whose turn it is
	folded   fold   // a part for each end, and for each thing that is said of it
	doubts   reason.List
	told     reason.List
	findings []run.Finding
	skipped  reason.List
	intended reason.List
}

// begin begins an end. Its doubts are the same for every check of it.
func (s *ruleSum) begin(e end) {
	s.end = e.Name
	s.folded.add(part{verdict: run.Pass})
	for _, d := range e.Told.Doubts {
		s.doubt(reason.ToldOtherwise, d)
	}
	for _, b := range e.Told.Policy.Unreadable() {
		s.doubt(reason.ToldUnreadable, b)
	}
}

// doubt notes why what the end has been told may not be what is known.
func (s *ruleSum) doubt(code reason.Code, why reason.Reason) {
	s.doubts = append(s.doubts, reason.New(code, "ends", []string{s.end}, "why", why)).Merge("ends")
}

// fail notes what is wrong at the end whose turn it is, with a packet or, with
// "", as a whole.
func (s *ruleSum) fail(packet string, why reason.Reason) {
	s.folded.add(part{label: s.subject(packet), verdict: run.Fail, why: reason.List{why}})
}

// unsure notes what cannot be told.
func (s *ruleSum) unsure(packet string, why reason.Reason) {
	s.folded.add(part{label: s.subject(packet), verdict: run.Inconclusive, why: reason.List{why}})
}

// doubted reports whether doubts of the ends say this already.
func (s *ruleSum) doubted(why reason.List) bool {
	said := slices.Collect(s.doubts.All)
	return len(why) > 0 && !slices.ContainsFunc(why, func(r reason.Reason) bool { return !slices.ContainsFunc(said, r.Equal) })
}

func (s *ruleSum) subject(packet string) string { return strings.TrimSpace(s.end + " " + packet) }

// note says what the end has been told.
func (s *ruleSum) note(code reason.Code, args ...any) {
	s.told = s.told.Add(reason.New(code, args...).With("end", s.end))
}

// skip says why the check is not about the end.
func (s *ruleSum) skip(code reason.Code, args ...any) { s.skipped = reason.One(code, args...) }

func (s *ruleSum) find(f run.Finding) {
	if !slices.ContainsFunc(s.findings, func(have run.Finding) bool { return have.Reason.Equal(f.Reason) }) {
		s.findings = append(s.findings, f)
	}
}

// mostPackets is how many packets are named of which the same is said.
const mostPackets = 3

func (s *ruleSum) cell() run.Cell {
	f := fold{parts: slices.Clone(s.folded.parts), most: mostPackets, none: reason.One(reason.NoEndKnown), intended: s.intended}
	f.all(run.Inconclusive, s.doubts)
	f.all(run.Skip, s.skipped)
	c := f.cell()
	c.Conduct, c.Findings = s.told, s.findings
	return c
}

// ruleOf is what decides: a rule, or else the reason why none does.
func ruleOf(d consec.Decision) reason.List {
	switch {
	case d.Rule == "":
		return d.Why
	case d.Source == "":
		return reason.One(reason.LocalRule, "rule", d.Rule)
	}
	return reason.One(reason.RuleOfGPO, "rule", d.Rule, "gpo", d.Source)
}

// decided is a reason about a rule of an end, with what names the rule to whoever
// mends it.
func decided(code reason.Code, e end, d consec.Decision, args ...any) reason.Reason {
	return reason.New(code, append(args, "by", ruleOf(d), "store", store(e, d.Source), "rule", ruleName(d))...)
}

// ruleName is the name of the rule that decides, as PowerShell wants it.
func ruleName(d consec.Decision) string { return strings.Trim(d.Rule, `"`) }

// store is the policy store of a GPO in the domain of an end.
func store(e end, gpo string) string { return e.Domain + `\` + orElse(gpo, "GPO") }

var anyProfile = []string{"domain", "private", "public"}

// inProfile is the environment with another profile.
func inProfile(env consec.Env, name string) consec.Env {
	env.Profile = name
	return env
}
