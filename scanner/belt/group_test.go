package belt

import (
	"context"
	"errors"
	"maps"
	"testing"
	"testing/synctest"
	"time"
)

// inGroup holds calls under one context, each begun after a time, and says when each
// was over and with which error. Those that are deaf return only at the very end.
func inGroup(ctx context.Context, t *testing.T, calls map[string]inGroupCall) (took map[string]time.Duration, errs map[string]error) {
	type outcome struct {
		name string
		err  error
	}
	g := NewGroup(ctx)
	defer g.End()
	ends, release := make(chan outcome), make(chan struct{})
	began := time.Now()
	for name, c := range calls {
		go func() {
			time.Sleep(c.after)
			Hold(g, Call{Name: name, Bound: c.bound, Progress: c.progress}, func(ctx context.Context) error {
				select {
				case <-time.After(c.lasts):
					return nil
				case <-ctx.Done():
				}
				if c.deaf {
					<-release
				}
				return context.Cause(ctx)
			}, func(got, err error) { ends <- outcome{name, errors.Join(got, err)} }, nil)
		}()
	}
	took, errs = map[string]time.Duration{}, map[string]error{}
	for range calls {
		o := <-ends
		took[o.name], errs[o.name] = time.Since(began), o.err
	}
	close(release)
	synctest.Wait()
	if len(g.calls) != 0 || Left() != 0 {
		t.Errorf("%d calls are under way, %d left behind", len(g.calls), Left())
	}
	return took, errs
}

type inGroupCall struct {
	after, bound, lasts time.Duration
	deaf                bool
	progress            *Progress
}

// Each call of a group has its own time.
func TestCallsOfAGroupEndOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Progress
		took, errs := inGroup(t.Context(), t, map[string]inGroupCall{
			"at once":   {bound: time.Minute},
			"in time":   {bound: time.Minute, lasts: 30 * time.Second},
			"overdue":   {bound: time.Minute, lasts: time.Hour},
			"shorter":   {after: 5 * time.Second, bound: 10 * time.Second, lasts: time.Hour},
			"deaf":      {after: time.Second, bound: 40 * time.Second, lasts: time.Hour, deaf: true},
			"boundless": {lasts: 10 * time.Minute},
			"mover":     {lasts: 50 * time.Second, progress: &p},
			"moved":     {bound: time.Minute, lasts: time.Hour, progress: &p},
		})
		want := map[string]time.Duration{
			"at once": 0, "in time": 30 * time.Second, "overdue": time.Minute, "shorter": 15 * time.Second, "deaf": 41*time.Second + Grace,
			"boundless": 10 * time.Minute, "mover": 50 * time.Second, "moved": 110 * time.Second,
		}
		if !maps.Equal(took, want) {
			t.Errorf("over after %v, want %v", took, want)
		}
		for name, err := range errs {
			var overdue *OverdueError
			fine := name == "at once" || name == "in time" || name == "boundless" || name == "mover"
			if fine != (err == nil) || !fine && !errors.As(err, &overdue) || errors.As(err, new(*LeftError)) != (name == "deaf") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// The end of the context is the end of all, also of what begins after it.
func TestTheEndOfAGroupEndsItsCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("stopped")
		time.AfterFunc(time.Second, func() { cancel(why) })
		took, errs := inGroup(ctx, t, map[string]inGroupCall{
			"done":  {lasts: time.Millisecond},
			"hears": {bound: time.Minute, lasts: time.Hour},
			"deaf":  {bound: time.Minute, lasts: time.Hour, deaf: true},
			"late":  {after: 5 * time.Second, lasts: time.Hour},
			"both":  {after: 5 * time.Second, bound: 2 * time.Second, lasts: time.Hour, deaf: true},
		})
		want := map[string]time.Duration{
			"done": time.Millisecond, "hears": time.Second, "deaf": time.Second + Grace, "late": 5 * time.Second, "both": 5*time.Second + Grace,
		}
		if !maps.Equal(took, want) {
			t.Errorf("over after %v, want %v", took, want)
		}
		for name, err := range errs {
			if (name == "done") != (err == nil) || err != nil && !errors.Is(err, why) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
