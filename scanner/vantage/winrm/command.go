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
	"github.com/masterzen/winrm/soap"
)

// operationTimeout is how long the host holds a question for output before it
// says that there is none yet.
const operationTimeout = "PT10S"

// maxOutput bounds what one command may print.
const maxOutput = 8 << 20

// host is one machine with one shell. Commands run one after the other.
type host struct {
	post  *transport
	turn  chan struct{} // holds a token while somebody uses the machine
	shell string
	noV6  *bool // whether ping.exe knows no IPv6; nil until asked
}

// result is what a command printed, whole, and how it ended.
type result struct {
	stdout, stderr string
	exit           int
}

// lock waits for the turn.
func (h *host) lock(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *host) unlock() { <-h.turn }

// parameters are made for each message: the library's default ones are shared.
func parameters() *wsman.Parameters { return wsman.NewParameters(operationTimeout, "en-US", 153600) }

// ask sends one message and returns the answer, or the fault as an error.
func (h *host) ask(ctx context.Context, m *soap.SoapMessage) (envelope, error) {
	body, err := h.post.send(ctx, m.String())
	m.Free()
	if err != nil {
		return envelope{}, err
	}
	e, err := readEnvelope(body)
	if err != nil {
		return e, err
	}
	return e, e.err()
}

// run runs a command under cmd.exe and returns its output only if it is whole:
// a random mark and the command's exit code must end it. The command is ours,
// never a user's text, and only reads: where its output came cut, or it did not
// start, it is asked once more, as a request would be that got lost.
func (h *host) run(ctx context.Context, command string, limit time.Duration) (result, error) {
	out, err := h.once(ctx, command, limit)
	if askAgain(out, err) {
		out, err = h.once(ctx, command, limit)
	}
	return out, err
}

func askAgain(out result, err error) bool {
	return errors.Is(err, errCut) || err == nil && out.exit == notStarted
}

// notStarted is how cmd.exe ends a line whose program it did not find, or could
// not start for want of something that may be there a moment later.
const notStarted = 9009

func (h *host) once(ctx context.Context, command string, limit time.Duration) (result, error) {
	if err := h.lock(ctx); err != nil {
		return result{}, err
	}
	defer h.unlock()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var r [8]byte
	_, _ = rand.Read(r[:])
	mark := "kmsiso-" + hex.EncodeToString(r[:])
	// cmd.exe expands %errorlevel% before it runs a line; "call" expands the
	// escaped form again, after the command.
	stdout, stderr, err := h.output(ctx, command+" & call echo "+mark+" %^errorlevel%")
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return result{}, err
	}
	out, exit, err := cutMark(string(stdout), mark)
	if err != nil {
		return result{}, err
	}
	return result{stdout: out, stderr: string(stderr), exit: exit}, nil
}

// output runs a command line and collects what it prints until it has ended.
func (h *host) output(ctx context.Context, line string) (stdout, stderr []byte, err error) {
	url := h.post.endpoint.url()
	if h.shell == "" {
		e, err := h.ask(ctx, wsman.NewOpenShellRequest(url, parameters()))
		if err != nil {
			return nil, nil, err
		}
		if h.shell = e.shell(); h.shell == "" {
			return nil, nil, errors.New("the host made a shell and gave it no name: not WinRM")
		}
	}
	e, err := h.ask(ctx, wsman.NewExecuteCommandRequest(url, h.shell, line, nil, parameters()))
	if err != nil {
		h.shell = "" // it may be gone; the next command makes another
		return nil, nil, err
	}
	id := e.CommandID
	if id == "" {
		return nil, nil, errors.New("the host took a command and gave it no name: not WinRM")
	}
	for {
		e, err := h.ask(ctx, wsman.NewGetOutputRequest(url, h.shell, id, "stdout stderr", parameters()))
		if errors.Is(err, errNoOutputYet) && ctx.Err() == nil {
			continue
		}
		if err != nil {
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
			return nil, nil, fmt.Errorf("the output is longer than %d octets", maxOutput)
		}
		if e.done() {
			break
		}
	}
	// The command has ended; this lets the host forget it. A host that cannot
	// has lost nothing, the shell goes at the end.
	_, _ = h.ask(ctx, wsman.NewSignalRequest(url, h.shell, id, parameters()))
	return stdout, stderr, nil
}

// errCut is of an output that did not come whole.
var errCut = errors.New("the output is cut: its end mark is missing. Nothing is concluded from it")

// cutMark takes the line of the mark off the end of the output. Without it the
// output is cut, whatever it says.
func cutMark(out, mark string) (string, int, error) {
	head, tail, ok := strings.Cut(out, mark+" ")
	if !ok {
		return "", 0, errCut
	}
	line, rest, ok := strings.Cut(tail, "\n")
	if !ok || strings.TrimSpace(rest) != "" {
		return "", 0, errCut
	}
	exit, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return "", 0, fmt.Errorf("the output ends in no exit code: %.40q", line)
	}
	return head, exit, nil
}

var architectureName = regexp.MustCompile(`(?i)^(amd64|arm64|x86|ia64)$`)

// architecture opens the shell and asks what the machine is, in GOARCH words.
func (h *host) architecture(ctx context.Context) (string, error) {
	r, err := h.run(ctx, "echo %PROCESSOR_ARCHITECTURE%", time.Minute)
	if err != nil {
		return "", err
	}
	a := strings.TrimSpace(r.stdout)
	switch {
	case !architectureName.MatchString(a):
		return "", fmt.Errorf("the host's command shell is no cmd.exe: it answered %.40q", clean(a))
	case strings.EqualFold(a, "x86"):
		return "386", nil
	}
	return string(bytes.ToLower([]byte(a))), nil
}

// close deletes the shell, which ends what still runs in it.
func (h *host) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := h.lock(ctx); err != nil {
		return fmt.Errorf("the shell on %s is still in use: %w", h.post.endpoint.hostPort(), err)
	}
	defer h.unlock()
	defer h.post.close()
	if h.shell == "" {
		return nil
	}
	_, err := h.ask(ctx, wsman.NewDeleteShellRequest(h.post.endpoint.url(), h.shell, parameters()))
	h.shell = ""
	if err != nil {
		return fmt.Errorf("the shell on %s could not be deleted (it goes by itself when idle): %w", h.post.endpoint.hostPort(), err)
	}
	return nil
}
