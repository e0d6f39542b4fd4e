package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// tellDeny says of a cell of denied trials what is denied, by whom, and what proves
// it.
func tellDeny(in *check.Input, done []*check.Judged, cell *run.Cell) {
	if cell.Verdict == run.Skip {
		return
	}
	cell.Intended = reason.One(reason.IntendedSilence, "vantage", in.Cell.Vantage)
	var silent []string
	for i := range done {
		t := done[i]
		if t.Verdict() != run.Pass {
			continue
		}
		silent = append(silent, t.Label)
		if len(cell.Controls) == 0 {
			cell.Controls = controlsOf(in, t)
		}
	}
	if len(silent) > 0 {
		cell.Seen = reason.One(reason.Denied, "at", silent)
	}
	if cell.Verdict != run.Pass {
		return
	}
	grounds, weak := groundsOf(done, cell.By)
	switch cell.By {
	case run.ByUnknown:
		cell.Reasons = reason.One(reason.DenyUnattributed, "why", grounds)
	case run.ByPath:
		cell.Reasons = reason.One(reason.PathDenies, "why", grounds)
		cell.Findings = append(cell.Findings, check.Found(reason.DeniedOnPath))
	default:
		cell.Reasons = grounds
	}
	cell.Reasons = cell.Reasons.Add(weak...)
}

// groundsOf says of the trials that pass with an attribution why they are denied,
// and what else is weak in any.
func groundsOf(done []*check.Judged, by run.Attribution) (grounds, weak reason.List) {
	for i := range done {
		t := done[i]
		if t.Verdict() != run.Pass {
			continue
		}
		denier := t.SupportOf(reason.ClaimDeniedByHost)
		if denier.Denier() == by {
			grounds = grounds.Add(denier.Why()...)
		}
		for _, a := range t.Claims {
			if a.Code != reason.ClaimDeniedByHost && a.Level() == run.Weak && !a.Why().Equal(denier.Why()) {
				weak = weak.Add(a.Why()...)
			}
		}
	}
	return grounds, weak
}

// controlsOf says who was answered before a denied trial and after it.
func controlsOf(in *check.Input, t *check.Judged) reason.List {
	first := func(when run.When) *run.Observation {
		for _, n := range traffic.ControlNeeds(in.Policy, t.Trial, when) {
			if o := in.Peek(n); o.Heard() {
				return o
			}
		}
		return nil
	}
	before, after := first(run.Before), first(run.After)
	if before == nil || after == nil {
		return nil
	}
	window := in.See(t.Own[0])
	return reason.One(reason.ControlsAnswered, "before", before.Need.Vantage, "earlier", check.Ago(window.Start-before.End),
		"after", after.Need.Vantage, "later", check.Ago(after.Start-window.End))
}

// denials are the trials of an outsider that is denied: of the ports of a host's
// addresses of one family. Where outsiders are not denied yet, there are none.
func denials(p *intent.Policy, id run.CellID, six bool, what func(intent.Host) []check.Port) ([]check.Trial, reason.List) {
	if check.OutsidersPass(p) {
		return nil, reason.One(reason.StageIsRequest)
	}
	v, h := check.Pair(p, id)
	var all []check.Trial
	for _, a := range check.Family(h.Addresses, six) {
		for _, n := range what(h) {
			all = append(all, check.TrialOf(v, h, n, check.ReachNeed(v.Name, h, a, n, run.Window)))
		}
	}
	return all, check.NoAddress
}
