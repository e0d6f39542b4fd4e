package farend

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// errTooLong says that a message is longer than the protocol allows.
var errTooLong = errors.New("a message is longer than the protocol allows")

// readLine reads one line of at most n octets, without its end.
func readLine(r *bufio.Reader, n int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > n+1:
			return line, errTooLong
		case err == nil:
			return bytes.TrimRight(line, "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// inbox reads messages. Unknown fields are an error: two ends of one version
// know the same ones.
type inbox struct {
	bound bounded
	dec   *json.Decoder
}

// newInbox reads messages of at most limit() octets from r.
func newInbox(r io.Reader, limit func() int) *inbox {
	in := &inbox{bound: bounded{r: r, limit: limit}}
	in.dec = json.NewDecoder(&in.bound)
	in.dec.DisallowUnknownFields()
	return in
}

// next reads the next message into m. It returns io.EOF between messages only.
func (in *inbox) next(m any) error {
	in.bound.read = 0
	return in.dec.Decode(m)
}

// bounded fails when more octets are wanted for one message than the limit of
// that moment.
type bounded struct {
	r     io.Reader
	read  int
	limit func() int
	// came hears of octets that came, may be nil.
	came func(int)
}

func (b *bounded) Read(p []byte) (int, error) {
	room := b.limit() - b.read
	if room <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(len(p), room)])
	b.read += n
	if b.came != nil {
		b.came(n)
	}
	return n, err
}

// always is a limit that does not change.
func always(n int) func() int { return func() int { return n } }

// maxBacklog is how much may wait for a peer that does not read, in octets.
const maxBacklog = 2 * maxAnswer

// outbox writes messages: all that are ready go out in one write.
type outbox struct {
	w     io.Writer
	limit int // of one message
	wake  chan struct{}
	done  chan struct{} // closed when nothing is written any more

	mu      sync.Mutex
	pending []byte
	closed  bool
	err     error
}

// newOutbox starts the writing; close ends it.
func newOutbox(w io.Writer, limit int) *outbox {
	o := &outbox{w: w, limit: limit, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go o.write()
	return o
}

// put sends m, or says why it cannot be sent.
func (o *outbox) put(m any) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	if len(b) > o.limit {
		return fmt.Errorf("%w: %d octets of at most %d", errTooLong, len(b), o.limit)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.err != nil:
		return o.err
	case o.closed:
		return io.ErrClosedPipe
	case len(o.pending) > maxBacklog:
		o.err = fmt.Errorf("the other side does not read: %d octets wait for it", len(o.pending))
		return o.err
	}
	o.pending = append(append(o.pending, b...), '\n')
	o.ring()
	return nil
}

// close ends the writing once what is pending is written.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.ring()
}

func (o *outbox) ring() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) write() {
	defer close(o.done)
	var spare []byte
	for range o.wake {
		runtime.Gosched() // those who are about to send join this write
		o.mu.Lock()
		batch, closed := o.pending, o.closed
		o.pending = spare[:0]
		o.mu.Unlock()
		if len(batch) > 0 {
			if _, err := o.w.Write(batch); err != nil {
				o.mu.Lock()
				o.err = fmt.Errorf("write to the other side: %w", err)
				o.mu.Unlock()
				return
			}
		}
		if closed {
			return
		}
		if spare = batch; cap(spare) > 1<<20 {
			spare = nil // one large answer is no reason to keep its memory
		}
	}
}
