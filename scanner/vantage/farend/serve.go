package farend

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/crew"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Serve answers the calls that come from r with the capabilities of v, and
// writes the answers to w. It ends, without an error, when r does; every call
// is cancelled and all that is held closed by then. v stays open.
//
// It also ends when ctx does, and when the controller has said nothing for
// minutes: a controller asks for a sign of life every few seconds, so it is gone.
// r and w are then closed where they can be. A read or a write that a close does
// not wake, as of some terminals, is left to the end of the process.
func Serve(ctx context.Context, r io.Reader, w io.Writer, v *vantage.Vantage, version string) error {
	s := &server{v: v, running: crew.New(), out: newOutbox(w, maxAnswer), calls: map[uint64]context.CancelFunc{}, held: map[uint64]vantage.Held{}}
	ended := make(chan error, 1)
	silent := time.NewTimer(controllerWait)
	defer silent.Stop()
	// Calls end by the list of them. Each would be noted a second time with ctx.
	calls := context.WithoutCancel(ctx)
	go func() { ended <- s.serve(calls, r, version, func() { silent.Reset(controllerWait) }) }()
	var err error
	select {
	case err = <-ended:
	case <-silent.C:
		err = fmt.Errorf("the controller has said nothing for %v", controllerWait)
		closeIfClosable(r)
		closeIfClosable(w)
	case <-ctx.Done():
		err = ctx.Err()
		closeIfClosable(r)
		closeIfClosable(w)
	}
	s.mu.Lock()
	s.closed = true
	for _, cancel := range s.calls {
		cancel()
	}
	s.mu.Unlock()
	s.running.Wait()
	for _, held := range s.held {
		held.Close() //nolint:errcheck // nobody is left to hear of it
	}
	s.out.close()
	select {
	case <-s.out.done:
	case <-time.After(closeWait):
	}
	return err
}

func closeIfClosable(x any) {
	if c, ok := x.(io.Closer); ok {
		c.Close() //nolint:errcheck // it only has to wake who reads or writes
	}
}

// server is the far side of one stream.
type server struct {
	v       *vantage.Vantage
	out     *outbox
	running *crew.Crew

	mu     sync.Mutex
	closed bool
	calls  map[uint64]context.CancelFunc
	held   map[uint64]vantage.Held // by the number of the call that began it
}

// controllerWait is how long a controller may say nothing. It is far longer than
// any pause of a network; a far end that nobody uses is not left behind.
const controllerWait = 5 * time.Minute

// inStep is how many calls begin before those that have begun get on.
const inStep = 64

// serve says hello, then reads requests until the stream ends. Each calls heard.
func (s *server) serve(ctx context.Context, r io.Reader, version string, heard func()) error {
	if err := s.out.greet(s.hello(version)); err != nil {
		return err
	}
	br := bufio.NewReaderSize(r, 64<<10)
	line, err := readLine(br, maxHello)
	if err != nil {
		if len(line) == 0 && errors.Is(err, io.EOF) {
			return errors.New("the controller ended before it said hello; run this command through an exec or ssh vantage, not by hand")
		}
		return fmt.Errorf("read the controller's hello: %w", err)
	}
	h, err := parseHello(line, sideController)
	if err != nil {
		return err
	}
	if h.Version != version || h.Protocol != Protocol {
		return fmt.Errorf("the controller is kmsiso %s (protocol %d), this far end is %s (protocol %d): install the same version on both",
			clean([]byte(h.Version), 80), h.Protocol, version, Protocol)
	}
	in := newInbox(br, always(maxRequest))
	var m message
	for i := 1; ; i++ {
		if i%inStep == 0 {
			runtime.Gosched() // a call that is over soon leaves its goroutine to the next
		}
		if err := in.next(&m); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		heard()
		if err := s.take(ctx, in, &m); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
	}
}

func (s *server) hello(version string) *hello {
	h := &hello{
		Kmsiso: sideFarEnd, Protocol: Protocol, Version: version,
		OS: s.v.OS, Missing: s.v.Missing, Addresses: s.v.Addresses, Resolvers: s.v.Resolvers,
		Interfaces: s.v.Interfaces, Gateways: s.v.Gateways,
	}
	for _, c := range vantage.Capabilities() {
		if s.v.Has(c) {
			h.Has = append(h.Has, c)
		}
	}
	return h
}

// take does what a request asks for, or begins it. The error is that of a request that
// cannot be.
func (s *server) take(ctx context.Context, in *inbox, m *message) error {
	switch m.word {
	case wordAlive:
		s.out.put(m.id, wordOK, nil) //nolint:errcheck // a stream that is broken shows in its reader
		return nil
	case wordCancel:
		s.mu.Lock()
		defer s.mu.Unlock()
		if cancel := s.calls[m.id]; cancel != nil {
			cancel()
		}
		return nil
	case wordRead, wordClose:
		id, err := m.target()
		if err != nil {
			return err
		}
		return s.start(ctx, m.id, nil, s.onHeld(id, m.word == wordClose))
	}
	op := vantage.Named(vantage.Capability(m.word))
	if op == nil {
		return fmt.Errorf("there is no capability %q", clean([]byte(m.word), 40))
	}
	call, err := op.Served(s.v, func(into any) error { return in.decode(m.body, into) })
	if err != nil {
		return err
	}
	return s.start(ctx, m.id, op.Errors(), call)
}

// onHeld reads what is held, or ends it.
func (s *server) onHeld(id uint64, end bool) vantage.Served {
	return func(ctx context.Context) (any, vantage.Held, error) {
		s.mu.Lock()
		h := s.held[id]
		if end {
			delete(s.held, id)
		}
		s.mu.Unlock()
		switch {
		case h == nil:
			return nil, nil, fmt.Errorf("call %d holds nothing", id)
		case end:
			return nil, nil, h.Close()
		}
		answer, err := h.Read(ctx)
		return answer, nil, err
	}
}

// start runs a call beside the others. known are the errors that its callers tell
// apart.
func (s *server) start(ctx context.Context, id uint64, known map[string]error, call vantage.Served) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	if s.calls[id] != nil || s.held[id] != nil {
		return fmt.Errorf("the number %d is in use", id)
	}
	if len(s.calls) >= maxCalls {
		s.out.put(id, wordFailed, failed(fmt.Errorf("the far end runs %d calls already", maxCalls), nil)) //nolint:errcheck // a stream that is broken shows in its reader
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	s.calls[id] = cancel
	s.running.Do(func() {
		answer, held, err := call(ctx)
		cancel()
		s.mu.Lock()
		delete(s.calls, id)
		if held != nil {
			s.held[id] = held
		}
		s.mu.Unlock()
		if err == nil {
			// A stream that is broken shows in its reader; only this can be told.
			if err = s.out.put(id, wordOK, answer); !errors.Is(err, errTooLong) {
				return
			}
		}
		s.out.put(id, wordFailed, failed(err, known)) //nolint:errcheck // see above
	})
	return nil
}
