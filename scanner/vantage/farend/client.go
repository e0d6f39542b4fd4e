package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
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
	closing bool
	err     error // why no call can be made any more
}

// call is a call under way.
type call struct {
	q      *request
	answer chan *answer // of size 1; closed where the stream broke
	// left is set when nobody waits for the answer any more.
	left bool
}

// answers are the channels that can be used again.
var answers = sync.Pool{New: func() any { return make(chan *answer, 1) }}

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
	k := &call{q: q, answer: answers.Get().(chan *answer)} //nolint:forcetypeassert // of our own pool
	c.mu.Lock()
	if c.err != nil || c.closing {
		defer c.mu.Unlock()
		if c.err != nil {
			return nil, c.err
		}
		return nil, errors.New("the far end is closed")
	}
	c.last++
	q.ID = c.last
	c.calls[q.ID] = k
	c.mu.Unlock()
	if err := c.out.put(q); err != nil {
		c.mu.Lock()
		delete(c.calls, q.ID)
		c.mu.Unlock()
		return nil, c.explain(fmt.Errorf("ask the far end: %w", err))
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
	answers.Put(k.answer)
	if a.Error != "" {
		return nil, 0, &farError{text: a.Error, noKey: a.NoKey}
	}
	return a, k.q.ID, nil
}

// read hands out the answers until the stream ends.
func (c *client) read(in *inbox) {
	err := c.explain(c.answers(in))
	c.mu.Lock()
	if c.closing {
		err = errors.New("the far end is closed")
	}
	c.err = err
	for id, k := range c.calls {
		delete(c.calls, id)
		close(k.answer)
	}
	c.mu.Unlock()
	c.out.close()
	close(c.done)
}

func (c *client) answers(in *inbox) error {
	for {
		a := new(answer)
		if err := in.next(a); errors.Is(err, io.EOF) {
			return errors.New("the far end ended")
		} else if err != nil {
			return fmt.Errorf("read from the far end: %w", err)
		}
		if err := c.hand(a); err != nil {
			return fmt.Errorf("read from the far end: %w", err)
		}
	}
}

// hand gives a to the call it answers.
func (c *client) hand(a *answer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.calls[a.ID]
	if k == nil {
		return fmt.Errorf("an answer to call %d, which was not made", a.ID)
	}
	if err := a.check(k.q.kind()); err != nil {
		return err
	}
	delete(c.calls, a.ID)
	if k.left && k.q.Watch != nil && a.Error == "" {
		c.drop(a.ID)
	}
	k.answer <- a
	return nil
}

// drop ends a watch that nobody waited for. The caller holds c.mu.
func (c *client) drop(watch uint64) {
	c.last++
	q := &request{ID: c.last, Unwatch: watch}
	c.calls[q.ID] = &call{q: q, answer: make(chan *answer, 1), left: true}
	c.out.put(q) //nolint:errcheck // a broken stream ends the watch as well
}

// explain adds what the far end said beside the stream.
func (c *client) explain(err error) error {
	if c.tail == nil {
		return err
	}
	if said := c.tail(); said != "" {
		return fmt.Errorf("%w; it said: %s", err, said)
	}
	return err
}

// close ends the stream and waits a little for the far end to end its own.
func (c *client) close() error {
	c.mu.Lock()
	again := c.closing
	c.closing = true
	c.mu.Unlock()
	if again {
		return nil
	}
	c.out.close()
	late, stop := context.WithTimeout(context.Background(), closeWait)
	defer stop()
	select {
	case <-c.out.done:
	case <-late.Done(): // it does not read either
	}
	err := c.w.Close()
	select {
	case <-c.done:
		return err
	case <-late.Done():
		return fmt.Errorf("the far end did not end within %v of its input", closeWait)
	}
}
