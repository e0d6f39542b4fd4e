// Package scanner makes a run: it connects the vantages, gathers what the
// checks need, in the order in which a deny can be proved, and has it judged.
//
// It knows policies, vantages and probes, and no report. A run is all it gives.
package scanner

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/judge"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Options of a run.
type Options struct {
	// Version of this kmsiso; a far end must be of the same.
	Version string
	// FarEnd is the directory of the release binaries; "" is beside the
	// executable.
	FarEnd string
	// Ask puts a yes-or-no question to a person; nil answers no.
	Ask func(question string) bool
	// Memory keeps what was refused beyond the run; nil keeps nothing.
	Memory *logon.Memory
	// Progress is told what the run is at; nil is silence.
	Progress func(format string, args ...any)

	// Enter gives the ways into a vantage in place of those that are declared, and
	// Directory where a forest is read in place of where it is declared to be. Both are
	// for a run against a script; nil is the real ones.
	Enter     func(intent.Vantage) []vantage.Way
	Directory func(intent.Forest) directory.Source

	distrusted *distrust.Places // of this run
}

// ways are the ways into a vantage, in order.
func (o Options) ways(p *intent.Policy, v intent.Vantage, logins []*logon.Login) []vantage.Way {
	if o.Enter != nil {
		return o.Enter(v)
	}
	return entries(p, v, logins, o)
}

func (o Options) progress(format string, args ...any) {
	if o.Progress != nil {
		o.Progress(format, args...)
	}
}

// Verify makes one run. The policy's names are resolved on the way. The error
// is of a run that could not be made at all; a vantage that cannot be entered is
// no such error, its cells say so. Where ctx ends before the run does, what was
// observed until then is judged, and the run says that it was stopped.
//
// Whatever a way in, a far end, a directory or a resolver does, the run ends:
// what does not return within its bound, and [belt.Grace] after it was told to
// end, is left behind as an error of its own observations.
func Verify(ctx context.Context, p *intent.Policy, o Options) (*run.Run, error) {
	began := time.Now()
	clock := func() time.Duration { return time.Since(began) }
	o.progress("resolving names")
	p.Pin(ctx, Lookup)
	p.Index()
	o.progress("connecting %d vantages", len(p.Vantages))
	var plan *check.Plan
	var planning sync.WaitGroup
	planning.Go(func() { plan = checks.NewPlan(p, false) }) // while the connections come about
	logins := newLogins(p, o.Memory)
	o.distrusted = logins.distrusted
	go logins.show(ctx, p)
	places := connect(ctx, p, logins, o)
	defer places.close()
	planning.Wait()

	r := describe(p, o.Version)
	r.Started, r.Plan = began.UTC(), plan.Carried()
	obs := &observer{policy: p, places: places, sources: o.sources(p, logins), clock: clock, progress: o.progress}
	r.Observations, r.Window = obs.observe(ctx, plan.Needs())
	r.Vantages = append(directoryVantage(p, r.Observations), places.info...)
	r.Credentials = logins.credentials()
	return finish(ctx, plan, p, r, clock)
}

// Audit looks at what is configured alone: it reads the directories that the
// policy declares, and enters and probes nothing.
func Audit(ctx context.Context, p *intent.Policy, o Options) (*run.Run, error) {
	began := time.Now()
	clock := func() time.Duration { return time.Since(began) }
	o.progress("resolving names")
	p.Pin(ctx, Lookup)
	p.Index()
	r := describe(p, o.Version)
	r.Audit = true
	r.Started = began.UTC()
	o.progress("reading %d directories", len(p.Directories()))
	logins := newLogins(p, o.Memory)
	plan := checks.NewPlan(p, true)
	r.Plan = plan.Carried()
	r.Observations = readForests(ctx, p, plan.Needs(), o.sources(p, logins))
	r.Vantages = directoryVantage(p, r.Observations)
	r.Credentials = logins.credentials()
	return finish(ctx, plan, p, r, clock)
}

// finish completes the document of a run that has observed everything.
func finish(ctx context.Context, plan *check.Plan, p *intent.Policy, r *run.Run, clock func() time.Duration) (*run.Run, error) {
	if err := context.Cause(ctx); err != nil {
		r.Stopped = &run.Stop{Why: err.Error()}
	}
	r.Duration = clock()
	doc, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("keep the policy in the run document: %w", err)
	}
	r.Policy = doc
	judged(plan, p, r)
	return r, nil
}

// Replay judges a run again from what it observed, by the plan that the document
// carries. What this kmsiso knows beyond that plan is named in [run.Run].Beyond, and
// does not pass. Verdicts, causes and findings are made anew; observations are as they
// were.
func Replay(r *run.Run) (*run.Run, error) {
	p := new(intent.Policy)
	if err := json.Unmarshal(r.Policy, p); err != nil {
		return nil, fmt.Errorf("read the policy in the run document: %w", err)
	}
	p.Index()
	again := *r
	plan := checks.NewPlan(p, again.Audit)
	plan.Within(&again)
	again.Cells, again.Untested = nil, nil
	judged(plan, p, &again)
	return &again, nil
}

func judged(plan *check.Plan, p *intent.Policy, r *run.Run) {
	r.Cells = judge.Judge(plan, r)
	listUntested(r, func() reason.List { return append(slices.Clip(r.Beyond), untested(p, r)...) })
}

// listUntested keeps a list of what was not tested, or that it could not be made.
func listUntested(r *run.Run, list func() reason.List) {
	const part = "list of what was not tested"
	if err := belt.Catch(part, func() { r.Untested = list() }); err != nil {
		r.Broken = append(r.Broken, part)
		r.Untested = reason.One(reason.UntestedUnknown, "words", err)
	}
}

// Failed makes the document of a run that could not be made, so that a report
// can be written all the same. p may be nil.
func Failed(p *intent.Policy, version string, err error) *run.Run {
	r := describe(p, version)
	r.Started = time.Now().UTC()
	r.Fault = err.Error()
	return r
}

func describe(p *intent.Policy, version string) *run.Run {
	r := &run.Run{Version: version}
	if p == nil {
		return r
	}
	var forests []string
	for _, f := range p.Forests {
		forests = append(forests, f.Name)
	}
	r.Name = strings.Join(forests, " ")
	r.Stage, r.Basis, r.Scope = string(p.Isolation.Stage), string(p.Isolation.Basis), string(p.Isolation.Scope)
	return r
}

// Lookup resolves a name by the controller's own resolver: once, for all vantages.
// A resolver that does not return when ctx is done is left behind.
func Lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	return heldLookup(ctx, name, func(ctx context.Context) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	})
}

func heldLookup(ctx context.Context, name string, lookup func(context.Context) ([]netip.Addr, error)) ([]netip.Addr, error) {
	type answer struct {
		addrs []netip.Addr
		err   error
	}
	got, err := belt.Do(ctx, belt.Call{Name: "lookup of " + name}, func(ctx context.Context) answer {
		addrs, err := lookup(ctx)
		return answer{addrs, err}
	}, nil)
	if err != nil {
		return nil, err
	}
	return got.addrs, got.err
}
