package belt

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhatListensIsToldToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		got, err := Do(t.Context(), Call{Name: "slow", Bound: time.Minute}, func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, nil)
		var overdue *OverdueError
		if err != nil || !errors.As(got, &overdue) || !reason.Of(got).Equal(reason.One(reason.CallOverdue, "limit", "1m0s")) || time.Since(began) != time.Minute {
			t.Errorf("after %s: %v, %v", time.Since(began), got, err)
		}
	})
}

func TestWhatDoesNotListenIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		lateCame := 0
		began := time.Now()
		got, err := Do(t.Context(), Call{Name: "deaf", Bound: time.Minute}, func(context.Context) int {
			<-release
			return 7
		}, func(v int) { lateCame = v })
		var l *LeftError
		if !errors.As(err, &l) || got != 0 || time.Since(began) != time.Minute+Grace || Left() != 1 {
			t.Errorf("after %s: %v, %v, %d left", time.Since(began), got, err, Left())
		}
		if why := reason.Of(err); !why.Equal(reason.One(reason.CallLeft, "call", "deaf", "why", reason.One(reason.CallOverdue, "limit", "1m0s"), "grace", Grace)) {
			t.Error(why.Key())
		}
		close(release)
		synctest.Wait()
		if lateCame != 7 || Left() != 0 {
			t.Errorf("what came late: %d, %d left", lateCame, Left())
		}
	})
}

func TestTheEndOfTheContextEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("stopped")
		time.AfterFunc(time.Second, func() { cancel(why) })
		release := make(chan struct{})
		began := time.Now()
		_, err := Do(ctx, Call{Name: "deaf"}, func(context.Context) int { <-release; return 0 }, nil)
		if !errors.Is(err, why) || time.Since(began) != time.Second+Grace {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		close(release)
	})
}

// Calls that wait for their turn are not cut while the others get on.
func TestProgressOfOthersCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := make(chan struct{}, 1)
		var p Progress
		ends := make(chan error, 10)
		for range 10 {
			go Hold(t.Context(), Call{Name: "queued", Bound: time.Minute, Progress: &p}, func(ctx context.Context) error {
				turn <- struct{}{}
				defer func() { <-turn }()
				time.Sleep(50 * time.Second)
				return context.Cause(ctx)
			}, func(got, err error) { ends <- errors.Join(got, err) }, nil)
		}
		for range 10 {
			if err := <-ends; err != nil {
				t.Error(err)
			}
		}
	})
}

// Hold says whether its call was left behind.
func TestHoldSaysWhoWasLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		ends := make(chan bool, 2)
		for _, f := range []func(context.Context) int{func(context.Context) int { return 1 }, func(context.Context) int { <-release; return 1 }} {
			go func() { ends <- Hold(t.Context(), Call{Name: "x", Bound: time.Second}, f, func(int, error) {}, nil) }()
		}
		if !<-ends {
			t.Error("what returned counts as left behind")
		}
		time.Sleep(time.Second + 2*Grace)
		close(release)
		if <-ends {
			t.Error("what was left behind counts as returned")
		}
	})
}
