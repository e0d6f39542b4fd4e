package farend

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// client is the near side of one stream.
type client struct {
	out  *outbox
	w    io.Closer
	done chan struct{} // closed when the far end's stream has ended
	// tail is what the far end said beside the stream; nil where nobody knows.
	tail func() string

	mu      sync.Mutex
	last    uint64
	calls   map[uint64]*call
	large   int // calls whose answer may be large
	closing bool
	err     error         // why no call can be made any more
	dead    chan struct{} // closed when err is set
	life    signs
	free    sync.Pool // of channels of calls that were answered
}

// call is a call under way.
type call struct {
	q      *request
	answer chan *answer // of size 1; closed where the stream broke
	sent   time.Time
	// left is set when nobody waits for the answer any more.
	left bool
}

// call sends q and waits for its answer, which is of the kind that q wants.
func (c *client) call(ctx context.Context, q *request) (*answer, uint64, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	k, err := c.send(q)
	if err != nil {
		return nil, 0, err
	}
	select {
	case a := <-k.answer:
		return c.outcome(k, a)
	case <-ctx.Done():
	}
	// The number stays taken until the far end has answered: only then is it
	// certain that nothing of this call is to come.
	c.mu.Lock()
	k.left = true
	c.mu.Unlock()
	select {
	case a := <-k.answer: // it was answered in this very moment
		return c.outcome(k, a)
	default:
	}
	c.out.put(&request{ID: q.ID, Cancel: true}) //nolint:errcheck // the caller hears of ctx in any case
	return nil, 0, ctx.Err()
}

// send gives q a number and sends it.
func (c *client) send(q *request) (*call, error) {
	k := &call{q: q, sent: time.Now()}
	if k.answer, _ = c.free.Get().(chan *answer); k.answer == nil {
		k.answer = make(chan *answer, 1)
	}
	c.mu.Lock()
	if c.err != nil || c.closing {
		defer c.mu.Unlock()
		if c.err != nil {
			return nil, c.err
		}
		return nil, reason.Fail(reason.FarEndClosed)
	}
	c.last++
	q.ID = c.last
	c.add(k)
	c.mu.Unlock()
	if err := c.out.put(q); err != nil {
		c.mu.Lock()
		c.remove(q.ID)
		c.mu.Unlock()
		return nil, c.explain(reason.Wrap(err, reason.FarEndUnasked, "words", err))
	}
	return k, nil
}

// outcome reads what came for k: nil where the stream broke.
func (c *client) outcome(k *call, a *answer) (*answer, uint64, error) {
	if a == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		return nil, 0, c.err
	}
	c.free.Put(k.answer)
	if len(a.Error) > 0 {
		return nil, 0, &farError{why: foreign(a.Error, maxWords), noKey: a.NoKey}
	}
	if a.Reply != nil {
		a.Reply.Note, a.Reply.Weak = words(a.Reply.Note), words(a.Reply.Weak)
	}
	return a, k.q.ID, nil
}

// add and remove keep the list of calls. The caller holds c.mu.
func (c *client) add(k *call) {
	c.calls[k.q.ID] = k
	if k.q.large() {
		c.large++
	}
}

func (c *client) remove(id uint64) {
	if k := c.calls[id]; k != nil && k.q.large() {
		c.large--
	}
	delete(c.calls, id)
}

// limit is how long a message may be at this moment.
func (c *client) limit() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.large > 0 {
		return maxAnswer
	}
	return maxReply
}

// read hands out the answers until the stream ends.
func (c *client) read(in *inbox) {
	err := c.explain(c.answers(in))
	close(c.done)
	c.fail(err)
}

// fail ends every call under way, and all that come, with err. Only the first
// error counts: what follows is its consequence.
func (c *client) fail(err error) {
	c.mu.Lock()
	if c.err == nil {
		if c.closing {
			err = reason.Fail(reason.FarEndClosed)
		}
		c.err = err
		close(c.dead)
	}
	for id, k := range c.calls {
		c.remove(id)
		close(k.answer)
	}
	c.mu.Unlock()
	c.out.close()
}

func (c *client) answers(in *inbox) error {
	for {
		a := new(answer)
		if err := in.next(a); errors.Is(err, io.EOF) {
			return reason.Fail(reason.FarEndEnded)
		} else if err != nil {
			return reason.Wrap(err, reason.FarEndUnread, "words", err)
		}
		if err := c.hand(a); err != nil {
			return reason.Wrap(err, reason.FarEndUnread, "words", err)
		}
	}
}

// hand gives a to the call it answers.
func (c *client) hand(a *answer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.calls[a.ID]
	if k == nil {
		return a.odd("call", "not made")
	}
	if err := a.check(k.q.kind()); err != nil {
		return err
	}
	c.remove(a.ID)
	c.life.answered(k.q, time.Now())
	if k.left && k.q.Watch != nil && len(a.Error) == 0 {
		c.drop(a.ID)
	}
	k.answer <- a
	return nil
}

// drop ends a watch that nobody waited for. The caller holds c.mu.
func (c *client) drop(watch uint64) {
	c.last++
	q := &request{ID: c.last, Unwatch: watch}
	c.add(&call{q: q, answer: make(chan *answer, 1), sent: time.Now(), left: true})
	c.out.put(q) //nolint:errcheck // a broken stream ends the watch as well
}

// explain adds what the far end said beside the stream.
func (c *client) explain(err error) error {
	if c.tail == nil {
		return err
	}
	if said := c.tail(); said != "" {
		return reason.Wrap(err, reason.FarEndSaid, "why", reason.Of(err), "words", said)
	}
	return err
}

// close ends the stream and waits a little for the far end to end its own. A far
// end that is dead by then is not waited for.
func (c *client) close() error {
	c.mu.Lock()
	again, broken := c.closing, c.err
	c.closing = true
	c.mu.Unlock()
	if again {
		return nil
	}
	c.out.close()
	closed := make(chan error, 1)
	late := time.NewTimer(closeWait)
	defer late.Stop()
	if broken == nil {
		select {
		case <-c.out.done:
		case <-late.C: // it does not read either
			broken = errNotEnded
		}
	}
	go func() { closed <- c.w.Close() }() // it may wait for the other side as well
	if broken != nil {
		c.fail(broken)
		select {
		case <-c.done: // the stream has ended, there is nothing to wait for
			return nil
		default:
			return broken
		}
	}
	select {
	case <-c.done:
		c.fail(io.EOF) // for the error of later calls
		return <-closed
	case <-late.C:
		c.fail(errNotEnded)
		return errNotEnded
	}
}

// errNotEnded is the error of a Close that a far end ignores.
var errNotEnded = reason.Fail(reason.FarEndNotEnded, "limit", closeWait)
