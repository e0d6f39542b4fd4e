package check

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoReadable = Check{
	ID:         "gpo-readable",
	Title:      "hosts and clients keep Read and Apply on the GPO",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-linked"},
	Cells:      gpoCells("gpo-readable"),
	Trials:     itsIsolation,
	Claims: func(p *policy.Policy, t Trial) []Claim {
		return together((*Evidence).readable, ofRole(p, t)...)(p, t)
	},
}

// permissions are the reasons that are for this check to judge.
var permissions = []reason.Code{
	reason.ObjectUnread, reason.PermissionsUnread, reason.DescriptorUnreadable,
	reason.PermissionByGroup, reason.PermissionUnknown, reason.PermissionDenied, reason.PermissionNotGranted,
}

// readable asks of each host, and of all clients, whether they may apply the GPOs.
func (e *Evidence) readable(l *ledger) {
	i := e.isolation()
	gpos := e.carriers(i)
	known, there := e.there(l, i, gpos, run.AspectSecurity, run.AspectComputers)
	if !there {
		return
	}
	toPermit := []any{"gpo", gpos[0].Name, "home", e.directories.Home(gpos[0])}
	wrong, vague := e.refusedHosts(i, permissions, toPermit)
	may, parts := e.refusedClients(i, toPermit)
	l.intended = reason.One(reason.IntendedPermission)
	l.conduct = reason.One(reason.ClientsPermitted, "count", may.yes, "total", may.total())
	if known {
		l.shown(e.forests())
	}
	if i.isFor("hosts") {
		reaches := l.of(reason.ClaimReaches)
		reaches.broken, reaches.unsure = wrong, vague
	}
	threshold := e.Policy.Isolation.Coverage.Threshold
	switch {
	case len(parts) == 0:
	case may.below(threshold):
		l.of(reason.ClaimCounted).broken = parts
	case may.perhapsBelow(threshold):
		l.of(reason.ClaimCounted).unsure = parts
	default:
		l.find(found(reason.SomeRefused, "why", parts))
	}
}

// refusedClients counts the clients of the domain that may apply the GPOs, and says
// which may not, or perhaps not.
func (in *Input) refusedClients(i isolation, toPermit []any) (may share, parts reason.List) {
	if !i.isFor("clients") {
		return share{}, nil
	}
	counts := map[string]*missedFor{}
	var order []*missedFor
	may.open = in.unlisted(i.domain)
	d := in.directories.Domain(i.domain)
	clients := in.carriersFor("clients", i.domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		own := in.directories.ClientNames(c)
		if c.Controller || c.ReadOnly || !rsop.Capable(c.Machine) || len(own) == 0 {
			continue
		}
		a, why := in.mayApply(rsop.Subject{Machine: c.Machine, Domain: i.domain}, clients, permissions)
		if may.count(a, len(own)); a == rsop.Yes {
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
func (in *Input) mayApply(s rsop.Subject, gpos []*run.GPO, reasons []reason.Code) (a rsop.Answer, why reason.List) {
	if len(gpos) == 0 {
		return rsop.Yes, nil
	}
	for _, g := range gpos {
		if in.directories.Forest(in.directories.Home(g)) != in.directories.Forest(s.Domain) {
			continue
		}
		o := in.directories.Reaches(s, g)
		switch {
		case o.Applied == rsop.Yes || !o.Why.Has(reasons...):
			return rsop.Yes, nil
		case why == nil || o.Applied > a:
			a, why = o.Applied, keptAway(g, &o)
		}
	}
	return a, why
}

// refusedHosts lists the KMS hosts of the domain that the isolation does not
// come to for one of these reasons, and those of which that is not known.
func (in *Input) refusedHosts(i isolation, reasons []reason.Code, toPermit []any) (wrong, vague reason.List) {
	if i.declared.Role == "clients" {
		return nil, nil
	}
	for _, h := range in.Policy.Hosts {
		a, domain := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.domain) {
			continue
		}
		switch got, why := in.mayApply(in.directories.Subject(a, domain, h.Addresses...), in.carriersFor("hosts", i.domain), reasons); got {
		case rsop.No:
			wrong = append(wrong, reason.New(reason.HostRefused, append(toPermit, "host", h.Name, "why", why)...))
		case rsop.Unknown:
			vague = append(vague, reason.New(reason.HostMaybeRefused, append(toPermit, "host", h.Name, "why", why)...))
		}
	}
	return wrong, vague
}
