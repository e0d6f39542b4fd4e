package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	mean "github.com/kmsiso/kmsiso/fixtures/hostile/farend"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// connectTime is the default of limits.connect, which bounds the hello.
const connectTime = 20 * time.Second

// meanFarEnd attaches to a far end of this habit over pipes in memory. The
// function that it returns ends the fixture, as a caller ends the process.
func meanFarEnd(t *testing.T, h hostile.Habit) (*vantage.Vantage, func(), error) {
	t.Helper()
	toFar, fromNear := io.Pipe()
	toNear, fromFar := io.Pipe()
	life, end := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		mean.Serve(life, toFar, fromFar, mean.Hello(Protocol, "v1"), h)
		close(gone)
	}()
	ctx, cancel := context.WithTimeout(t.Context(), connectTime)
	defer cancel()
	v, err := Attach(ctx, toNear, fromNear, "v1")
	return v, func() {
		end()
		toNear.Close()
		toFar.Close()
		<-gone
	}, err
}

// call makes one call of each kind at once and says how many failed.
func callAll(ctx context.Context, v *vantage.Vantage) int {
	var errs [3]error
	var wg sync.WaitGroup
	wg.Go(func() { _, errs[0] = vantage.Ping.At(v)(ctx, vantage.PingRequest{Timeout: 21 * time.Second}) })
	wg.Go(func() {
		_, errs[1] = vantage.TCP.At(v)(ctx, vantage.DialRequest{Timeout: 21 * time.Second, Read: 5 * time.Second})
	})
	wg.Go(func() { _, errs[2] = vantage.Registry.At(v)(ctx, "k") })
	wg.Wait()
	failed := 0
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	return failed
}

func TestAHostileFarEndCostsBoundedTimeAndMemory(t *testing.T) {
	const most = time.Minute + answerWait + aliveEvery
	for _, h := range append(mean.Habits, hostile.Linger, mean.LongWords) {
		t.Run(string(h), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				v, end, err := meanFarEnd(t, h)
				defer end()
				if opens := mean.Opens(h); (err == nil) != opens {
					t.Fatalf("the hello: %v", err)
				} else if !opens {
					if took := time.Since(began); took > connectTime {
						t.Errorf("the hello took %v", took)
					}
					return
				}
				want := 3
				if h == hostile.Linger {
					want = 0
				}
				peak := heapDuring(func() {
					if failed := callAll(t.Context(), v); failed != want {
						t.Errorf("%d of 3 calls failed, want %d", failed, want)
					}
				})
				if took := time.Since(began); took > most {
					t.Errorf("the calls took %v", took)
				}
				if peak > 250<<20 {
					t.Errorf("the heap grew by %d MB", peak>>20)
				}
				began = time.Now()
				again := callAll(t.Context(), v)
				if took := time.Since(began); again != want || h != mean.Failing && h != mean.LongWords && took > 0 {
					t.Errorf("once more: %d calls failed after %v", again, took)
				}
				began = time.Now()
				v.Close()
				if took := time.Since(began); took > closeWait {
					t.Errorf("Close took %v", took)
				}
			})
		})
	}
}

// heapDuring is how much more memory the heap had to get from the system while f
// ran: it is not given back that soon, so this is the most that was in use.
func heapDuring(f func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapSys
	f()
	runtime.ReadMemStats(&m)
	return m.HeapSys - min(before, m.HeapSys)
}

func TestAHealthyFarEndIsNotTakenForADeadOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, end, err := meanFarEnd(t, "healthy")
		defer end()
		if err != nil {
			t.Fatal(err)
		}
		for _, pause := range []time.Duration{0, time.Minute, 0, time.Hour, aliveEvery, aliveWait} {
			time.Sleep(pause)
			if failed := callAll(t.Context(), v); failed != 0 {
				t.Fatalf("%d calls failed after %v", failed, pause)
			}
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
}

// queue is a place whose calls wait for one another, as for sockets: each takes
// its whole time.
type queue struct{ one chan struct{} }

func (q queue) Ping(ctx context.Context, p vantage.PingRequest) (vantage.Reply, error) {
	q.one <- struct{}{}
	defer func() { <-q.one }()
	select {
	case <-time.After(p.Timeout):
		return aReply, nil
	case <-ctx.Done():
		return vantage.Reply{}, ctx.Err()
	}
}

func TestCallsThatQueueAreNotOverdue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlace()
		far := p.vantage()
		far.Offers.Add(vantage.Ping.By(queue{make(chan struct{}, 1)}.Ping))
		toFar, fromNear := io.Pipe()
		toNear, fromFar := io.Pipe()
		served := make(chan error, 1)
		go func() { served <- Serve(context.Background(), toFar, fromFar, far, "v1"); fromFar.Close() }()
		v, err := Attach(t.Context(), toNear, fromNear, "v1")
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 20 { // the last waits for 400 s
			wg.Go(func() {
				if _, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr, Timeout: 20 * time.Second}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if err := errors.Join(v.Close(), <-served); err != nil {
			t.Error(err)
		}
	})
}

func TestEveryCallOfADeadFarEndHasTheSameError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, end, err := meanFarEnd(t, mean.NoAnswer)
		defer end()
		if err != nil {
			t.Fatal(err)
		}
		errs := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{})
				errs <- err
			}()
		}
		one, two := <-errs, <-errs
		_, later := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{})
		if one == nil || !errors.Is(one, two) || !errors.Is(one, later) {
			t.Errorf("%v\n%v\n%v", one, two, later)
		}
		v.Close()
	})
}

func TestWhatAFarEndSaysInWordsIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, end, err := meanFarEnd(t, mean.LongWords)
		defer end()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{}); err == nil || len(reason.Of(err)[0].Word("words")) > maxWords+10 {
			t.Errorf("an error of %d octets", len(fmt.Sprint(err)))
		}
		v.Close()
	})
}

func TestCancelEndsACallOfAMuteFarEndAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, end, err := meanFarEnd(t, mean.Deaf)
		defer end()
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		v.Close()
	})
}

func TestAFarEndEndsWhereItsControllerIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		toFar, fromNear := io.Pipe()
		toNear, fromFar := io.Pipe()
		go io.Copy(io.Discard, toNear)
		p := newPlace()
		served := make(chan error, 1)
		go func() { served <- Serve(context.Background(), toFar, fromFar, p.vantage(), "v1") }()
		io.WriteString(fromNear, `{"kmsiso":"controller","protocol":4,"version":"v1"}`+"\n"+`1 ping {"to":"::1","timeout":1,"size":1}`+"\n")
		began := time.Now()
		if err := <-served; err == nil || time.Since(began) != controllerWait {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if p.waiting != 0 {
			t.Errorf("%d calls still run", p.waiting)
		}
		toNear.Close()
	})
}

// TestAFarEndThatIsGivenUp makes calls to far ends that answer none.
func TestAFarEndThatIsGivenUp(t *testing.T) {
	for habit, want := range map[hostile.Habit]reason.Code{mean.NoAnswer: reason.FarEndMute, mean.AliveOnly: reason.FarEndDeaf} {
		synctest.Test(t, func(t *testing.T) {
			v, end, err := meanFarEnd(t, habit)
			defer end()
			if err != nil {
				t.Fatal(err)
			}
			_, err = vantage.Ping.At(v)(t.Context(), vantage.PingRequest{Timeout: time.Second})
			if why := reason.Of(err); !why.Has(want) {
				t.Errorf("%s: %s, want %s", habit, why.Key(), want)
			}
			v.Close()
		})
	}
}
