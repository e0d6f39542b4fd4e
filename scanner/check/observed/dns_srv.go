package observed

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// DNSSRV is the check dns-srv: DNS names declared KMS hosts only, with the right port.
var DNSSRV = check.Check{
	ID:        "dns-srv",
	Title:     "DNS names declared KMS hosts only, with the right port",
	Section:   "KMS activation",
	Confirmed: "lab",
	After:     []string{"kms-outbound"}, // of a host, to its resolvers
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.Vantages {
			for _, d := range PublishedDomains(p) {
				ids = append(ids, run.CellID{Check: "dns-srv", Vantage: v.Name, Target: d})
			}
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		v, _ := p.Vantage(id.Vantage)
		return []check.Trial{{Label: id.Target, From: v, Target: id.Target, Own: []run.Need{srv(id.Vantage, id.Target)}}}, nil
	},
	Claims: func(_ *intent.Policy, t *check.Trial) []check.Claim {
		claims := []check.Claim{
			{Code: reason.ClaimAllResolvers, Needs: check.OwnNeeds, Ask: allResolversAnswered},
			recordClaim(reason.ClaimOnlyDeclared, func(r *recordFaults) fault { return r.names }),
			recordClaim(reason.ClaimSRVPort, func(r *recordFaults) fault { return r.ports }),
			recordClaim(reason.ClaimSRVAddresses, func(r *recordFaults) fault { return r.addrs }),
		}
		if member(t.From.Role) {
			claims = append(claims, recordClaim(reason.ClaimNamesAll, func(r *recordFaults) fault { return r.missing }))
		}
		return claims
	},
	Tell: tellSRV,
}

func srv(vantage, domain string) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeSRV, Target: domain, Param: domain}}
}

// PublishedDomains are the DNS domains in which hosts are declared to be published.
func PublishedDomains(p *intent.Policy) []string {
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
func firstDomain(p *intent.Policy) string {
	if d := PublishedDomains(p); len(d) > 0 {
		return d[0]
	}
	if len(p.Forests) > 0 {
		return p.Forests[0].Name
	}
	return ""
}

func member(r intent.Role) bool {
	return r == intent.RoleDomain || r == intent.RoleKMSHost || r == intent.RoleMemberNoRule
}

func publishedHosts(p *intent.Policy, domain string) []string {
	var all []string
	for _, h := range p.Hosts {
		if slices.ContainsFunc(h.PublishedIn, func(d string) bool { return sameName(d, domain) }) {
			all = append(all, h.Name)
		}
	}
	return all
}

func hostNamed(p *intent.Policy, fqdn string) (intent.Host, bool) {
	for _, h := range p.Hosts {
		if h.FQDN != "" && sameName(h.FQDN, fqdn) {
			return h, true
		}
	}
	return intent.Host{}, false
}

// sameName compares names of DNS (RFC 4343).
func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}

// noService is a record whose target is ".": the service is decidedly not
// available in the domain (RFC 2782).
func noService(r run.SRVRecord) bool { return strings.TrimSuffix(r.Target, ".") == "" }
