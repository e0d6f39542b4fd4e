package farend

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// closeWait is how long a far end may take to end once its input is closed,
// and a watch to close.
const closeWait = 3 * time.Second

// Attach says hello to the far end that reads w and writes r, and returns it as
// a vantage. The far end must be kmsiso of the same version. The hello is
// bounded by ctx; the vantage is not.
//
// Close closes w and waits a few seconds for r to end. The caller owns r: where
// Attach fails or Close says that the far end did not end, the caller ends it,
// and r with it. Where r can be closed, a failing Attach has closed it.
func Attach(ctx context.Context, r io.Reader, w io.WriteCloser, version string) (*vantage.Vantage, error) {
	return attach(ctx, r, w, version, nil)
}

func attach(ctx context.Context, r io.Reader, w io.WriteCloser, version string, tail func() string) (*vantage.Vantage, error) {
	c := &client{tail: tail, out: newOutbox(w, maxRequest), w: w, calls: map[uint64]*call{}, done: make(chan struct{}), dead: make(chan struct{})}
	if err := c.out.put(&hello{Kmsiso: sideController, Protocol: Protocol, Version: version}); err != nil {
		return nil, err
	}
	type greeting struct {
		h   *hello
		err error
	}
	met := make(chan greeting, 1)
	br := bufio.NewReaderSize(r, 64<<10)
	go func() {
		h, err := meet(br, version)
		met <- greeting{h, err}
	}()
	var g greeting
	select {
	case g = <-met:
	case <-ctx.Done():
		g.err = reason.Wrap(context.Cause(ctx), reason.HelloMissing, "why", reason.Of(context.Cause(ctx)))
	}
	if g.err != nil {
		c.out.close()
		w.Close() //nolint:errcheck // the error that matters is known
		closeIfClosable(r)
		return nil, g.err
	}
	in := newInbox(br, c.limit)
	in.bound.came = c.came
	c.life.heard = time.Now()
	go c.read(in)
	go c.watch()
	return c.vantage(g.h), nil
}

// meet reads the far end's hello.
func meet(br *bufio.Reader, version string) (*hello, error) {
	line, err := readLine(br, maxHello)
	if err != nil && len(line) == 0 {
		if errors.Is(err, io.EOF) {
			return nil, reason.Fail(reason.FarEndWordless)
		}
		return nil, reason.Wrap(err, reason.HelloUnread, "words", err)
	}
	h, err := parseHello(line, sideFarEnd)
	if err != nil {
		return nil, reason.Fail(reason.NotAFarEnd, "words", clean(line, 200))
	}
	if h.Version != version || h.Protocol != Protocol {
		return nil, reason.Fail(reason.FarEndVersion, "there", clean([]byte(h.Version), 80), "thereProtocol", h.Protocol,
			"here", clean([]byte(version), 80), "hereProtocol", Protocol)
	}
	return h, h.check()
}

// check looks at what a far end says of itself.
func (h *hello) check() error {
	known := func(c vantage.Capability) bool {
		for _, k := range vantage.Capabilities {
			if k == c {
				return true
			}
		}
		return false
	}
	for _, c := range h.Has {
		if !known(c) {
			return reason.Fail(reason.CapabilityUnknown, "capability", clean([]byte(c), 40))
		}
	}
	for c := range h.Missing {
		if !known(c) {
			return reason.Fail(reason.CapabilityUnknown, "capability", clean([]byte(c), 40))
		}
	}
	return nil
}

// vantage is the far end as h describes it.
func (c *client) vantage(h *hello) *vantage.Vantage {
	v := &vantage.Vantage{
		OS: clean([]byte(h.OS), 80), Addresses: h.Addresses, Resolvers: h.Resolvers, Interfaces: h.Interfaces, Gateways: h.Gateways,
		Missing: map[vantage.Capability]reason.List{}, Close: c.close,
	}
	has := map[vantage.Capability]bool{}
	for _, k := range h.Has {
		has[k] = true
	}
	for _, k := range vantage.Capabilities {
		if has[k] {
			continue
		}
		if v.Missing[k] = foreign(h.Missing[k], 400); len(v.Missing[k]) == 0 {
			v.Missing[k] = reason.One(reason.FarEndLacks)
		}
	}
	if has[vantage.CapPing] {
		v.Ping = c
	}
	if has[vantage.CapTCP] {
		v.TCP = c
	}
	if has[vantage.CapUDP] {
		v.UDP = c
	}
	if has[vantage.CapRaw] {
		v.Raw = c
	}
	if has[vantage.CapWatch] {
		v.Watch = c
	}
	if has[vantage.CapRegistry] {
		v.Registry = c
	}
	return v
}

// The capabilities of a client are calls.

func (c *client) Ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	return c.reply(ctx, &request{Ping: &q})
}

func (c *client) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	return c.reply(ctx, &request{TCP: &q})
}

func (c *client) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	return c.reply(ctx, &request{UDP: &q})
}

func (c *client) Send(ctx context.Context, q vantage.SendRequest) (vantage.Reply, error) {
	return c.reply(ctx, &request{Raw: &q})
}

func (c *client) ReadRegistry(ctx context.Context, key string) ([]run.RegistryValue, error) {
	if strings.TrimSpace(key) == "" {
		return nil, reason.Fail(reason.RequestUnusable, "try", "read the registry", "field", "key")
	}
	a, _, err := c.call(ctx, &request{Registry: key})
	if err != nil {
		return nil, err
	}
	return a.Values, nil
}

func (c *client) Watch(ctx context.Context, q vantage.WatchRequest) (vantage.Watch, error) {
	_, id, err := c.call(ctx, &request{Watch: &q})
	if err != nil {
		return nil, err
	}
	return &farWatch{c, id}, nil
}

// farWatch is a watch at the far end.
type farWatch struct {
	c  *client
	id uint64 // of the call that began it
}

func (w *farWatch) Flows(ctx context.Context) (*vantage.Seen, error) {
	a, _, err := w.c.call(ctx, &request{Flows: w.id})
	if err != nil {
		return nil, err
	}
	return a.Seen.told(), nil
}

func (w *farWatch) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	_, _, err := w.c.call(ctx, &request{Unwatch: w.id})
	return err
}

// reply makes a call that is answered with a Reply.
func (c *client) reply(ctx context.Context, q *request) (vantage.Reply, error) {
	a, _, err := c.call(ctx, q)
	if err != nil {
		return vantage.Reply{}, err
	}
	return *a.Reply, nil
}
