package observe

import (
	"context"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/inuse"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// learning is what is tried at addresses that a vantage tells of itself: what is read
// there first, then the tries. It waits for nothing else, and no window waits for it.
type learning struct {
	of           string // the vantage
	reads, tries []int  // indexes of needs
	// told are the addresses, when they were read.
	told inuse.Told
}

// learnings takes out of the needs that are observed at any time what tells the addresses
// at which others are tried.
func learnings(needs []run.Need, once []int) (all map[string]*learning, rest []int) {
	all = map[string]*learning{}
	for i, n := range needs {
		if n.Probe != run.ProbeAddresses {
			continue
		}
		if all[n.Peer] == nil {
			all[n.Peer] = &learning{of: n.Peer}
		}
		all[n.Peer].tries = append(all[n.Peer].tries, i)
	}
	for _, i := range once {
		n := &needs[i]
		if l := all[n.Vantage]; l != nil && n.Probe == run.ProbeRegistry && n.Param == inuse.Key {
			l.reads = append(l.reads, i)
		} else {
			rest = append(rest, i)
		}
	}
	return all, rest
}

// learn reads what addresses a host uses, and has those tried that nobody declared. Where
// the way in told them the tries do not wait for what is read.
func (o *Observer) learn(ctx context.Context, l *learning, needs []run.Need, all []run.Observation, limits probes.Limits) {
	within := func(i int) probes.Limits {
		if needs[i].Probe != run.ProbeAddresses {
			return limits
		}
		return o.denied(ctx, needs[i].Vantage, limits, 0)
	}
	of := o.places.of(l.of)
	if l.told = inuse.Of(of, nil); l.told.Known {
		o.together(ctx, needs, slices.Concat(l.reads, l.tries), all, within)
		return
	}
	o.together(ctx, needs, l.reads, all, within)
	for _, i := range l.reads {
		l.told = inuse.Of(of, all[i].Registry)
	}
	o.together(ctx, needs, l.tries, all, within)
}

// undeclared are the addresses that a need tries.
func (o *Observer) undeclared(n *run.Need) []netip.Addr {
	h, _ := o.policy.Host(n.Target)
	some, _ := o.learnings[n.Peer].told.Undeclared(h, o.places.of(n.Vantage))
	return some
}
