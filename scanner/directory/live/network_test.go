package live

import (
	"context"
	"net"
	"syscall"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// What is no directory, or is not there, is told by a code.
func TestNoServer(t *testing.T) {
	m := newMock(t)
	for url, want := range map[string]reason.Reason{
		"ldaps://" + nobodyAt(t):       reason.New(reason.ConnectionRefused, "service", "directory", "words", "connect: connection refused"),
		"ldaps://nobody.invalid":       reason.New(reason.NameUnresolved),
		stranger(t, false, ""):         reason.New(reason.ServerClosed),
		stranger(t, true, ""):          reason.New(reason.ConnectionBroke),
		stranger(t, false, "200 OK\n"): reason.New(reason.NoTLS, "service", "directory"),
	} {
		got := inner(t, readMock(t, m, url))
		if !got.Has(want.Code) || len(want.Args) > 0 && !got[0].Equal(want) {
			t.Errorf("%s: %s, want %s", url, got.Key(), want.Key())
		}
	}
	// A network that tells nothing, or something else.
	for want, err := range map[reason.Code]error{reason.NothingAnswers: context.DeadlineExceeded, reason.NotConnected: syscall.ENETUNREACH} {
		if got := reason.Of(plain(&net.OpError{Op: "dial", Net: "tcp", Err: err})); !got.Has(want) {
			t.Errorf("%v: %s, want %s", err, got.Key(), want)
		}
	}
}

// nobodyAt is an address at which nothing listens.
func nobodyAt(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// stranger is something at a port that is no directory: it says its words, if any, and
// closes the connection, or resets it.
func stranger(t *testing.T, reset bool, says string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 4096))
			_, _ = c.Write([]byte(says))
			if reset {
				_ = c.(*net.TCPConn).SetLinger(0)
			}
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "ldaps://" + l.Addr().String()
}
