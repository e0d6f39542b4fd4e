package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
				return skip(cell.Reason + ": see " + rulePresentID)
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
	end        string // whose turn it is
	folded     fold   // a part for each end, and for each thing that is said of it
	doubts     sentences
	configured []string
	findings   []run.Finding
	remedy     string
	skipped    string
	intended   string
}

func (s *ruleSum) begin(e end) {
	s.end = e.Name
	s.folded.add(part{verdict: run.Pass})
	for _, d := range textsOf(e.Told.Doubts) {
		s.doubts.add(e.Name, ToldOtherwise+d)
	}
	for _, b := range textsOf(e.Told.Policy.Unreadable()) {
		s.doubts.add(e.Name, ToldUnreadable+b)
	}
}

// How the doubts of an end begin. They are the same for every check of it, and
// are one cause (unsureRules).
const (
	ToldOtherwise  = "may have been told otherwise: "
	ToldUnreadable = "has been told what cannot be read: "
)

// fail notes what is wrong at the end whose turn it is, with a packet or, with
// "", as a whole: said is the rest of the sentence.
func (s *ruleSum) fail(packet, said string) {
	s.folded.add(part{label: s.subject(packet), verdict: run.Fail, why: quote(said)})
}

// unsure notes what cannot be told.
func (s *ruleSum) unsure(packet, said string) {
	s.folded.add(part{label: s.subject(packet), verdict: run.Inconclusive, why: quote(said)})
}

// doubted reports whether a doubt of the ends says this already.
func (s *ruleSum) doubted(why string) bool {
	return slices.ContainsFunc(s.doubts.said, func(d string) bool { return strings.Contains(d, why) })
}

func (s *ruleSum) subject(packet string) string { return strings.TrimSpace(s.end + " " + packet) }

// note says what the end has been told.
func (s *ruleSum) note(format string, args ...any) {
	s.configured = appendNew(s.configured, s.end+": "+fmt.Sprintf(format, args...))
}

func (s *ruleSum) find(f run.Finding) {
	for _, have := range s.findings {
		if have.ID == f.ID && have.Text == f.Text {
			return
		}
	}
	s.findings = append(s.findings, f)
}

// mostPackets is how many packets are named of which the same is said.
const mostPackets = 3

func (s *ruleSum) cell() run.Cell {
	f := fold{parts: slices.Clone(s.folded.parts), most: mostPackets, none: quote("no end is known that it is about"), intended: s.intended}
	if len(s.doubts.said) > 0 {
		f.add(part{verdict: run.Inconclusive, why: quote(s.doubts.String())})
	}
	if s.skipped != "" {
		f.add(part{verdict: run.Skip, why: quote(s.skipped)})
	}
	c := f.cell()
	c.Configured, c.Findings = clauses(s.configured), s.findings
	if c.Verdict == run.Fail {
		c.Remedy = s.remedy
	}
	return c
}

// byRule names what decides, for a sentence.
func byRule(d consec.Decision) string {
	switch {
	case d.Rule == "":
		return catalog.Text(d.Why)
	case d.Source == "":
		return "rule " + d.Rule
	}
	return fmt.Sprintf("rule %s of GPO %q", d.Rule, d.Source)
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

// inEditor is the place in the Group Policy editor where a rule is mended.
const inEditor = `GPMC: edit the GPO, Computer Configuration, Policies, Windows Settings, Security Settings, Windows Defender Firewall with Advanced Security, Connection Security Rules, `

// inStore is the PowerShell line that mends a rule of a GPO.
func inStore(e end, d consec.Decision, what string) string {
	source := d.Source
	if source == "" {
		source = "GPO"
	}
	return fmt.Sprintf("PowerShell: Set-NetIPsecRule -PolicyStore %s -DisplayName %s %s",
		quoted(e.Domain+`\`+source), quoted(strings.Trim(d.Rule, `"`)), what)
}

var anyProfile = []string{"domain", "private", "public"}

// inProfile is the environment with another profile.
func inProfile(env consec.Env, name string) consec.Env {
	env.Profile = name
	return env
}

func someAddress(addrs []netip.Addr) string {
	var all []string
	for _, a := range addrs {
		all = append(all, a.String())
	}
	return strings.Join(all, ",")
}
