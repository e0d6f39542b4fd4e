package check

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	f := fold{none: reason.One(reason.NoResolver, "vantage", in.Cell.Vantage),
		intended: reason.One(reason.IntendedRecords, "domain", domain, "hosts", publishedHosts(in.Policy, domain))}
	if !f.sees("", o) {
		return f.cell()
	}
	for _, ans := range o.SRV {
		if ans.Class == run.NotPermitted || ans.Class == run.Exhausted {
			f.add(part{verdict: run.Error, why: reason.One(reason.ResolverNotAsked, "vantage", in.Cell.Vantage, "resolver", ans.Resolver, "words", ans.Note)})
			continue
		}
		f.add(part{verdict: run.Pass, seen: reason.List{seenSRV(ans)}})
		wrong, open := in.judgeAnswer(ans, domain)
		f.all(run.Fail, wrong)
		f.all(run.Inconclusive, open)
	}
	return f.cell()
}

// judgeAnswer compares one resolver's answer with what is declared. A vantage
// outside the domain need not see the record at all.
func (in *Input) judgeAnswer(ans run.SRVAnswer, domain string) (wrong, open reason.List) {
	from := ans.Resolver.String()
	switch {
	case ans.Class != run.Answered:
		return nil, reason.One(reason.ResolverSilent, "resolver", from, "class", ans.Class, "words", ans.Note)
	case ans.RCode != "success" && ans.RCode != "nxdomain":
		return nil, reason.One(reason.ResolverError, "resolver", from, "rcode", ans.RCode)
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
			open = append(open, reason.New(reason.ResolverNoAddresses, "resolver", from, "name", r.Target))
		case r.Unanswered:
			// It may be an alias of a declared host.
			open = append(open, reason.New(reason.ResolverUnknownName, "resolver", from, "name", r.Target))
			continue
		}
		if !ok {
			wrong = append(wrong, reason.New(reason.StrangerInDNS, "resolver", from, "name", r.Target))
			continue
		}
		named = append(named, h.Name)
		if r.Port != h.Port {
			wrong = append(wrong, reason.New(reason.WrongPortInDNS, "resolver", from, "port", r.Port, "name", r.Target, "declared", h.Port))
		}
		for _, a := range r.Addrs {
			if !slices.Contains(h.Addresses, a) {
				wrong = append(wrong, reason.New(reason.StrangerAddressInDNS, "resolver", from, "address", a, "name", r.Target))
			}
		}
	}
	if member(in.vantage().Role) {
		for _, h := range publishedHosts(in.Policy, domain) {
			if !slices.Contains(named, h) {
				wrong = append(wrong, reason.New(reason.HostNotInDNS, "resolver", from, "host", h))
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

// seenSRV is what a resolver answered. Of each record it has the name, with its
// port and its alias where it is one.
func seenSRV(ans run.SRVAnswer) reason.Reason {
	r := reason.New(reason.SeenSRV, "resolver", ans.Resolver)
	if ans.Class != run.Answered {
		return r.With("class", ans.Class)
	}
	if len(ans.Records) == 0 {
		return r.With("rcode", ans.RCode)
	}
	var names reason.List
	for _, rec := range ans.Records {
		switch {
		case noService(rec):
			names = append(names, reason.New(reason.NoServiceInDNS))
		case rec.Canonical != "":
			names = append(names, reason.New(reason.AliasInDNS, "name", rec.Target, "port", rec.Port, "alias", rec.Canonical))
		default:
			names = append(names, reason.New(reason.RecordInDNS, "name", rec.Target, "port", rec.Port))
		}
	}
	slices.SortFunc(names, func(a, b reason.Reason) int {
		return strings.Compare(a.Word("name")+":"+a.Word("port"), b.Word("name")+":"+b.Word("port"))
	})
	return r.With("records", names)
}
