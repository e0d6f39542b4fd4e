package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
	Needs:      directoryNeeds,
	Judge:      judgeReadable,
}

// permissions are the reasons that are for this check to judge.
var permissions = []reason.Code{
	reason.ObjectUnread, reason.PermissionsUnread, reason.DescriptorUnreadable,
	reason.PermissionByGroup, reason.PermissionUnknown, reason.PermissionDenied, reason.PermissionNotGranted,
}

func judgeReadable(in *Input) run.Cell {
	i := in.isolation()
	gpos := in.carriers(i)
	if stopped, stop := in.notThere(i, gpos, run.AspectSecurity, run.AspectComputers); stop {
		return stopped
	}
	cell := run.Cell{Verdict: run.Pass, Intended: "Read and Apply Group Policy for every computer it is for"}
	wrong, vague := in.refusedHosts(i, permissions)
	counts := map[string]*missedFor{}
	var order []string
	total, unsure := 0, 0
	d := in.directories.Domain(i.domain)
	clients := in.carriersFor("clients", i.domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		own := in.directories.ClientNames(c)
		if c.Controller || c.ReadOnly || !estate.Capable(c.Machine) || len(own) == 0 || i.declared.Role == "hosts" {
			continue
		}
		total += len(own)
		a, why := in.mayApply(estate.Subject{Machine: c.Machine, Domain: i.domain}, clients, permissions)
		switch a {
		case estate.Yes:
			continue
		case estate.Unknown:
			unsure += len(own)
		}
		if counts[why] == nil {
			counts[why] = &missedFor{why: why}
			order = append(order, why)
		}
		counts[why].add(own)
	}
	missed := 0
	var parts []string
	for _, why := range order {
		missed += counts[why].count
		parts = append(parts, counts[why].text()+": "+why)
	}
	cell.Configured = fmt.Sprintf("%d of %d clients may read and apply it", total-missed, total)
	threshold := in.Policy.Isolation.Coverage.Threshold
	enough := func(n int) bool { return total == 0 || float64(n)*100 >= threshold*float64(total) }
	cell.Remedy = "GPMC: the GPO's Scope tab, Security Filtering: add Authenticated Users, or the group of the computers; " +
		fmt.Sprintf("PowerShell: Set-GPPermission -Name %s -DomainName %s -TargetName 'Authenticated Users' -TargetType Group -PermissionLevel GpoApply", quoted(gpos[0].Name), in.directories.Home(gpos[0]))
	switch {
	case len(wrong) > 0 || !enough(total-missed+unsure):
		cell.Verdict, cell.Reason = run.Fail, clauses(append(wrong, parts...))
	case len(vague) > 0 || !enough(total-missed):
		cell.Verdict, cell.Reason = run.Inconclusive, clauses(append(vague, parts...))
	default:
		cell.Remedy = ""
		if len(parts) > 0 {
			cell.Findings = append(cell.Findings, run.Finding{ID: "not-permitted", Severity: run.Info, Text: clauses(parts)})
		}
	}
	return cell
}

// mayApply says whether nothing of these reasons keeps a machine from at least one of
// the GPOs, with the why of one that it is kept from.
func (in *Input) mayApply(s estate.Subject, gpos []*run.GPO, reasons []reason.Code) (a estate.Answer, why string) {
	if len(gpos) == 0 {
		return estate.Yes, ""
	}
	for _, g := range gpos {
		if in.directories.Forest(in.directories.Home(g)) != in.directories.Forest(s.Domain) {
			continue
		}
		o := in.directories.Reaches(s, g)
		switch {
		case o.Applied == estate.Yes || !o.Why.Has(reasons...):
			return estate.Yes, ""
		case why == "" || o.Applied > a:
			a, why = o.Applied, fmt.Sprintf("GPO %q: %s", g.Name, catalog.Text(o.Why))
		}
	}
	return a, why
}

// refusedHosts lists the KMS hosts of the domain that the isolation does not
// come to for one of these reasons, and those of which that is not known.
func (in *Input) refusedHosts(i isolation, reasons []reason.Code) (wrong, vague []string) {
	if i.declared.Role == "clients" {
		return nil, nil
	}
	for _, h := range in.Policy.Hosts {
		a, domain := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.domain) {
			continue
		}
		switch got, why := in.mayApply(in.directories.Subject(a, domain, h.Addresses...), in.carriersFor("hosts", i.domain), reasons); got {
		case estate.No:
			wrong = append(wrong, fmt.Sprintf("KMS host %s: %s", h.Name, why))
		case estate.Unknown:
			vague = append(vague, fmt.Sprintf("KMS host %s: %s", h.Name, why))
		}
	}
	return wrong, vague
}
