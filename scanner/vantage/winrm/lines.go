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
}

// line is one connection.
type line struct {
	net.Conn
	of *lines
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
	n := &line{Conn: c, of: l}
	l.open[n] = true
	l.made++
	return n, nil
}

// dials is the number of connections made so far.
func (l *lines) dials() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.made
}

// Close ends the connection.
func (n *line) Close() error {
	n.of.mu.Lock()
	delete(n.of.open, n)
	n.of.mu.Unlock()
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
		_ = n.Conn.Close()
		delete(l.open, n)
	}
}
