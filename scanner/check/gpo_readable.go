package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoReadable = Check{
	ID:         "gpo-readable",
	Title:      "hosts and clients keep Read and Apply on the GPO",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	Cells:      gpoCells("gpo-readable"),
	Needs:      directoryNeeds,
	Judge:      judgeReadable,
}

// permissions are the reasons that are for this check to judge.
var permissions = []gpo.Reason{gpo.NotReadable, gpo.Denied, gpo.NotGranted}

func judgeReadable(in *Input) run.Cell {
	i := in.isolation()
	gpos := in.carriers(i)
	if stopped, stop := in.notThere(i, gpos, run.AspectSecurity, run.AspectComputers); stop {
		return stopped
	}
	cell := run.Cell{Verdict: run.Pass, Intended: "Read and Apply Group Policy for every computer it is for"}
	wrong := in.refusedHosts(i, gpos, permissions)
	counts := map[string]*missedFor{}
	var order []string
	total, unsure := 0, 0
	d := in.directories.Domain(i.domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		own := in.directories.ClientNames(c)
		if c.Controller || c.ReadOnly || estate.Legacy(c.Machine) || len(own) == 0 || i.declared.Role == "hosts" {
			continue
		}
		total += len(own)
		why, unknown := "", false
		for _, g := range gpos {
			o := in.directories.Reaches(estate.Subject{Machine: c.Machine, Domain: i.domain}, i.domain, g)
			if o.Applied == estate.Yes || !containsReason(permissions, o.Reason) {
				why = ""
				break
			}
			why, unknown = fmt.Sprintf("GPO %q: %s", g.Name, o.Why), o.Applied == estate.Unknown
		}
		if why == "" {
			continue
		}
		if unknown {
			unsure += len(own)
		}
		if counts[why] == nil {
			counts[why] = &missedFor{why: why}
			order = append(order, why)
		}
		counts[why].count += len(own)
		counts[why].names = append(counts[why].names, own[:min(len(own), mostMissed-len(counts[why].names))]...)
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
		fmt.Sprintf("PowerShell: Set-GPPermission -Name %s -Domain %s -TargetName 'Authenticated Users' -TargetType Group -PermissionLevel GpoApply", quoted(gpos[0].Name), i.domain)
	switch {
	case len(wrong) > 0 || !enough(total-missed+unsure):
		cell.Verdict, cell.Reason = run.Fail, clauses(append(wrong, parts...))
	case !enough(total - missed):
		cell.Verdict, cell.Reason = run.Inconclusive, clauses(parts)
	default:
		cell.Remedy = ""
		if len(parts) > 0 {
			cell.Findings = append(cell.Findings, run.Finding{ID: "not-permitted", Severity: run.Info, Text: clauses(parts)})
		}
	}
	return cell
}

func containsReason(all []gpo.Reason, r gpo.Reason) bool {
	for _, x := range all {
		if x == r {
			return true
		}
	}
	return false
}

// refusedHosts lists the KMS hosts of the domain that a GPO does not come to for
// one of these reasons.
func (in *Input) refusedHosts(i isolation, gpos []*run.GPO, reasons []gpo.Reason) []string {
	if i.declared.Role == "clients" {
		return nil
	}
	var wrong []string
	for _, h := range in.Policy.Hosts {
		a, domain := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.domain) {
			continue
		}
		for _, g := range gpos {
			o := in.directories.Reaches(in.directories.Subject(a, domain, h.Addresses...), i.domain, g)
			if o.Applied == estate.No && containsReason(reasons, o.Reason) {
				wrong = append(wrong, fmt.Sprintf("KMS host %s: GPO %q: %s", h.Name, g.Name, o.Why))
			}
		}
	}
	return wrong
}
