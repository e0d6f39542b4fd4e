package ssh

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
)

const (
	// helloWait is for the far end to start and say hello: a cold binary on a
	// slow disk takes a second or two.
	helloWait = 20 * time.Second
	// endWait is for the far end to end once its input is closed.
	endWait = 2 * time.Second
	// removeWait is for the directory to be removed.
	removeWait = 5 * time.Second
	// closeMost is for the end of the vantage, with all of the above.
	closeMost = 12 * time.Second
)

// farEnd starts kmsiso on the far machine, sent there or already there.
func (w Way) farEnd(ctx context.Context, l *link) (*vantage.Vantage, error) {
	p, err := l.platform(ctx)
	var none *noFarEndError
	if err != nil && !errors.As(err, &none) {
		return nil, err
	}
	if err == nil {
		var v *vantage.Vantage
		if v, err = w.start(ctx, l, p); errors.As(err, &none) {
			none.platform = p.String()
		}
		return v, err
	}
	return nil, err
}

// start decides where the far end comes from and starts it.
func (w Way) start(ctx context.Context, l *link, p platform) (*vantage.Vantage, error) {
	if may, err := w.maySend(ctx, l, p); err != nil {
		return nil, err
	} else if !may {
		return w.installed(ctx, l, p)
	}
	if p.os == "windows" {
		return nil, noFarEnd(reason.WindowsNotSent)
	}
	s, err := w.send(ctx, l, p)
	if err != nil {
		return nil, err
	}
	v, err := w.attach(ctx, l, sh(serve, s.dir), s.remove)
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, s.remove(ctx))
	}
	return v, err
}

// maySend asks, where it is to be asked. A person who does not answer is waited
// for as long as ctx allows.
func (w Way) maySend(ctx context.Context, l *link, p platform) (bool, error) {
	if w.Install != InstallAsk || w.Ask == nil {
		return w.Install != InstallNever && w.Install != InstallAsk, nil
	}
	said := make(chan bool, 1)
	go func() {
		said <- w.Ask(fmt.Sprintf("Send kmsiso (%s) to %s, into a private directory that is removed at the end?", p, l.name))
	}()
	select {
	case yes := <-said:
		return yes, nil
	case <-ctx.Done():
		return false, reason.Wrap(context.Cause(ctx), reason.InstallUnanswered, "why", reason.Of(context.Cause(ctx)))
	}
}

// installed starts the kmsiso on the far machine's PATH.
func (w Way) installed(ctx context.Context, l *link, p platform) (*vantage.Vantage, error) {
	find := sh(onPath, "")
	if p.os == "windows" {
		find = "cmd /c where kmsiso"
	}
	found, err := l.run(ctx, find, nil)
	if err != nil {
		return nil, err
	}
	if found.status != 0 {
		return nil, noFarEnd(reason.FarEndNotInstalled, "install", cmp.Or(w.Install, InstallAuto))
	}
	return w.attach(ctx, l, "kmsiso far-end", func(context.Context) error { return nil })
}

// attach runs command and speaks to it. The vantage's Close ends it, calls
// clear and closes the link.
func (w Way) attach(ctx context.Context, l *link, command string, clear func(context.Context) error) (*vantage.Vantage, error) {
	hello, cancel := context.WithTimeoutCause(ctx, helloWait, reason.Fail(reason.FarEndLimit, "limit", helloWait))
	defer cancel()
	stop := context.AfterFunc(hello, func() { l.giveUp(context.Cause(hello)) })
	defer stop()
	s, err := l.session(hello)
	if err != nil {
		return nil, err
	}
	var complaint head
	s.Stderr = &complaint
	in, err1 := s.StdinPipe()
	out, err2 := s.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.Start(command); err != nil {
		_ = s.Close()
		return nil, l.reason(refusedCommand(err))
	}
	end := &ending{gone: make(chan struct{})}
	err = l.begin(func() {
		end.err = s.Wait()
		close(end.gone)
	})
	if err != nil {
		return nil, err
	}

	v, err := farend.Attach(hello, output{out, s}, in, w.Version)
	if err != nil {
		return nil, notStarted(ctx, err, end, &complaint)
	}
	detach := v.Close
	v.Close = func() error {
		// Every message to a server that reads nothing would wait for ever.
		late := time.AfterFunc(closeMost, l.cut)
		defer late.Stop()
		errs := []error{detach()}
		ctx, cancel := context.WithTimeout(context.Background(), removeWait)
		defer cancel()
		select {
		case <-end.gone:
		case <-time.After(endWait):
			_ = s.Signal(ssh.SIGKILL) // OpenSSH kills the whole group
		}
		_ = s.Close()
		errs = append(errs, clear(ctx))
		l.close()
		return errors.Join(errs...)
	}
	return v, nil
}

// ending is how a command ended, once gone is closed.
type ending struct {
	gone chan struct{}
	err  error
}

// output is what a command prints. Closing it ends the command's session.
type output struct {
	io.Reader
	s *ssh.Session
}

func (o output) Close() error { return o.s.Close() }

// notStarted tells a machine that cannot run the far end from a far end that
// ran and failed. 126 is the shell's status for a file that cannot be run, 127
// for one that is not there (POSIX XCU 2.8.2).
func notStarted(ctx context.Context, err error, end *ending, complaint *head) error {
	var exit *ssh.ExitError
	select {
	case <-end.gone:
		errors.As(end.err, &exit)
	case <-time.After(endWait):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	said := strings.Join(strings.Fields(complaint.String()), " ")
	if exit != nil && (exit.ExitStatus() == 126 || exit.ExitStatus() == 127) {
		return noFarEnd(reason.FarEndNotRunnable, "words", shortened(said, 200))
	}
	if said != "" {
		return reason.Wrap(err, reason.FarEndSaid, "why", reason.Of(err), "words", shortened(said, 400))
	}
	return err
}
