package gpo

import (
	"fmt"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Coverage is the check gpo-coverage: the rule reaches every enabled computer of the domain, or it is known why not.
var Coverage = check.Check{
	ID:         "gpo-coverage",
	Title:      "the rule reaches every enabled computer of the domain, or it is known why not",
	Section:    "How to implement",
	Confirmed:  "spec",
	Configured: true,
	After:      check.Arrival,
	Cells:      check.DomainCells("gpo-coverage"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(coverageOf, reason.ClaimComplete, reason.ClaimCounted),
}

// coverage counts a domain's computers by what keeps the isolation from them.
type coverage struct {
	share
	left   int
	missed []*missedFor // in the order of the directory
	none   missedFor    // accounts that name no Windows
}

// missedFor are the computers that one thing keeps the isolation from.
type missedFor struct {
	why   reason.List
	count int
	names []string // the first few
}

// share is how many of some machines are as they should be.
type share struct {
	yes, unknown, no int
	open             bool // there may be more machines, which are not seen
}

func (s *share) count(a tri.State, n int) {
	switch a {
	case tri.Yes:
		s.yes += n
	case tri.Unknown:
		s.unknown += n
	default:
		s.no += n
	}
}

func (s *share) total() int { return s.yes + s.unknown + s.no }

// below says that the share is surely less than so many per cent: also if all that
// is not known, or not seen, is as it should be.
func (s *share) below(threshold float64) bool {
	if s.open {
		return s.no > 0 && threshold >= 100
	}
	return float64(s.yes+s.unknown)*100 < threshold*float64(s.total())
}

// perhapsBelow says that the share of what is known is less than so many per cent.
func (s *share) perhapsBelow(threshold float64) bool {
	return float64(s.yes)*100 < threshold*float64(s.total())
}

// listed are the reasons for which a group is not known, and the list of accounts
// is whole all the same.
var listed = []reason.Code{
	reason.GroupDomainUnread, reason.FilteringGroupsUnread, reason.NestedGroupsUnread, reason.MembersUnread, reason.ForeignMembersUnread,
	reason.MachinesUnread, reason.SharersUnread,
}

// unlisted reports whether computers of a domain may be missing among those that
// were read.
func unlisted(in *check.Input, domain string) bool {
	f := in.Directories.Forest(domain)
	return f == nil || len(f.Lost[run.AspectComputers]) > 0 || slices.ContainsFunc(f.Problems, func(p run.Problem) bool {
		return p.Aspect == run.AspectComputers && !p.Why.Has(listed...)
	})
}

// mostMissed is how many computers are named for each reason.
const mostMissed = 3

// coverageOf asks whether all computers were read, and how many the isolation reaches.
func coverageOf(e *check.Evidence, l *check.Ledger) {
	domain := e.DomainOf()
	threshold := e.Policy.Isolation.Coverage.Threshold
	l.Intended = reason.One(reason.IntendedCoverage, "threshold", fmt.Sprintf("%g", threshold), "domain", domain)
	known := e.Complete(l, domain, run.AspectComputers, run.AspectLinks)
	counted := l.Of(reason.ClaimCounted)
	if e.Directories.Domain(domain) == nil {
		return
	}
	c := coverageIn(e.Input, domain)
	l.Conduct = reason.One(reason.ComputersCovered, "count", c.yes, "total", c.total(), "left", c.left+c.none.count)
	if c.none.count > 0 {
		l.Find(check.Found(reason.NoWindows, c.none.args()...))
	}
	var parts reason.List
	for _, m := range c.missed {
		parts = append(parts, reason.New(reason.ComputersMissed, m.args()...))
	}
	counted.Shown(e.Forests())
	switch args := []any{"covered", c.yes, "total", c.total(), "why", parts}; {
	case c.below(threshold):
		counted.Broken = reason.One(reason.CoverageLow, args...)
	case !known: // what is not known decides
	case c.total() == 0:
		counted.Void = reason.One(reason.NoClientsInDomain)
	case c.perhapsBelow(threshold):
		counted.Unsure = reason.One(reason.CoverageUnsure, args...)
	case len(parts) > 0:
		l.Find(check.Found(reason.NotCovered, "why", parts))
	}
}

// args are the arguments of a reason about the computers: the first few by name,
// how many more there are, and why.
func (m *missedFor) args() []any {
	return []any{"names", m.names, "more", m.count - len(m.names), "why", m.why}
}

func (m *missedFor) add(names []string) {
	m.count += len(names)
	m.names = append(m.names, names[:min(len(names), mostMissed-len(m.names))]...)
}

// coverageIn goes through all computers of the domain.
func coverageIn(in *check.Input, domain string) *coverage {
	c := &coverage{share: share{open: unlisted(in, domain)}}
	index := map[string]*missedFor{}
	carriers := configured.CarriersFor(in, "clients", "")
	d := in.Directories.Domain(domain)
	for i := range d.Computers {
		m := &d.Computers[i]
		own := in.Directories.ClientNames(m)
		if len(own) == 0 {
			continue
		}
		switch {
		case m.Controller || m.ReadOnly || rsop.Legacy(m.Machine):
			c.left += len(own)
			continue
		case !rsop.Capable(m.Machine):
			c.none.add(own)
			continue
		}
		covers, why := reached(in, rsop.Subject{Machine: m.Machine, Domain: domain}, carriers)
		if c.count(covers, len(own)); covers == tri.Yes {
			continue
		}
		x := index[why.Key()]
		if x == nil {
			x = &missedFor{why: why}
			index[why.Key()] = x
			c.missed = append(c.missed, x)
		}
		x.add(own)
	}
	slices.SortStableFunc(c.missed, func(a, b *missedFor) int { return b.count - a.count })
	return c
}

// reached says whether one of the GPOs comes to a machine, and if not why. Where
// links above it were not read, none of them surely does not, unless it does not
// apply wherever it is linked.
func reached(in *check.Input, s rsop.Subject, carriers []*run.GPO) (a tri.State, why reason.List) {
	t := in.Directories.Resultant(s)
	if a, why = comes(t, carriers); a != tri.No {
		return a, why
	}
	if unread := in.Directories.LinksUnread(s.Container); len(unread) > 0 {
		for _, g := range carriers {
			if o := in.Directories.Reaches(s, g); o.Applied != tri.No {
				return tri.Unknown, reason.One(reason.LinksNotRead, "why", unread)
			}
		}
	}
	return a, why
}

// comes says whether one of the GPOs comes to a machine that was told this, and if
// not why.
func comes(t *rsop.Resultant, carriers []*run.GPO) (a tri.State, why reason.List) {
	for _, g := range carriers {
		o := t.Outcome(g)
		switch {
		case o == nil:
			continue
		case o.Applied == tri.Yes:
			return tri.Yes, nil
		case why == nil || o.Applied > a:
			a, why = o.Applied, keptAway(g, o)
		}
	}
	switch {
	case why == nil && len(carriers) == 0 && len(t.Doubts) > 0:
		return tri.Unknown, reason.One(reason.NoIsolationSeen, "why", t.Doubts[0])
	case why == nil && len(carriers) == 0:
		return tri.No, reason.One(reason.NoIsolationForClients)
	case why == nil:
		return tri.No, reason.One(reason.NotLinkedAbove, "gpo", carriers[0].Name)
	}
	return a, why
}

// keptAway is why a GPO does not come to a machine, or may not.
func keptAway(g *run.GPO, o *rsop.Outcome) reason.List {
	return reason.One(reason.GPOKeptAway, "gpo", g.Name, "why", o.Why)
}
