package check

import (
	"errors"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// end is one end of the isolation.
type end = rsop.End

// profile is the one that the paper's rule is for.
const profile = rsop.DomainProfile

// hostEnd is what a KMS host has been told. The cell answers where nobody
// knows; stop says that it does.
func (in *Input) hostEnd(h policy.Host) (e end, cell run.Cell, stop bool) {
	e, err := in.directories.HostEnd(h)
	cell, stop = gapCell(err)
	return e, cell, stop
}

// clientEnds are the ends of a domain's clients, one for each different thing
// they have been told.
func (in *Input) clientEnds(domain string) (ends []end, cell run.Cell, stop bool) {
	ends, err := in.directories.ClientEnds(domain)
	cell, stop = gapCell(err)
	return ends, cell, stop
}

// unreadable says why a domain, or an aspect of it, is not known, as a cell.
func (in *Input) unreadable(domain string, aspects ...run.Aspect) (run.Cell, bool) {
	if why := in.directories.Unread(domain, aspects...); why != nil {
		return gapCell(why)
	}
	return run.Cell{}, false
}

// gapCell answers for what is not known: an error where it should have been
// read, a skip where this kind of source cannot tell.
func gapCell(err error) (run.Cell, bool) {
	var gap *rsop.Gap
	switch {
	case err == nil:
		return run.Cell{}, false
	case !errors.As(err, &gap):
		return run.Cell{Verdict: run.Error, Reasons: reason.Of(err)}, true
	}
	cell := run.Cell{Reasons: gap.Reasons}
	switch gap.Kind {
	case rsop.GapFailed:
		cell.Verdict = run.Error
	case rsop.GapUndeclared:
		cell.Verdict = run.Inconclusive
	case rsop.GapAccount, rsop.GapSystem:
		cell.Verdict = run.Fail
	default:
		cell.Verdict = run.Skip
	}
	return cell, true
}
