package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/nearmiss"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Waive makes cells waived that fail or are inconclusive and that a waiver covers,
// as long as the waiver lasts. An error is the tool's own: nobody can answer for
// it. It returns what became of each waiver.
func Waive(p *intent.Policy, r *run.Run, cells []run.Cell) []run.Waiver {
	var uses []run.Waiver
	for _, w := range p.Waivers {
		use := run.Waiver{Cell: w.Cell, Owner: w.Owner, Until: w.Ends(), Expired: !r.Started.Before(w.Expires)}
		for i := range cells {
			c := &cells[i]
			if use.Expired || !w.Covers(c.ID.Check, c.ID.Vantage, c.ID.Target) {
				continue
			}
			use.Covers = true
			if c.Verdict == run.Fail || c.Verdict == run.Inconclusive {
				c.Verdict = run.Waived
				c.Waiver = w.Reason + " (" + w.Owner + ", until " + w.Ends() + ")"
				use.Waived++
			}
		}
		uses = append(uses, use)
	}
	for i, why := range strayWaivers(p) {
		uses[i].Unknown = why
	}
	return uses
}

// UnknownChecks says of each waiver that names a check there is none of what is
// wrong with it.
func UnknownChecks(p *intent.Policy) []string {
	var ids []string
	for i := range All {
		c := &All[i]
		ids = append(ids, c.ID)
	}
	var wrong []string
	for _, w := range p.Waivers {
		pattern := w.Parts()[0]
		if slices.ContainsFunc(ids, func(id string) bool { return intent.Matches(pattern, id) }) {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s: the waiver of %s names no check; %s", w.Place, w.Cell, suggest(pattern, ids)))
	}
	return wrong
}

// StrayWaivers says of each waiver that names a vantage or a host of which no
// cell is what is wrong with it.
func StrayWaivers(p *intent.Policy) []string {
	var wrong []string
	stray := strayWaivers(p)
	for i, w := range p.Waivers {
		if why := stray[i]; why != "" {
			wrong = append(wrong, fmt.Sprintf("%s: the waiver of %s: %s", w.Place, w.Cell, why))
		}
	}
	return wrong
}

// strayWaivers says why a waiver can be for no cell, by its place in the policy.
func strayWaivers(p *intent.Policy) map[int]string {
	if len(p.Waivers) == 0 {
		return nil
	}
	var vantages, targets []string
	seen := map[string]bool{}
	note := func(all *[]string, kind, name string) {
		if !seen[kind+name] {
			seen[kind+name] = true
			*all = append(*all, name)
		}
	}
	for i := range All {
		c := &All[i]
		for _, id := range listed(c, p) {
			note(&vantages, "vantage ", id.Vantage)
			note(&targets, "target ", id.Target)
		}
	}
	wrong := map[int]string{}
	for i, w := range p.Waivers {
		parts := w.Parts()
		switch {
		case !slices.ContainsFunc(vantages, func(v string) bool { return intent.Matches(parts[1], v) }):
			wrong[i] = fmt.Sprintf("there is no vantage %s; %s", parts[1], suggest(parts[1], vantages))
		case !slices.ContainsFunc(targets, func(t string) bool { return intent.Matches(parts[2], t) }):
			wrong[i] = fmt.Sprintf("there is no host or other target %s; %s", parts[2], suggest(parts[2], targets))
		}
	}
	return wrong
}

func suggest(got string, words []string) string {
	if w := nearmiss.Of(got, words); w != "" {
		return fmt.Sprintf("did you mean %q?", w)
	}
	return "there is " + check.Few(words)
}

// BlanketWaivers says of each waiver that takes away a whole test of what must
// be denied.
func BlanketWaivers(p *intent.Policy) []string {
	var wide []string
	for _, w := range p.Waivers {
		if !strings.Contains(w.Cell, "*") {
			continue
		}
		for i := range All {
			c := &All[i]
			if c.Flow.Intent == check.Denied && coversAll(w, listed(c, p)) {
				wide = append(wide, fmt.Sprintf("%s: the waiver of %s covers %s of every host, so a host that stands open would not show; name the host", w.Place, w.Cell, c.ID))
				break
			}
		}
	}
	return wide
}

// listed is list, or nothing where the check breaks, which [Plan.Judge] says.
func listed(c *check.Check, p *intent.Policy) (ids []run.CellID) {
	_ = belt.Catch(c.Name(), func() { ids = c.CellIDs(p) })
	return ids
}

// coversAll reports whether a waiver is for a cell of every target.
func coversAll(w intent.Waiver, cells []run.CellID) bool {
	covered := map[string]bool{}
	for _, id := range cells {
		covered[id.Target] = covered[id.Target] || w.Covers(id.Check, id.Vantage, id.Target)
	}
	for _, yes := range covered {
		if !yes {
			return false
		}
	}
	return len(covered) > 0
}
