package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoCopiesAgree = Check{
	ID:         "gpo-copies-agree",
	Title:      "the copies of the GPO in several domains cover the same hosts and exemptions",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"rule-present", "exemptions"},
	Cells: func(p *policy.Policy) []run.CellID {
		if len(p.Directories()) == 0 || len(isolatedDomains(p)) < 2 {
			return nil
		}
		var ids []run.CellID
		for _, d := range isolatedDomains(p) {
			ids = append(ids, directoryCell("gpo-copies-agree", "domain:"+d))
		}
		return ids
	},
	Trials: itsTarget,
	Claims: together((*Evidence).copiesAgree, reason.ClaimComplete, reason.ClaimAgree),
}

// copiesAgree asks of the domain's copies what they cover, and holds that against what
// those of the other domains cover.
func (e *Evidence) copiesAgree(l *ledger) {
	domain := e.domain()
	if !e.complete(l, domain) {
		return
	}
	own := e.copyOf(domain)
	if own == nil {
		l.of(reason.ClaimComplete).void = reason.One(reason.NoCopyInDomain)
		return
	}
	l.intended, l.conduct = reason.One(reason.IntendedCopies), own.conduct()
	agree := l.of(reason.ClaimAgree)
	var wrong reason.List
	agree.unsure = slices.Clone(own.doubts)
	for _, other := range isolatedDomains(e.Policy) {
		if other == domain {
			continue
		}
		if why := e.directories.Unread(other); why != nil {
			agree.unsure = agree.unsure.Add(why.Reasons...)
			continue
		}
		if c := e.copyOf(other); c != nil { // else its own gpo-exists says so
			agree.unsure = agree.unsure.Add(c.doubts...)
			wrong = wrong.Add(own.lacking(c, domain, other)...)
			agree.shown(e.forests())
		}
	}
	switch {
	case len(wrong) == 0:
	case own.more:
		agree.unsure = append(reason.One(reason.CopyMayDiffer, "why", wrong), agree.unsure...)
	default:
		agree.broken = wrong
	}
	if len(agree.unsure) == 0 && len(agree.by) == 0 {
		agree.void = reason.One(reason.NoOtherCopy)
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
	return reason.One(reason.CopyCovers, "hosts", c.hosts, "exempt", append(texts(c.ranges), c.keywords...))
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
	all := texts(without(other.ranges, c.ranges...))
	for _, k := range other.keywords {
		if !slices.Contains(c.keywords, k) {
			all = append(all, k)
		}
	}
	return all
}

// copyOf reads the GPOs that carry the isolation in a domain; nil without any.
func (in *Input) copyOf(domain string) *gpoCopy {
	var gpos []*run.GPO
	for _, g := range append(in.directories.Assumed(domain, "hosts"), in.directories.Assumed(domain, "clients")...) {
		if !slices.Contains(gpos, g) {
			gpos = append(gpos, g)
		}
	}
	if len(gpos) == 0 {
		return nil
	}
	told := in.directories.Assume(gpos...)
	unreadable := told.Policy.Unreadable()
	c := &gpoCopy{doubts: slices.Concat(told.Doubts, unreadable), more: told.More || len(unreadable) > 0}
	for i := range told.Policy.Rules {
		r := &told.Policy.Rules[i]
		switch {
		case !r.Active || r.Tunnel || r.Rejected() != nil:
		case r.Action == consec.DoNotSecure:
			c.exempts(in, r.EP1, r.EP2)
		default:
			for _, a := range in.directories.HostAddresses() {
				if inSide(r.EP1, a) || inSide(r.EP2, a) || r.EP1.IsAny() && r.EP2.IsAny() {
					c.hosts = appendNew(c.hosts, a.String())
				}
			}
		}
	}
	slices.Sort(c.hosts)
	slices.Sort(c.keywords)
	return c
}

// exempts notes the sides of an exemption that are no KMS host's.
func (c *gpoCopy) exempts(in *Input, sides ...consec.Addresses) {
	for _, side := range sides {
		for _, x := range side.Ranges {
			if _, a := in.hostIn(x); !a.IsValid() {
				c.ranges = append(c.ranges, x)
			}
		}
		for _, k := range side.Keywords {
			c.keywords = appendNew(c.keywords, k.Name)
		}
	}
}

func inSide(side consec.Addresses, a netip.Addr) bool {
	return side.Covers(a, nil) == consec.Yes && !side.IsAny()
}
