package farend

import (
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// A far end is asked for a sign of life, and is given up where it shows none: a
// process that sleeps, a machine that is gone and a program that only reads look
// the same from here, and none of them closes the stream.
const (
	// aliveEvery is the time between two questions.
	aliveEvery = 5 * time.Second
	// aliveWait is how long nothing may come: neither a message nor, of one that
	// is large, as much as aliveOctets.
	aliveWait   = 20 * time.Second
	aliveOctets = 32 << 10
	// answerWait is how much longer than its own time a call may take while no
	// other call is answered. Calls queue at a far end that is out of sockets, so
	// one that waits is no sign while others are answered.
	answerWait = 30 * time.Second
	// callMost is how much longer than its own time a call may take at all.
	callMost = 10 * time.Minute
)

// signs are the signs of life of a far end.
type signs struct {
	heard  time.Time // of the last message, or part of a large one
	answer time.Time // of the last answer to a call of a user
	octets int       // since heard
	asked  time.Time // when the question under way was put; zero where none is
}

// answered notes an answer to k.
func (s *signs) answered(k *call, now time.Time) {
	s.heard, s.octets = now, 0
	if k.word == wordAlive {
		s.asked = time.Time{}
	} else {
		s.answer = now
	}
}

// came notes octets that came, of a message that is not whole yet.
func (c *client) came(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life.octets += n; c.life.octets >= aliveOctets {
		c.life.heard, c.life.octets = time.Now(), 0
	}
}

// watch asks for signs of life until the stream ends, and ends it where there
// are none.
func (c *client) watch() {
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.dead:
			return
		case <-tick.C:
		}
		now := time.Now()
		c.mu.Lock()
		err := c.overdue(now)
		if err == nil && c.life.asked.IsZero() && !c.closing && c.err == nil {
			c.life.asked = now
			c.aside(wordAlive, nil)
		}
		c.mu.Unlock()
		if err != nil {
			c.fail(c.explain(err))
			return
		}
	}
}

// overdue says why the far end is given up, nil where it is not. The caller
// holds c.mu.
func (c *client) overdue(now time.Time) error {
	if quiet := min(now.Sub(c.life.heard), now.Sub(c.life.asked)); !c.life.asked.IsZero() && quiet > aliveWait {
		return reason.Fail(reason.FarEndMute, "limit", quiet.Round(time.Second))
	}
	for _, k := range c.calls {
		if k.left {
			continue
		}
		waited, own := now.Sub(k.sent), k.q.Takes
		if min(waited, now.Sub(c.life.answer)) > own+answerWait || waited > own+callMost {
			return reason.Fail(reason.FarEndDeaf, "own", own, "limit", waited.Round(time.Second))
		}
	}
	return nil
}
