//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is kmsiso at work as a process of its own.
type process struct {
	*exec.Cmd
	err *bufio.Reader // standard error
	out *bytes.Buffer // standard output
}

// begin starts kmsiso in a directory. It is ended with the test.
func begin(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p := &process{Cmd: exec.CommandContext(ctx, self), out: new(bytes.Buffer)}
	p.Args = append([]string{"kmsiso"}, args...)
	p.Dir, p.Stdout = dir, p.out
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.Stderr, p.err = w, bufio.NewReader(r)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { r.Close() })
	return p
}

// until reads standard error up to a line that says something.
func (p *process) until(t *testing.T, text string) string {
	t.Helper()
	for {
		line, err := p.err.ReadString('\n')
		if strings.Contains(line, text) {
			return line
		}
		if err != nil {
			t.Fatalf("standard error ends with %v, and nothing said %q", err, text)
		}
	}
}

// code waits for the end and returns the exit code.
func (p *process) code(t *testing.T) int {
	t.Helper()
	go io.Copy(io.Discard, p.err)
	_ = p.Wait()
	return p.ProcessState.ExitCode()
}

// fifo makes a FIFO, and returns when somebody reads it: it stays open, and
// nothing ever comes out of it.
func fifo(t *testing.T, path string) (read func()) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		for late := time.Now().Add(20 * time.Second); time.Now().Before(late); time.Sleep(time.Millisecond) {
			if f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
				t.Cleanup(func() { f.Close() })
				return
			}
		}
		t.Fatal("nobody reads " + path)
	}
}

// While kmsiso.yaml is loaded the first signal ends the loading.
func TestASignalWhileThePolicyIsLoaded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	release := make(chan struct{})
	defer close(release)
	_, err := interruptible(ctx, "kmsiso.yaml was read", func() (int, error) {
		cancel(stopped{syscall.SIGTERM})
		<-release
		return 1, nil
	})
	r := failed(nil, "1.2.3", err)
	if !errors.As(err, new(stopped)) || r.Stopped == nil || r.ExitCode(false) != exitStopped {
		t.Errorf("%v, %+v", err, r)
	}
	if got, err := interruptible(t.Context(), "", func() (int, error) { return 1, nil }); got != 1 || err != nil {
		t.Errorf("without a signal: %d, %v", got, err)
	}
}

// Where nothing looks at a context the second signal ends the program at once.
func TestTheSecondSignalEndsTheProgram(t *testing.T) {
	for sig, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		dir := t.TempDir()
		read := fifo(t, filepath.Join(dir, "run.json"))
		p := begin(t, dir, "replay", "run.json")
		read()
		if err := p.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		p.until(t, "once more")
		if err := p.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if code := p.code(t); code != want {
			t.Errorf("%s: exit code %d, want %d", sig, code, want)
		}
	}
}

// serving starts kmsiso serve on a port of its own and returns its URL, when it
// has made its first run.
func serving(t *testing.T) (p *process, url string) {
	t.Helper()
	dir := t.TempDir()
	policy := "version: 1\nhosts: {kms01: {addresses: [127.0.0.2]}}\nvantages: {guest: {role: non-domain, via: [{exec: [/nonexistent]}]}}\n"
	if err := os.WriteFile(filepath.Join(dir, "kmsiso.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	p = begin(t, dir, "serve", "--web.listen-address", "127.0.0.1:0")
	_, rest, _ := strings.Cut(p.until(t, "address="), "address=")
	address, _, _ := strings.Cut(rest, " ")
	p.until(t, "a run was made")
	return p, "http://" + strings.TrimSpace(address)
}

// SIGHUP makes a run at once, and the server goes on; SIGTERM ends it, with a
// line that says so.
func TestServeTakesSignals(t *testing.T) {
	p, url := serving(t)
	for range 2 {
		if err := p.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		p.until(t, "reloaded")
		p.until(t, "a run was made")
	}
	if err := os.WriteFile(filepath.Join(p.Dir, "kmsiso.yaml"), []byte("version: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.until(t, "a reload failed")
	p.until(t, "a run failed")
	post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/-/reload", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(post)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusInternalServerError {
		t.Errorf("POST /-/reload with a bad policy: %s", r.Status)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.until(t, "terminated")
	if code := p.code(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
