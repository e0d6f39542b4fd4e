package winrm

import (
	"context"
	"net"
	"sync"
)

// lines are the connections that are open, so that they can be ended in
// whatever state they are: net/http gives away those of which the peer says that
// it changed the protocol, and does not end them with the request.
type lines struct {
	mu   sync.Mutex
	open map[*line]bool
	made int
	last net.Addr // the far end of the last one
}

// line is one connection. What a peer says before it was asked is read as its
// answer: net/http would write it to the log.
type line struct {
	net.Conn
	of    *lines
	once  sync.Once
	asked chan struct{} // closed by the first Write, or the end
}

// Read waits until something was asked.
func (n *line) Read(b []byte) (int, error) {
	<-n.asked
	return n.Conn.Read(b)
}

// Write asks.
func (n *line) Write(b []byte) (int, error) {
	n.once.Do(func() { close(n.asked) })
	return n.Conn.Write(b)
}

// add takes what a dialer returned.
func (l *lines) add(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[*line]bool{}
	}
	n := &line{Conn: c, of: l, asked: make(chan struct{})}
	l.open[n] = true
	l.made++
	l.last = c.RemoteAddr()
	return n, nil
}

// dials is the number of connections made so far.
func (l *lines) dials() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.made
}

// remote is the far end of the last connection; nil before the first.
func (l *lines) remote() net.Addr {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Close ends the connection.
func (n *line) Close() error {
	n.of.mu.Lock()
	delete(n.of.open, n)
	n.of.mu.Unlock()
	return n.end()
}

func (n *line) end() error {
	n.once.Do(func() { close(n.asked) })
	return n.Conn.Close()
}

// endWith ends them all when the context ends, in whatever state net/http has
// them, until the function is called that it returns.
func (l *lines) endWith(ctx context.Context) (stop func()) {
	hungUp := make(chan struct{})
	stopped := context.AfterFunc(ctx, func() {
		defer close(hungUp)
		l.hangUp()
	})
	return func() {
		if !stopped() {
			<-hungUp // or it would end those that come next
		}
	}
}

// hangUp ends them all.
func (l *lines) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := range l.open {
		_ = n.end()
		delete(l.open, n)
	}
}
