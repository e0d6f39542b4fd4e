package rule

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Exemptions is the check exemptions: the exemptions that are configured are those declared.
var Exemptions = check.Check{
	ID:         "exemptions",
	Title:      "the exemptions that are configured are those declared",
	Section:    "Define exemptions",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      append([]string{"rule-conflicts"}, check.Arrival...),
	Cells:      check.ConfiguredHostCells("exemptions"),
	Trials:     check.ItsTarget,
	Claims:     ruleClaims(reason.ClaimEqual, judgeExemptions, nil, reason.ClaimInForce),
}

// exempted is a rule that exempts peers of a host, and which.
type exempted struct {
	rule        *consec.Rule
	host, peers consec.Addresses // the rule's two sides, as seen from the host
	own         bool             // it is the isolation's, not another GPO's
	icmp        bool             // it is for ICMP only
	kms         bool             // it is for the KMS port too, in the Domain profile
}

func judgeExemptions(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	if !e.Resultant.Assumed && !in.Directories.Isolated(e.Resultant) {
		s.skip(reason.IsolationElsewhere)
		return
	}
	s.shown(reason.ClaimEqual)
	s.shown(reason.ClaimInForce)
	declared := declaredFor(in, h)
	s.Intended = reason.One(reason.IntendedExemptions, "host", h.Name, "exempt", configured.Texts(declared))
	found := exemptedAt(in, e, h)
	counts := map[bool]int{}
	for _, x := range found {
		for _, r := range x.peers.Ranges {
			counts[r.First.Is4()]++
		}
		if x.own {
			judgeExemption(in, e, h, x, declared, s)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(declared), func(d netip.Prefix) bool { return coveredBy(d, found) || !configured.Reaches(d, h) })
	for _, d := range missing {
		if e.Resultant.More {
			s.unsure("", reason.New(reason.MayNotExempt, "network", d))
			continue
		}
		s.breaks("", reason.New(reason.DoesNotExempt, "network", d, "missing", missing, "store", store(e, configured.CarrierName(in, e)), "hosts", in.Directories.HostAddresses()))
	}
	agedExemptions(in, e, h, s)
	s.note(reason.ToldRanges, "ipv4", counts[true], "ipv6", counts[false])
}

// exemptedAt lists the rules that exempt peers of the host, in any profile, as
// far as the scope reaches. Those of other GPOs are for rule-conflicts to judge.
func exemptedAt(in *check.Input, e configured.End, h intent.Host) []exempted {
	var all []exempted
	for i := range e.Resultant.Policy.Rules {
		r := &e.Resultant.Policy.Rules[i]
		if r.Action != consec.DoNotSecure || !r.Active || r.Tunnel || r.Rejected() != nil {
			continue
		}
		awake := len(r.Profiles) == 0 || slices.Contains(r.Profiles, configured.DomainProfile)
		for _, x := range []struct {
			host, peers consec.Addresses
			ports       []consec.Ports // of the host's side
		}{{r.EP1, r.EP2, r.EP1Ports}, {r.EP2, r.EP1, r.EP2Ports}} {
			if !slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return x.host.Covers(a, nil) != tri.No }) {
				continue
			}
			kms := (r.Protocol == consec.AnyProtocol || r.Protocol == check.ProtoTCP) &&
				(len(x.ports) == 0 || slices.ContainsFunc(x.ports, func(p consec.Ports) bool { return p.First <= h.Port && h.Port <= p.Last }))
			if !kms && in.Policy.Isolation.Scope == intent.ScopeKMSPort {
				continue
			}
			all = append(all, exempted{r, x.host, x.peers, e.Resultant.Assumed || r.Source == "" || configured.Carries(in, r.Source),
				r.Protocol == check.ProtoICMP || r.Protocol == check.ProtoICMPv6, kms && awake})
			if x.host.IsAny() && x.peers.IsAny() {
				break // both ways round it is the same
			}
		}
	}
	return all
}

