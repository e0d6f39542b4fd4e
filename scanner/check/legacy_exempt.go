package check

import (
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var legacyExempt = Check{
	ID:         "legacy-exempt",
	Title:      "Windows older than connection security rules is exempt, or gone",
	Section:    "Define exemptions",
	Confirmed:  "spec",
	Configured: true,
	Cells:      domainCells("legacy-exempt"),
	Needs:      directoryNeeds,
	Judge: func(in *Input) run.Cell {
		domain := in.domain()
		f := fold{intended: reason.One(reason.IntendedNoLegacy)}
		known := f.knows(in, domain, run.AspectComputers)
		switch {
		case in.directories.Domain(domain) == nil:
			return f.cell()
		case known && in.isRegistry(domain):
			return skipped(reason.ExportWithoutComputers)
		}
		var inUse, idle []string
		d := in.directories.Domain(domain)
		for i := range d.Computers {
			c := &d.Computers[i]
			switch {
			case !estate.Legacy(c.Machine):
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
		f.conduct = reason.One(reason.LegacyCounted, "used", len(inUse), "idle", len(idle))
		if len(inUse) > 0 {
			f.all(run.Fail, reason.One(reason.LegacyInUse, "machines", inUse))
		}
		if len(idle) > 0 {
			f.find(found(reason.LegacyIdle, "names", idle))
		}
		return f.passing()
	},
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
