package run

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Plan is what a run set out to observe, and what it asked of that. A replay judges
// by it.
type Plan struct {
	// Needs counts what was to be observed. Each need has one observation, so fewer
	// observations are a document that lost some.
	Needs int `json:"needs"`
	// Claims are those that the trials of each check are judged by. A check that is
	// not named was not known.
	Claims map[string][]reason.Code `json:"claims"`
}

// Knows reports whether a check was known.
func (p *Plan) Knows(check string) bool {
	_, known := p.Claims[check]
	return known
}

// Asks reports whether trials of a check were judged by a claim. A version that judged
// them by no claims at all is not known to have left one out.
func (p *Plan) Asks(check string, claim reason.Code) bool {
	claims := p.Claims[check]
	return len(claims) == 0 || slices.Contains(claims, claim)
}

// Planned is the plan that the document carries. That of one which carries none is
// made of what it has: the ids of its observations, which count from 1, and its cells.
func (r *Run) Planned() *Plan {
	if r.Plan != nil {
		return r.Plan
	}
	p := &Plan{Claims: map[string][]reason.Code{}}
	count := func(id string) {
		if n, err := strconv.Atoi(strings.TrimPrefix(id, "o")); err == nil {
			p.Needs = max(p.Needs, n)
		}
	}
	for i := range r.Observations {
		count(r.Observations[i].ID)
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		for _, id := range c.Evidence {
			count(id)
		}
		claims := p.Claims[c.ID.Check]
		for _, t := range c.Trials {
			for _, one := range t.Claims {
				if !slices.Contains(claims, one.Code) {
					claims = append(claims, one.Code)
				}
			}
		}
		p.Claims[c.ID.Check] = slices.Clip(claims)
	}
	return p
}
