// Package prose says in sentences what a policy declares.
package prose

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

// Write writes a policy in plain sentences: who must be denied and who may pass,
// from where, by which exemption, and which credential is sent to whom.
func Write(w io.Writer, p *intent.Policy) error {
	var b strings.Builder
	explainIsolation(p, &b)
	explainHosts(p, &b)
	explainVantages(p, &b)
	explainFlows(p, &b)
	explainExemptions(p, &b)
	explainCredentials(p, &b)
	explainForests(p, &b)
	explainRest(p, &b)
	_, err := io.WriteString(w, b.String())
	return err
}

func explainIsolation(p *intent.Policy, b *strings.Builder) {
	fmt.Fprintf(b, "%s\n\n", p.File)
	if p.Isolation.Stage == intent.StageRequest {
		fmt.Fprintln(b, "Stage request: outsiders still pass, but every domain flow must already be protected.")
	} else {
		fmt.Fprintln(b, "Stage require: whoever is neither a domain member nor exempt must be denied.")
	}
	if p.Isolation.Scope == intent.ScopeKMSPort {
		fmt.Fprintln(b, "Scope kms-port: only the KMS port of a host is isolated.")
	} else {
		fmt.Fprintf(b, "Scope host: every port of a host is isolated; beside the KMS port these are tried: TCP %s; UDP %s.\n", listPorts(p.Limits.Ports), listPorts(p.Limits.UDPPorts))
	}
	if p.Isolation.Basis == intent.BasisPaper {
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
	explainActivation(p, b)
}

func explainHosts(p *intent.Policy, b *strings.Builder) {
	fmt.Fprintln(b, "\nKMS hosts")
	for _, h := range p.Hosts {
		where := listAddrs(h.Addresses)
		if where == "" {
			where = "the addresses of " + h.FQDN
		}
		fmt.Fprintf(b, "  %s: %s, TCP %d%s; DHCP %s.\n", h.Name, where, h.Port, with("; published in ", h.PublishedIn), h.DHCP)
	}
}

func explainVantages(p *intent.Policy, b *strings.Builder) {
	for _, group := range []struct {
		title string
		roles []intent.Role
	}{
		{"Must be denied", []intent.Role{intent.RoleNonDomain}},
		{"May pass, protected by IPsec", []intent.Role{intent.RoleDomain}},
		{"May pass in clear, being exempt", []intent.Role{intent.RoleExempt}},
		{"Gets no rule, so what it may do depends on the exemptions", []intent.Role{intent.RoleMemberNoRule}},
		{"KMS hosts that are looked at from inside", []intent.Role{intent.RoleKMSHost}},
	} {
		all := p.WithRole(group.roles...)
		if len(all) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s\n", group.title)
		for _, v := range all {
			fmt.Fprintf(b, "  %s: %s.\n", v.Name, strings.Join(facts(p, v), "; "))
		}
	}
}

// facts are what is declared of one vantage, as phrases.
func facts(p *intent.Policy, v intent.Vantage) []string {
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
	add(v.Role == intent.RoleKMSHost, "is host %s", v.Host)
	add(v.Path != "lan" && v.Path != "", "its path is %s", v.Path)
	add(v.Site != "", "site %s", v.Site)
	add(len(v.Addresses) > 0, "has %s", listAddrs(v.Addresses))
	add(len(v.SeenAs) > 0, "is seen as %s", listAddrs(v.SeenAs))
	if v.Role == intent.RoleExempt {
		for _, a := range slices.Concat(v.SeenAs, v.Addresses) {
			if i := slices.IndexFunc(p.Exemptions, func(e intent.Exemption) bool { return e.Contains(a) }); i >= 0 {
				add(true, "let in by exemption %s", p.Exemptions[i].Name)
				break
			}
		}
	}
	add(v.PairedWith != "", "paired with %s in its own subnet", v.PairedWith)
	add(len(v.Sees) > 0, "sees what arrives at %s", strings.Join(v.Sees, ", "))
	if v.Role == intent.RoleNonDomain {
		add(len(v.Alive) > 0, "known to be alive by %s", strings.Join(v.Alive, ", "))
		add(len(v.Alive) == 0, "known to be alive by UDP 500 of the hosts")
	}
	return out
}

func explainFlows(p *intent.Policy, b *strings.Builder) {
	if len(p.Isolation.Inbound)+len(p.Isolation.Outbound) == 0 {
		return
	}
	fmt.Fprintln(b, "\nMust keep working")
	for _, flows := range [][]intent.Access{p.Isolation.Inbound, p.Isolation.Outbound} {
		for _, a := range flows {
			ports := ""
			if len(a.Ports) > 0 {
				ports = ", TCP " + listPorts(a.Ports)
			}
			fmt.Fprintf(b, "  from %s to %s%s.\n", strings.Join(a.From, ", "), strings.Join(a.To, ", "), ports)
		}
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
