package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var legacyExempt = Check{
	ID:         "legacy-exempt",
	Title:      "Windows older than connection security rules is exempt, or gone",
	Section:    "Define exemptions",
	Confirmed:  "spec",
	Configured: true,
	Cells:      domainCells("legacy-exempt"),
	Trials:     itsTarget,
	Claims:     together((*Evidence).legacyExempt, reason.ClaimComplete, reason.ClaimNoneLeft),
}

// legacyExempt looks for computers with a Windows that is too old.
func (e *Evidence) legacyExempt(l *ledger) {
	domain := e.domain()
	known := e.complete(l, domain, run.AspectComputers)
	if e.directories.Domain(domain) == nil {
		return
	}
	inUse, idle := e.legacy(domain)
	l.intended = reason.One(reason.IntendedNoLegacy)
	l.conduct = reason.One(reason.LegacyCounted, "used", len(inUse), "idle", len(idle))
	left := l.of(reason.ClaimNoneLeft)
	if known {
		left.shown(e.forests())
	}
	if len(inUse) > 0 {
		left.broken = reason.One(reason.LegacyInUse, "machines", inUse)
	}
	if len(idle) > 0 {
		l.find(found(reason.LegacyIdle, "names", idle))
	}
}

// legacy are the computers of a domain that are too old and not exempt: those in use,
// each with its system, and the others.
func (in *Input) legacy(domain string) (inUse, idle []string) {
	d := in.directories.Domain(domain)
	for i := range d.Computers {
		c := &d.Computers[i]
		switch {
		case !rsop.Legacy(c.Machine):
		case c.Idle:
			idle = append(idle, c.Names...)
		default:
			for _, n := range c.Names {
				if !in.exemptName(n) {
					inUse = append(inUse, n+" ("+c.OS+")")
				}
			}
		}
	}
	return inUse, idle
}

// exemptName reports whether a machine is a declared vantage that is exempt or
// known to get no rule, or has a pinned address in an exemption.
func (in *Input) exemptName(name string) bool {
	for _, v := range in.Policy.WithRole(policy.RoleExempt, policy.RoleMemberNoRule) {
		if hasFold(in.Policy.MachineNames(v), name) {
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
