package prose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

func explainExemptions(p *intent.Policy, b *strings.Builder) {
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

func explainCredentials(p *intent.Policy, b *strings.Builder) {
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
		to := receivers(p, c.Name)
		if len(to) == 0 {
			to = []string{"nobody"}
		}
		fmt.Fprintf(b, "  %s: %s%s from %s, sent to %s.\n", c.Name, c.Kind, with(" of ", nonEmpty(who)), where, strings.Join(to, ", "))
	}
}

// receivers lists to whom a credential is sent.
func receivers(p *intent.Policy, credential string) []string {
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

func explainRest(p *intent.Policy, b *strings.Builder) {
	for i, w := range p.Waivers {
		if i == 0 {
			fmt.Fprintln(b, "\nWaivers")
		}
		fmt.Fprintf(b, "  %s: %s answers for it until %s; %s.\n", w.Cell, w.Owner, w.Ends(), w.Reason)
	}
	fmt.Fprintf(b, "\nA try that should succeed has %s, the denied window lasts %s or more, getting into a vantage may take %s.\n",
		p.Limits.Positive, p.Limits.Window, p.Limits.Connect)
	if p.Limits.SkipOwn {
		fmt.Fprintln(b, "Addresses that a host uses and that are not listed are not tried.")
	}
	for i, warning := range p.Warnings {
		if i == 0 {
			fmt.Fprintln(b, "\nWarnings")
		}
		fmt.Fprintf(b, "  %s\n", warning)
	}
}

func explainForests(p *intent.Policy, b *strings.Builder) {
	for i, f := range p.Forests {
		if i == 0 {
			fmt.Fprintln(b, "\nForests")
		}
		switch d := f.Directory; {
		case d.FileSource.Kind != "":
			fmt.Fprintf(b, "  %s: policy is read from %s.\n", f.Name, d.FileSource.Said)
		case len(d.URLs) > 0:
			sysvol := ""
			if d.SYSVOL != "" {
				sysvol = ", SYSVOL in " + d.SYSVOL
			}
			all := ""
			if d.AllControllers {
				all = "; every domain controller that it names is asked for its copies of the GPOs"
			}
			fmt.Fprintf(b, "  %s: directory at %s%s%s.\n", f.Name, strings.Join(d.URLs, ", "), sysvol, all)
		default:
			fmt.Fprintf(b, "  %s: no directory is declared.\n", f.Name)
		}
	}
}

func explainActivation(p *intent.Policy, b *strings.Builder) {
	if c := p.Isolation.Coverage.Threshold; c < intent.WholeCoverage {
		fmt.Fprintf(b, "The rule must reach %g %% of the enabled computers of a directory.\n", c)
	}
	if may := p.Isolation.ADBA; may != nil && *may {
		fmt.Fprintln(b, "Domain controllers may activate by Active Directory-based activation.")
	} else if may != nil {
		fmt.Fprintln(b, "Domain controllers do not activate by Active Directory-based activation.")
	}
	if p.Isolation.DCActivation != "" {
		fmt.Fprintf(b, "Domain controllers activate otherwise: %s.\n", p.Isolation.DCActivation)
	}
}
