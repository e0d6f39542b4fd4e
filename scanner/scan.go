// Package scanner is the story of a run: what the checks need is planned, observed and
// judged, and what was not tested is said.
//
// It opens nothing itself, and knows no report. A run is all it gives.
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
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/judge"
	"github.com/kmsiso/kmsiso/scanner/observe"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// resolve asks for the names in a policy.
func resolve(ctx context.Context, p *intent.Policy, o observe.Options) *intent.Policy {
	o.Tell("resolving names")
	resolved, warnings := p.Resolve(ctx, Lookup)
	if o.Warn != nil {
		o.Warn(warnings)
	}
	return resolved
}

// Verify makes one run. The policy's names are resolved first, and the document has the
// policy as it is then. The error is of a run that could not be made at all; a vantage
// that cannot be entered is no such error, its cells say so. Where ctx ends before the
// run does, what was observed until then is judged, and the run says that it was
// stopped.
//
// Whatever a way in, a far end, a directory or a resolver does, the run ends:
// what does not return within its bound, and [belt.Grace] after it was told to
// end, is left behind as an error of its own observations.
func Verify(ctx context.Context, p *intent.Policy, o observe.Options) (*run.Run, error) {
	began := time.Now()
	clock := func() time.Duration { return time.Since(began) }
	p = resolve(ctx, p, o)
	o.Tell("connecting %d vantages", len(p.Vantages))
	var plan *check.Plan
	var planning sync.WaitGroup
	planning.Go(func() { plan = checks.NewPlan(p, false) }) // while the connections come about
	obs := observe.Enter(ctx, p, o, clock)
	defer obs.Close()
	planning.Wait()

	r := describe(p, o.Version)
	r.Started, r.Plan = began.UTC(), plan.Carried()
	r.Observations, r.Window = obs.Observe(ctx, plan.Needs())
	r.Vantages, r.Credentials = obs.Vantages(r.Observations), obs.Credentials()
	return finish(ctx, plan, p, r, clock)
}

// Audit looks at what is configured alone: it reads the directories that the
// policy declares, and enters and probes nothing.
func Audit(ctx context.Context, p *intent.Policy, o observe.Options) (*run.Run, error) {
	began := time.Now()
	clock := func() time.Duration { return time.Since(began) }
	p = resolve(ctx, p, o)
	r := describe(p, o.Version)
	r.Audit = true
	r.Started = began.UTC()
	o.Tell("reading %d directories", len(p.Directories()))
	plan := checks.NewPlan(p, true)
	r.Plan = plan.Carried()
	r.Observations, r.Credentials = observe.Forests(ctx, p, plan.Needs(), o)
	r.Vantages = observe.DirectoryVantage(p, r.Observations)
	return finish(ctx, plan, p, r, clock)
}

// ReadForests reads every directory that the policy declares, all at once, and
// returns an observation for each. What cannot be read is an observation in
// error.
func ReadForests(ctx context.Context, p *intent.Policy, o observe.Options) []run.Observation {
	all, _ := observe.Forests(ctx, p, checks.NewPlan(p, true).Needs(), o)
	return all
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
