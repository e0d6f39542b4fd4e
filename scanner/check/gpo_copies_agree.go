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
	Needs: directoryNeeds,
	Judge: judgeCopiesAgree,
}

// judgeCopiesAgree asks of the domain's copies what they cover, and holds that
// against what those of the other domains cover.
func judgeCopiesAgree(in *Input) run.Cell {
	domain := in.domain()
	f := fold{intended: reason.One(reason.IntendedCopies), none: reason.One(reason.NoCopyInDomain)}
	if !f.knows(in, domain) {
		return f.cell()
	}
	own := in.copyOf(domain)
	if own == nil {
		return f.cell()
	}
	f.conduct = own.conduct()
	var wrong reason.List
	vague := slices.Clone(own.doubts)
	for _, other := range isolatedDomains(in.Policy) {
		if other == domain {
			continue
		}
		if why := in.directories.Unread(other); why != nil {
			vague = vague.Add(why.Reasons...)
			continue
		}
		c := in.copyOf(other)
		if c == nil {
			continue // its own gpo-exists says so
		}
		vague = vague.Add(c.doubts...)
		for _, h := range c.hosts {
			if !slices.Contains(own.hosts, h) {
				wrong = wrong.Add(reason.New(reason.CopyLacksHost, "domain", domain, "address", h, "other", other))
			}
		}
		for _, x := range own.lacks(c) {
			wrong = wrong.Add(reason.New(reason.CopyLacksExemption, "domain", domain, "peer", x, "other", other))
		}
	}
	switch {
	case len(wrong) > 0 && own.more:
		f.all(run.Inconclusive, reason.One(reason.CopyMayDiffer, "why", wrong))
	default:
		f.all(run.Fail, wrong)
	}
	f.all(run.Inconclusive, vague)
	return f.passing()
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

// lacks is what another copy exempts and this one does not, however each writes
// it.
func (c *gpoCopy) lacks(other *gpoCopy) []string {
	rest := other.ranges
	for _, r := range c.ranges {
		rest = without(rest, r)
	}
	all := texts(rest)
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
