package observe

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// window is the length T of the denied window, where an answer takes so long at
// most: never below what the policy says, and never above what a run can wait.
func window(floor, answer time.Duration) time.Duration {
	return min(max(floor, run.WindowFor(answer)), run.LongestWindow)
}

// limitsOf are the limits of a policy.
func limitsOf(p *intent.Policy) probes.Limits {
	return probes.Limits{Positive: p.Limits.Positive, Window: p.Limits.Window}
}

// measuring are limits of what measures a link.
func measuring(l probes.Limits) probes.Limits {
	l.Exchanges = run.Exchanges
	return l
}

// Limits are those within which needs are observed, by the index of each, as long as
// nothing is known of any link.
func Limits(p *intent.Policy, needs []run.Need) func(int) probes.Limits {
	first := sortNeeds(needs).first
	return func(i int) probes.Limits {
		if slices.Contains(first, i) {
			return measuring(limitsOf(p))
		}
		return limitsOf(p)
	}
}

// links is what is known of the way to each vantage's network, by what is asked
// there before its windows.
type links struct {
	mu    sync.Mutex
	all   map[string]*link // by vantage
	quick map[string]bool  // vantages at which something was answered within [soon]
}

// soon is within what an answer comes on all links but slow ones.
const soon = time.Second

// link is the way from one vantage.
type link struct {
	run.Measure

	open  int           // exchanges that have not ended
	known chan struct{} // closed when none is open
}

func newLinks() *links { return &links{all: map[string]*link{}, quick: map[string]bool{}} }

// heard takes in whatever was observed, if that tells of the link: a resolver is often
// nearer than all else, and what the vantage answers itself is no answer.
func (l *links) heard(o *run.Observation) {
	soonAnswered := func(t run.Try) bool { return !t.Loopback && t.AnswerTime() > 0 && t.AnswerTime() < soon }
	if o.Need.Probe == run.ProbeSRV || !slices.ContainsFunc(o.Tries, soonAnswered) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quick[o.Need.Vantage] = true
}

// areQuick reports whether it is known of vantages that answers come soon there.
func (l *links) areQuick(vantages ...string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !slices.ContainsFunc(vantages, func(v string) bool { return v != "" && !l.quick[v] })
}

// expect says that an exchange of a vantage begins, before any of them ends.
func (l *links) expect(vantage string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.all[vantage]
	if x == nil {
		x = &link{known: make(chan struct{})}
		l.all[vantage] = x
	}
	x.open++
}

// note takes in an exchange of a vantage with what is alive, or with the IKE of a
// host.
func (l *links) note(o *run.Observation) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.all[o.Need.Vantage]
	x.Note(o)
	if x.open--; x.open == 0 {
		close(x.known)
	}
}

// of is what is known of a vantage's link, when all exchanges that are expected of it
// have ended: before that nobody knows how long an answer may take.
func (l *links) of(ctx context.Context, vantage string) link {
	l.mu.Lock()
	x := l.all[vantage]
	l.mu.Unlock()
	if x == nil {
		return link{}
	}
	select {
	case <-x.known:
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return *x
}
