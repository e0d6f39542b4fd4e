package gpo

import (
	"cmp"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Readable is the check gpo-readable: hosts and clients keep Read and Apply on the GPO.
var Readable = check.Check{
	ID:         "gpo-readable",
	Title:      "hosts and clients keep Read and Apply on the GPO",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-linked"},
	Cells:      check.GPOCells("gpo-readable"),
	Trials:     itsIsolation,
	Claims: func(p *intent.Policy, t *check.Trial) []check.Claim {
		return check.Together(readable, ofRole(p, t)...)(p, t)
	},
}

// permissions are the reasons that are for this check to judge.
var permissions = []reason.Code{
	reason.ObjectUnread, reason.PermissionsUnread, reason.DescriptorUnreadable,
	reason.PermissionByGroup, reason.PermissionUnknown, reason.PermissionDenied, reason.PermissionNotGranted,
}

// readable asks of each host, and of all clients, whether they may apply the GPOs.
func readable(e *check.Evidence, l *check.Ledger) {
	i := e.IsolationOf()
	gpos := e.CarriersOf(i)
	known, there := e.There(l, i, gpos, run.AspectSecurity, run.AspectComputers)
	if !there {
		return
	}
	toPermit := []any{"gpo", gpos[0].Name, "home", e.Directories.Home(gpos[0])}
	wrong, vague := refusedHosts(e.Input, i, permissions, toPermit)
	may, parts := refusedClients(e.Input, i, toPermit)
	l.Intended = reason.One(reason.IntendedPermission)
	l.Conduct = reason.One(reason.ClientsPermitted, "count", may.yes, "total", may.total())
	if known {
		l.Shown(e.Forests())
	}
	if isolationIsFor(i, "hosts") {
		reaches := l.Of(reason.ClaimReaches)
		reaches.Broken, reaches.Unsure = wrong, vague
	}
	threshold := e.Policy.Isolation.Coverage.Threshold
	switch {
	case len(parts) == 0:
	case may.below(threshold):
		l.Of(reason.ClaimCounted).Broken = parts
	case may.perhapsBelow(threshold):
		l.Of(reason.ClaimCounted).Unsure = parts
	default:
		l.Find(check.Found(reason.SomeRefused, "why", parts))
	}
}

// refusedClients counts the clients of the domain that may apply the GPOs, and says
// which may not, or perhaps not.
func refusedClients(in *check.Input, i check.Isolation, toPermit []any) (may share, parts reason.List) {
	if !isolationIsFor(i, "clients") {
		return share{}, nil
	}
	counts := map[string]*missedFor{}
	var order []*missedFor
	may.open = unlisted(in, i.Domain)
	d := in.Directories.Domain(i.Domain)
	clients := configured.CarriersFor(in, "clients", i.Domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		own := in.Directories.ClientNames(c)
		if c.Controller || c.ReadOnly || !rsop.Capable(c.Machine) || len(own) == 0 {
			continue
		}
		a, why := mayApply(in, rsop.Subject{Machine: c.Machine, Domain: i.Domain}, clients, permissions)
		if may.count(a, len(own)); a == tri.Yes {
			continue
		}
		m := counts[why.Key()]
		if m == nil {
			m = &missedFor{why: why}
			counts[why.Key()] = m
			order = append(order, m)
		}
		m.add(own)
	}
	for _, m := range order {
		parts = append(parts, reason.New(reason.ComputersRefused, append(toPermit, m.args()...)...))
	}
	return may, parts
}

// mayApply says whether nothing of these reasons keeps a machine from at least one of
// the GPOs, with the why of one that it is kept from.
func mayApply(in *check.Input, s rsop.Subject, gpos []*run.GPO, reasons []reason.Code) (a tri.State, why reason.List) {
	if len(gpos) == 0 {
		return tri.Yes, nil
	}
	a = tri.No
	for _, g := range gpos {
		if in.Directories.Forest(in.Directories.Home(g)) != in.Directories.Forest(s.Domain) {
			continue
		}
		o := in.Directories.Reaches(s, g)
		switch {
		case o.Applied == tri.Yes || !o.Why.Has(reasons...):
			return tri.Yes, nil
		case why == nil || o.Applied > a:
			a, why = o.Applied, keptAway(g, &o)
		}
	}
	return a, why
}

// refusedHosts lists the KMS hosts of the domain that the isolation does not
// come to for one of these reasons, and those of which that is not known.
func refusedHosts(in *check.Input, i check.Isolation, reasons []reason.Code, toPermit []any) (wrong, vague reason.List) {
	if i.Declared.Role == "clients" {
		return nil, nil
	}
	for _, h := range in.Policy.Hosts {
		a, domain := in.Directories.Account(cmp.Or(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.Domain) {
			continue
		}
		switch got, why := mayApply(in, in.Directories.Subject(a, domain, h.Addresses...), configured.CarriersFor(in, "hosts", i.Domain), reasons); got {
		case tri.No:
			wrong = append(wrong, reason.New(reason.HostRefused, append(toPermit, "host", h.Name, "why", why)...))
		case tri.Unknown:
			vague = append(vague, reason.New(reason.HostMaybeRefused, append(toPermit, "host", h.Name, "why", why)...))
		}
	}
	return wrong, vague
}
