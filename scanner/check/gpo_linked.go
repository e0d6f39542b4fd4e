package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoLinked = Check{
	ID:         "gpo-linked",
	Title:      "the isolation GPO is linked, enabled and inherited where hosts and clients are",
	Section:    "Create a GPO; How to implement",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-exists"},
	Cells:      gpoCells("gpo-linked"),
	Needs:      directoryNeeds,
	Judge:      judgeLinked,
}

func judgeLinked(in *Input) run.Cell {
	i := in.isolation()
	cell := run.Cell{Verdict: run.Pass, Intended: fmt.Sprintf("linked above every KMS host and client of %s", i.domain)}
	gpos := in.carriers(i)
	if stopped, stop := in.notThere(i, gpos, run.AspectLinks); stop {
		return stopped
	}
	var links []string
	any := false
	for _, g := range gpos {
		for _, l := range in.directories.LinkedAt(in.directories.Home(g), g.ID) {
			links = append(links, linkText(l))
			any = any || len(l.Lost) == 0
		}
	}
	cell.Configured = "linked at " + orElse(list(links), "nothing")
	remedy := fmt.Sprintf("GPMC: drag the GPO onto the domain, or right-click the link, Link Enabled; PowerShell: New-GPLink -Name %s -Domain %s -Target %s -LinkEnabled Yes",
		quoted(gpos[0].Name), in.directories.Home(gpos[0]), quoted(in.directories.Domain(i.domain).DN))
	if !any {
		cell.Verdict, cell.Remedy = run.Fail, remedy
		cell.Reason = fmt.Sprintf("%s is linked nowhere", i.title())
		if len(links) > 0 {
			cell.Reason = fmt.Sprintf("%s has no link that is enabled: %s", i.title(), list(links))
		}
		return cell
	}
	in.staleLinks(i, &cell)
	var lost []string
	if i.declared.Role != "clients" {
		lost = in.hostsNotBelow(i, in.carriersFor("hosts", ""))
	}
	if i.declared.Role != "hosts" {
		lost = append(lost, in.clientsNotBelow(i, in.carriersFor("clients", ""))...)
		in.undeclaredDomains(i, &cell)
	}
	if len(lost) > 0 {
		if cell.Verdict == run.Fail {
			lost = append(lost, cell.Reason)
		}
		cell.Verdict, cell.Reason = run.Fail, clauses(lost)
		cell.Remedy = remedy + "; where inheritance is blocked: GPMC: the link's Enforced, or the OU's Block Inheritance off; " +
			fmt.Sprintf("PowerShell: Set-GPLink -Name %s -Domain %s -Target CONTAINER -Enforced Yes", quoted(gpos[0].Name), in.directories.Home(gpos[0]))
	}
	return cell
}

// notThere answers for an isolation whose GPO is not there, which gpo-exists
// says, or of which the source cannot tell.
func (in *Input) notThere(i isolation, gpos []*run.GPO, aspects ...run.Aspect) (run.Cell, bool) {
	if stopped, stop := in.unreadable(i.domain, aspects...); stop {
		return stopped, true
	}
	if in.isRegistry(i.domain) {
		return skip("the export of a registry has no GPO"), true
	}
	if len(gpos) == 0 {
		return skip(fmt.Sprintf("%s is not there: see gpo-exists", i.title())), true
	}
	return run.Cell{}, false
}

func linkText(l gpo.Linked) string {
	var words []string
	if l.Link.Disabled {
		words = append(words, "disabled")
	}
	if l.Link.Enforced {
		words = append(words, "enforced")
	}
	if len(words) == 0 {
		return l.Scope
	}
	return l.Scope + " (" + strings.Join(words, ", ") + ")"
}

// hostsNotBelow lists the KMS hosts of the domain that no link comes down to.
func (in *Input) hostsNotBelow(i isolation, gpos []*run.GPO) []string {
	var lost []string
	for _, h := range in.Policy.Hosts {
		a, domain := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.domain) {
			continue
		}
		if why := in.notBelow(a.Container, gpos); why != "" {
			lost = append(lost, fmt.Sprintf("KMS host %s (%s): %s", h.Name, a.DN, why))
		}
	}
	return lost
}

// clientsNotBelow counts the computers of the domain that no link comes down
// to, by where they are. Whether the GPO applies to the others is for
// gpo-coverage.
func (in *Input) clientsNotBelow(i isolation, gpos []*run.GPO) []string {
	var order []string
	counts, whys := map[string]int{}, map[string]string{}
	total := 0
	d := in.directories.Domain(i.domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		n := len(in.directories.ClientNames(c))
		if c.Controller || c.ReadOnly || !estate.Capable(c.Machine) || n == 0 {
			continue
		}
		total += n
		if why := in.notBelow(c.Container, gpos); why != "" {
			if counts[c.Container] == 0 {
				order = append(order, c.Container)
			}
			counts[c.Container] += n
			whys[c.Container] = why
		}
	}
	missed := 0
	for _, n := range counts {
		missed += n
	}
	if missed == 0 || total == 0 || float64(total-missed)*100 >= in.Policy.Isolation.Coverage.Threshold*float64(total) {
		return nil
	}
	var lost []string
	for i, where := range order {
		if i == mostNamed && len(order) > mostNamed+1 {
			lost = append(lost, fmt.Sprintf("likewise in %d more containers", len(order)-i))
			break
		}
		lost = append(lost, fmt.Sprintf("%d computers in %s: %s", counts[where], where, whys[where]))
	}
	return lost
}

