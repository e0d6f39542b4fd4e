package gpo

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// ForestTrust is the check forest-trust: the forest of the KMS hosts trusts the forest of the clients.
var ForestTrust = check.Check{
	ID:         "forest-trust",
	Title:      "the forest of the KMS hosts trusts the forest of the clients",
	Section:    "Multiple forests",
	Confirmed:  "spec",
	Configured: true,
	Cells: func(p *intent.Policy) []run.CellID {
		if len(p.Directories()) < 2 {
			return nil
		}
		var ids []run.CellID
		for _, f := range p.Directories() {
			ids = append(ids, check.DirectoryCell("forest-trust", "forest:"+f.Name))
		}
		return ids
	},
	Trials: check.ItsTarget,
	Claims: check.Together(trusted, reason.ClaimComplete, reason.ClaimAgree),
}

// trusted looks at the trust of each forest that has KMS hosts.
func trusted(e *check.Evidence, l *check.Ledger) {
	clients := strings.TrimPrefix(e.Cell.Target, "forest:")
	l.Intended = reason.One(reason.IntendedTrust, "forest", clients)
	own := true
	for _, f := range e.Directories.Forests {
		hosts := hostsOf(e.Input, f)
		if len(hosts) == 0 || strings.EqualFold(f.Name, clients) {
			continue
		}
		own = false
		if e.Complete(l, f.Name, run.AspectTrusts) {
			trusts(e, f, clients, hosts, l)
		}
	}
	agree := l.Of(reason.ClaimAgree)
	for _, h := range e.Policy.Hosts {
		if forestOf(e.Input, h) == nil {
			agree.Unsure = append(agree.Unsure, reason.New(reason.ForestOfHostUnknown, "host", h.Name))
		}
	}
	if own && len(agree.Unsure) == 0 {
		l.Intended, agree.Void = nil, reason.One(reason.SameForest, "forest", clients)
	}
}

// hostsOf lists the KMS hosts that are in a forest.
func hostsOf(in *check.Input, f *run.Forest) []intent.Host {
	var some []intent.Host
	for _, h := range in.Policy.Hosts {
		if forestOf(in, h) == f {
			some = append(some, h)
		}
	}
	return some
}

// forestOf is the forest that a KMS host has its account in, or, where the source
// has no accounts, that its name says; nil where neither is known.
func forestOf(in *check.Input, h intent.Host) *run.Forest {
	if a, domain := in.Directories.Account(cmp.Or(h.FQDN, h.Name)); a != nil {
		return in.Directories.Forest(domain)
	}
	_, parent, _ := strings.Cut(h.FQDN, ".")
	if f := in.Directories.Forest(parent); f != nil && len(f.Lost[run.AspectComputers]) > 0 {
		return f
	}
	return nil
}

// trusts looks at the trust of the hosts' forest towards the clients', from
// both sides where both were read.
func trusts(e *check.Evidence, f *run.Forest, clients string, hosts []intent.Host, l *check.Ledger) {
	agree := l.Of(reason.ClaimAgree)
	here, wrong := e.Directories.Trust(f, clients)
	for _, why := range wrong {
		if why.Is(reason.TrustReversed) {
			why = reason.New(reason.TrustWrongWay, "why", why)
		}
		agree.Broken = append(agree.Broken, why)
	}
	if here == nil {
		l.Conduct = append(l.Conduct, reason.New(reason.NoTrust))
		return
	}
	said := reason.New(reason.TrustThere, "forest", f.Name, "direction", here.Direction, "attributes", fmt.Sprintf("0x%x", here.Attributes))
	if here.Direction == rsop.TrustOutbound {
		l.Find(check.Found(reason.OneWayTrust, "hosts-forest", f.Name, "clients-forest", clients))
	}
	agree.Shown(e.Forests())
	if len(wrong) == 0 && here.Attributes&rsop.TrustSelective != 0 && selective(e.Input, clients, hosts, agree) {
		said.Code = reason.TrustThereSelective
	}
	l.Conduct = append(l.Conduct, said)
}

// selective asks each host's own descriptor whether the clients' computers may
// authenticate to it ([MS-KILE] 3.3.5.7.5).
func selective(in *check.Input, clients string, hosts []intent.Host, agree *check.Entry) bool {
	against := len(agree.Broken) + len(agree.Unsure)
	unsure := func(code reason.Code, args ...any) { agree.Unsure = append(agree.Unsure, reason.New(code, args...)) }
	for _, h := range hosts {
		a, _ := in.Directories.Account(cmp.Or(h.FQDN, h.Name))
		if a == nil || a.Security == "" {
			unsure(reason.SelectiveUnread, "host", h.Name)
			continue
		}
		sd, err := security.ParseSDDL(a.Security, "")
		if err != nil {
			unsure(reason.SelectiveUnreadable, "host", h.Name, "why", reason.Of(err))
			continue
		}
		switch may, why := mayAuthenticate(in, sd, clients); may {
		case tri.No:
			agree.Broken = append(agree.Broken, reason.New(reason.SelectiveRefused, "host", h.Name, "forest", clients))
		case tri.Unknown:
			unsure(reason.SelectiveUnknown, "host", h.Name, "forest", clients, "why", why)
		}
	}
	return len(agree.Broken)+len(agree.Unsure) == against
}

// mayAuthenticate asks for the computers of each domain of a forest. That a group
// has the right whose members are not known, for they are of another forest, is
// no no.
func mayAuthenticate(in *check.Input, sd *security.Descriptor, clients string) (tri.State, reason.List) {
	domains := []run.Domain{{Name: clients}}
	if f := in.Directories.Forest(clients); f != nil {
		domains = f.Domains
	}
	known := in.Directories.Unread(clients, run.AspectComputers) == nil
	for i := range domains {
		if known && len(domains) > 1 && len(domains[i].Computers) == 0 {
			continue // it has none that would
		}
		a := sd.AllowedToAuthenticate(security.ForeignToken(run.Machine{PrimaryGroup: security.RIDComputers}, security.SID(domains[i].SID)))
		switch {
		case a.Granted == tri.Yes:
			continue
		case a.Granted == tri.Unknown || a.ACE != nil:
			return a.Granted, a.Why
		case domains[i].SID == "":
			return tri.Unknown, reason.One(reason.DomainSIDUnread, "domain", domains[i].Name)
		}
		for _, t := range sd.Trustees() {
			const firstOwn = 1000 // those below are the administrators' and everybody's
			if _, rid, ok := t.Domain(); ok && rid >= firstOwn && sd.AllowedToAuthenticate([]security.SID{t}).Granted == tri.Yes {
				return tri.Unknown, reason.One(reason.GrantedToUnknown, "trustee", string(t))
			}
		}
		return tri.No, nil
	}
	return tri.Yes, nil
}
