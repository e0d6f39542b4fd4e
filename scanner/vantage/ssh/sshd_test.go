//go:build lab

package ssh

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
)

// ourVersion is that of the kmsiso under test.
const ourVersion = "1.0.0-test"

// TestMain lets the test binary be its own far end, as kmsiso is.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "far-end" {
		v := &vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(plainDialer{}.Dial)), OS: "test", Missing: map[vantage.Capability]reason.List{}}
		version := cmp.Or(os.Getenv("KMSISO_TEST_VERSION"), ourVersion)
		if err := farend.Serve(context.Background(), os.Stdin, os.Stdout, v, version); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// plainDialer is a capability to tell the far end's own from a forwarded one:
// its note says whose it is.
type plainDialer struct{}

func (plainDialer) Dial(_ context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	c, err := net.DialTimeout("tcp", q.To.String(), q.Timeout)
	if err != nil {
		return vantage.Reply{}, err
	}
	return vantage.Reply{Class: run.Answered, Note: "by the far end"}, c.Close()
}

// sshd is a real OpenSSH server on a port of its own, with a process, a mount
// and a PID namespace of its own. Its account "tester" exists only there.
type sshd struct {
	dir     string // everything of it
	tmp     string // TMPDIR of its sessions
	address string // host:port
	port    string
	known   string // a known_hosts file with its key
	key     string // a private key it takes
	cmd     *exec.Cmd
}

type sshdOption struct {
	config  string // more lines for sshd_config; @ is its directory
	prepare string // shell commands in its mount namespace, before it starts
}

func startSSHD(t *testing.T, o sshdOption) *sshd {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	t.Setenv("HOME", t.TempDir())
	dir, err := os.MkdirTemp("/var/lib", "kmsiso-sshd-") // tests mount over the usual places
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	check(t, os.Chmod(dir, 0o755))
	s := &sshd{dir: dir, tmp: filepath.Join(dir, "tmp"), known: filepath.Join(dir, "known_hosts"), key: filepath.Join(dir, "id")}
	for _, d := range []string{"tmp", "home", "bin"} {
		check(t, os.Mkdir(filepath.Join(dir, d), 0o755))
	}
	check(t, os.Chmod(s.tmp, 0o777|os.ModeSticky))
	keygen(t, filepath.Join(dir, "host"), "ed25519", "")
	keygen(t, s.key, "ed25519", "")
	public := read(t, s.key+".pub")
	write(t, filepath.Join(dir, "authorized_keys"), public)
	write(t, filepath.Join(dir, "passwd"), "root:x:0:0:root:"+dir+"/home:/bin/sh\nsshd:x:101:65534::/run/sshd:/usr/sbin/nologin\nlocked:x:65532:65532::/:/usr/sbin/nologin\n"+
		"tester:x:65533:65533::/nowhere:/bin/sh\n")
	write(t, filepath.Join(dir, "shadow"), "root:*:1::::::\nsshd:*:1::::::\nlocked:*:1::::::\ntester:*:1::::::\n")

	free, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	s.address = free.Addr().String()
	check(t, free.Close())
	_, s.port, _ = net.SplitHostPort(s.address)
	write(t, s.known, fmt.Sprintf("[127.0.0.1]:%s %s", s.port, read(t, filepath.Join(dir, "host.pub"))))
	env := "SetEnv TMPDIR=@/tmp\n"
	if strings.Contains(o.config, "SetEnv") {
		env = "" // sshd takes the first
	}
	write(t, filepath.Join(dir, "sshd_config"), strings.ReplaceAll(env+o.config+`
ListenAddress `+s.address+`
HostKey @/host
AuthorizedKeysFile @/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PidFile none
`, "@", dir))
	start := strings.ReplaceAll(`set -e
mount --bind @/passwd /etc/passwd; mount --bind @/shadow /etc/shadow
mount -t tmpfs tmpfs /run; mkdir -p /run/sshd
`+o.prepare+`
exec /usr/sbin/sshd -D -e -f @/sshd_config`, "@", dir)
	s.cmd = exec.Command("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", start)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stderr, err := s.cmd.StderrPipe()
	check(t, err)
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start sshd (package openssh-server must be installed): %v", err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	})
	ready := make(chan bool, 1)
	lines := bufio.NewScanner(stderr)
	var said []string
	go func() {
		for lines.Scan() {
			if said = append(said, lines.Text()); strings.Contains(lines.Text(), "Server listening on") {
				ready <- true
				break
			}
		}
		close(ready)
		for lines.Scan() {
		}
	}()
	select {
	case up := <-ready:
		if !up {
			t.Fatalf("sshd did not start: %s", strings.Join(said, "\n"))
		}
	case <-time.After(20 * time.Second):
		t.Fatal("sshd did not start within 20 s")
	}
	return s
}

// way is a way in to s that should work.
func (s *sshd) way() Way {
	return Way{Address: "root@" + s.address, KnownHosts: s.known, Identity: s.key, Config: "none", Version: ourVersion}
}

// left lists what kmsiso left on the far side.
func (s *sshd) left(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(s.tmp + "/kmsiso-*")
	check(t, err)
	return names
}

// noLeaks fails the test where goroutines that begin after it are left.
func noLeaks(t *testing.T) func() {
	t.Helper()
	before := goleak.IgnoreCurrent()
	return func() {
		t.Helper()
		goleak.VerifyNone(t, before)
	}
}

func keygen(t *testing.T, file, kind, passphrase string) {
	t.Helper()
	if out, err := exec.Command("ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", file).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v: %s", err, out)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	check(t, err)
	return string(text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	check(t, os.WriteFile(name, []byte(text), 0o644))
}

// wantReason fails unless err carries a reason of that code with arguments that
// hold the words: pairs of a name and a word.
func wantReason(t *testing.T, err error, code reason.Code, args ...string) {
	t.Helper()
	r := found(err, code)
	if r.Code == "" {
		t.Errorf("error %v, want %s", err, code)
	}
	for i := 0; i+1 < len(args); i += 2 {
		if !strings.Contains(r.Word(args[i]), args[i+1]) {
			t.Errorf("%s of %s is %q, want %q in it", args[i], code, r.Word(args[i]), args[i+1])
		}
	}
}

// found is the first reason of a code that an error carries.
func found(err error, code reason.Code) reason.Reason {
	for r := range reason.Of(err).All {
		if r.Is(code) {
			return r
		}
	}
	return reason.Reason{}
}

// wantError fails unless err says all of the words.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}
