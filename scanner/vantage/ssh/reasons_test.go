package ssh

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	mean "github.com/kmsiso/kmsiso/fixtures/hostile/ssh"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh/sshconfig"
)

// wantCode fails unless err says the code, at the top or beneath.
func wantCode(t *testing.T, err error, code reason.Code) {
	t.Helper()
	if why := reason.Of(err); !why.Names(code) {
		t.Errorf("%s, want %s", why.Key(), code)
	}
}

// TestWhyAHostKeyIsNotTaken shows a key to known_hosts of each kind.
func TestWhyAHostKeyIsNotTaken(t *testing.T) {
	own, other, authority := newKey(t), newKey(t), newKey(t)
	line := func(k ssh.Signer) string { return string(ssh.MarshalAuthorizedKey(k.PublicKey())) }
	cert := func(until uint64) ssh.PublicKey {
		c := &ssh.Certificate{Key: own.PublicKey(), CertType: ssh.HostCert, KeyId: "far", ValidPrincipals: []string{"far"}, ValidBefore: until}
		if err := c.SignCert(zeros{}, authority); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct {
		known string
		name  string
		key   ssh.PublicKey
		want  reason.Code
	}{
		{"", "far:22", own.PublicKey(), reason.HostKeyUnknown},
		{"far " + line(other), "far:22", own.PublicKey(), reason.HostKeyChanged},
		{"far " + line(other), "far:22", own.PublicKey(), reason.HostKeyKnown},
		{"@revoked far " + line(own), "far:22", own.PublicKey(), reason.HostKeyRevoked},
		{"@cert-authority far " + line(authority), "far:22", own.PublicKey(), reason.HostKeyUncertified},
		{"@cert-authority far " + line(authority), "far:22", cert(1), reason.HostCertificateInvalid},
		{"@cert-authority far " + line(authority) + "@revoked far " + line(authority), "far:22", cert(ssh.CertTimeInfinity), reason.HostCertificateRevoked},
		{"far " + line(own), "no port", own.PublicKey(), reason.HostKeyUnchecked},
		{"far " + line(own), "far:22", own.PublicKey(), ""},
	} {
		file := filepath.Join(t.TempDir(), "known_hosts")
		if err := os.WriteFile(file, []byte(c.known), 0o600); err != nil {
			t.Fatal(err)
		}
		places := new(distrust.Places)
		k, err := readHostKeys(hop{Hop: sshconfig.Hop{Host: "far", Alias: "far", Key: "far:22", KnownHosts: []string{file}}}, places)
		if err != nil {
			t.Fatal(err)
		}
		remote := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 22}
		err = k.check(c.name, remote, c.key)
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		wantCode(t, err, c.want)
		if c.want == reason.HostKeyChanged {
			wantCode(t, places.Check(remote, "far"), reason.OtherHostKey)
		}
	}
}

