package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
	"github.com/kmsiso/kmsiso/scanner/observe"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/ways"
)

// configFlag adds the flag that names the policy.
func configFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "config", "c", "kmsiso.yaml", "the policy")
}

func verifyCommand() *cobra.Command {
	var (
		config, stage, record, farEnd string
		plan, retry, offline          bool
		out                           output
	)
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Run the matrix now",
		Long: `Verify probes the hosts from every vantage and prints the matrix. Exit codes:
0 no fail, inconclusive or error; 1 any fail; 2 usage or configuration;
3 no fail, but something inconclusive or in error.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			oneCore()
			growHeap(runGrowth)
			targets, err := out.targets()
			if err != nil {
				return err
			}
			opt := observe.Options{Version: buildVersion(), FarEnd: farEnd, Ask: ask(), Progress: progress(), Memory: memory("", retry)}
			if offline && !plan {
				return errors.New("--offline goes with --plan: a run asks names and shows secrets")
			}
			p, err := loadPolicyWith(cmd.Context(), config, stage, policyfile.Options{Offline: offline})
			if err != nil {
				// A pipeline that waits for a file gets one, with the reason in it.
				writeFault(targets, failed(nil, opt.Version, err))
				return err
			}
			warn(p.Warnings)
			if plan {
				return writePlan(cmd, p, offline)
			}
			if err := askSecrets(cmd.Context(), p.Prompts(true)); err != nil {
				writeFault(targets, scanner.Failed(p, opt.Version, err))
				return err
			}
			return makeRun(cmd, p, opt, scanner.Verify, record, &out, targets)
		},
	}
	configFlag(cmd, &config)
	f := cmd.Flags()
	f.StringVar(&stage, "stage", "", "judge as at this stage: request or require")
	f.StringVar(&record, "record", "", "keep the run document in `DIR`, for replay, beside those of earlier runs")
	f.StringVar(&farEnd, "far-end", "", "`DIR` of the release binaries that are sent to ssh vantages (default: beside this one)")
	f.BoolVar(&plan, "plan", false, "say what would be sent, to whom and from where, and send nothing")
	retryFlag(cmd, &retry)
	offlineFlag(cmd, &offline)
	out.flags(cmd)
	return cmd
}

// makeRun makes one run, keeps it where it is asked for, and shows it.
func makeRun(cmd *cobra.Command, p *intent.Policy, opt observe.Options,
	verify func(context.Context, *intent.Policy, observe.Options) (*run.Run, error),
	record string, out *output, targets []target,
) error {
	if err := keepIn(record); err != nil {
		writeFault(targets, failed(p, opt.Version, err))
		return err
	}
	var found []string // what the names turned out to be
	opt.Warn = func(warnings []string) { found = warnings }
	r, err := verify(cmd.Context(), p, opt)
	if err != nil {
		r = failed(p, opt.Version, err)
	}
	warn(found)
	if record != "" {
		if err := keep(record, r); err != nil {
			return err
		}
	}
	return out.show(cmd.OutOrStdout(), targets, r)
}

// failed makes the document of a run that could not be made, or was stopped
// before it began.
func failed(p *intent.Policy, version string, err error) *run.Run {
	r := scanner.Failed(p, version, err)
	var s stopped
	if errors.As(err, &s) {
		r.Stopped = &run.Stop{Why: s.Error()}
	}
	return r
}

// loadPolicy reads the policy and sets a stage that the command line asks for.
func loadPolicy(ctx context.Context, path, stage string) (*intent.Policy, error) {
	return loadPolicyWith(ctx, path, stage, policyfile.Options{})
}

// loadPolicyWith is loadPolicy with another source in the place of the
// directories that the policy declares, or offline.
func loadPolicyWith(ctx context.Context, path, stage string, o policyfile.Options) (*intent.Policy, error) {
	return interruptible(ctx, path+" was read", func() (*intent.Policy, error) { return readPolicy(path, stage, o) })
}

func readPolicy(path, stage string, o policyfile.Options) (*intent.Policy, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no policy %s; name yours with --config FILE, or write one: "+
			"the KMS hosts, and the vantages to look at them from (kmsiso config schema describes it)", path)
	}
	o.Ways, o.Sources = ways.Kinds(), sources.Kinds()
	p, err := policyfile.Load(path, o)
	if err != nil {
		return nil, err
	}
	if unknown := checks.UnknownChecks(p); len(unknown) > 0 {
		return nil, errors.New(strings.Join(unknown, "\n"))
	}
	p = p.WithWarnings(checks.BlanketWaivers(p))
	switch s := intent.Stage(stage); s {
	case "":
		return p, nil
	case intent.StageRequest, intent.StageRequire:
		return p.AtStage(s), nil
	}
	return nil, fmt.Errorf("--stage %q: want request or require", stage)
}

// writePlan says what a run would send. Nothing is sent but the questions for
// the names in the policy.
func writePlan(cmd *cobra.Command, p *intent.Policy, offline bool) error {
	p, found := p.Resolve(cmd.Context(), lookup(offline))
	if !offline {
		warn(found)
	}
	return scanner.MakePlan(p).Write(cmd.OutOrStdout(), report.Text)
}

func warn(warnings []string) {
	for _, w := range warnings {
		fmt.Fprintln(os.Stderr, "kmsiso: warning:", w)
	}
}

// writeFault writes a run that could not be made to the files that were asked
// for. That it cannot be written either is no news to whoever reads the error.
func writeFault(targets []target, r *run.Run) {
	for _, t := range targets {
		if t.out != nil {
			t.write(r, report.Options{Width: 80}) //nolint:errcheck // see above
		}
	}
}

// keepIn makes the directory that the run document is kept in, before anything
// is sent; "" is none.
func keepIn(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	return nil
}

// ask puts questions to the person at the terminal, and nobody where there is
// none.
func ask() func(string) bool {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil
	}
	in := bufio.NewReader(os.Stdin)
	return func(question string) bool {
		fmt.Fprintf(os.Stderr, "kmsiso: %s [y/N] ", question)
		line, _ := in.ReadString('\n') // no answer is no
		return strings.EqualFold(strings.TrimSpace(line), "y")
	}
}
