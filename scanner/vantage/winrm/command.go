package winrm

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	wsman "github.com/masterzen/winrm"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// maxOutput bounds what one command may print, both streams together.
const maxOutput = 8 << 20

// signalLimit is for telling the host that a command is over.
const signalLimit = 5 * time.Second

// A host that says little at a time is asked at once only so often, then with a
// pause: it would be asked without end, as fast as it answers.
const (
	little      = 512 // octets
	littleOften = 8
	littlePause = 100 * time.Millisecond
)

// result is what a command printed, whole, and how it ended.
type result struct {
	stdout, stderr string
	exit           int
}

// run runs a command under cmd.exe and returns its output only if it is whole:
// random marks and the command's exit code must stand around it. The command is
// ours, never a user's text, and only reads: where its output came cut, or the
// host turned it down, or did not start it, it is run once more, in a new shell,
// because some of what the host counts it gives back only with the shell. Each
// attempt has the limit.
func (h *host) run(ctx context.Context, command string, limit time.Duration) (result, error) {
	if err := h.lock(ctx); err != nil {
		return result{}, err
	}
	defer h.unlock()
	if h.post.ended != nil {
		return result{}, h.post.ended
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.life, cancel)()
	out, err := h.once(ctx, command, limit)
	if h.shell != "" && h.post.ended == nil && ctx.Err() == nil && askAgain(out, err) {
		h.discard(ctx)
		out, err = h.once(ctx, command, limit)
	}
	if err != nil {
		h.discard(ctx)
	}
	return out, err
}

func askAgain(out result, err error) bool {
	var f *hostFault
	return errors.Is(err, errCut) || errors.As(err, &f) && !f.denied() || err == nil && out.exit == notStarted
}

// notStarted is how cmd.exe ends a line whose program it did not find, or could
// not start for want of something that may be there a moment later.
const notStarted = 9009

// newMark is a word that nobody can know beforehand.
func newMark() string {
	var r [8]byte
	_, _ = rand.Read(r[:])
	return "kmsiso-" + hex.EncodeToString(r[:])
}

// marked is the line for cmd.exe: the command between two marks, on stdout and
// on stderr. What AutoRun prints comes before the first. cmd.exe expands
// %errorlevel% before it runs a line; "call" expands the escaped form again,
// after the command.
func marked(command, begin, end string) string {
	return "echo " + begin + " & echo " + begin + " 1>&2 & " + command + " & call echo " + end + " %^errorlevel% & echo " + end + " 1>&2"
}

func (h *host) once(ctx context.Context, command string, limit time.Duration) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	begin, end := newMark(), newMark()
	stdout, stderr, err := h.output(ctx, marked(command, begin, end))
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return result{}, err
	}
	out, exit, err := cutMarks(string(stdout), begin, end)
	if err != nil {
		return result{}, err
	}
	complaint, err := cutComplaint(string(stderr), begin, end)
	if err != nil {
		return result{}, err
	}
	return result{stdout: out, stderr: complaint, exit: exit}, nil
}

// output runs a command line and collects what it prints until it has ended.
func (h *host) output(ctx context.Context, line string) (stdout, stderr []byte, err error) {
	url := h.post.endpoint.url()
	if err := h.open(ctx); err != nil {
		return nil, nil, err
	}
	e, err := h.ask(ctx, wsman.NewExecuteCommandRequest(url, h.shell, line, nil, parameters()), question{})
	if err != nil {
		return nil, nil, err
	}
	id := e.CommandID
	if id == "" {
		return nil, nil, unnamed("command")
	}
	for often := 0; ; {
		e, err := h.ask(ctx, wsman.NewGetOutputRequest(url, h.shell, id, "stdout stderr", parameters()), question{once: true})
		switch {
		case errors.Is(err, errBroken) && ctx.Err() == nil:
			return nil, nil, reason.Wrap(fmt.Errorf("%w: %w", errCut, err), reason.OutputCut, "why", reason.Of(err)) // what it carried is lost
		case err != nil && !errors.Is(err, errNoOutputYet):
			return nil, nil, err
		}
		o, err := e.output("stdout")
		if err != nil {
			return nil, nil, err
		}
		x, err := e.output("stderr")
		if err != nil {
			return nil, nil, err
		}
		stdout, stderr = append(stdout, o...), append(stderr, x...)
		if len(stdout)+len(stderr) > maxOutput {
			return nil, nil, reason.Fail(reason.OutputTooLong, "most", maxOutput)
		}
		if e.done() {
			break
		}
		if often++; len(o)+len(x) >= little {
			often = 0
		} else if often > littleOften {
			if err := wait(ctx, littlePause); err != nil {
				return nil, nil, err
			}
		}
	}
	// The command has ended; this lets the host forget it. A host that cannot
	// has lost nothing, the shell goes at the end.
	ctx, cancel := context.WithTimeout(ctx, signalLimit)
	defer cancel()
	_, _ = h.ask(ctx, wsman.NewSignalRequest(url, h.shell, id, parameters()), question{})
	return stdout, stderr, nil
}

// wait waits, or returns why it may not.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// errCut is of an output that did not come whole.
var errCut = reason.Fail(reason.OutputCut)

// cutMarks takes the output from between the lines of its marks. Without them
// the output is cut, whatever it says.
func cutMarks(out, begin, end string) (string, int, error) {
	out, err := after(out, begin)
	if err != nil {
		return "", 0, err
	}
	head, tail, ok := strings.Cut(out, end+" ")
	if !ok {
		return "", 0, errCut
	}
	line, rest, ok := strings.Cut(tail, "\n")
	if !ok || strings.TrimSpace(rest) != "" {
		return "", 0, errCut
	}
	exit, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return "", 0, reason.Fail(reason.ExitCodeMissing, "words", fmt.Sprintf("%.40s", line))
	}
	return head, exit, nil
}

// cutComplaint is cutMarks for stderr, whose end mark has no exit code. A host
// that shows no stderr at all has not cut it.
func cutComplaint(out, begin, end string) (string, error) {
	if strings.TrimSpace(out) == "" {
		return "", nil
	}
	out, err := after(out, begin)
	if err != nil {
		return "", err
	}
	head, rest, ok := strings.Cut(out, end)
	if !ok || strings.TrimSpace(rest) != "" {
		return "", errCut
	}
	return head, nil
}

// after is what stands below the line of the first mark.
func after(out, begin string) (string, error) {
	_, out, ok := strings.Cut(out, begin)
	if !ok {
		return "", errCut
	}
	line, out, ok := strings.Cut(out, "\n")
	if !ok || strings.TrimSpace(line) != "" {
		return "", errCut
	}
	return out, nil
}

var architectureName = regexp.MustCompile(`(?i)^(amd64|arm64|x86|ia64)$`)

// architecture opens the shell and asks what the machine is, in GOARCH words.
func (h *host) architecture(ctx context.Context) (string, error) {
	r, err := h.run(ctx, "echo %PROCESSOR_ARCHITECTURE%", time.Minute)
	if err != nil {
		return "", err
	}
	return goarch(strings.TrimSpace(r.stdout))
}

// unnamed is a shell or a command that the host made and gave no name.
func unnamed(of string) error { return reason.Fail(reason.NameMissing, "of", of) }

// goarch reads what cmd.exe says of the processor.
func goarch(a string) (string, error) {
	switch {
	case !architectureName.MatchString(a):
		return "", reason.Fail(reason.ShellNotCmd, "words", fmt.Sprintf("%.40s", clean(a)))
	case strings.EqualFold(a, "x86"):
		return "386", nil
	}
	return string(bytes.ToLower([]byte(a))), nil
}
