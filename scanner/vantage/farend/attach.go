package farend

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
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
	if err := c.out.greet(&hello{Kmsiso: sideController, Protocol: Protocol, Version: version}); err != nil {
		return nil, err
	}
	type greeting struct {
		h   *hello
		err error
	}
	met := make(chan greeting, 1)
	octets := &tap{r: r}
	br := bufio.NewReaderSize(octets, 64<<10)
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
	octets.came = c.came
	c.life.heard = time.Now()
	go c.read(newInbox(br, c.limit))
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
	for _, c := range h.Has {
		if vantage.Named(c) == nil {
			return reason.Fail(reason.CapabilityUnknown, "capability", clean([]byte(c), 40))
		}
	}
	for c := range h.Missing {
		if vantage.Named(c) == nil {
			return reason.Fail(reason.CapabilityUnknown, "capability", clean([]byte(c), 40))
		}
	}
	return nil
}

// vantage is the far end as h describes it.
func (c *client) vantage(h *hello) *vantage.Vantage {
	v := &vantage.Vantage{
		OS: clean([]byte(h.OS), 80), Addresses: h.Addresses, Resolvers: h.Resolvers, Interfaces: h.Interfaces, Gateways: h.Gateways,
		Offers: vantage.Offers{}, Missing: map[vantage.Capability]reason.List{}, Close: c.close,
	}
	for _, k := range h.Has {
		v.Offers.Add(vantage.Named(k).Over(c))
	}
	for _, k := range vantage.Capabilities() {
		if v.Has(k) {
			continue
		}
		if v.Missing[k] = foreign(h.Missing[k], 400); len(v.Missing[k]) == 0 {
			v.Missing[k] = reason.One(reason.FarEndLacks)
		}
	}
	return v
}

// Call makes one call.
func (c *client) Call(ctx context.Context, q *vantage.Question) (vantage.Remote, error) {
	id, err := c.call(ctx, &call{word: string(q.Capability), body: q.Ask, q: q})
	if err != nil || !q.Holds {
		return nil, err
	}
	return &remote{c, id}, nil
}

// remote is what goes on at the far end.
type remote struct {
	c  *client
	id uint64 // of the call that began it
}

func (r *remote) Read(ctx context.Context, q *vantage.Question) error {
	_, err := r.c.call(ctx, &call{word: wordRead, body: r.id, q: q})
	return err
}

func (r *remote) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	_, err := r.c.call(ctx, &call{word: wordClose, body: r.id, q: &vantage.Question{}})
	return err
}
