//go:build lab

package ssh

import (
	"context"
	"crypto/sha256"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// listen is a listener on loopback for the far end to reach.
func listen(t *testing.T) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return netip.MustParseAddrPort(l.Addr().String())
}

// wantFarEnd fails unless v dials by a far end of its own.
func wantFarEnd(t *testing.T, v *vantage.Vantage) {
	t.Helper()
	r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: listen(t), Timeout: 5 * time.Second})
	check(t, err)
	if r.Class != run.Answered || r.Note != "by the far end" {
		t.Errorf("reply %+v, want it answered by the far end", r)
	}
}

// wantThrough fails unless v is the connection itself, for the reason.
func wantThrough(t *testing.T, w Way, code reason.Code) {
	t.Helper()
	v, err := w.Open(t.Context())
	check(t, err)
	defer func() { check(t, v.Close()) }()
	if r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: listen(t), Timeout: 5 * time.Second}); err != nil || r.Class != run.Answered || r.Note != "" {
		t.Fatalf("%+v, %v, want it answered through the connection", r, err)
	}
	for _, c := range vantage.Capabilities() {
		if c != vantage.CapTCP && (v.Has(c) || !v.Missing[c].Has(code)) {
			t.Errorf("offered %v; missing %s: %s, want %s", v.Has(c), c, v.Missing[c].Key(), code)
		}
	}
}

// farEndFile writes a far end for this machine into a directory of its own.
func farEndFile(t *testing.T, s *sshd, script string) string {
	t.Helper()
	dir := filepath.Join(s.dir, "release")
	check(t, os.MkdirAll(dir, 0o755))
	self, err := os.Executable()
	check(t, err)
	p, ok := parseUname("Linux " + map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH])
	if !ok {
		t.Fatal("this test does not know the machine it runs on")
	}
	write(t, filepath.Join(dir, p.binary()), "#!/bin/sh\n"+strings.ReplaceAll(script, "SELF", self)+"\n")
	return dir
}

func TestSentCheckedRunAndRemoved(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	v, err := s.way().Open(t.Context())
	check(t, err)
	left := s.left(t)
	if len(left) != 1 {
		t.Fatalf("far side has %q, want one directory", left)
	}
	info, err := os.Stat(left[0])
	check(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v, want 0700", info.Mode().Perm())
	}
	self, err := os.Executable()
	check(t, err)
	if sha256.Sum256([]byte(read(t, left[0]+"/kmsiso"))) != sha256.Sum256([]byte(read(t, self))) {
		t.Error("what was sent is not this executable")
	}
	wantFarEnd(t, v)
	check(t, v.Close())
	if left := s.left(t); len(left) != 0 {
		t.Errorf("left on the far side: %q", left)
	}
}

func TestDamagedOnTheWay(t *testing.T) {
	s := startSSHD(t, sshdOption{config: "SetEnv TMPDIR=@/tmp PATH=@/bin:/usr/bin:/bin"})
	defer noLeaks(t)()
	write(t, s.dir+"/bin/cat", "#!/bin/sh\n/bin/cat; echo x\n")
	check(t, os.Chmod(s.dir+"/bin/cat", 0o755))
	wantReason(t, openError(t, s.way()), reason.FarEndDamaged)
	if left := s.left(t); len(left) != 0 {
		t.Errorf("left on the far side: %q", left)
	}
}

func TestFarEndOfAnotherVersion(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	w := s.way()
	w.FarEnd = farEndFile(t, s, "KMSISO_TEST_VERSION=0.9.0 exec SELF far-end")
	wantError(t, openError(t, w), "0.9.0", ourVersion)
	if left := s.left(t); len(left) != 0 {
		t.Errorf("left on the far side: %q", left)
	}
}

func TestFarEndThatFails(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	w := s.way()
	w.FarEnd = farEndFile(t, s, "echo out of luck >&2; exit 3")
	wantError(t, openError(t, w), "out of luck")
	w.FarEnd = farEndFile(t, s, "exec /nowhere/kmsiso")
	wantThrough(t, w, reason.FarEndNotRunnable)
	w.FarEnd = filepath.Join(s.dir, "empty")
	openClose(t, w) // the executable itself serves
}

