package farend

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// killWait is how long a process may take to be gone once it is killed.
const killWait = 5 * time.Second

// Exec is the way in that starts a command, which must run "kmsiso far-end" in
// another place: another network namespace, a container, a machine behind a
// tool of the user's own.
type Exec struct {
	// Name is what evidence names; "" is the first words of the command.
	Name    string
	Command []string
	Version string // of this kmsiso
}

// String is what evidence names.
func (e Exec) String() string {
	if e.Name != "" {
		return e.Name
	}
	words := e.Command
	if len(words) > 4 {
		words = append(words[:4:4], "...")
	}
	return "exec " + clean([]byte(strings.Join(words, " ")), 80)
}

// Open starts the command and says hello to it. What the command writes to its
// standard error becomes part of the error sentences. Close closes its input,
// waits a little, then kills it and what it started.
func (e Exec) Open(ctx context.Context) (*vantage.Vantage, error) {
	if len(e.Command) == 0 {
		return nil, reason.Fail(reason.CommandUnnamed)
	}
	p, err := start(e.Command)
	if err != nil {
		return nil, reason.Wrap(err, reason.WayNotOpened, "way", e, "why", reason.New(reason.CommandNotStarted, "words", err))
	}
	v, err := attach(ctx, p.stdout, p.stdin, e.Version, p.lastWords)
	if err != nil {
		p.stdin.Close()      //nolint:errcheck // attach has closed it already, mostly
		grace := time.Second // for its last words
		if ctx.Err() != nil {
			grace = 0
		}
		state := p.end(grace)
		why := reason.New(reason.CommandEnded, "why", reason.Of(err), "words", p.stderr.String(), "state", state)
		return nil, reason.Wrap(err, reason.WayNotOpened, "way", e, "why", why)
	}
	var (
		once   sync.Once
		closed error
		detach = v.Close
	)
	v.Close = func() error {
		once.Do(func() {
			err := detach()
			state := p.end(time.Second)
			if err != nil {
				closed = reason.Wrap(err, reason.WayNotOpened, "way", e, "why", reason.New(reason.CommandEnded, "why", reason.Of(err), "state", state))
			}
		})
		return closed
	}
	return v, nil
}

// process is a command with its three streams.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	stderr Tail
	gone   chan struct{} // closed when it has ended and its stderr is read
	state  error
}

// start starts command in a process group of its own.
func start(command []string) (*process, error) {
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		inR.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
		inW.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
		return nil, err
	}
	p := &process{stdin: inW, stdout: outR, gone: make(chan struct{})}
	// The command outlives the context of Open: Close ends it.
	p.cmd = exec.Command(command[0], command[1:]...) //nolint:gosec // the administrator's own command
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = inR, outW, &p.stderr
	p.cmd.WaitDelay = time.Second // for a stderr that a grandchild holds open
	ownGroup(p.cmd)
	err = p.cmd.Start()
	inR.Close()  //nolint:errcheck // nothing was written, or nobody reads it any more
	outW.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
	if err != nil {
		inW.Close()  //nolint:errcheck // nothing was written, or nobody reads it any more
		outR.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
		return nil, err
	}
	go func() {
		endChildren(p.cmd)
		p.state = p.cmd.Wait()
		close(p.gone)
	}()
	return p, nil
}

// lastWords is what the process said on its standard error, all of it where it
// has ended or is about to.
func (p *process) lastWords() string {
	select {
	case <-p.gone:
	case <-time.After(time.Second):
	}
	return p.stderr.String()
}

// end waits for the process to end, kills it and its children where it does
// not, and says how it ended.
func (p *process) end(grace time.Duration) string {
	killed := ""
	select {
	case <-p.gone:
	case <-time.After(grace):
		killed = "killed: "
		killGroup(p.cmd)
	}
	defer p.stdout.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
	select {
	case <-p.gone:
	case <-time.After(killWait):
		return fmt.Sprintf("process %d did not end when killed", p.cmd.Process.Pid)
	}
	if p.cmd.ProcessState == nil {
		return killed + p.state.Error()
	}
	return killed + p.cmd.ProcessState.String()
}
