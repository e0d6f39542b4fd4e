//go:build lab

package ssh

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// open opens the way, closes it and fails on any error.
func openClose(t *testing.T, w Way) {
	t.Helper()
	v, err := w.Open(t.Context())
	check(t, err)
	check(t, v.Close())
}

func openError(t *testing.T, w Way) error {
	t.Helper()
	v, err := w.Open(t.Context())
	if err == nil {
		_ = v.Close()
	}
	return err
}

// startAgent runs a real ssh-agent that holds the key file.
func startAgent(t *testing.T, key, askpass string) {
	t.Helper()
	sock := filepath.Join(t.TempDir(), "agent")
	agent := exec.Command("ssh-agent", "-D", "-a", sock)
	out, err := agent.StdoutPipe()
	check(t, err)
	check(t, agent.Start())
	t.Cleanup(func() {
		_ = agent.Process.Kill()
		_ = agent.Wait()
	})
	if _, err := out.Read(make([]byte, 512)); err != nil { // it prints its socket's name when it listens
		t.Fatalf("ssh-agent: %v", err)
	}
	t.Setenv("SSH_AUTH_SOCK", sock)
	add := exec.Command("ssh-add", key)
	add.Env = append(os.Environ(), "SSH_ASKPASS="+askpass, "SSH_ASKPASS_REQUIRE=force")
	if text, err := add.CombinedOutput(); err != nil {
		t.Fatalf("ssh-add: %v: %s", err, text)
	}
}

func TestLoginByKeyFile(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	openClose(t, s.way())
}

func TestLoginByAgent(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	startAgent(t, s.key, "")
	defer noLeaks(t)()
	w := s.way()
	w.Identity = ""
	openClose(t, w)
}

func TestKeyWithPassphrase(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	locked := filepath.Join(s.dir, "locked")
	keygen(t, locked, "ed25519", "correct horse")
	write(t, filepath.Join(s.dir, "authorized_keys"), read(t, locked+".pub"))
	w := s.way()
	w.Identity = locked
	wantReason(t, openError(t, w), reason.KeysMissing, "locked", locked)

	askpass := filepath.Join(s.dir, "askpass")
	write(t, askpass, "#!/bin/sh\necho correct horse\n")
	check(t, os.Chmod(askpass, 0o700))
	startAgent(t, locked, askpass)
	openClose(t, w)
}

func TestLoginRefused(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	wrong := filepath.Join(s.dir, "wrong")
	keygen(t, wrong, "ed25519", "")
	w := s.way()
	w.Identity = wrong
	wantReason(t, openError(t, w), reason.WayNotOpened, "way", "ssh root@"+s.address)
	wantReason(t, openError(t, w), reason.KeysRefused, "tried", wrong)

	w.Identity = filepath.Join(s.dir, "absent")
	wantReason(t, openError(t, w), reason.KeyFileUnreadable, "words", w.Identity)

	write(t, filepath.Join(s.dir, "broken"), "-----BEGIN OPENSSH PRIVATE KEY-----\nsecretish\n")
	w.Identity = filepath.Join(s.dir, "broken")
	err := openError(t, w)
	wantReason(t, err, reason.KeyFileUseless, "file", w.Identity)
	if strings.Contains(err.Error(), "secretish") {
		t.Errorf("the error %q shows the content of a key file", err)
	}
}

func TestUnknownHostIsNotTrusted(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	w := s.way()
	write(t, s.known, "# nobody\n")
	wantReason(t, openError(t, w), reason.HostKeyUnknown, "host", "127.0.0.1", "files", s.known, "offered", "ssh-ed25519 SHA256:", "name", "[127.0.0.1]:"+s.port)
	w.KnownHosts = filepath.Join(s.dir, "absent")
	err := openError(t, w)
	wantReason(t, err, reason.HostKeyUnknown, "file", w.KnownHosts)
	if files := found(err, reason.HostKeyUnknown).Words("files"); len(files) > 0 {
		t.Errorf("a known_hosts file that is not there is named: %q", files)
	}
	if got := read(t, s.known); got != "# nobody\n" {
		t.Errorf("known_hosts was written to: %q", got)
	}
}

