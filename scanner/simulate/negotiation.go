package simulate

import (
	"cmp"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// agree says whether two ends that both want IPsec agree how, and why not or
// why that is not known.
func (s *Simulator) agree(from, to At, one, two *effect.Effect) (tri.State, reason.List) {
	var no, maybe reason.List
	methods := shared(one.Auth, two.Auth)
	modern := cmp.Or(ikev2Only(from, one), ikev2Only(to, two))
	switch {
	case modern != "" && len(methods) > 0 && !slices.Contains(methods, machineCert):
		no = append(no, reason.New(reason.IKEv2Certificates, "end", modern, "methods", methods))
	case len(methods) == 0:
		no = append(no, reason.New(reason.MethodsDisagree, "from", from.Name, "from-methods", one.Auth, "to", to.Name, "to-methods", two.Auth))
	case slices.Contains(methods, "Anonymous"):
	case !slices.Contains(methods, consec.ComputerKerberos):
		maybe = append(maybe, reason.New(reason.MethodsNotInRules, "methods", methods))
	default:
		switch answer, why := s.kerberos(from, to); {
		case answer == tri.No && len(methods) == 1:
			no = append(no, why...)
		case answer != tri.Yes:
			maybe = append(maybe, why...)
		}
	}
	if one.User != nil || two.User != nil {
		switch users := shared(one.User, two.User); {
		case slices.Contains(users, "Anonymous"):
		case len(users) == 0:
			maybe = append(maybe, reason.New(reason.UserMethodsDisagree, "from", from.Name, "from-methods", one.User, "to", to.Name, "to-methods", two.User))
		default:
			maybe = append(maybe, reason.New(reason.UserNeeded, "methods", users))
		}
	}
	if p := shared(one.Crypto.Proposals, two.Crypto.Proposals); len(p) == 0 {
		no = append(no, reason.New(reason.ProposalsDisagree, "from", from.Name, "from-proposals", one.Crypto.Proposals, "to", to.Name, "to-proposals", two.Crypto.Proposals))
	}
	if from.Policy != to.Policy {
		switch answer, why := effect.SharedMainMode(*from.Policy, *to.Policy); answer {
		case tri.No:
			no = append(no, why...)
		case tri.Unknown:
			maybe = append(maybe, why...)
		}
	}
	for _, e := range []struct {
		At
		effect *effect.Effect
	}{{from, one}, {to, two}} {
		if rule := demandsEncryption(e.Policy, e.effect); rule != nil && !one.Crypto.Encrypted && !two.Crypto.Encrypted {
			maybe = append(maybe, reason.New(reason.EncryptionDemanded, "rule", rule.Name, "rule-id", rule.ID, "end", e.Name))
		}
		if sddl := slices.Concat(e.effect.Machines, e.effect.Users); len(sddl) > 0 {
			maybe = append(maybe, reason.New(reason.PeersLimited, "end", e.Name, "peers", sddl))
		}
	}
	switch {
	case len(no) > 0:
		return tri.No, no
	case len(maybe) > 0:
		return tri.Unknown, maybe
	}
	return tri.Yes, nil
}

// machineCert is the only method of authentication that IKEv2 has on Windows
// (New-NetIPsecRule, -KeyModule).
const machineCert = "MachineCert"

// ikev2Only is the name of an end whose deciding rule negotiates by IKEv2 only,
// or "".
func ikev2Only(at At, f *effect.Effect) string {
	d := f.Security
	for i := range at.Policy.Rules {
		if r := &at.Policy.Rules[i]; r.ID == d.ID && r.Source == d.Source && slices.Equal(r.KeyModules, []string{"IkeV2"}) {
			return at.Name
		}
	}
	return ""
}

// demandsEncryption is the firewall rule that lets a packet through only if it is
// encrypted ([MS-FASP] 2.2.35), nil where none decides.
func demandsEncryption(p *consec.Policy, f *effect.Effect) *consec.FirewallRule {
	d := f.Firewall
	for i := range p.Firewall {
		if r := &p.Firewall[i]; d.Verdict == effect.AllowedSecure && r.ID == d.ID && r.Source == d.Source && r.Secure == "AuthenticateEncrypt" {
			return r
		}
	}
	return nil
}

// kerberos says whether the computers of two ends authenticate each other by
// Kerberos: those of one forest do, and those of two where the forest of the
// one that is called trusts that of the caller.
func (s *Simulator) kerberos(from, to At) (tri.State, reason.List) {
	d := s.directory
	if d == nil {
		return tri.Unknown, reason.One(reason.NoDirectoryOfTrusts)
	}
	caller, called := d.Forest(from.Domain), d.Forest(to.Domain)
	switch {
	case caller == nil || called == nil:
		return tri.Unknown, reason.One(reason.TrustUnknown, "trusting", to.Domain, "trusted", from.Domain)
	case caller == called:
		return tri.Yes, nil
	}
	if why := d.Lost(to.Domain, run.AspectTrusts); len(why) > 0 {
		return tri.Unknown, reason.One(reason.TrustUnread, "trusting", called.Name, "trusted", caller.Name, "why", why)
	}
	t, wrong := d.Trust(called, caller.Name)
	switch {
	case len(wrong) > 0:
		return tri.No, wrong
	case t.Attributes&rsop.TrustSelective != 0:
		return tri.Unknown, reason.One(reason.TrustSelective, "trusting", called.Name, "trusted", caller.Name)
	}
	return tri.Yes, nil
}

// shared are the words that both lists have.
func shared(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}
