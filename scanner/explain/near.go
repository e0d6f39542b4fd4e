package explain

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Bounds of what is said of rules that are nearly for a packet: ranges of an
// endpoint, rules beside those of the trace, and addresses of KMS hosts that
// are tried.
const (
	mostRanges = 4
	mostNear   = 20
	mostTried  = 100
)

// nearMisses says of the rules that are not for a packet what they are for, and
// adds those that are for another address of the KMS hosts.
func (x *Explainer) nearMisses(a simulate.At, h *run.ExplainedHalf) {
	told := map[string]*run.ExplainedRule{}
	for i := range h.Rules {
		told[h.Rules[i].ID+" "+h.Rules[i].Source] = &h.Rules[i]
	}
	hosts := x.HostAddresses()
	hosts = hosts[:min(len(hosts), mostTried)]
	rules := a.Policy.Rules
	var near []run.ExplainedRule
	for i := range rules {
		r := &rules[i]
		if r.EP1.IsAny() && r.EP2.IsAny() {
			continue
		}
		l := told[r.ID+" "+r.Source]
		switch {
		case l == nil && len(near) < mostNear:
			if host := namedIn(r, hosts); host.IsValid() {
				near = append(near, run.ExplainedRule{Rule: r.Title(), ID: r.ID, Source: r.Source, For: tri.No.String(),
					Why: reason.List{reason.New(reason.RuleForOtherHost, "host", host, "address", a.Addr), isFor(r)}})
			}
		case l != nil && l.For == tri.No.String() && l.Why.Has(reason.RuleNeither, reason.RuleMissesAddress, reason.RuleMissesPair):
			l.Why = append(slices.Clip(l.Why), isFor(r))
		}
	}
	h.Rules = append(h.Rules, near...)
	h.Others -= min(len(near), h.Others)
}

// namedIn is the first of some addresses that an endpoint of the rule names.
func namedIn(r *consec.Rule, addrs []netip.Addr) netip.Addr {
	for _, side := range []*consec.Addresses{&r.EP1, &r.EP2} {
		for _, g := range side.Ranges {
			for _, a := range addrs {
				if g.Contains(a) {
					return a
				}
			}
		}
	}
	return netip.Addr{}
}

// isFor says what a rule is for. An endpoint that is any address is not named.
func isFor(r *consec.Rule) reason.Reason {
	one, oneMore := endpoint(&r.EP1)
	two, twoMore := endpoint(&r.EP2)
	args := []any{"one", one, "two", two}
	if oneMore > 0 {
		args = append(args, "one-more", oneMore)
	}
	if twoMore > 0 {
		args = append(args, "two-more", twoMore)
	}
	return reason.New(reason.RuleIsFor, args...)
}

// endpoint is the first ranges of one endpoint of a rule, and how many there are
// beside them; nothing where it is any address.
func endpoint(a *consec.Addresses) (some []string, more int) {
	if a.IsAny() {
		return nil, 0
	}
	var all []string
	for _, r := range a.Ranges {
		all = append(all, r.String())
	}
	for _, k := range a.Keywords {
		all = append(all, k.Name)
	}
	most := min(len(all), mostRanges)
	return all[:most], len(all) - most
}
