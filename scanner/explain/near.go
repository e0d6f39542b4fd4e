package explain

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
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
				near = append(near, run.ExplainedRule{Rule: r.Title(), ID: r.ID, Source: r.Source, For: consec.No.String(),
					Text: fmt.Sprintf("covers %s and not %s; %s", host, a.Addr, isFor(r))})
			}
		case l != nil && l.For == consec.No.String() && strings.Contains(l.Text, "cover"):
			l.Text += "; " + isFor(r)
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

// isFor says what a rule is for.
func isFor(r *consec.Rule) string {
	one, two := endpoint(&r.EP1), endpoint(&r.EP2)
	switch anywhere {
	case one:
		return "it is for " + two
	case two:
		return "it is for " + one
	}
	return "it is for " + one + " with " + two
}

const anywhere = "any address"

// endpoint is one endpoint of a rule for people.
func endpoint(a *consec.Addresses) string {
	if a.IsAny() {
		return anywhere
	}
	var all []string
	for _, r := range a.Ranges {
		all = append(all, r.String())
	}
	for _, k := range a.Keywords {
		all = append(all, k.Name)
	}
	return simulate.Some(all, mostRanges)
}
