package ssh

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh/sshconfig"
)

// link is a chain of logged-in servers, the wanted one last.
type link struct {
	name    string // of the last hop, for sentences
	clients []*ssh.Client
	net     dialFunc
	base    net.Conn       // the TCP connection below all of them
	calls   sync.WaitGroup // what still waits for an answer of the server
	done    chan struct{}  // closed by close

	mu     sync.Mutex
	closed bool
	why    error // why the link was given up
}

// dialFunc is that of a [net.Dialer].
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// An SSH server is asked for a sign of life every aliveEvery, and given up where
// it does not answer within aliveWait. OpenSSH calls it ServerAliveInterval.
const (
	aliveEvery = 10 * time.Second
	aliveWait  = 20 * time.Second
)

// watch asks for signs of life until the link is closed.
func (l *link) watch() {
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-tick.C:
		}
		late := time.AfterFunc(aliveWait, func() {
			l.giveUp(reason.Fail(reason.ServerMute, "host", l.name, "limit", aliveWait))
		})
		_, _, err := l.far().SendRequest("keepalive@openssh.com", true, nil)
		late.Stop()
		if err != nil {
			return // the connection has ended: whoever uses it hears of that
		}
	}
}

// giveUp ends the link at once and keeps the first reason for it.
func (l *link) giveUp(why error) {
	l.mu.Lock()
	if l.why == nil {
		l.why = why
	}
	l.mu.Unlock()
	l.cut()
}

// reason is why the link was given up, or err where it was not.
func (l *link) reason(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why != nil {
		return l.why
	}
	return err
}

// begin runs f beside the caller, to end with the link at the latest.
func (l *link) begin(f func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return reason.Fail(reason.ConnectionClosed, "host", l.name)
	}
	l.calls.Go(f)
	return nil
}

// far is the connection to the wanted server.
func (l *link) far() *ssh.Client { return l.clients[len(l.clients)-1] }

// cut ends everything at once by closing the one socket below.
func (l *link) cut() {
	if l.base != nil {
		_ = l.base.Close()
	}
}

// closeWait is for the farewells of a connection.
const closeWait = 2 * time.Second

// close ends the connections, innermost first, and waits until nothing of them
// runs any more. That they may be gone already is no news to whoever closes.
func (l *link) close() {
	l.mu.Lock()
	again := l.closed
	l.closed = true
	l.mu.Unlock()
	if !again {
		close(l.done)
	}
	late := time.AfterFunc(closeWait, l.cut) // a server that reads nothing holds even a farewell up
	defer late.Stop()
	for i := len(l.clients) - 1; i >= 0; i-- {
		_ = l.clients[i].Close()
	}
	l.cut()
	for _, c := range l.clients {
		_ = c.Wait()
	}
	l.calls.Wait()
}

// hop is one server to log in to, with what kmsiso.yaml says of it.
type hop struct {
	sshconfig.Hop
	// identity is the key of the vantage. It is for its own host, never for a hop
	// before it.
	identity string
}

// connect logs in to every hop, and says how ssh_config was read.
func (w Way) connect(ctx context.Context) (*link, string, error) {
	hops, how, err := w.path(ctx)
	if err != nil {
		return nil, how, err
	}
	l := &link{name: hops[len(hops)-1].Host, net: w.dial, done: make(chan struct{})}
	if l.net == nil {
		l.net = new(net.Dialer).DialContext
	}
	for _, h := range hops {
		if err := l.login(ctx, w, h); err != nil {
			l.close()
			return nil, how, err
		}
	}
	return l, how, l.begin(l.watch)
}

// path lists the hops to the way's address. What kmsiso.yaml says goes before
// what ssh_config says.
func (w Way) path(ctx context.Context) ([]hop, string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, w.timeout(), reason.Fail(reason.ConfigLimit, "limit", w.timeout()))
	defer cancel()
	reader := sshconfig.New(ctx, w.Config, w.KnownHosts != "")
	read, err := reader.Path(ctx, w.Address)
	if err != nil {
		return nil, reader.String(), err
	}
	hops := make([]hop, len(read))
	for i, h := range read {
		hops[i].Hop = h
		if w.KnownHosts != "" {
			hops[i].KnownHosts = []string{w.KnownHosts}
		}
	}
	hops[len(hops)-1].identity = w.Identity
	return hops, reader.String(), nil
}

// login connects to one hop, through the last one if there is one, checks its
// host key and logs in.
func (l *link) login(ctx context.Context, w Way, h hop) error {
	ctx, cancel := context.WithTimeoutCause(ctx, w.timeout(), reason.Fail(reason.LoginLimit, "login", h, "limit", w.timeout()))
	defer cancel()
	hostKeys, err := readHostKeys(h, w.Distrusted)
	if err != nil {
		return err
	}
	keys, err := readKeys(ctx, h)
	if err != nil {
		return err
	}
	defer func() { _ = keys.close() }()

	conn, err := l.dial(ctx, h)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return reason.Wrap(cause, reason.NothingAnswers, "service", "ssh", "address", h.Dial(), "why", reason.Of(cause))
		}
		return reason.Wrap(err, unconnected(err), "service", "ssh", "address", h.Dial(), "words", err)
	}
	stop := context.AfterFunc(ctx, func() {
		l.cut()
		_ = keys.close() // the agent may be what does not answer
	})
	c, channels, requests, err := ssh.NewClientConn(conn, h.Key, &ssh.ClientConfig{
		User:              h.User,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(keys.signers...)},
		HostKeyCallback:   hostKeys.check,
		HostKeyAlgorithms: hostKeys.algorithms(),
		ClientVersion:     "SSH-2.0-kmsiso",
	})
	if !stop() && err == nil {
		err = errors.Join(context.Cause(ctx), c.Close())
	}
	if err == nil {
		l.clients = append(l.clients, ssh.NewClient(c, channels, requests))
		return nil
	}
	_ = conn.Close()
	switch changed := hostKeys.otherKinds(err); {
	case hostKeys.refused != nil:
		return hostKeys.refused
	case changed != nil:
		hostKeys.distrust(conn.RemoteAddr())
		return changed
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case strings.Contains(err.Error(), "unable to authenticate"):
		return keys.refused(h)
	}
	return reason.Wrap(err, reason.LoginFailed, "login", h, "words", err)
}

// unconnected is why a connection was not made. Of one that another SSH server was
// to make, OpenSSH gives the words of its system in English.
func unconnected(err error) reason.Code {
	if open := (*ssh.OpenChannelError)(nil); errors.As(err, &open) && open.Reason == ssh.ConnectionFailed {
		switch open.Message {
		case "Connection refused":
			return reason.ConnectionRefused
		case "No route to host", "Network is unreachable":
			return reason.HostUnreachable
		case "Connection timed out":
			return reason.NothingAnswers
		}
	}
	return vantage.Unconnected(err)
}

// dial makes the connection below a hop.
func (l *link) dial(ctx context.Context, h hop) (net.Conn, error) {
	if len(l.clients) > 0 {
		return l.far().DialContext(ctx, h.Network, h.Dial())
	}
	conn, err := l.net(ctx, h.Network, h.Dial())
	if err == nil {
		l.base = conn
	}
	return conn, err
}