func judgeExemption(in *check.Input, e configured.End, h intent.Host, x exempted, declared []netip.Prefix, s *ruleSum) {
	by := reason.One(reason.RuleOfGPO, "rule", x.rule.Title(), "gpo", x.rule.Source)
	if x.icmp {
		s.Find(check.Found(reason.RuleExemptsICMP, "end", e.Name, "by", by))
		return
	}
	fail := func(code reason.Code, args ...any) {
		s.exposes("", reason.New(code, append(args, "by", by, "store", e.Domain+`\`+x.rule.Source, "rule", x.rule.Name, "declared", declared)...))
	}
	for _, k := range x.peers.Keywords {
		fail(reason.ExemptsKeyword, "keyword", k.Name)
	}
	switch {
	case x.peers.IsAny() && x.host.IsAny():
		fail(reason.ExemptsEverybody)
		return
	case x.peers.IsAny():
		own := slices.DeleteFunc(slices.Clone(h.Addresses), func(a netip.Addr) bool { return x.host.Covers(a, nil) == tri.No })
		fail(reason.ExemptsAllAtHost, "host", h.Name, "addresses", own)
		return
	}
	others := false // than KMS hosts
	for _, r := range x.peers.Ranges {
		others = others || len(withoutHosts(in, r)) > 0
		if other, a := configured.HostIn(in, r); a.IsValid() && !x.host.IsAny() { // else the other way round says more
			fail(reason.ExemptsHost, "range", r, "host", other, "address", a)
		}
		judgeRange(in, r, declared, fail)
	}
	if x.host.IsAny() && others {
		f := check.Found(reason.ExemptionAny, "by", by)
		if in.Policy.Isolation.Basis == intent.BasisPaper {
			f.Severity = run.Info // the paper's own form
		}
		s.Find(f)
	}
}

// judgeRange judges one range of peers. KMS hosts in it are no peers to ask for:
// they are isolated themselves.
func judgeRange(in *check.Input, r consec.Range, declared []netip.Prefix, fail func(reason.Code, ...any)) {
	rest := withoutHosts(in, r)
	for _, v := range in.Policy.WithRole(intent.RoleNonDomain, intent.RoleDomain) {
		for _, a := range in.Sources(v.Name) {
			if slices.ContainsFunc(rest, func(r consec.Range) bool { return r.Contains(a) }) {
				fail(reason.ExemptsVantage, "range", r, "role", v.Role, "vantage", v.Name, "address", a)
			}
		}
	}
	var undeclared []string
	for _, part := range rest {
		if more := outside(part, declared); more != "" {
			undeclared = append(undeclared, more)
		}
	}
	if len(undeclared) > 0 {
		fail(reason.ExemptsUndeclared, "range", r, "ranges", undeclared)
	}
}

// withoutHosts is a range without the KMS hosts' addresses.
func withoutHosts(in *check.Input, r consec.Range) []consec.Range {
	var hosts []consec.Range
	for _, a := range in.Directories.HostAddresses() {
		hosts = append(hosts, consec.Range{First: a, Last: a})
	}
	return configured.Without([]consec.Range{r}, hosts...)
}

// declaredFor are the networks that may reach a host in clear.
func declaredFor(in *check.Input, h intent.Host) []netip.Prefix {
	var all []netip.Prefix
	for _, x := range in.Policy.Exemptions {
		if x.Applies(h.Name) {
			all = append(all, x.Addresses...)
		}
	}
	return all
}

// agedExemptions judges what is declared: that an exemption has not expired, and
// that somebody answers for it.
func agedExemptions(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	for _, x := range in.Policy.Exemptions {
		if !x.Applies(h.Name) {
			continue
		}
		if !x.Expires.IsZero() && !x.Expires.After(in.Started) {
			s.Find(check.Found(reason.ExemptionExpired, "exemption", x.Name, "ended", x.Ends(), "owner", x.Owner))
			if in.Policy.Isolation.Basis == intent.BasisHardened {
				ended := s.Of(reason.ClaimInForce)
				ended.Exposed = append(ended.Exposed, s.at("", reason.New(reason.ExemptsExpired, "exemption", x.Name, "ended", x.Ends(), "owner", x.Owner, "store", store(e, configured.CarrierName(in, e)))))
			}
		}
		var lacks []string
		for _, f := range []struct{ what, value string }{{"reason", x.Reason}, {"owner", x.Owner}, {"other control", x.Control}} {
			if f.value == "" {
				lacks = append(lacks, f.what)
			}
		}
		if x.Expires.IsZero() {
			lacks = append(lacks, "expiry")
		}
		if len(lacks) > 0 {
			s.Find(check.Found(reason.ExemptionUnowned, "exemption", x.Name, "lacks", lacks))
		}
	}
}

// coveredBy reports whether the rules exempt all of a network towards the KMS
// port.
func coveredBy(d netip.Prefix, found []exempted) bool {
	rest := []consec.Range{configured.RangeOf(d)}
	for _, x := range found {
		if !x.kms {
			continue
		}
		if x.peers.IsAny() {
			return true
		}
		rest = configured.Without(rest, x.peers.Ranges...)
	}
	return len(rest) == 0
}

// outside says what of a range is in none of the networks, "" where all is.
func outside(r consec.Range, declared []netip.Prefix) string {
	rest := []consec.Range{r}
	for _, d := range declared {
		rest = configured.Without(rest, configured.RangeOf(d))
	}
	return check.List(configured.Texts(rest))
}
