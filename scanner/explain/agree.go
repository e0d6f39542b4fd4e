package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// agree says whether two ends that both want IPsec agree how, and why not or
// why that is not known, in one sentence each.
func (x *Explainer) agree(from, to *end) (agreement, []string) {
	var no, maybe []string
	methods := shared(from.effect.Auth, to.effect.Auth)
	switch {
	case len(methods) == 0:
		no = append(no, fmt.Sprintf("%s authenticates by %s and %s by %s", from.name, run.MethodWords(from.effect.Auth), to.name, run.MethodWords(to.effect.Auth)))
	case slices.Contains(methods, "Anonymous"):
	case !slices.Contains(methods, consec.ComputerKerberos):
		maybe = append(maybe, fmt.Sprintf("whether what both accept, %s, comes about is not in their rules", run.MethodWords(methods)))
	default:
		switch answer, why := x.kerberos(from, to); {
		case answer == disagrees && len(methods) == 1:
			no = append(no, why)
		case answer != agrees:
			maybe = append(maybe, why)
		}
	}
	if from.effect.User != nil || to.effect.User != nil {
		switch users := shared(from.effect.User, to.effect.User); {
		case slices.Contains(users, "Anonymous"):
		case len(users) == 0:
			maybe = append(maybe, fmt.Sprintf("of the user %s wants %s and %s %s", from.name, run.MethodWords(from.effect.User), to.name, run.MethodWords(to.effect.User)))
		default:
			maybe = append(maybe, fmt.Sprintf("a user has to authenticate as well, by %s, and a service such as that of KMS has none", run.MethodWords(users)))
		}
	}
	if p := shared(from.effect.Crypto.Proposals, to.effect.Crypto.Proposals); len(p) == 0 {
		no = append(no, fmt.Sprintf("%s proposes %s and %s %s", from.name, strings.Join(from.effect.Crypto.Proposals, ", "), to.name, strings.Join(to.effect.Crypto.Proposals, ", ")))
	}
	if from.told.Policy != to.told.Policy {
		switch answer, why := consec.SharedMainMode(*from.told.Policy, *to.told.Policy); answer {
		case consec.No:
			no = append(no, why)
		case consec.Maybe:
			maybe = append(maybe, why)
		}
	}
	for _, e := range []*end{from, to} {
		if sddl := slices.Concat(e.effect.Machines, e.effect.Users); len(sddl) > 0 {
			maybe = append(maybe, fmt.Sprintf("%s communicates only with the peers in %s, and who is in there is not looked up", e.name, strings.Join(sddl, ", ")))
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

// kerberos says whether the computers of two ends authenticate each other by
// Kerberos: those of one forest do, and those of two where the forest of the
// one that is called trusts that of the caller.
func (x *Explainer) kerberos(from, to *end) (agreement, string) {
	caller, called := x.Forest(from.domain), x.Forest(to.domain)
	switch {
	case caller == nil || called == nil:
		return mayAgree, fmt.Sprintf("whether %s trusts %s is not known", to.domain, from.domain)
	case caller == called:
		return agrees, ""
	}
	if why := x.Lost(to.domain, run.AspectTrusts); why != "" {
		return mayAgree, fmt.Sprintf("whether %s trusts %s is not known: %s", called.Name, caller.Name, why)
	}
	t, wrong := x.Trust(called, caller.Name)
	switch {
	case len(wrong) > 0:
		return disagrees, strings.Join(wrong, "; ")
	case t.Attributes&estate.TrustSelective != 0:
		return mayAgree, fmt.Sprintf("the trust of %s in %s is selective: see forest-trust for who may authenticate", called.Name, caller.Name)
	}
	return agrees, ""
}
