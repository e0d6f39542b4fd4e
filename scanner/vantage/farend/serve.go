package farend

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/crew"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Serve answers the calls that come from r with the capabilities of v, and
// writes the answers to w. It ends, without an error, when r does; every call
// is cancelled and every watch closed by then. v stays open.
//
// It also ends when ctx does, and when the controller has said nothing for
// minutes: a controller asks for a sign of life every few seconds, so it is gone.
// r and w are then closed where they can be. A read or a write that a close does
// not wake, as of some terminals, is left to the end of the process.
func Serve(ctx context.Context, r io.Reader, w io.Writer, v *vantage.Vantage, version string) error {
	ctx, cancel := context.WithCancel(ctx)
	s := &server{v: v, running: crew.New(), out: newOutbox(w, maxAnswer), calls: map[uint64]context.CancelFunc{}, watches: map[uint64]vantage.Watch{}}
	ended := make(chan error, 1)
	silent := time.NewTimer(controllerWait)
	defer silent.Stop()
	go func() { ended <- s.serve(ctx, r, version, func() { silent.Reset(controllerWait) }) }()
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
	s.mu.Unlock()
	cancel()
	s.running.Wait()
	for _, watch := range s.watches {
		watch.Close() //nolint:errcheck // nobody is left to hear of it
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

	mu      sync.Mutex
	closed  bool
	calls   map[uint64]context.CancelFunc
	watches map[uint64]vantage.Watch
}

// controllerWait is how long a controller may say nothing. It is far longer than
// any pause of a network; a far end that nobody uses is not left behind.
const controllerWait = 5 * time.Minute

// serve says hello, then reads requests until the stream ends. Each calls heard.
func (s *server) serve(ctx context.Context, r io.Reader, version string, heard func()) error {
	if err := s.out.put(s.hello(version)); err != nil {
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
	for {
		q := new(request)
		if err := in.next(q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		if err := q.check(); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		heard()
		if err := s.start(ctx, q); err != nil {
			return err
		}
	}
}

func (s *server) hello(version string) *hello {
	h := &hello{
		Kmsiso: sideFarEnd, Protocol: Protocol, Version: version,
		OS: s.v.OS, Missing: s.v.Missing, Addresses: s.v.Addresses, Resolvers: s.v.Resolvers,
		Interfaces: s.v.Interfaces, Gateways: s.v.Gateways,
	}
	for _, c := range vantage.Capabilities {
		if s.has(c) {
			h.Has = append(h.Has, c)
		}
	}
	return h
}

func (s *server) has(c vantage.Capability) bool {
	switch c {
	case vantage.CapPing:
		return s.v.Ping != nil
	case vantage.CapTCP:
		return s.v.TCP != nil
	case vantage.CapUDP:
		return s.v.UDP != nil
	case vantage.CapRaw:
		return s.v.Raw != nil
	case vantage.CapWatch:
		return s.v.Watch != nil
	case vantage.CapRegistry:
		return s.v.Registry != nil
	}
	return false
}

// start runs the call of q beside the others, or cancels one.
func (s *server) start(ctx context.Context, q *request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	if q.Alive {
		return s.out.put(&answer{ID: q.ID})
	}
	if q.Cancel {
		if cancel := s.calls[q.ID]; cancel != nil {
			cancel()
		}
		return nil
	}
	if s.calls[q.ID] != nil || s.watches[q.ID] != nil {
		return fmt.Errorf("read a request: the number %d is in use", q.ID)
	}
	if len(s.calls) >= maxCalls {
		return s.out.put(failed(q.ID, fmt.Errorf("the far end runs %d calls already", maxCalls)))
	}
	ctx, cancel := context.WithCancel(ctx)
	s.calls[q.ID] = cancel
	s.running.Do(func() {
		a := s.call(ctx, q)
		cancel()
		s.mu.Lock()
		delete(s.calls, q.ID)
		s.mu.Unlock()
		if err := s.out.put(a); errors.Is(err, errTooLong) {
			// A stream that is broken shows in its reader; only this can be told.
			s.out.put(failed(q.ID, err)) //nolint:errcheck // see above
		}
	})
	return nil
}

// call does what q asks for.
func (s *server) call(ctx context.Context, q *request) *answer {
	a := &answer{ID: q.ID}
	var (
		reply vantage.Reply
		err   error
	)
	switch {
	case q.Ping != nil && s.v.Ping != nil:
		reply, err = s.v.Ping.Ping(ctx, *q.Ping)
		a.Reply = &reply
	case q.TCP != nil && s.v.TCP != nil:
		reply, err = s.v.TCP.Dial(ctx, *q.TCP)
		a.Reply = &reply
	case q.UDP != nil && s.v.UDP != nil:
		reply, err = s.v.UDP.Exchange(ctx, *q.UDP)
		a.Reply = &reply
	case q.Raw != nil && s.v.Raw != nil:
		reply, err = s.v.Raw.Send(ctx, *q.Raw)
		a.Reply = &reply
	case q.Registry != "" && s.v.Registry != nil:
		a.Values, err = s.v.Registry.ReadRegistry(ctx, q.Registry)
	case q.Watch != nil && s.v.Watch != nil:
		var w vantage.Watch
		if w, err = s.v.Watch.Watch(ctx, *q.Watch); err == nil {
			s.mu.Lock()
			s.watches[q.ID] = w
			s.mu.Unlock()
		}
	case q.Flows != 0:
		var w vantage.Watch
		if w, err = s.watch(q.Flows, false); err == nil {
			a.Seen, err = tell(w.Flows(ctx))
		}
	case q.Unwatch != 0:
		var w vantage.Watch
		if w, err = s.watch(q.Unwatch, true); err == nil {
			err = w.Close()
		}
	default:
		err = errors.New("the far end was asked for what it said it cannot do")
	}
	if err != nil {
		return failed(q.ID, err)
	}
	return a
}

// watch finds a watch, and takes it off the list where it is to end.
func (s *server) watch(id uint64, end bool) (vantage.Watch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.watches[id]
	if w == nil {
		return nil, fmt.Errorf("there is no watch %d", id)
	}
	if end {
		delete(s.watches, id)
	}
	return w, nil
}
