package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// agree says whether two ends that both want IPsec agree how, and why not or
// why that is not known, in one sentence each.
func (s *Simulator) agree(from, to At, one, two *consec.Effect) (agreement, []string) {
	var no, maybe []string
	methods := shared(one.Auth, two.Auth)
	modern := cmp.Or(ikev2Only(from, one), ikev2Only(to, two))
	switch {
	case modern != "" && len(methods) > 0 && !slices.Contains(methods, machineCert):
		no = append(no, fmt.Sprintf("%s negotiates by IKEv2 only, which knows certificates alone, and both accept %s", modern, run.MethodWords(methods)))
	case len(methods) == 0:
		no = append(no, fmt.Sprintf("%s authenticates by %s and %s by %s", from.Name, run.MethodWords(one.Auth), to.Name, run.MethodWords(two.Auth)))
	case slices.Contains(methods, "Anonymous"):
	case !slices.Contains(methods, consec.ComputerKerberos):
		maybe = append(maybe, fmt.Sprintf("whether what both accept, %s, comes about is not in their rules", run.MethodWords(methods)))
	default:
		switch answer, why := s.kerberos(from, to); {
		case answer == disagrees && len(methods) == 1:
			no = append(no, why)
		case answer != agrees:
			maybe = append(maybe, why)
		}
	}
	if one.User != nil || two.User != nil {
		switch users := shared(one.User, two.User); {
		case slices.Contains(users, "Anonymous"):
		case len(users) == 0:
			maybe = append(maybe, fmt.Sprintf("of the user %s wants %s and %s %s", from.Name, run.MethodWords(one.User), to.Name, run.MethodWords(two.User)))
		default:
			maybe = append(maybe, fmt.Sprintf("a user has to authenticate as well, by %s, and a service such as that of KMS has none", run.MethodWords(users)))
		}
	}
	if p := shared(one.Crypto.Proposals, two.Crypto.Proposals); len(p) == 0 {
		no = append(no, fmt.Sprintf("%s proposes %s and %s %s", from.Name, strings.Join(one.Crypto.Proposals, ", "), to.Name, strings.Join(two.Crypto.Proposals, ", ")))
	}
	if from.Policy != to.Policy {
		switch answer, why := consec.SharedMainMode(*from.Policy, *to.Policy); answer {
		case consec.No:
			no = append(no, catalog.Text(why))
		case consec.Maybe:
			maybe = append(maybe, catalog.Text(why))
		}
	}
	for _, e := range []struct {
		At
		effect *consec.Effect
	}{{from, one}, {to, two}} {
		if rule := demandsEncryption(e.Policy, e.effect); rule != "" && !one.Crypto.Encrypted && !two.Crypto.Encrypted {
			maybe = append(maybe, fmt.Sprintf("firewall rule %s of %s lets through only what is encrypted, and both ends also propose IPsec without encryption", rule, e.Name))
		}
		if sddl := slices.Concat(e.effect.Machines, e.effect.Users); len(sddl) > 0 {
			maybe = append(maybe, fmt.Sprintf("%s communicates only with the peers in %s, and who is in there is not looked up", e.Name, strings.Join(sddl, ", ")))
		}
	}
	switch {
	case len(no) > 0:
		return disagrees, no
	case len(maybe) > 0:
		return mayAgree, maybe
	}
	return agrees, nil
}

// machineCert is the only method of authentication that IKEv2 has on Windows
// (New-NetIPsecRule, -KeyModule).
const machineCert = "MachineCert"

// ikev2Only is the name of an end whose deciding rule negotiates by IKEv2 only,
// or "".
func ikev2Only(at At, f *consec.Effect) string {
	d := f.Security
	for i := range at.Policy.Rules {
		if r := &at.Policy.Rules[i]; r.ID == d.ID && r.Source == d.Source && slices.Equal(r.KeyModules, []string{"IkeV2"}) {
			return at.Name
		}
	}
	return ""
}

// demandsEncryption is the firewall rule that lets a packet through only if it is
// encrypted ([MS-FASP] 2.2.35), "" where none decides.
func demandsEncryption(p *consec.Policy, f *consec.Effect) string {
	d := f.Firewall
	for i := range p.Firewall {
		if r := &p.Firewall[i]; d.Verdict == consec.AllowedSecure && r.ID == d.ID && r.Source == d.Source && r.Secure == "AuthenticateEncrypt" {
			return d.Rule
		}
	}
	return ""
}

// kerberos says whether the computers of two ends authenticate each other by
// Kerberos: those of one forest do, and those of two where the forest of the
// one that is called trusts that of the caller.
func (s *Simulator) kerberos(from, to At) (agreement, string) {
	d := s.directory
	if d == nil {
		return mayAgree, "no directory was read that could tell which forests trust each other"
	}
	caller, called := d.Forest(from.Domain), d.Forest(to.Domain)
	switch {
	case caller == nil || called == nil:
		return mayAgree, fmt.Sprintf("whether %s trusts %s is not known", to.Domain, from.Domain)
	case caller == called:
		return agrees, ""
	}
	if why := d.Lost(to.Domain, run.AspectTrusts); why != "" {
		return mayAgree, fmt.Sprintf("whether %s trusts %s is not known: %s", called.Name, caller.Name, why)
	}
	t, wrong := d.Trust(called, caller.Name)
	switch {
	case len(wrong) > 0:
		return disagrees, strings.Join(wrong, "; ")
	case t.Attributes&estate.TrustSelective != 0:
		return mayAgree, fmt.Sprintf("the trust of %s in %s is selective: see forest-trust for who may authenticate", called.Name, caller.Name)
	}
	return agrees, ""
}

// shared are the words that both lists have.
func shared(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}
