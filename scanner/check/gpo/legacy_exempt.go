package gpo

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// LegacyExempt is the check legacy-exempt: Windows older than connection security rules is exempt, or gone.
var LegacyExempt = check.Check{
	ID:         "legacy-exempt",
	Title:      "Windows older than connection security rules is exempt, or gone",
	Section:    "Define exemptions",
	Confirmed:  "spec",
	Configured: true,
	Cells:      check.DomainCells("legacy-exempt"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(legacyExempt, reason.ClaimComplete, reason.ClaimNoneLeft),
}

// legacyExempt looks for computers with a Windows that is too old.
func legacyExempt(e *check.Evidence, l *check.Ledger) {
	domain := e.DomainOf()
	known := e.Complete(l, domain, run.AspectComputers)
	if e.Directories.Domain(domain) == nil {
		return
	}
	inUse, idle := legacy(e.Input, domain)
	l.Intended = reason.One(reason.IntendedNoLegacy)
	l.Conduct = reason.One(reason.LegacyCounted, "used", len(inUse), "idle", len(idle))
	left := l.Of(reason.ClaimNoneLeft)
	if known {
		left.Shown(e.Forests())
	}
	if len(inUse) > 0 {
		left.Broken = reason.One(reason.LegacyInUse, "machines", inUse)
	}
	if len(idle) > 0 {
		l.Find(check.Found(reason.LegacyIdle, "names", idle))
	}
}

// legacy are the computers of a domain that are too old and not exempt: those in use,
// each with its system, and the others.
func legacy(in *check.Input, domain string) (inUse, idle []string) {
	d := in.Directories.Domain(domain)
	for i := range d.Computers {
		c := &d.Computers[i]
		switch {
		case !rsop.Legacy(c.Machine):
		case c.Idle:
			idle = append(idle, c.Names...)
		default:
			for _, n := range c.Names {
				if !exemptName(in, n) {
					inUse = append(inUse, n+" ("+c.OS+")")
				}
			}
		}
	}
	return inUse, idle
}

// exemptName reports whether a machine is a declared vantage that is exempt or
// known to get no rule, or has a pinned address in an exemption.
func exemptName(in *check.Input, name string) bool {
	for _, v := range in.Policy.WithRole(intent.RoleExempt, intent.RoleMemberNoRule) {
		if check.HasFold(in.Policy.MachineNames(v), name) {
			return true
		}
	}
	for _, a := range in.Policy.Pins[name].Addrs {
		for _, h := range in.Policy.Hosts {
			if _, ok := in.Policy.Exempt(a, h.Name); ok {
				return true
			}
		}
	}
	return false
}
