package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

const (
	// maxOutput is how much of a command's output is kept.
	maxOutput = 64 << 10
	// commandWait is for a command to end: all of them are done in a moment.
	commandWait = 30 * time.Second
	// sendWait is for a command that is sent a file: 20 MB at half a megabit a
	// second.
	sendWait = 6 * time.Minute
)

// result is what became of a command on the far side.
type result struct {
	out, err string
	status   int // exit status; -1 where the command was ended otherwise
}

// words is the command's own complaint, on one line.
func (r result) words() string {
	text := strings.Join(strings.Fields(r.err), " ")
	if text == "" {
		text = strings.Join(strings.Fields(r.out), " ")
	}
	if text == "" {
		return fmt.Sprintf("exit status %d", r.status)
	}
	return text
}

// run runs a command there and waits for its end. A server that does not bring
// one to its end in time is given up: nothing that is asked of it next would end
// either. A *noFarEndError says that
// the server runs no commands; any other error that the connection failed.
func (l *link) run(ctx context.Context, command string, stdin io.Reader) (result, error) {
	wait := commandWait
	if stdin != nil {
		wait = sendWait
	}
	ctx, cancel := context.WithTimeoutCause(ctx, wait, reason.Fail(reason.CommandLimit, "host", l.name, "limit", wait, "command", shortened(command, 60)))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { l.giveUp(context.Cause(ctx)) })
	defer stop()
	s, err := l.session(ctx)
	if err != nil {
		return result{}, l.reason(err)
	}
	var out, complaint head
	s.Stdin, s.Stdout, s.Stderr = stdin, &out, &complaint
	if err := s.Start(command); err != nil {
		_ = s.Close()
		return result{}, l.reason(refusedCommand(err))
	}
	ended := make(chan error, 1)
	if err := l.begin(func() { ended <- s.Wait() }); err != nil {
		return result{}, err
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
		return result{}, context.Cause(ctx)
	}
	_ = s.Close()
	r := result{out: out.String(), err: complaint.String()}
	var exit *ssh.ExitError
	var missing *ssh.ExitMissingError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		r.status = exit.ExitStatus()
	case errors.As(err, &missing):
		r.status = -1
	default:
		return result{}, l.reason(reason.Wrap(err, reason.CommandFailed, "words", err))
	}
	return r, nil
}

// session opens a session, or stops waiting for one when ctx ends.
func (l *link) session(ctx context.Context) (*ssh.Session, error) {
	type opened struct {
		s   *ssh.Session
		err error
	}
	done := make(chan opened, 1)
	err := l.begin(func() {
		s, err := l.far().NewSession()
		done <- opened{s, err}
	})
	if err != nil {
		return nil, err
	}
	select {
	case o := <-done:
		if o.err != nil {
			return nil, refusedCommand(o.err)
		}
		return o.s, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// refusedCommand tells a server that runs no commands from a broken connection.
func refusedCommand(err error) error {
	var open *ssh.OpenChannelError
	if errors.As(err, &open) || strings.HasPrefix(err.Error(), "ssh: command ") {
		return noFarEnd(reason.CommandsRefused, "words", err)
	}
	return reason.Wrap(err, reason.ConnectionFailed, "words", err)
}

// head keeps the first octets of an output and drops the rest. It may be written
// and read at once.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *head) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := maxOutput - t.text.Len(); room > 0 {
		t.text.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (t *head) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// shortened is the begin of what may be long.
func shortened(s string, most int) string {
	if all := []rune(s); len(all) > most {
		return string(all[:most])
	}
	return s
}
