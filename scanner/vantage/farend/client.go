package farend

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
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
	id   uint64
	word string
	body any
	q    *vantage.Question
	// answer gets the outcome; of size 1, closed where the stream broke.
	answer chan outcome
	sent   time.Time
	// left is set when nobody waits for the answer any more.
	left bool
}

// outcome is what a far end says of a call, whose answer is read by then.
type outcome struct{ failure *failure }

// call sends a call and waits for its answer.
func (c *client) call(ctx context.Context, k *call) (uint64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := c.send(k); err != nil {
		return 0, err
	}
	select {
	case a, ok := <-k.answer:
		return k.id, c.outcome(k, a, ok)
	case <-ctx.Done():
	}
	// The number stays taken until the far end has answered: only then is it
	// certain that nothing of this call is to come.
	c.mu.Lock()
	k.left = true
	c.mu.Unlock()
	select {
	case a, ok := <-k.answer: // it was answered in this very moment
		return k.id, c.outcome(k, a, ok)
	default:
	}
	c.out.put(k.id, wordCancel, nil) //nolint:errcheck // the caller hears of ctx in any case
	return 0, ctx.Err()
}

// send gives a call a number and sends it.
func (c *client) send(k *call) error {
	k.sent = time.Now()
	if k.answer, _ = c.free.Get().(chan outcome); k.answer == nil {
		k.answer = make(chan outcome, 1)
	}
	c.mu.Lock()
	if c.err != nil || c.closing {
		defer c.mu.Unlock()
		if c.err != nil {
			return c.err
		}
		return reason.Fail(reason.FarEndClosed)
	}
	c.add(k)
	c.mu.Unlock()
	if err := c.out.put(k.id, k.word, k.body); err != nil {
		c.mu.Lock()
		c.remove(k.id)
		c.mu.Unlock()
		return c.explain(reason.Wrap(err, reason.FarEndUnasked, "words", err))
	}
	return nil
}

// outcome is the error of a call, for which something came unless the stream broke.
func (c *client) outcome(k *call, a outcome, came bool) error {
	if !came {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.err
	}
	c.free.Put(k.answer)
	if a.failure == nil {
		return nil
	}
	return &farError{why: foreign(a.failure.Why, maxWords), is: k.q.Errors[a.failure.Is]}
}

// add and remove keep the list of calls. The caller holds c.mu.
func (c *client) add(k *call) {
	c.last++
	k.id = c.last
	c.calls[k.id] = k
	if k.q.Large {
		c.large++
	}
}

func (c *client) remove(id uint64) {
	if k := c.calls[id]; k != nil && k.q.Large {
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
	var m message
	for {
		err := in.next(&m)
		if errors.Is(err, io.EOF) {
			return reason.Fail(reason.FarEndEnded)
		}
		if err == nil {
			err = c.hand(in, &m)
		}
		if err != nil {
			return reason.Wrap(err, reason.FarEndUnread, "words", err)
		}
	}
}

// hand gives what came to the call it answers.
func (c *client) hand(in *inbox, m *message) error {
	c.mu.Lock()
	k := c.calls[m.id]
	c.mu.Unlock()
	if k == nil {
		return odd(m.id, "call", "not made")
	}
	// The caller reads the answer only once it was told that it is there.
	a, err := k.read(in, m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(m.id)
	c.life.answered(k, time.Now())
	if k.left && k.q.Holds && a.failure == nil {
		c.drop(m.id)
	}
	k.answer <- a
	return nil
}

// read reads the answer to a call, and says what is wrong with it.
func (k *call) read(in *inbox, m *message) (outcome, error) {
	switch {
	case m.word == wordFailed:
		f := new(failure)
		if err := in.decode(m.body, f); err != nil {
			return outcome{}, err
		}
		if len(f.Why) == 0 || f.Is != "" && k.q.Errors[f.Is] == nil {
			return outcome{}, odd(m.id, "error", f.Is)
		}
		return outcome{f}, nil
	case m.word != wordOK:
		return outcome{}, odd(m.id, "word", m.word)
	case (k.q.Answer == nil) != (len(m.body) == 0):
		return outcome{}, odd(m.id, "kind", "another")
	case k.q.Answer == nil:
		return outcome{}, nil
	}
	if err := in.decode(m.body, k.q.Answer); err != nil {
		return outcome{}, err
	}
	if k.q.Vet == nil {
		return outcome{}, nil
	}
	err := k.q.Vet()
	if no := (*vantage.Odd)(nil); errors.As(err, &no) {
		err = odd(m.id, no.Field, no.Value)
	}
	return outcome{}, err
}

// drop ends what nobody waited for. The caller holds c.mu.
func (c *client) drop(held uint64) { c.aside(wordClose, held) }

// aside makes a call that nobody waits for. The caller holds c.mu.
func (c *client) aside(word string, body any) {
	k := &call{word: word, q: &vantage.Question{}, answer: make(chan outcome, 1), sent: time.Now(), left: true}
	c.add(k)
	c.out.put(k.id, word, body) //nolint:errcheck // a broken stream shows in its reader, a deaf one in the next tick
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
