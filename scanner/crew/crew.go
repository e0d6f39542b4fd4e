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
			makeRoom(false)
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

// room is what a job of a run needs of its goroutine's stack, in octets: some 7 kB,
// and a stack has 4 or 8.
const room = 6 << 10

// makeRoom makes the stack of a goroutine as large as a job needs. It grows once,
// while it is empty; in the job it would grow three times, and be copied each time
// with all that is on it. Go looks for the room before it begins a function: nothing
// has to be put there, which would take memory that most jobs never use.
//
//go:noinline
func makeRoom(use bool) {
	if use {
		var some [room]byte
		touch(&some)
	}
}

//go:noinline
func touch(*[room]byte) {}
