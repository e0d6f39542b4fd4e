// Package crew runs many short jobs at the same time. It is a leaf that knows
// nothing of what the jobs do.
package crew

import "sync"

// Crew runs jobs at the same time, as many as come, on goroutines that are used
// again: a goroutine's stack is dear to grow, and most jobs are short.
type Crew struct {
	jobs    chan func()
	members sync.WaitGroup
}

// New returns a crew without members; they come with the jobs.
func New() *Crew { return &Crew{jobs: make(chan func())} }

// Do has a job done by a member who is idle, or by a new one. It does not wait.
func (c *Crew) Do(job func()) {
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

// Wait returns when all jobs are done. No job may come after.
func (c *Crew) Wait() {
	c.End()
	c.members.Wait()
}

// End lets the members go, each when its job is done, and does not wait for
// that: where a job may never return. No job may come after.
func (c *Crew) End() { close(c.jobs) }
