package crew

import (
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestJobsRunAtTheSameTimeAndAreWaitedFor(t *testing.T) {
	const jobs = 100
	var done atomic.Int32
	all := make(chan struct{}) // closed by the last: nobody gets on unless all are there
	c := New()
	for range jobs {
		c.Do(func() {
			if done.Add(1) == jobs {
				close(all)
			}
			<-all
		})
	}
	c.Wait()
	if n := done.Load(); n != jobs {
		t.Errorf("%d of %d jobs done", n, jobs)
	}
}

func TestMembersAreUsedAgain(t *testing.T) {
	c := New()
	first := make(chan struct{})
	c.Do(func() { close(first) })
	<-first
	for range 1000 {
		next := make(chan struct{})
		c.jobs <- func() { close(next) } // only an idle member can take it
		<-next
	}
	c.Wait()
}
