package observe

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ordered are needs, by when they are observed: their indexes.
type ordered struct {
	throughout []int
	// first are what the windows wait for: what is alive before them, and the IKE of
	// those who are denied. last are what was alive, asked again after all windows.
	first, last []int
	brackets    []*bracket // in the order of the needs
	once        []int
	// back is what goes to a vantage at the address by which it came: after what it made
	// itself.
	back []int
	// learnings are what is tried at addresses that vantages tell, by these vantages.
	learnings map[string]*learning
	// alone are connections that are made after all else, one at a time between two
	// ends: by vantage and address.
	alone map[pair][]int
	// after are those that follow an exchange of IKE, by its index.
	after map[int]int
}

// pair are two ends.
type pair struct {
	vantage string
	addr    netip.Addr
}

// sortNeeds puts needs in order. What is asked before and after, of an address and
// port where nobody is denied, is asked of something that is alive.
func sortNeeds(needs []run.Need) *ordered {
	s := &ordered{alone: map[pair][]int{}, after: map[int]int{}}
	denied := map[string]bool{} // vantages
	of := map[place]*bracket{}
	for i, n := range needs {
		switch n.When {
		case run.Throughout:
			s.throughout = append(s.throughout, i)
		case run.Once:
		case run.Window:
			denied[n.Vantage] = true
			if n.Probe != run.ProbeAddresses {
				s.bracketAt(of, n).add(n.When, i)
			}
		case run.Alone:
			at := pair{n.Vantage, n.Addr}
			s.alone[at] = append(s.alone[at], i)
		default:
			s.bracketAt(of, n).add(n.When, i)
		}
	}
	small := smallIKE(needs)
	for i, n := range needs {
		first, follows := small(n)
		switch {
		case n.When != run.Once:
		case follows:
			s.after[first] = i
		case n.Peer != "" && unaddressed(&n):
			s.back = append(s.back, i)
		case n.Probe == run.ProbeIKE && denied[n.Vantage]:
			s.first = append(s.first, i)
		default:
			s.once = append(s.once, i)
		}
	}
	var brackets []*bracket
	for _, b := range s.brackets {
		if len(b.window) == 0 && len(b.after) > 0 {
			s.first, s.last = append(s.first, b.before...), append(s.last, b.after...)
			continue
		}
		brackets = append(brackets, b)
	}
	s.brackets = brackets
	s.learnings, s.once = learnings(needs, s.once)
	return s
}

// bracketAt is the bracket of the address and port of a need.
func (s *ordered) bracketAt(of map[place]*bracket, n run.Need) *bracket {
	at := place{n.Addr, n.Port}
	if of[at] == nil {
		of[at] = new(bracket)
		s.brackets = append(s.brackets, of[at])
	}
	return of[at]
}

// smallIKE finds the exchange of IKE of usual size that a larger one follows.
func smallIKE(needs []run.Need) func(large run.Need) (i int, ok bool) {
	all := map[run.Need]int{}
	for i := range needs {
		if needs[i].Probe == run.ProbeIKE {
			all[needs[i]] = i
		}
	}
	return func(n run.Need) (int, bool) {
		if n.Probe != run.ProbeLargeIKE {
			return 0, false
		}
		n.Probe = run.ProbeIKE
		i, ok := all[n]
		return i, ok
	}
}

// largeAfter is how long after an exchange of IKE the larger one begins that follows it:
// a host may take for a flood what comes sooner ([MS-IKEE] 1.3.7).
const largeAfter = 2 * time.Second

// follow has made what follows an observation that has ended, some time later, and wg
// waits for it. Until then there is a timer and no goroutine: a thousand wait.
func (o *Observer) follow(ctx context.Context, needs []run.Need, i int, all []run.Observation, limits probes.Limits, wg *sync.WaitGroup) {
	next, ok := o.after[i]
	if !ok {
		return
	}
	wg.Add(1)
	start := func(done func()) {
		o.start(ctx, &needs[next], limits, &probes.Env{Earlier: &all[i]}, &all[next], done)
	}
	if !all[i].Heard() {
		start(wg.Done) // it has nothing to wait for
		return
	}
	forget := make(chan func() bool, 1)
	begin := sync.OnceFunc(func() {
		start(func() {
			(<-forget)()
			wg.Done()
		})
	})
	time.AfterFunc(largeAfter, begin)
	forget <- context.AfterFunc(ctx, begin) // a run that is stopped need not wait
}

// unaddressed reports whether the address of a need is learned in the run: it tells the
// family alone.
func unaddressed(n *run.Need) bool { return !n.Addr.IsValid() || n.Addr.IsUnspecified() }

// ahead observes what the windows wait for, each for what its own vantage asks: who is
// cut off has no answer ever, and is not to hold up the others. done is whole when all
// of it is.
func (o *Observer) ahead(ctx context.Context, needs []run.Need, which []int, all []run.Observation, limits probes.Limits, done *sync.WaitGroup) {
	for _, i := range which {
		o.links.expect(needs[i].Vantage)
	}
	env, limits := new(probes.Env), measuring(limits)
	for _, i := range which {
		done.Add(1)
		o.start(ctx, &needs[i], limits, env, &all[i], func() {
			o.links.note(&all[i])
			o.follow(ctx, needs, i, all, limits, done)
			done.Done()
		})
	}
}

// again is what is asked after all windows: what was alive before them.
func (o *Observer) again(needs []run.Need, s *ordered, all []run.Observation) (which []int) {
	alive := map[run.Need]bool{}
	for _, i := range s.first {
		n := needs[i]
		n.When = run.After
		alive[n] = all[i].Spoke()
	}
	for _, i := range s.last {
		if alive[needs[i]] {
			which = append(which, i)
		} else {
			all[i] = *failed(&needs[i], o.clock(), reason.One(reason.ControlNotRepeated))
		}
	}
	return which
}

// alone makes the connections that nothing else is to run beside: those between the
// same two ends one after the other. What vantages that are seen under one address
// connect to is such an end as well: these are apart in time, too.
func (o *Observer) alone(ctx context.Context, needs []run.Need, s *ordered, all []run.Observation, limits probes.Limits) {
	lanes := map[pair][]int{}
	for at, some := range s.alone {
		at.vantage = o.seenWith(at.vantage)
		lanes[at] = append(lanes[at], some...)
	}
	for _, lane := range lanes {
		slices.SortFunc(lane, func(a, b int) int { return cmp.Or(cmp.Compare(needs[a].Vantage, needs[b].Vantage), a-b) })
	}
	for round := 0; ; round++ {
		var which []int
		turns := false // to another vantage that is seen under the same address
		for _, lane := range lanes {
			if round < len(lane) {
				which = append(which, lane[round])
				turns = turns || round > 0 && needs[lane[round-1]].Vantage != needs[lane[round]].Vantage
			}
		}
		if len(which) == 0 {
			return
		}
		if turns {
			pause(ctx, traffic.Between)
		}
		slices.Sort(which)
		o.together(ctx, needs, which, all, same(limits))
	}
}

// seenWith is the first vantage that is declared under an address of this one, which is
// itself where it shares none.
func (o *Observer) seenWith(name string) string {
	v, _ := o.policy.Vantage(name)
	for _, other := range o.policy.Vantages {
		if other.Name == name || traffic.Share(v, other) {
			return other.Name
		}
	}
	return name
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
