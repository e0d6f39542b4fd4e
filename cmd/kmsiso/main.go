// Command kmsiso verifies that Windows KMS hosts are protected by server
// isolation, from every place that matters, with evidence.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/report"
)

// Exit codes. 1 and 3 come from a run's own answer.
const (
	exitUsage   = 2 // usage or configuration
	exitStopped = 3 // by a signal, before there was a run to judge
)

// version is set by the build.
var version = ""

func main() { os.Exit(Main()) }

// How far the heap may grow before it is collected, in percent; the first time at 16 MB.
// A run is short and holds on to nearly all that it makes: there it is the first time at
// 64 MB. The heap of a thousand hosts is some 50 MB.
const (
	heapGrowth = 400
	runGrowth  = 1600
)

// heapMost is where the heap is collected more eagerly, in octets: a large input
// must not take several times what it needs.
const heapMost = 384 << 20

// oneCore has this process compute on one core at a time. To observe is to wait: more
// cores do nothing but wake each other, and a vantage is somebody's server. What the
// environment says in GOMAXPROCS stands.
func oneCore() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
}

// growHeap has the heap of this process grow by so many percent before it is collected.
// What the environment says in GOGC stands.
func growHeap(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// Main runs the command line and returns the exit code.
func Main() int {
	growHeap(heapGrowth)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapMost)
	}
	ctx, stop := untilStopped(context.Background())
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		var code exitCode
		if errors.As(err, &code) {
			return int(code)
		}
		fmt.Fprintln(os.Stderr, "kmsiso:", report.Words(err))
		if errors.As(err, new(stopped)) {
			return exitStopped
		}
		return exitUsage
	}
	return 0
}

// exitCode ends the program with a code and no further word.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "kmsiso",
		Short: "Verify that KMS hosts are protected by server isolation",
		Long: `kmsiso tells whether Windows KMS hosts are really isolated: it probes them from
inside and outside the domain, proves every deny, and says why a test fails.

It reads and probes. It never activates Windows, never speaks KMS beyond an RPC
bind, never changes a machine, and sends only to what kmsiso.yaml declares.`,
		Version:       buildVersion(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; %s --help lists what there is", err, cmd.CommandPath())
	})
	cmd.AddCommand(verifyCommand(), auditCommand(), explainCommand(), replayCommand(), reportCommand(), serveCommand(), configCommand(), checksCommand(), farEndCommand())
	return cmd
}

// buildVersion is what the build says, or what the module does.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
