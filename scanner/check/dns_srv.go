package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var dnsSRV = Check{
	ID:        "dns-srv",
	Title:     "DNS names declared KMS hosts only, with the right port",
	Section:   "KMS activation",
	Confirmed: "lab",
	After:     []string{"kms-outbound"}, // of a host, to its resolvers
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.Vantages {
			for _, d := range publishedDomains(p) {
				ids = append(ids, run.CellID{Check: "dns-srv", Vantage: v.Name, Target: d})
			}
		}
		return ids
	},
	Needs: func(_ *policy.Policy, id run.CellID) []run.Need {
		return []run.Need{srv(id.Vantage, id.Target)}
	},
	Judge: judgeSRV,
}

func srv(vantage, domain string) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeSRV, Target: domain, Param: domain}}
}

// publishedDomains are the DNS domains in which hosts are declared to be published.
func publishedDomains(p *policy.Policy) []string {
	var all []string
	for _, h := range p.Hosts {
		for _, d := range h.PublishedIn {
			if !slices.ContainsFunc(all, func(other string) bool { return sameName(d, other) }) {
				all = append(all, d)
			}
		}
	}
	return all
}

// firstDomain is a name that every resolver of a host should know.
func firstDomain(p *policy.Policy) string {
	if d := publishedDomains(p); len(d) > 0 {
		return d[0]
	}
	if len(p.Forests) > 0 {
		return p.Forests[0].Name
	}
	return ""
}

func judgeSRV(in *Input) run.Cell {
	domain := in.Cell.Target
	o := in.See(srv(in.Cell.Vantage, domain))
	f := fold{none: in.Cell.Vantage + " has no resolver configured",
		intended: "_vlmcs._tcp." + domain + " names " + strings.Join(publishedHosts(in.Policy, domain), ", ")}
	if !f.sees("", o) {
		return f.cell()
	}
	for _, ans := range o.SRV {
		if ans.Class == run.NotPermitted || ans.Class == run.Exhausted {
			f.add(part{verdict: run.Error, reason: fmt.Sprintf("%s could not ask its resolver %s: %s", in.Cell.Vantage, ans.Resolver, ans.Note)})
			continue
		}
		f.add(part{verdict: run.Pass, seen: sawSRV(ans)})
		wrong, open := in.judgeAnswer(ans, domain)
		f.all(run.Fail, wrong)
		f.all(run.Inconclusive, open)
	}
	return f.cell()
}

// judgeAnswer compares one resolver's answer with what is declared. A vantage
// outside the domain need not see the record at all.
func (in *Input) judgeAnswer(ans run.SRVAnswer, domain string) (wrong, open []string) {
	from := ans.Resolver.String()
	switch {
	case ans.Class != run.Answered:
		return nil, []string{fmt.Sprintf("resolver %s: %s %s", from, ans.Class, ans.Note)}
	case ans.RCode != "success" && ans.RCode != "nxdomain":
		return nil, []string{fmt.Sprintf("resolver %s answers %s", from, ans.RCode)}
	}
	var named []string
	for _, r := range ans.Records {
		if noService(r) {
			continue
		}
		h, ok := hostNamed(in.Policy, r.Target)
		if !ok && r.Canonical != "" {
			h, ok = hostNamed(in.Policy, r.Canonical)
		}
		switch {
		case r.Unanswered && ok:
			open = append(open, fmt.Sprintf("resolver %s does not tell the addresses of %s", from, r.Target))
		case r.Unanswered:
			// It may be an alias of a declared host.
			open = append(open, fmt.Sprintf("resolver %s names %s, and does not tell which host that is", from, r.Target))
			continue
		}
		if !ok {
			wrong = append(wrong, fmt.Sprintf("resolver %s names %s, which is no declared KMS host", from, r.Target))
			continue
		}
		named = append(named, h.Name)
		if r.Port != h.Port {
			wrong = append(wrong, fmt.Sprintf("resolver %s gives port %d for %s, declared is %d", from, r.Port, r.Target, h.Port))
		}
		for _, a := range r.Addrs {
			if !slices.Contains(h.Addresses, a) {
				wrong = append(wrong, fmt.Sprintf("resolver %s gives %s for %s, which is not among its declared addresses", from, a, r.Target))
			}
		}
	}
	if member(in.vantage().Role) {
		for _, h := range publishedHosts(in.Policy, domain) {
			if !slices.Contains(named, h) {
				wrong = append(wrong, fmt.Sprintf("resolver %s does not name %s", from, h))
			}
		}
	}
	return wrong, open
}

func member(r policy.Role) bool {
	return r == policy.RoleDomain || r == policy.RoleKMSHost || r == policy.RoleMemberNoRule
}

func publishedHosts(p *policy.Policy, domain string) []string {
	var all []string
	for _, h := range p.Hosts {
		if slices.ContainsFunc(h.PublishedIn, func(d string) bool { return sameName(d, domain) }) {
			all = append(all, h.Name)
		}
	}
	return all
}

func hostNamed(p *policy.Policy, fqdn string) (policy.Host, bool) {
	for _, h := range p.Hosts {
		if h.FQDN != "" && sameName(h.FQDN, fqdn) {
			return h, true
		}
	}
	return policy.Host{}, false
}

// sameName compares names of DNS (RFC 4343).
func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}

// noService is a record whose target is ".": the service is decidedly not
// available in the domain (RFC 2782).
func noService(r run.SRVRecord) bool { return strings.TrimSuffix(r.Target, ".") == "" }

func sawSRV(ans run.SRVAnswer) string {
	if ans.Class != run.Answered {
		return fmt.Sprintf("%s %s", ans.Resolver, ans.Class)
	}
	if len(ans.Records) == 0 {
		return fmt.Sprintf("%s: %s, no record", ans.Resolver, ans.RCode)
	}
	var names []string
	for _, r := range ans.Records {
		switch {
		case noService(r):
			names = append(names, `no service (the target is ".")`)
		case r.Canonical != "":
			names = append(names, fmt.Sprintf("%s:%d (an alias of %s, which RFC 2782 does not allow)", r.Target, r.Port, r.Canonical))
		default:
			names = append(names, fmt.Sprintf("%s:%d", r.Target, r.Port))
		}
	}
	slices.Sort(names)
	return fmt.Sprintf("%s: %s", ans.Resolver, strings.Join(names, ", "))
}
