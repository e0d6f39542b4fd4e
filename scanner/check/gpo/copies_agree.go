package gpo

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// CopiesAgree is the check gpo-copies-agree: the copies of the GPO in several domains cover the same hosts and exemptions.
var CopiesAgree = check.Check{
	ID:         "gpo-copies-agree",
	Title:      "the copies of the GPO in several domains cover the same hosts and exemptions",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"rule-present", "exemptions"},
	Cells: func(p *intent.Policy) []run.CellID {
		if len(p.Directories()) == 0 || len(check.IsolatedDomains(p)) < 2 {
			return nil
		}
		var ids []run.CellID
		for _, d := range check.IsolatedDomains(p) {
			ids = append(ids, check.DirectoryCell("gpo-copies-agree", "domain:"+d))
		}
		return ids
	},
	Trials: check.ItsTarget,
	Claims: check.Together(copiesAgree, reason.ClaimComplete, reason.ClaimAgree),
}

// copiesAgree asks of the domain's copies what they cover, and holds that against what
// those of the other domains cover.
func copiesAgree(e *check.Evidence, l *check.Ledger) {
	domain := e.DomainOf()
	if !e.Complete(l, domain) {
		return
	}
	own := copyOf(e.Input, domain)
	if own == nil {
		l.Of(reason.ClaimComplete).Void = reason.One(reason.NoCopyInDomain)
		return
	}
	l.Intended, l.Conduct = reason.One(reason.IntendedCopies), own.conduct()
	agree := l.Of(reason.ClaimAgree)
	var wrong reason.List
	agree.Unsure = slices.Clone(own.doubts)
	for _, other := range check.IsolatedDomains(e.Policy) {
		if other == domain {
			continue
		}
		if why := e.Directories.Unread(other); why != nil {
			agree.Unsure = agree.Unsure.Add(why.Reasons...)
			continue
		}
		if c := copyOf(e.Input, other); c != nil { // else its own gpo-exists says so
			agree.Unsure = agree.Unsure.Add(c.doubts...)
			wrong = wrong.Add(own.lacking(c, domain, other)...)
			agree.Shown(e.Forests())
		}
	}
	switch {
	case len(wrong) == 0:
	case own.more:
		agree.Unsure = append(reason.One(reason.CopyMayDiffer, "why", wrong), agree.Unsure...)
	default:
		agree.Broken = wrong
	}
	if len(agree.Unsure) == 0 && len(agree.By) == 0 {
		agree.Void = reason.One(reason.NoOtherCopy)
	}
}

// gpoCopy is what the isolation GPOs of a domain cover and exempt.
type gpoCopy struct {
	hosts    []string
	ranges   []consec.Range // exempt
	keywords []string
	doubts   reason.List
	more     bool // it may cover and exempt more than was read
}

func (c *gpoCopy) conduct() reason.List {
	return reason.One(reason.CopyCovers, "hosts", c.hosts, "exempt", append(configured.Texts(c.ranges), c.keywords...))
}

// lacking is what another domain's copy has and this one has not.
func (c *gpoCopy) lacking(there *gpoCopy, domain, other string) (wrong reason.List) {
	for _, h := range there.hosts {
		if !slices.Contains(c.hosts, h) {
			wrong = wrong.Add(reason.New(reason.CopyLacksHost, "domain", domain, "address", h, "other", other))
		}
	}
	for _, x := range c.lacks(there) {
		wrong = wrong.Add(reason.New(reason.CopyLacksExemption, "domain", domain, "peer", x, "other", other))
	}
	return wrong
}

// lacks is what another copy exempts and this one does not, however each writes
// it.
func (c *gpoCopy) lacks(other *gpoCopy) []string {
	all := configured.Texts(configured.Without(other.ranges, c.ranges...))
	for _, k := range other.keywords {
		if !slices.Contains(c.keywords, k) {
			all = append(all, k)
		}
	}
	return all
}

// copyOf reads the GPOs that carry the isolation in a domain; nil without any.
func copyOf(in *check.Input, domain string) *gpoCopy {
	var gpos []*run.GPO
	for _, g := range append(in.Directories.Assumed(domain, "hosts"), in.Directories.Assumed(domain, "clients")...) {
		if !slices.Contains(gpos, g) {
			gpos = append(gpos, g)
		}
	}
	if len(gpos) == 0 {
		return nil
	}
	told := in.Directories.Assume(gpos...)
	unreadable := told.Policy.Unreadable()
	c := &gpoCopy{doubts: slices.Concat(told.Doubts, unreadable), more: told.More || len(unreadable) > 0}
	for i := range told.Policy.Rules {
		r := &told.Policy.Rules[i]
		switch {
		case !r.Active || r.Tunnel || r.Rejected() != nil:
		case r.Action == consec.DoNotSecure:
			c.exempts(in, r.EP1, r.EP2)
		default:
			for _, a := range in.Directories.HostAddresses() {
				if inSide(r.EP1, a) || inSide(r.EP2, a) || r.EP1.IsAny() && r.EP2.IsAny() {
					c.hosts = check.AppendNew(c.hosts, a.String())
				}
			}
		}
	}
	slices.Sort(c.hosts)
	slices.Sort(c.keywords)
	return c
}

// exempts notes the sides of an exemption that are no KMS host's.
func (c *gpoCopy) exempts(in *check.Input, sides ...consec.Addresses) {
	for _, side := range sides {
		for _, x := range side.Ranges {
			if _, a := configured.HostIn(in, x); !a.IsValid() {
				c.ranges = append(c.ranges, x)
			}
		}
		for _, k := range side.Keywords {
			c.keywords = check.AppendNew(c.keywords, k.Name)
		}
	}
}

func inSide(side consec.Addresses, a netip.Addr) bool {
	return side.Covers(a, nil) == tri.Yes && !side.IsAny()
}
