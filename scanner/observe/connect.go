package observe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/vantage/ways"
)

// leaving is how long one way may take to be closed: what was sent is removed.
const leaving = 10 * time.Second

// heldWay is a way in that opens and closes in time, or is left behind.
type heldWay struct {
	vantage.Way
	connect time.Duration // to open it
	broke   bool          // its own code did
}

func held(connect time.Duration, ways []vantage.Way) []vantage.Way {
	all := make([]vantage.Way, len(ways))
	for i, w := range ways {
		all[i] = &heldWay{Way: w, connect: connect}
	}
	return all
}

// Open opens the way. One that opens after it was left behind is closed.
func (w *heldWay) Open(ctx context.Context) (*vantage.Vantage, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, w.connect,
		reason.Fail(reason.ConnectLimit, "limit", w.connect))
	defer cancel()
	type opened struct {
		at  *vantage.Vantage
		err error
	}
	got, err := belt.Do(ctx, belt.Call{Name: w.String()}, func(ctx context.Context) opened {
		at, err := w.Way.Open(ctx)
		return opened{at, err}
	}, func(late opened) {
		if late.err == nil {
			late.at.Close() //nolint:errcheck // nobody waits for it any more
		}
	})
	w.broke = errors.As(err, new(*belt.Panic))
	if err == nil {
		err = got.err
	}
	if err != nil {
		return nil, err
	}
	end := got.at.Close
	got.at.Close = sync.OnceValue(func() error {
		ctx, cancel := context.WithTimeoutCause(context.Background(), leaving, fmt.Errorf("not closed within %s", leaving))
		defer cancel()
		closed, err := belt.Do(ctx, belt.Call{Name: "close " + w.String()}, func(context.Context) error { return end() }, nil)
		return errors.Join(closed, err)
	})
	return got.at, nil
}

// places are the connected vantages and what was learned of each.
type places struct {
	info      []run.Vantage // in the order of the policy
	connected map[string]*vantage.Vantage
}

// connect opens all vantages at once. It does not fail: what could not be
// entered has its reason in info.
func connect(ctx context.Context, p *intent.Policy, l *logins, o Options) *places {
	pl := &places{info: make([]run.Vantage, len(p.Vantages)), connected: map[string]*vantage.Vantage{}}
	opened := make([]*vantage.Vantage, len(p.Vantages))
	var wg sync.WaitGroup
	for i, v := range p.Vantages {
		pl.info[i] = run.Vantage{Name: v.Name, Role: string(v.Role), Path: v.Path}
		wg.Go(func() {
			if slices.ContainsFunc(l.ways[v.Name], func(w *logon.Login) bool { return w != nil }) {
				<-l.ready
			}
			tries := held(p.Limits.Connect, o.ways(p, v, l))
			at, tried, err := vantage.Join(ctx, v.Name, tries)
			info := &pl.info[i]
			info.Ways = tried
			info.Broke = slices.ContainsFunc(tries, func(w vantage.Way) bool { return w.(*heldWay).broke }) //nolint:forcetypeassert // held made them
			if err != nil {
				info.Trouble = reason.Of(err)
				return
			}
			opened[i] = at
			learn(info, v, at)
			o.Tell("connected %s", v.Name)
		})
	}
	wg.Wait()
	for i, at := range opened {
		if at != nil {
			pl.connected[p.Vantages[i].Name] = at
		}
	}
	return pl
}

// learn notes what a connected vantage says of itself.
func learn(info *run.Vantage, v intent.Vantage, at *vantage.Vantage) {
	info.OS, info.Resolvers = at.OS, at.Resolvers
	info.Interfaces, info.Gateways = at.Interfaces, at.Gateways
	for _, a := range slices.Concat(at.Addresses, v.Addresses, v.SeenAs) {
		if !slices.Contains(info.Addresses, a) {
			info.Addresses = append(info.Addresses, a)
		}
	}
	if len(at.Missing) > 0 {
		info.Missing = map[string]reason.List{}
		for c, why := range at.Missing {
			info.Missing[string(c)] = why
		}
	}
}

// Ways are the declared ways into a vantage, in order, for a plan: nothing is shown by
// them.
func Ways(p *intent.Policy, v intent.Vantage) []vantage.Way {
	return entries(p, v, new(logins), Options{})
}

// entries turns the declared ways into a vantage into those that can be opened.
func entries(p *intent.Policy, v intent.Vantage, l *logins, o Options) []vantage.Way {
	var all []vantage.Way
	logins := l.ways[v.Name]
	for i, w := range v.Via {
		e, ok := ways.Named(w.Kind)
		if !ok {
			continue // no policy that was loaded has it
		}
		cred, _ := p.Credential(w.Credential)
		d := entry.Declared{
			Values: w.Values, User: cred.User, File: cred.File, Password: secretOf(cred), ForbidNTLM: p.ForbidNTLM,
			Version: o.Version, FarEnd: o.FarEnd, Ask: o.Ask, Distrusted: l.distrusted, Timeout: p.Limits.Connect,
		}
		if i < len(logins) {
			d.Login = logins[i]
		}
		all = append(all, e.Open(d))
	}
	return all
}

// addresses lists the addresses of all vantages, for watches.
func (pl *places) addresses() []netip.Addr {
	var all []netip.Addr
	for _, i := range pl.info {
		all = append(all, i.Addresses...)
	}
	return all
}

func (pl *places) of(name string) *run.Vantage {
	for i := range pl.info {
		if pl.info[i].Name == name {
			return &pl.info[i]
		}
	}
	return &run.Vantage{Name: name, Trouble: reason.One(reason.VantageUndeclared, "vantage", name)}
}

// close leaves every vantage, all at once.
func (pl *places) close() {
	var wg sync.WaitGroup
	for _, at := range pl.connected {
		wg.Go(func() { at.Close() }) //nolint:errcheck // the run is over; what it saw is in hand
	}
	wg.Wait()
}
