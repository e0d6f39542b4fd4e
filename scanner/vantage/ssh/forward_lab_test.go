//go:build lab

package ssh

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// deaf is a port on loopback that drops every further connection: a listener
// whose queue is full.
func deaf(t *testing.T) netip.AddrPort {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	check(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) })
	loopback := [4]byte{127, 0, 0, 1}
	check(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: loopback}))
	check(t, syscall.Listen(fd, 0))
	name, err := syscall.Getsockname(fd)
	check(t, err)
	at := netip.AddrPortFrom(netip.AddrFrom4(loopback), uint16(name.(*syscall.SockaddrInet4).Port))
	for range 3 {
		c, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
		check(t, err)
		t.Cleanup(func() { _ = syscall.Close(c) })
		_ = syscall.Connect(c, &syscall.SockaddrInet4{Port: int(at.Port()), Addr: loopback})
	}
	return at
}

func TestThroughTheConnection(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	silent, open := deaf(t), listen(t)
	defer noLeaks(t)()
	w := s.way()
	w.Install = InstallNever
	v, err := w.Open(t.Context())
	check(t, err)
	defer func() { check(t, v.Close()) }()
	for _, c := range []struct {
		name  string
		to    netip.AddrPort
		class run.Class
		note  string
	}{
		{"answered", open, run.Answered, ""},
		{"refused", netip.MustParseAddrPort("127.0.0.1:1"), run.Refused, "Connection refused"},
		{"no answer is not silence", silent, run.Unknown, "the SSH server has not said"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: c.to, Timeout: 300 * time.Millisecond})
			check(t, err)
			if r.Class != c.class || !strings.Contains(r.Note, c.note) {
				t.Errorf("reply %+v, want %s with %q", r, c.class, c.note)
			}
		})
	}
	t.Run("an answer is framed", func(t *testing.T) {
		// The SSH server itself greets with more than eight octets: "SSH-2.0-".
		q := vantage.DialRequest{
			To: netip.MustParseAddrPort(s.address), Timeout: time.Second, Send: []byte("x\r\n"), Read: 2 * time.Second,
			Frame: vantage.Frame{Header: 8, Length: 0, Max: 0x5353},
		}
		r, err := vantage.TCP.At(v)(t.Context(), q)
		check(t, err)
		if r.Class != run.Cut || !strings.HasPrefix(string(r.Data), "SSH-2.0-") {
			t.Errorf("reply %+v with %q, want the begun answer, cut", r, r.Data)
		}
	})
}

func TestServerThatDoesNotForward(t *testing.T) {
	s := startSSHD(t, sshdOption{config: "AllowTcpForwarding no"})
	defer noLeaks(t)()
	w := s.way()
	w.Install = InstallNever
	v, err := w.Open(t.Context())
	check(t, err)
	_, err = vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: listen(t), Timeout: time.Second})
	wantReason(t, err, reason.ForwardRefused, "host", "127.0.0.1", "words", "prohibited")
	check(t, v.Close())
	if _, err = vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: listen(t), Timeout: time.Second}); err == nil {
		t.Error("a closed vantage dialled")
	}
}

func TestNoShellThere(t *testing.T) {
	s, bare := startSSHD(t, sshdOption{}), startSSHD(t, sshdOption{config: "MaxSessions 0"})
	defer noLeaks(t)()
	w := s.way()
	w.Address = "locked@" + s.address
	wantThrough(t, w, reason.SystemUnknown)
	wantThrough(t, bare.way(), reason.CommandsRefused)
}
