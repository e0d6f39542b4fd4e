package intent

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// Explain writes the resolved policy in plain sentences: who must be denied
// and who may pass, from where, by which exemption, and which credential is
// sent to whom.
func (p *Policy) Explain(w io.Writer) error {
	var b strings.Builder
	p.explainIsolation(&b)
	p.explainHosts(&b)
	p.explainVantages(&b)
	p.explainFlows(&b)
	p.explainExemptions(&b)
	p.explainCredentials(&b)
	p.explainForests(&b)
	p.explainRest(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *Policy) explainIsolation(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n\n", p.File)
	if p.Isolation.Stage == StageRequest {
		fmt.Fprintln(b, "Stage request: outsiders still pass, but every domain flow must already be protected.")
	} else {
		fmt.Fprintln(b, "Stage require: whoever is neither a domain member nor exempt must be denied.")
	}
	if p.Isolation.Scope == ScopeKMSPort {
		fmt.Fprintln(b, "Scope kms-port: only the KMS port of a host is isolated.")
	} else {
		fmt.Fprintf(b, "Scope host: every port of a host is isolated; beside the KMS port these are tried: %s.\n", listPorts(p.Limits.Ports))
	}
	if p.Isolation.Basis == BasisPaper {
		fmt.Fprintln(b, "Basis paper: judged by what the white paper asks for.")
	} else {
		fmt.Fprintln(b, "Basis hardened: judged by what is safe, which is more than the white paper asks for.")
	}
	for _, g := range p.Isolation.Policies {
		name := g.Name
		if name == "" {
			name = g.ID
		}
		fmt.Fprintf(b, "The isolation is carried by the policy %q (%s)%s.\n", name, g.Role, with(" in ", g.Domains))
	}
	p.explainActivation(b)
}

func (p *Policy) explainHosts(b *strings.Builder) {
	fmt.Fprintln(b, "\nKMS hosts")
	for _, h := range p.Hosts {
		where := listAddrs(h.Addresses)
		if where == "" {
			where = "the addresses of " + h.FQDN
		}
		fmt.Fprintf(b, "  %s: %s, TCP %d%s; DHCP %s.\n", h.Name, where, h.Port, with("; published in ", h.PublishedIn), h.DHCP)
	}
}

func (p *Policy) explainVantages(b *strings.Builder) {
	for _, group := range []struct {
		title string
		roles []Role
	}{
		{"Must be denied", []Role{RoleNonDomain}},
		{"May pass, protected by IPsec", []Role{RoleDomain}},
		{"May pass in clear, being exempt", []Role{RoleExempt}},
		{"Gets no rule, so what it may do depends on the exemptions", []Role{RoleMemberNoRule}},
		{"KMS hosts that are looked at from inside", []Role{RoleKMSHost}},
	} {
		all := p.WithRole(group.roles...)
		if len(all) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s\n", group.title)
		for _, v := range all {
			fmt.Fprintf(b, "  %s: %s.\n", v.Name, strings.Join(p.facts(v), "; "))
		}
	}
}

// facts are what is declared of one vantage, as phrases.
func (p *Policy) facts(v Vantage) []string {
	var ways []string
	for _, w := range v.Via {
		ways = append(ways, w.Said)
	}
	out := []string{"reached " + strings.Join(ways, ", else ")}
	add := func(set bool, format string, args ...any) {
		if set {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(v.Role == RoleKMSHost, "is host %s", v.Host)
	add(v.Path != "lan" && v.Path != "", "its path is %s", v.Path)
	add(v.Site != "", "site %s", v.Site)
	add(len(v.Addresses) > 0, "has %s", listAddrs(v.Addresses))
	add(len(v.SeenAs) > 0, "is seen as %s", listAddrs(v.SeenAs))
	if v.Role == RoleExempt {
		for _, a := range slices.Concat(v.SeenAs, v.Addresses) {
			if i := slices.IndexFunc(p.Exemptions, func(e Exemption) bool { return e.Contains(a) }); i >= 0 {
				add(true, "let in by exemption %s", p.Exemptions[i].Name)
				break
			}
		}
	}
	add(v.PairedWith != "", "paired with %s in its own subnet", v.PairedWith)
	add(len(v.Sees) > 0, "sees what arrives at %s", strings.Join(v.Sees, ", "))
	if v.Role == RoleNonDomain {
		add(len(v.Alive) > 0, "known to be alive by %s", strings.Join(v.Alive, ", "))
		add(len(v.Alive) == 0, "known to be alive by UDP 500 of the hosts")
	}
	return out
}

func (p *Policy) explainFlows(b *strings.Builder) {
	if len(p.Isolation.Inbound)+len(p.Isolation.Outbound) == 0 {
		return
	}
	fmt.Fprintln(b, "\nMust keep working")
	for _, flows := range [][]Access{p.Isolation.Inbound, p.Isolation.Outbound} {
		for _, a := range flows {
			ports := ""
			if len(a.Ports) > 0 {
				ports = ", TCP " + listPorts(a.Ports)
			}
			fmt.Fprintf(b, "  from %s to %s%s.\n", strings.Join(a.From, ", "), strings.Join(a.To, ", "), ports)
		}
	}
}

func (p *Policy) explainExemptions(b *strings.Builder) {
	if len(p.Exemptions) == 0 {
		fmt.Fprintln(b, "\nThere are no exemptions.")
		return
	}
	fmt.Fprintln(b, "\nExemptions, which reach the hosts in clear")
	for _, e := range p.Exemptions {
		to := "all hosts"
		if len(e.To) > 0 {
			to = strings.Join(e.To, ", ")
		}
		until := "for ever"
		if !e.Expires.IsZero() {
			until = "until " + e.Ends()
		}
		var nets []string
		for _, n := range e.Addresses {
			nets = append(nets, n.String())
		}
		fmt.Fprintf(b, "  %s: %s may reach %s %s; reason %s; owner %s; protected instead by %s.\n",
			e.Name, strings.Join(nets, ", "), to, until, given(e.Reason), given(e.Owner), given(e.Control))
	}
}

func (p *Policy) explainCredentials(b *strings.Builder) {
	if len(p.Credentials) == 0 && !p.ForbidNTLM {
		return
	}
	fmt.Fprintln(b, "\nCredentials")
	if p.ForbidNTLM {
		fmt.Fprintln(b, "  NTLM is forbidden: WinRM logs on with Basic inside HTTPS, SMB with Kerberos.")
	}
	for _, c := range p.Credentials {
		where := "file " + c.File
		if c.File == "" {
			where = c.Password.String()
		}
		who := c.User
		if who == "" {
			who = c.Principal
		}
		to := p.receivers(c.Name)
		if len(to) == 0 {
			to = []string{"nobody"}
		}
		fmt.Fprintf(b, "  %s: %s%s from %s, sent to %s.\n", c.Name, c.Kind, with(" of ", nonEmpty(who)), where, strings.Join(to, ", "))
	}
}

// receivers lists to whom a credential is sent.
func (p *Policy) receivers(credential string) []string {
	var out []string
	for _, f := range p.Forests {
		if f.Directory.Credential == credential {
			out = append(out, f.Directory.URLs...)
		}
	}
	for _, v := range p.Vantages {
		for _, w := range v.Via {
			to := w.Values.Text("address") + " (" + w.Kind + ")"
			if w.Credential == credential && !slices.Contains(out, to) {
				out = append(out, to)
			}
		}
	}
	return out
}

func (p *Policy) explainRest(b *strings.Builder) {
	for i, w := range p.Waivers {
		if i == 0 {
			fmt.Fprintln(b, "\nWaivers")
		}
		fmt.Fprintf(b, "  %s: %s answers for it until %s; %s.\n", w.Cell, w.Owner, w.Ends(), w.Reason)
	}
	fmt.Fprintf(b, "\nA try that should succeed has %s, the denied window lasts %s or more, getting into a vantage may take %s.\n",
		p.Limits.Positive, p.Limits.Window, p.Limits.Connect)
	for i, warning := range p.Warnings {
		if i == 0 {
			fmt.Fprintln(b, "\nWarnings")
		}
		fmt.Fprintf(b, "  %s\n", warning)
	}
}

func given(s string) string {
	if s == "" {
		return "not given"
	}
	return s
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func with(before string, all []string) string {
	if len(all) == 0 {
		return ""
	}
	return before + strings.Join(all, ", ")
}

func listAddrs(all []netip.Addr) string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = a.String()
	}
	return strings.Join(out, ", ")
}

func listPorts(all []uint16) string {
	if len(all) == 0 {
		return "none"
	}
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = fmt.Sprint(n)
	}
	return strings.Join(out, ", ")
}