// notBelow says why no link to the GPOs comes down to a container, "" where one
// does.
func (in *Input) notBelow(container string, gpos []*run.GPO) string {
	why := "no container above has a link to it"
	for _, l := range in.directories.Order(container, nil) {
		for _, g := range gpos {
			if in.directories.GPO(gpo.DomainOf(l.Link.DN), l.Link.GPO) != g {
				continue
			}
			if len(l.Lost) == 0 {
				return ""
			}
			why = catalog.Text(l.Lost)
		}
	}
	for _, f := range in.directories.Forests {
		for j := range f.Sites {
			for _, l := range f.Sites[j].Links {
				for _, g := range gpos {
					if !l.Disabled && in.directories.GPO(gpo.DomainOf(l.DN), l.GPO) == g {
						return "" // perhaps: the site decides, and gpo-coverage says so
					}
				}
			}
		}
	}
	return why
}

// staleLinks finds links of the domain that lead nowhere.
func (in *Input) staleLinks(i isolation, cell *run.Cell) {
	d := in.directories.Domain(i.domain)
	for k := range d.Containers {
		for _, l := range d.Containers[k].Links {
			domain := gpo.DomainOf(l.DN)
			if in.directories.Domain(domain) != nil && in.directories.GPO(domain, l.GPO) == nil {
				cell.Findings = append(cell.Findings, run.Finding{ID: "stale-link", Severity: run.Warn,
					Text:   fmt.Sprintf("%s has a link to %s, and the reader sees no such GPO in %s: it was deleted, or is hidden from the reader", d.Containers[k].DN, l.GPO, domain),
					Remedy: fmt.Sprintf("GPMC: delete the link; PowerShell: Remove-GPLink -Guid %s -Target %s", strings.Trim(l.GPO, "{}"), quoted(d.Containers[k].DN))})
			}
		}
	}
}

const (
	remedyUndeclared = "declare the domain (isolation: policies: domains) and give it a copy of the GPO; PowerShell: Copy-GPO -SourceName NAME -TargetName NAME -TargetDomain DOMAIN, New-GPLink -Name NAME -Domain DOMAIN -Target DOMAINDN"
	remedyUnread     = "declare a domain controller of it (forests: directory: urls)"
)

// undeclaredDomains finds domains that have computers and no declared isolation:
// of the isolation's forest, and of the other forests that are read.
func (in *Input) undeclaredDomains(i isolation, cell *run.Cell) {
	declared := isolatedDomains(in.Policy)
	hardened := in.Policy.Isolation.Basis == policy.BasisHardened
	for _, p := range in.directories.Missing(i.domain) {
		if hasFold(declared, p.Where) {
			continue // its own cells say so
		}
		text := fmt.Sprintf("whether domain %s of the forest has clients, which need the GPO too, is not known: %s", p.Where, catalog.Text(p.Why))
		cell.Findings = append(cell.Findings, run.Finding{ID: "unread-domain", Severity: run.Warn, Text: text, Remedy: remedyUnread})
		if hardened {
			cell.Verdict, cell.Reason, cell.Remedy = run.Inconclusive, text, remedyUnread
		}
	}
	forests := []*run.Forest{in.directories.Forest(i.domain)}
	if i.target == isolations(in.Policy)[0].target {
		forests = in.directories.Forests // said once
	}
	for _, f := range forests {
		for k := range f.Domains {
			d := &f.Domains[k]
			n := clients(d)
			if n == 0 || hasFold(declared, d.Name) {
				continue
			}
			text := fmt.Sprintf("domain %s has %d enabled computers, and no isolation GPO is declared for it", d.Name, n)
			cell.Findings = append(cell.Findings, run.Finding{ID: "undeclared-domain", Severity: run.High, Text: text,
				Remedy: remedyUndeclared})
			if hardened {
				cell.Verdict, cell.Reason, cell.Remedy = run.Fail, text, remedyUndeclared
			}
		}
	}
}

// clients counts the computers of a domain that the isolation is for.
func clients(d *run.Domain) int {
	n := 0
	for i := range d.Computers {
		if c := &d.Computers[i]; !c.Controller && !c.ReadOnly && estate.Capable(c.Machine) {
			n += len(c.Names)
		}
	}
	return n
}

func hasFold(all []string, s string) bool {
	for _, x := range all {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}