// zeros is no secret in a test.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// TestWhyNoFarEndRuns asks servers that go wrong at each step.
func TestWhyNoFarEndRuns(t *testing.T) {
	for _, c := range []struct {
		want    reason.Code
		missing bool // the connection itself is used all the same
		change  func(*server, *Way)
	}{
		{reason.CommandsRefused, true, func(s *server, _ *Way) { s.noCommands = true }},
		{reason.SystemUnknown, true, func(s *server, _ *Way) { s.commands = nil }},
		{reason.SystemUnsupported, true, func(s *server, _ *Way) { s.commands[0].out = "Plan9 mips\n" }},
		{reason.WindowsNotSent, true, func(s *server, _ *Way) {
			s.commands = nil
			s.on("ver &", said{out: "Microsoft Windows [Version 10.0.20348.2113]\r\nAMD64\r\n"})
		}},
		{reason.FarEndNotInstalled, true, func(s *server, w *Way) { w.Install = InstallNever; s.on("command -v", said{status: 1}) }},
		{reason.FarEndNotPlaced, true, func(s *server, _ *Way) { s.commands[1].said = said{err: "no room", status: 1} }},
		{reason.FarEndNotPlaced, true, func(s *server, _ *Way) { s.on("cat >", said{err: "no space left", status: 1}) }},
		{reason.FarFolderOdd, true, func(s *server, _ *Way) { s.commands[1].out = "/tmp/it's\n" }},
		{reason.FarEndUnchecked, true, func(s *server, _ *Way) { s.on("sha256sum", said{err: "not found", status: 127}) }},
		{reason.FarEndUnreleased, true, func(s *server, w *Way) { s.commands[0].out = "Darwin arm64\n" }},
		{reason.FarEndNotRunnable, true, func(s *server, _ *Way) { s.sums(); s.on("far-end", said{err: "cannot execute", status: 126}) }},
		{reason.FarEndDamaged, false, func(s *server, _ *Way) {
			s.on("sha256sum", said{out: "0000000000000000000000000000000000000000000000000000000000000000 x\n"})
		}},
		{reason.FarEndNotRemoved, false, func(s *server, _ *Way) {
			s.on("sha256sum", said{out: "0000000000000000000000000000000000000000000000000000000000000000 x\n"}).on("test ! -e", said{err: "busy", status: 1})
		}},
		{reason.FarEndSaid, false, func(s *server, _ *Way) { s.sums(); s.on("far-end", said{err: "out of memory", status: 1}) }},
		{reason.FarEndUnreadable, false, func(s *server, w *Way) {
			s.commands[0].out = "Darwin arm64\n"
			w.FarEnd = w.Identity // a file where a folder should be
		}},
		{reason.ConnectionFailed, false, func(s *server, _ *Way) { s.hangUp = "uname" }},
		{reason.KeysRefused, false, func(s *server, _ *Way) { s.noKeys = true }},
		{reason.KeysMissing, false, func(s *server, w *Way) { s.noKeys = true; w.Identity = "" }},
		{reason.InstallUnknown, false, func(_ *server, w *Way) { w.Install = "perhaps" }},
		{reason.LoginFailed, false, func(_ *server, w *Way) {
			w.dial = func(context.Context, string, string) (net.Conn, error) {
				near, far := net.Pipe()
				_ = far.Close()
				return near, nil
			}
		}},
		{reason.ConnectionRefused, false, refusing(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})},
		{reason.HostUnreachable, false, refusing(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EHOSTUNREACH)})},
		{reason.NameUnresolved, false, refusing(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "far", IsNotFound: true}})},
		{reason.NotConnected, false, refusing(errors.New("no route in this family"))},
		{reason.KnownHostsUnreadable, false, func(_ *server, w *Way) { w.KnownHosts = w.FarEnd }},
		{reason.KnownHostsMalformed, false, func(_ *server, w *Way) { _ = os.WriteFile(w.KnownHosts, []byte("far nothing\n"), 0o600) }},
		{reason.KeyFileUnreadable, false, func(_ *server, w *Way) { w.Identity += "-not-there" }},
		{reason.KeyFileUseless, false, func(_ *server, w *Way) { w.Identity = w.KnownHosts }},
	} {
		t.Run(string(c.want), func(t *testing.T) {
			s := healthyServer(t)
			w := wayTo(t, s)
			c.change(s, &w)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			v, err := w.Open(ctx)
			if err == nil {
				defer v.Close()
			}
			if !c.missing {
				wantCode(t, err, reason.WayNotOpened)
				wantCode(t, err, c.want)
				return
			}
			if err != nil || !v.Missing[vantage.CapPing].Has(c.want) {
				t.Errorf("%v, want %s: %+v", err, c.want, v)
			}
		})
	}
}

