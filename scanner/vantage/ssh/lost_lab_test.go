//go:build lab

package ssh

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// relay passes one connection on to address until it is cut.
func relay(t *testing.T, address string) (at string, cut func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		conns []net.Conn
	)
	all.Go(func() {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", address)
		if err != nil {
			_ = near.Close()
			return
		}
		mu.Lock()
		conns = append(conns, near, far)
		mu.Unlock()
		all.Go(func() { _, _ = io.Copy(near, far) })
		all.Go(func() { _, _ = io.Copy(far, near) })
	})
	return l.Addr().String(), func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	}
}

func TestConnectionLost(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	w := s.way()
	at, cut := relay(t, s.address)
	_, port, err := net.SplitHostPort(at)
	check(t, err)
	w.Address = "root@" + at
	write(t, s.known, "[127.0.0.1]:"+port+" "+read(t, s.dir+"/host.pub"))
	v, err := w.Open(t.Context())
	check(t, err)
	cut()
	if _, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: listen(t), Timeout: 5 * time.Second}); err == nil {
		t.Error("a far end that cannot be reached dialled")
	}
	began := time.Now()
	wantReason(t, v.Close(), reason.FarEndNotRemoved, "folder", "kmsiso-")
	if took := time.Since(began); took > time.Second {
		t.Errorf("Close took %v although nothing is there to close", took)
	}
	wantGone(t, s)
}

// wantGone waits until the far side has removed what was sent by itself.
func wantGone(t *testing.T, s *sshd) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); len(s.left(t)) > 0; {
		if time.Now().After(end) {
			t.Fatalf("left on the far side: %q", s.left(t))
		}
		<-time.After(5 * time.Millisecond)
	}
}
