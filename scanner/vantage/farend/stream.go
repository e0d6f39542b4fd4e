package farend

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"sync"

	"github.com/kmsiso/kmsiso/scanner/vantage"
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

// tap counts octets as they come.
type tap struct {
	r io.Reader
	// came hears of them, may be nil.
	came func(int)
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if t.came != nil {
		t.came(n)
	}
	return n, err
}

// inbox reads messages.
type inbox struct {
	r     *bufio.Reader
	limit func() int
	long  []byte // a message longer than the buffer of r
	dec   *json.Decoder
	body  bytes.Reader
}

// newInbox reads messages of at most limit() octets from r.
func newInbox(r *bufio.Reader, limit func() int) *inbox {
	in := &inbox{r: r, limit: limit}
	in.dec = json.NewDecoder(&in.body)
	in.dec.DisallowUnknownFields()
	return in
}

// next reads the next message into m, whose body is good until the next call. It
// returns io.EOF between messages only.
func (in *inbox) next(m *message) error {
	line, err := in.line()
	switch {
	case err == nil:
		return m.parse(line)
	case errors.Is(err, io.EOF) && len(line) > 0:
		return io.ErrUnexpectedEOF
	}
	return err
}

func (in *inbox) line() ([]byte, error) {
	line, err := in.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		in.long = in.long[:0]
		for errors.Is(err, bufio.ErrBufferFull) && len(in.long)+len(line) <= in.limit() {
			in.long = append(in.long, line...)
			line, err = in.r.ReadSlice('\n')
		}
		in.long = append(in.long, line...)
		line = in.long
		if cap(in.long) > 1<<20 {
			in.long = nil // one large answer is no reason to keep its memory
		}
	}
	if len(line) > in.limit()+1 || errors.Is(err, bufio.ErrBufferFull) {
		return nil, errTooLong
	}
	return bytes.TrimRight(line, "\r\n"), err
}

// decode reads the body of a message, one JSON value. Unknown fields are an error: two
// ends of one version know the same ones.
func (in *inbox) decode(body []byte, into any) error {
	if len(body) == 0 {
		return errors.New("there is nothing to read")
	}
	if err := fewItems(body); err != nil {
		return err
	}
	if p, ok := into.(vantage.Plain); ok && p.ReadJSON(body) {
		return nil
	}
	in.body.Reset(body)
	from := in.dec.InputOffset()
	if err := in.dec.Decode(into); err != nil {
		return err
	}
	if used := in.dec.InputOffset() - from; used != int64(len(body)) {
		return fmt.Errorf("after %d of %d octets there is something else", used, len(body))
	}
	return nil
}

// fewItems reports a body of too many objects, lists and nulls. An empty object takes
// two octets on the wire and many times that in memory, so octets alone are no bound.
func fewItems(body []byte) error {
	if len(body) < 2*maxItems {
		return nil
	}
	n, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '[' || c == 'n'):
			n++
		}
	}
	if n > maxItems {
		return fmt.Errorf("a message of more than %d elements", maxItems)
	}
	return nil
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

// put sends a message, or says why it cannot be sent. The body is written as JSON
// where it is no number of a call; nil is none.
func (o *outbox) put(id uint64, word string, body any) error {
	var b []byte
	switch body.(type) {
	case nil, uint64, vantage.Plain: // go straight to the others that wait
	default:
		var err error
		if b, err = json.Marshal(body); err != nil {
			return fmt.Errorf("write a message: %w", err)
		}
	}
	return o.add(func(p []byte) []byte {
		p = append(append(strconv.AppendUint(p, id, 10), ' '), word...)
		switch body := body.(type) {
		case nil:
			return p
		case uint64:
			return strconv.AppendUint(append(p, ' '), body, 10)
		case vantage.Plain:
			return body.AppendJSON(append(p, ' '))
		}
		return append(append(p, ' '), b...)
	})
}

// greet sends a hello.
func (o *outbox) greet(h *hello) error {
	b, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write a hello: %w", err)
	}
	return o.add(func(p []byte) []byte { return append(p, b...) })
}

// add adds a line to what is written next.
func (o *outbox) add(line func([]byte) []byte) error {
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
	was := len(o.pending)
	o.pending = line(o.pending)
	if n := len(o.pending) - was; n > o.limit {
		o.pending = o.pending[:was]
		return fmt.Errorf("%w: %d octets of at most %d", errTooLong, n, o.limit)
	}
	o.pending = append(o.pending, '\n')
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