// sums has the server give the SHA-256 of the release of [wayTo].
func (s *server) sums() {
	s.on("sha256sum", said{out: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  kmsiso\n"})
}

func refusing(err error) func(*server, *Way) {
	return func(_ *server, w *Way) {
		w.dial = func(context.Context, string, string) (net.Conn, error) { return nil, err }
	}
}

// TestWhatAnotherServerSaysOfAConnection reads the words of OpenSSH.
func TestWhatAnotherServerSaysOfAConnection(t *testing.T) {
	for words, want := range map[string]reason.Code{
		"Connection refused": reason.ConnectionRefused, "No route to host": reason.HostUnreachable,
		"Connection timed out": reason.NothingAnswers, "administratively odd": reason.NotConnected,
	} {
		if got := unconnected(&ssh.OpenChannelError{Reason: ssh.ConnectionFailed, Message: words}); got != want {
			t.Errorf("%s: %s, want %s", words, got, want)
		}
	}
}

// TestWhyAForwardFails dials through servers that make no connections.
func TestWhyAForwardFails(t *testing.T) {
	q := vantage.DialRequest{To: netip.MustParseAddrPort("192.0.2.1:1688"), Timeout: time.Second}
	s := healthyServer(t)
	s.noCommands, s.forward = true, &ssh.OpenChannelError{Reason: ssh.Prohibited, Message: "no forwarding"}
	v, err := wayTo(t, s).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = vantage.TCP.At(v)(t.Context(), q)
	wantCode(t, err, reason.ForwardRefused)
	v.Close()
	_, err = vantage.TCP.At(v)(t.Context(), q)
	wantCode(t, err, reason.ForwardFailed)
	wantCode(t, err, reason.ConnectionClosed)
}

// TestWhyAnAgentIsOfNoUse names agents that are not there, fail, and say nothing.
func TestWhyAnAgentIsOfNoUse(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the agent of Windows is a named pipe")
	}
	dir, err := os.MkdirTemp("", "a") // a socket has a short name
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for want, answer := range map[reason.Code]func(net.Conn){
		reason.AgentUnreached: nil,
		reason.AgentFailed:    func(c net.Conn) { _ = c.Close() },
		reason.AgentMute:      func(net.Conn) {},
	} {
		name := filepath.Join(dir, string(want)[:7])
		if answer != nil {
			l, err := net.Listen("unix", name)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				if c, err := l.Accept(); err == nil {
					answer(c)
				}
			}()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		wantCode(t, new(keys).ask(ctx, name), want)
		cancel()
	}
}

// TestWhatTakesTooLong gives each step less time than it takes.
func TestWhatTakesTooLong(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	never := Way{Install: InstallAsk, Ask: func(string) bool { <-t.Context().Done(); return true }}
	_, err := never.maySend(ended, &link{name: "far"}, platform{})
	wantCode(t, err, reason.InstallUnanswered)

	for habit, want := range map[hostile.Habit]reason.Code{mean.QuietExec: reason.CommandLimit, mean.QuietHello: reason.FarEndLimit, hostile.Mute: reason.LoginLimit} {
		s, w := meanServer(t, habit)
		synctest.Test(t, func(t *testing.T) {
			life, end := context.WithCancel(context.Background())
			defer end()
			var network hostile.Net
			network.Serve("far:22", func(c net.Conn) { s.Serve(life, c) })
			w.dial = network.Dial
			_, err := w.Open(t.Context())
			wantCode(t, err, want)
		})
	}
	_, w := meanServer(t, mean.Healthy)
	if runtime.GOOS != "windows" {
		slow := t.TempDir()
		if err := os.WriteFile(filepath.Join(slow, "ssh"), []byte("#!/bin/sh\n[ \"$1\" = -V ] && { echo OpenSSH_9.2p1 >&2; exit; }\nsleep 60\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", slow+":"+os.Getenv("PATH"))
		late := w
		late.Config, late.Timeout = "", 300*time.Millisecond
		_, err = late.Open(t.Context())
		wantCode(t, err, reason.ConfigLimit)
	}
	synctest.Test(t, func(t *testing.T) {
		w.dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
		_, err := w.Open(t.Context())
		wantCode(t, err, reason.NothingAnswers)
		wantCode(t, err, reason.LoginLimit)
	})
}

// TestACommandOfWhichTheEndIsNotKnown sends a file that cannot be read.
func TestACommandOfWhichTheEndIsNotKnown(t *testing.T) {
	s := healthyServer(t)
	w := wayTo(t, s)
	l, _, err := w.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	_, err = l.run(t.Context(), "cat >x", iotest.ErrReader(errors.New("the disk is gone")))
	wantCode(t, err, reason.CommandFailed)
}
