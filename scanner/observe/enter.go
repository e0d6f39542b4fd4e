package observe

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Enter enters all vantages of a policy at once. Accounts of a domain are shown to its
// controllers before any host. It does not fail: what could not be entered has its
// reason among the vantages that it tells. clock is the time since the run began. Who
// enters is to close.
func Enter(ctx context.Context, p *intent.Policy, o Options, clock func() time.Duration) *Observer {
	l := newLogins(p, o.Memory)
	go l.show(ctx, p)
	return &Observer{policy: p, logins: l, places: connect(ctx, p, l, o), sources: o.sources(p, l), clock: clock, progress: o.Tell}
}

// Close leaves every vantage.
func (o *Observer) Close() { o.places.close() }

// Vantages tells how each vantage was entered and what it says of itself, the
// directories first, by what was observed of them.
func (o *Observer) Vantages(observed []run.Observation) []run.Vantage {
	return append(DirectoryVantage(o.policy, observed), o.places.info...)
}

// Credentials says which credentials were held back.
func (o *Observer) Credentials() []run.Credential { return o.logins.credentials() }
