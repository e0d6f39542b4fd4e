package scanner

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// perhapsUntried are the checks of denies that no GO owes: where one cannot be tried, the
// cell and the list of what is not tested say so, and nothing else does.
var perhapsUntried = []string{"source-ports", "udp-services"}

// deniesUntried says which denies could not be tried, and why.
func deniesUntried(r *run.Run) (out reason.List) {
	for i := range r.Cells {
		c := &r.Cells[i]
		if !slices.Contains(perhapsUntried, c.ID.Check) {
			continue
		}
		var whys reason.List
		for k := range c.Trials {
			whys = append(whys, whyVoid(&c.Trials[k])...)
		}
		for _, why := range whys.Merge("at") {
			if why.Is(reason.UDPServiceSilent) {
				continue // said of all hosts at once
			}
			out = append(out, reason.New(reason.DenyUntried, "host", c.ID.Target, "vantage", c.ID.Vantage, "why", why))
		}
	}
	return out
}

// whyVoid is why a trial does not count; nil of one that does. What an older document did
// not try is told elsewhere.
func whyVoid(t *run.Trial) (why reason.List) {
	for i := range t.Claims {
		switch c := &t.Claims[i]; {
		case c.Support == run.Exposure || c.Support == run.Broken:
			return nil
		case c.Support == run.Void && why == nil && !c.Why.Has(reason.DocumentTriedLess):
			why = c.Why
		}
	}
	return slices.Clip(why)
}
