package scanner

import "sync"

// crew runs jobs at the same time, as many as come, on goroutines that are used
// again: most jobs are short, and a goroutine's stack is dear to grow.
type crew struct {
	jobs    chan func()
	members sync.WaitGroup
}

func newCrew() *crew { return &crew{jobs: make(chan func())} }

// do has a job done by somebody who is idle, or by a new member.
func (c *crew) do(job func()) {
	select {
	case c.jobs <- job:
	default:
		c.members.Go(func() {
			job()
			for job := range c.jobs {
				job()
			}
		})
	}
}

// wait returns when all jobs are done. No job may come after.
func (c *crew) wait() {
	close(c.jobs)
	c.members.Wait()
}