func TestChangedHostKey(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	for _, kind := range []string{"ed25519", "ecdsa"} { // a key of another kind is a change as well
		other := filepath.Join(s.dir, "other-"+kind)
		keygen(t, other, kind, "")
		write(t, s.known, "# first line\n[127.0.0.1]:"+s.port+" "+read(t, other+".pub"))
		err := openError(t, s.way())
		wantReason(t, err, reason.HostKeyChanged, "host", "127.0.0.1")
		wantReason(t, err, reason.HostKeyKnown, "file", s.known, "line", "2", "key", "SHA256:")
	}
	write(t, s.known, "@revoked * "+read(t, filepath.Join(s.dir, "host.pub")))
	wantReason(t, openError(t, s.way()), reason.HostKeyRevoked, "file", s.known, "line", "1")
	write(t, s.known, "[127.0.0.1]:"+s.port+" ssh-ed25519 notbase64\n")
	wantReason(t, openError(t, s.way()), reason.KnownHostsMalformed, "words", s.known+":1")
}

// What a changed key or a revoked one says of the machine holds for the run, a key
// that is only not known says nothing.
func TestAChangedHostKeyIsDistrusted(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	right := read(t, s.known)
	other := filepath.Join(s.dir, "other")
	keygen(t, other, "ed25519", "")
	another := filepath.Join(s.dir, "another")
	keygen(t, another, "ecdsa", "")
	for name, tc := range map[string]struct {
		known      string
		distrusted bool
	}{
		"changed":         {"[127.0.0.1]:" + s.port + " " + read(t, other+".pub"), true},
		"of another kind": {"[127.0.0.1]:" + s.port + " " + read(t, another+".pub"), true},
		"revoked":         {"@revoked * " + read(t, filepath.Join(s.dir, "host.pub")), true},
		"not known":       {"# nobody\n", false},
	} {
		w := s.way()
		w.Distrusted = new(distrust.Places)
		write(t, s.known, tc.known)
		if err := openError(t, w); err == nil {
			t.Errorf("%s: opened", name)
		}
		write(t, s.known, right)
		var kept *distrust.Error
		if err := openError(t, w); errors.As(err, &kept) != tc.distrusted || !tc.distrusted && err != nil {
			t.Errorf("%s: then %v", name, err)
		}
	}
}

func TestConfigIsHonoured(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	config := filepath.Join(s.dir, "config")
	write(t, config, "Host far\n HostName 127.0.0.1\n Port "+s.port+"\n User root\n IdentityFile "+s.key+"\n UserKnownHostsFile "+s.known+"\n")
	openClose(t, Way{Address: "far", Config: config, Version: ourVersion})
}

func TestProxyJump(t *testing.T) {
	for name, o := range map[string]sshdOption{"through": {}, "forbidden": {config: "AllowTcpForwarding no"}} {
		t.Run(name, func(t *testing.T) {
			jump, s := startSSHD(t, o), startSSHD(t, sshdOption{})
			defer noLeaks(t)()
			config := filepath.Join(s.dir, "config")
			write(t, config, "Host far\n HostName 127.0.0.1\n Port "+s.port+"\n IdentityFile "+s.key+"\n UserKnownHostsFile "+s.known+"\n ProxyJump root@jump:"+jump.port+
				"\nHost jump\n HostName 127.0.0.1\n IdentityFile "+jump.key+"\n UserKnownHostsFile "+jump.known+"\n")
			w := Way{Address: "root@far", Config: config, Version: ourVersion}
			if name == "through" {
				openClose(t, w)
				return
			}
			// It fails when the hop does not forward: so it does go through it.
			wantReason(t, openError(t, w), reason.NotConnected, "address", s.address, "words", "prohibited")
		})
	}
}

func TestSilentServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("SSH_AUTH_SOCK", "")
	defer noLeaks(t)()
	w := Way{Address: "root@" + l.Addr().String(), Config: "none", Timeout: 50 * time.Millisecond}
	wantReason(t, openError(t, w), reason.LoginLimit, "login", "root@"+l.Addr().String(), "limit", "50ms")

	// A cancelled Open returns at once.
	w.Timeout = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	accepted := make(chan net.Conn, 4)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- c
		}
	}()
	done := make(chan error, 1)
	go func() {
		_, err := w.Open(ctx)
		done <- err
	}()
	for range 2 { // the first is the one that timed out
		c := <-accepted
		defer c.Close()
	}
	begin := time.Now()
	cancel()
	wantError(t, <-done, "canceled")
	if took := time.Since(begin); took > 100*time.Millisecond {
		t.Errorf("a cancelled Open took %v", took)
	}
	check(t, l.Close())
	for range accepted {
	}
}