func TestFarEndDies(t *testing.T) {
	for name, victims := range map[string]string{"the far end": "kmsiso", "it and its shell": ""} {
		t.Run(name, func(t *testing.T) {
			s := startSSHD(t, sshdOption{})
			defer noLeaks(t)()
			v, err := s.way().Open(t.Context())
			check(t, err)
			killUnder(t, s.left(t)[0], victims)
			if _, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: listen(t), Timeout: 5 * time.Second}); err == nil {
				t.Error("a dead far end dialled")
			}
			_ = v.Close()
			if left := s.left(t); len(left) != 0 {
				t.Errorf("left on the far side: %q", left)
			}
		})
	}
}

// killUnder kills the processes of the far end in dir: all whose command line
// names it, or the one whose program is victim.
func killUnder(t *testing.T, dir, victim string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	check(t, err)
	killed := 0
	for _, name := range all {
		line, err := os.ReadFile(name)
		args := strings.Split(string(line), "\x00")
		if err != nil || !strings.Contains(string(line), dir) || (victim != "" && filepath.Base(args[0]) != victim) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		check(t, err)
		check(t, syscall.Kill(pid, syscall.SIGKILL))
		killed++
	}
	if killed == 0 {
		t.Fatalf("no process of %s to kill", dir)
	}
}

func TestNoDirectoryToWriteOrRun(t *testing.T) {
	places := "for d in @/tmp @/home /tmp /var/tmp; do mount -t tmpfs -o OPTION tmpfs $d; done"
	for option, user := range map[string]string{"ro": "root", "noexec,mode=1777": "root", "mode=755": "tester"} {
		t.Run(option, func(t *testing.T) {
			s := startSSHD(t, sshdOption{prepare: strings.ReplaceAll(places, "OPTION", option)})
			defer noLeaks(t)()
			w := s.way()
			w.Address = user + "@" + s.address
			wantThrough(t, w, reason.FarEndNotPlaced)
		})
	}
}

func TestInstallNever(t *testing.T) {
	s := startSSHD(t, sshdOption{config: "SetEnv TMPDIR=@/tmp PATH=@/bin:/usr/bin:/bin"})
	defer noLeaks(t)()
	w := s.way()
	w.Install = InstallNever
	wantThrough(t, w, reason.FarEndNotInstalled)

	asked := ""
	w.Install, w.Ask = InstallAsk, func(q string) bool { asked = q; return false }
	wantThrough(t, w, reason.FarEndNotInstalled)
	if !strings.Contains(asked, "127.0.0.1") || !strings.Contains(asked, "linux/") {
		t.Errorf("asked %q, want the host and the platform in it", asked)
	}
	if left := s.left(t); len(left) != 0 {
		t.Errorf("sent although it was not allowed: %q", left)
	}

	self, err := os.Executable()
	check(t, err)
	check(t, os.Symlink(self, s.dir+"/bin/kmsiso"))
	w.Install = InstallNever
	v, err := w.Open(t.Context())
	check(t, err)
	wantFarEnd(t, v)
	check(t, v.Close())

	w.Install = "maybe"
	wantReason(t, openError(t, w), reason.InstallUnknown, "word", "maybe")
}

func TestCancelWhileTheFarEndIsMute(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	w := s.way()
	begun := filepath.Join(s.dir, "begun")
	check(t, syscall.Mkfifo(begun, 0o600))
	w.FarEnd = farEndFile(t, s, "echo > "+begun+"; exec cat >/dev/null")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := w.Open(ctx)
		done <- err
	}()
	read(t, begun) // blocks until it runs
	begin := time.Now()
	cancel()
	wantError(t, <-done, "canceled")
	if took := time.Since(begin); took > 100*time.Millisecond {
		t.Errorf("a cancelled Open took %v", took)
	}
	// Nobody is there to remove it but the far side itself.
	wantGone(t, s)
}
