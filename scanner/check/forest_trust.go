package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var forestTrust = Check{
	ID:         "forest-trust",
	Title:      "the forest of the KMS hosts trusts the forest of the clients",
	Section:    "Multiple forests",
	Confirmed:  "spec",
	Configured: true,
	Cells: func(p *policy.Policy) []run.CellID {
		if len(p.Directories()) < 2 {
			return nil
		}
		var ids []run.CellID
		for _, f := range p.Directories() {
			ids = append(ids, directoryCell("forest-trust", "forest:"+f.Name))
		}
		return ids
	},
	Trials: itsTarget,
	Claims: together((*Evidence).trusted, reason.ClaimComplete, reason.ClaimAgree),
}

// trusted looks at the trust of each forest that has KMS hosts.
func (e *Evidence) trusted(l *ledger) {
	clients := strings.TrimPrefix(e.Cell.Target, "forest:")
	l.intended = reason.One(reason.IntendedTrust, "forest", clients)
	own := true
	for _, f := range e.directories.Forests {
		hosts := e.hostsOf(f)
		if len(hosts) == 0 || strings.EqualFold(f.Name, clients) {
			continue
		}
		own = false
		if e.complete(l, f.Name, run.AspectTrusts) {
			e.trusts(f, clients, hosts, l)
		}
	}
	agree := l.of(reason.ClaimAgree)
	for _, h := range e.Policy.Hosts {
		if e.forestOf(h) == nil {
			agree.unsure = append(agree.unsure, reason.New(reason.ForestOfHostUnknown, "host", h.Name))
		}
	}
	if own && len(agree.unsure) == 0 {
		l.intended, agree.void = nil, reason.One(reason.SameForest, "forest", clients)
	}
}

// hostsOf lists the KMS hosts that are in a forest.
func (in *Input) hostsOf(f *run.Forest) []policy.Host {
	var some []policy.Host
	for _, h := range in.Policy.Hosts {
		if in.forestOf(h) == f {
			some = append(some, h)
		}
	}
	return some
}

// forestOf is the forest that a KMS host has its account in, or, where the source
// has no accounts, that its name says; nil where neither is known.
func (in *Input) forestOf(h policy.Host) *run.Forest {
	if a, domain := in.directories.Account(orElse(h.FQDN, h.Name)); a != nil {
		return in.directories.Forest(domain)
	}
	_, parent, _ := strings.Cut(h.FQDN, ".")
	if f := in.directories.Forest(parent); f != nil && len(f.Lost[run.AspectComputers]) > 0 {
		return f
	}
	return nil
}

// trusts looks at the trust of the hosts' forest towards the clients', from
// both sides where both were read.
func (e *Evidence) trusts(f *run.Forest, clients string, hosts []policy.Host, l *ledger) {
	agree := l.of(reason.ClaimAgree)
	here, wrong := e.directories.Trust(f, clients)
	for _, why := range wrong {
		if why.Is(reason.TrustReversed) {
			why = reason.New(reason.TrustWrongWay, "why", why)
		}
		agree.broken = append(agree.broken, why)
	}
	if here == nil {
		l.conduct = append(l.conduct, reason.New(reason.NoTrust))
		return
	}
	said := reason.New(reason.TrustThere, "forest", f.Name, "direction", here.Direction, "attributes", fmt.Sprintf("0x%x", here.Attributes))
	if here.Direction == rsop.TrustOutbound {
		l.find(found(reason.OneWayTrust, "hosts-forest", f.Name, "clients-forest", clients))
	}
	agree.shown(e.forests())
	if len(wrong) == 0 && here.Attributes&rsop.TrustSelective != 0 && e.selective(clients, hosts, agree) {
		said.Code = reason.TrustThereSelective
	}
	l.conduct = append(l.conduct, said)
}

// selective asks each host's own descriptor whether the clients' computers may
// authenticate to it ([MS-KILE] 3.3.5.7.5).
func (in *Input) selective(clients string, hosts []policy.Host, agree *entry) bool {
	against := len(agree.broken) + len(agree.unsure)
	unsure := func(code reason.Code, args ...any) { agree.unsure = append(agree.unsure, reason.New(code, args...)) }
	for _, h := range hosts {
		a, _ := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || a.Security == "" {
			unsure(reason.SelectiveUnread, "host", h.Name)
			continue
		}
		sd, err := security.ParseSDDL(a.Security, "")
		if err != nil {
			unsure(reason.SelectiveUnreadable, "host", h.Name, "why", reason.Of(err))
			continue
		}
		switch may, why := in.mayAuthenticate(sd, clients); may {
		case security.No:
			agree.broken = append(agree.broken, reason.New(reason.SelectiveRefused, "host", h.Name, "forest", clients))
		case security.Unknown:
			unsure(reason.SelectiveUnknown, "host", h.Name, "forest", clients, "why", why)
		}
	}
	return len(agree.broken)+len(agree.unsure) == against
}

// mayAuthenticate asks for the computers of each domain of a forest. That a group
// has the right whose members are not known, for they are of another forest, is
// no no.
func (in *Input) mayAuthenticate(sd *security.Descriptor, clients string) (security.Truth, reason.List) {
	domains := []run.Domain{{Name: clients}}
	if f := in.directories.Forest(clients); f != nil {
		domains = f.Domains
	}
	known := in.directories.Unread(clients, run.AspectComputers) == nil
	for i := range domains {
		if known && len(domains) > 1 && len(domains[i].Computers) == 0 {
			continue // it has none that would
		}
		a := sd.AllowedToAuthenticate(security.ForeignToken(run.Machine{PrimaryGroup: security.RIDComputers}, security.SID(domains[i].SID)))
		switch {
		case a.Granted == security.Yes:
			continue
		case a.Granted == security.Unknown || a.ACE != nil:
			return a.Granted, a.Why
		case domains[i].SID == "":
			return security.Unknown, reason.One(reason.DomainSIDUnread, "domain", domains[i].Name)
		}
		for _, t := range sd.Trustees() {
			const firstOwn = 1000 // those below are the administrators' and everybody's
			if _, rid, ok := t.Domain(); ok && rid >= firstOwn && sd.AllowedToAuthenticate([]security.SID{t}).Granted == security.Yes {
				return security.Unknown, reason.One(reason.GrantedToUnknown, "trustee", string(t))
			}
		}
		return security.No, nil
	}
	return security.Yes, nil
}
