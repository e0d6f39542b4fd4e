package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/policy"
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
	selectiveCommandLine = "dsacls HOSTDN /G \"CLIENTDOMAIN\\Domain Computers:CA;Allowed to Authenticate\""
)

func judgeTrust(in *Input) run.Cell {
	clients := strings.TrimPrefix(in.Cell.Target, "forest:")
	cell := run.Cell{Verdict: run.Pass, Intended: fmt.Sprintf("every KMS host's forest trusts %s", clients)}
	var wrong, said []string
	asked := false
	for _, f := range in.directories.Forests {
		hosts := in.hostsOf(f)
		if len(hosts) == 0 || strings.EqualFold(f.Name, clients) {
			continue
		}
		asked = true
		if stopped, stop := in.unreadable(f.Name, run.AspectTrusts); stop {
			return stopped
		}
		w, s := in.trusts(f, clients, hosts, &cell)
		wrong, said = append(wrong, w...), append(said, s)
	}
	if !asked {
		return skip(fmt.Sprintf("the KMS hosts are in %s itself: the domains of a forest trust each other", clients))
	}
	cell.Configured = clauses(said)
	if len(wrong) > 0 {
		cell.Verdict, cell.Reason = run.Fail, clauses(wrong)
		if cell.Remedy == "" {
			cell.Remedy = trustInGUI + trustOnCommandLine
		}
	}
	return cell
}

// hostsOf lists the KMS hosts whose accounts are in a forest.
func (in *Input) hostsOf(f *run.Forest) []policy.Host {
	var some []policy.Host
	for _, h := range in.Policy.Hosts {
		_, domain := in.directories.Account(orElse(h.FQDN, h.Name))
		if domain != "" && in.directories.Forest(domain) == f {
			some = append(some, h)
		}
	}
	return some
}

// trusts looks at the trust of the hosts' forest towards the clients', from
// both sides where both were read.
func (in *Input) trusts(f *run.Forest, clients string, hosts []policy.Host, cell *run.Cell) (wrong []string, said string) {
	here, wrong := in.directories.Trust(f, clients)
	if here == nil {
		return wrong, "no trust"
	}
	said = fmt.Sprintf("%s: direction %d, attributes 0x%x", f.Name, here.Direction, here.Attributes)
	if here.Direction&estate.TrustOutbound == 0 {
		return []string{wrong[0] + ", so the hosts accept none of its computers; " + papersOtherSentence}, said
	}
	if here.Direction == estate.TrustOutbound {
		cell.Findings = append(cell.Findings, run.Finding{ID: "one-way-trust", Severity: run.Info,
			Text: fmt.Sprintf("%s trusts %s and not the reverse: enough for the clients to reach the hosts; %s", f.Name, clients, papersOtherSentence)})
	}
	if here.Attributes&estate.TrustSelective != 0 {
		if w := in.selective(clients, hosts); len(w) > 0 {
			wrong = append(wrong, w...)
			cell.Remedy = selectiveInGUI + selectiveCommandLine
		} else {
			said += ", selective authentication with the right on the hosts"
		}
	}
	return wrong, said
}

// selective asks each host's own descriptor whether the clients' computers may
// authenticate to it ([MS-KILE] 3.3.5.7.5).
func (in *Input) selective(clients string, hosts []policy.Host) []string {
	var wrong []string
	d := in.directories.Domain(clients)
	token := []security.SID{security.Everyone, security.AuthenticatedUsers, security.OtherOrganization, security.Network}
	if d != nil && d.SID != "" {
		token = append(token, security.SID(d.SID).Child(security.RIDComputers))
	}
	for _, h := range hosts {
		a, _ := in.directories.Account(orElse(h.FQDN, h.Name))
		if a.Security == "" {
			wrong = append(wrong, fmt.Sprintf("the trust is selective, and who may authenticate to %s is not known: its security descriptor was not read", h.Name))
			continue
		}
		sd, err := security.ParseSDDL(a.Security, "")
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("the security descriptor of %s cannot be read: %v", h.Name, err))
			continue
		}
		if got := sd.Check(token, security.ControlAccess, security.AllowedToAuthenticateRight); got.Granted != security.Yes {
			wrong = append(wrong, fmt.Sprintf("the trust is selective, and %s does not grant the computers of %s Allowed to Authenticate", h.Name, clients))
		}
	}
	return wrong
}
