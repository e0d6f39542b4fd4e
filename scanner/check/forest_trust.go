package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
	Needs: directoryNeeds,
	Judge: judgeTrust,
}

const (
	papersOtherSentence  = "the paper's section on several forests says the reverse; its section on the domain, and Kerberos, have it this way"
	trustInGUI           = "Active Directory Domains and Trusts: the domain's Properties, Trusts, New Trust, Forest trust, One-way: outgoing, in the forest of the KMS hosts; "
	trustOnCommandLine   = "netdom trust HOSTFOREST /domain:CLIENTFOREST /add /foresttransitive:yes"
	selectiveInGUI       = "Active Directory Users and Computers: the KMS host's Properties, Security: the clients' Domain Computers, Allowed to authenticate: Allow; "
	selectiveCommandLine = "dsacls \"HOSTDN\" /G \"CLIENTDOMAIN\\Domain Computers:CA;Allowed to Authenticate\""
)

func judgeTrust(in *Input) run.Cell {
	clients := strings.TrimPrefix(in.Cell.Target, "forest:")
	t := trusting{fold: fold{
		none:     quote(fmt.Sprintf("the KMS hosts are in %s itself: the domains of a forest trust each other", clients)),
		intended: fmt.Sprintf("every KMS host's forest trusts %s", clients)}}
	for _, f := range in.directories.Forests {
		hosts := in.hostsOf(f)
		if len(hosts) == 0 || strings.EqualFold(f.Name, clients) {
			continue
		}
		if stopped, stop := in.unreadable(f.Name, run.AspectTrusts); stop {
			t.add(part{label: f.Name, verdict: stopped.Verdict, why: quote(stopped.Reason), remedy: stopped.Remedy, unseen: true})
			continue
		}
		in.trusts(f, clients, hosts, &t)
	}
	for _, h := range in.Policy.Hosts {
		if in.forestOf(h) == nil {
			t.add(part{verdict: run.Inconclusive, why: quote(fmt.Sprintf("of which forest %s is, is not known", h.Name))})
		}
	}
	cell := t.cell()
	cell.Configured = clauses(t.said)
	return cell
}

// trusting folds the trusts of the hosts' forests.
type trusting struct {
	fold
	said []string
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

// wrong adds what is wrong with a trust.
func (t *trusting) wrong(reasons []string) {
	for _, why := range reasons {
		t.add(part{verdict: run.Fail, why: quote(why), remedy: trustInGUI + trustOnCommandLine})
	}
}

// trusts looks at the trust of the hosts' forest towards the clients', from
// both sides where both were read.
func (in *Input) trusts(f *run.Forest, clients string, hosts []policy.Host, t *trusting) {
	here, why := in.directories.Trust(f, clients)
	wrong := textsOf(why)
	switch {
	case here == nil:
		t.wrong(wrong)
		t.said = append(t.said, "no trust")
		return
	case here.Direction&estate.TrustOutbound == 0 && here.Direction != 0:
		wrong[0] += ", so the hosts accept none of its computers; " + papersOtherSentence
	}
	said := fmt.Sprintf("%s: direction %d, attributes 0x%x", f.Name, here.Direction, here.Attributes)
	t.wrong(wrong)
	p := part{verdict: run.Pass}
	if here.Direction == estate.TrustOutbound {
		p.findings = []run.Finding{{ID: "one-way-trust", Severity: run.Info,
			Text: fmt.Sprintf("%s trusts %s and not the reverse: enough for the clients to reach the hosts; %s", f.Name, clients, papersOtherSentence)}}
	}
	t.add(p)
	if len(wrong) == 0 && here.Attributes&estate.TrustSelective != 0 && in.selective(clients, hosts, t) {
		said += ", selective authentication with the right on the hosts"
	}
	t.said = append(t.said, said)
}

// selective asks each host's own descriptor whether the clients' computers may
// authenticate to it ([MS-KILE] 3.3.5.7.5).
func (in *Input) selective(clients string, hosts []policy.Host, t *trusting) bool {
	all := true
	not := func(verdict run.Verdict, format string, args ...any) {
		all = false
		t.add(part{verdict: verdict, why: quote("the trust is selective, and " + fmt.Sprintf(format, args...)), remedy: selectiveInGUI + selectiveCommandLine})
	}
	for _, h := range hosts {
		a, _ := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || a.Security == "" {
			not(run.Inconclusive, "who may authenticate to %s is not known: its security descriptor was not read", h.Name)
			continue
		}
		sd, err := security.ParseSDDL(a.Security, "")
		if err != nil {
			not(run.Inconclusive, "the security descriptor of %s cannot be read: %v", h.Name, err)
			continue
		}
		switch may, why := in.mayAuthenticate(sd, clients); may {
		case security.No:
			not(run.Fail, "%s does not grant the computers of %s Allowed to Authenticate", h.Name, clients)
		case security.Unknown:
			not(run.Inconclusive, "whether the computers of %s may authenticate to %s is not known: %s", clients, h.Name, why)
		}
	}
	return all
}

// mayAuthenticate asks for the computers of each domain of a forest. That a group
// has the right whose members are not known, for they are of another forest, is
// no no.
func (in *Input) mayAuthenticate(sd *security.Descriptor, clients string) (security.Truth, string) {
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
			return a.Granted, catalog.Text(a.Why)
		case domains[i].SID == "":
			return security.Unknown, "the SID of " + domains[i].Name + " was not read"
		}
		for _, t := range sd.Trustees() {
			const firstOwn = 1000 // those below are the administrators' and everybody's
			if _, rid, ok := t.Domain(); ok && rid >= firstOwn && sd.AllowedToAuthenticate([]security.SID{t}).Granted == security.Yes {
				return security.Unknown, fmt.Sprintf("it is granted to %s, whose members are not known", t)
			}
		}
		return security.No, ""
	}
	return security.Yes, ""
}
