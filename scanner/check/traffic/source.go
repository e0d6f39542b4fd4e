package traffic

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// From which address a flow came, and what that address means at both ends.

// UsedNeeds are the trial, and what says which addresses both ends exempt.
func UsedNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), check.ConfiguredNeeds(p, run.CellID{Target: t.Host.Name})...)
	return append(needs, check.AppliedNeeds(t.From.Name)...)
}

// notExempt: the source address that was used is exempt at neither end. An exempt one
// speaks in clear, so that an answer to it proves nothing of IPsec.
func notExempt(e *check.Evidence) claim.Support {
	o := e.Result()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	if Hidden(e) {
		return claim.Weak(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
	}
	addrs, known := Used(e, o)
	var all []netip.Addr
	for _, a := range addrs {
		by, rests := exemptBy(e, a, o)
		switch {
		case by == nil:
		case known:
			return claim.Exposed(reason.One(reason.UsedExempt, "vantage", e.From.Name, "address", a, "by", by), append(rests, o)...)
		default:
			all = append(all, a)
		}
	}
	switch {
	case len(all) > 0 || len(addrs) == 0:
		return claim.Open(reason.One(reason.UsedUnknown, "vantage", e.From.Name, "addresses", all), o)
	default:
		if why, lost := exemptionsUnread(e); why != nil {
			return claim.Weak(why, o, lost)
		}
	}
	return claim.Shown(o)
}

// exemptBy says by what an address is exempt towards the KMS port of the host: by
// declaration, or by the rules of an end; nil where it is not. What an end has
// applied outweighs what the directory tells it.
func exemptBy(e *check.Evidence, a netip.Addr, o *run.Observation) (why reason.List, by []*run.Observation) {
	if x, exempt := e.Policy.Exempt(a, e.Host.Name); exempt {
		return reason.One(reason.ExemptByDeclaration, "exemption", x.Name), nil
	}
	kms := check.TCP(e.Host.Port)
	there, rests := hostEnds(e)
	for i := range there {
		takes := e.Simulator.Takes(simulate.At{Endpoint: &there[i], Addr: e.Addr}, a, kms)
		if d := takes.Effect.Security; d.Verdict == effect.Exempt {
			return reason.One(reason.ExemptByRule, "end", e.Host.Name, "rule", check.RuleOf(d)), rests
		}
	}
	here, rests := vantageEnd(e)
	for _, own := range inner(e, a, o) {
		sends := e.Simulator.Sends(simulate.At{Endpoint: here, Addr: own}, e.Addr, kms)
		if d := sends.Effect.Security; d.Verdict == effect.Exempt {
			return reason.One(reason.ExemptByRule, "end", e.From.Name, "rule", check.RuleOf(d)), rests
		}
	}
	return nil, nil
}

// inner are the addresses that the vantage itself knows of a flow which the host sees
// come from a: others behind NAT.
func inner(e *check.Evidence, a netip.Addr, o *run.Observation) []netip.Addr {
	if !slices.Contains(e.From.SeenAs, a) {
		return []netip.Addr{a}
	}
	var all []netip.Addr
	for i := range o.Tries {
		if l := o.Tries[i].Local.Addr(); l.IsValid() {
			all = check.AppendNew(all, l.Unmap().WithZone(""))
		}
	}
	return all
}

// hostEnds are the host as its own registry has it, for each vantage that read it, or
// else as the directory does.
func hostEnds(e *check.Evidence) (all []simulate.Endpoint, by []*run.Observation) {
	host := e.Simulator.Host(e.Host)
	for _, k := range e.Policy.HostVantages(e.Host.Name) {
		if p, err := e.Applied(k.Name); p != nil && err == nil {
			all, by = append(all, host.As(p)), append(by, e.See(check.RegistryNeed(k.Name, check.KeyFirewall)))
		}
	}
	if len(all) > 0 {
		return all, by
	}
	return []simulate.Endpoint{*host}, e.Forests()
}

// vantageEnd is the vantage as its own registry has it, or else as the directory does.
func vantageEnd(e *check.Evidence) (end *simulate.Endpoint, by []*run.Observation) {
	here := e.Simulator.Vantage(e.From)
	if p, err := e.Applied(e.From.Name); p != nil && err == nil {
		end := here.As(p)
		return &end, []*run.Observation{e.See(check.RegistryNeed(e.From.Name, check.KeyFirewall))}
	}
	return here, e.Forests()
}

// exemptionsUnread says which planned reading of an end's rules failed: it may have
// shown an exemption.
func exemptionsUnread(e *check.Evidence) (why reason.List, lost *run.Observation) {
	for _, n := range e.Needs() {
		if n.Probe != run.ProbeRegistry && n.Probe != run.ProbeDirectory {
			continue
		}
		if o := e.See(n); len(o.Trouble) > 0 {
			return reason.One(reason.ExemptionsUnread, "host", e.Host.Name, "vantage", e.From.Name, "why", o.Trouble), o
		}
	}
	return nil, nil
}

// fromExemption: the source address that was used is in a declared exemption.
func fromExemption(e *check.Evidence) claim.Support {
	o := e.Result()
	if !Went(e, o) {
		return claim.Open(nil, o)
	}
	addrs, known := Used(e, o)
	outside := outside(e, addrs)
	switch {
	case len(outside) == 0 && len(addrs) > 0:
		return claim.Shown(o)
	case !known:
		return claim.Open(reason.One(reason.UsedUnknown, "vantage", e.From.Name, "addresses", addrs), o)
	case len(e.From.Addresses) == 0 && e.Addr.Is6():
		// Nobody declared that it is exempt over this family.
		return claim.Void(reason.One(reason.AddressNotExempt, "vantage", e.From.Name, "address", outside[0]), o)
	}
	return claim.Misdeclared(reason.One(reason.AddressNotExempt, "vantage", e.From.Name, "address", outside[0]), o)
}

// outside are those of addresses that are in no declared exemption.
func outside(e *check.Evidence, addrs []netip.Addr) (some []netip.Addr) {
	for _, a := range addrs {
		if _, exempt := e.Policy.Exempt(a, e.Host.Name); !exempt {
			some = append(some, a)
		}
	}
	return some
}

// ExemptOver reports whether a vantage is declared exempt towards an address of a
// host: with an address of its own of that family, or where it declares none, by some
// exemption of the family.
func ExemptOver(p *intent.Policy, v intent.Vantage, h intent.Host, a netip.Addr) bool {
	for _, own := range v.Addresses {
		if _, exempt := p.Exempt(own, h.Name); exempt && own.Is6() == a.Is6() {
			return true
		}
	}
	return len(v.Addresses) == 0 && slices.ContainsFunc(p.Exemptions, func(x intent.Exemption) bool {
		return x.Applies(h.Name) && slices.ContainsFunc(x.Addresses, func(n netip.Prefix) bool { return n.Addr().Is6() == a.Is6() })
	})
}

// AtHost reports whether an address is a declared one of the host of the trial.
func AtHost(e *check.Evidence, a netip.Addr) bool { return slices.Contains(e.Host.Addresses, a) }
