package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/explain"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
	"github.com/kmsiso/kmsiso/scanner/observe"
)

// explanation is what the flags of explain ask for.
type explanation struct {
	config, run string
	diff        bool
	offline     bool
	from        fileSourcePaths
	question    explain.Question
	out         output
}

func explainCommand() *cobra.Command {
	var e explanation
	cmd := &cobra.Command{
		Use:   "explain --from A --to B[:PORT] | --diff OLD NEW",
		Short: "Say what the policy does with a packet, at both ends, rule by rule",
		Long: `Explain says who both ends of a packet are, which GPOs come to each and why not
the others, what each end does with the packet and by which rule, and what comes
of both. It sends nothing: what it goes by is what Windows has been told.

A and B are a KMS host or a vantage of the policy, an exemption, the DNS name of a
computer in the directory, an address, outsider (a member of nothing), or client
(any that gets what is declared for clients). NAME@ADDRESS says at which address.
The port is the KMS port where B is a KMS host.

With --diff it says which of all these answers change from OLD to NEW, each a
folder of GPO backups, a registry export, or a run document. The hosts and
vantages are those of --config, or without it those of the run. Exit codes are
those of diff: 0 nothing changes, 1 something does, 2 trouble; and 3 where nothing
that is known changes, but some answers are not known.`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case e.diff && len(args) != 2:
				return fmt.Errorf("explain --diff wants OLD and NEW: each a folder of GPO backups, a registry export, or a run document")
			case !e.diff && len(args) > 0:
				return fmt.Errorf("explain takes no %q: name the ends with --from and --to, or two states with --diff OLD NEW", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := e.check(cmd); err != nil {
				return err
			}
			if e.diff {
				return e.difference(cmd, args[0], args[1])
			}
			return e.explain(cmd)
		},
	}
	configFlag(cmd, &e.config)
	offlineFlag(cmd, &e.offline)
	f := cmd.Flags()
	f.StringVar(&e.question.From, "from", "", "who sends the packet")
	f.StringVar(&e.question.To, "to", "", "who it is for, and the port: `B[:PORT]`")
	f.StringVar(&e.question.Protocol, "protocol", "tcp", "tcp, udp, or icmp (an echo request)")
	f.StringVar(&e.question.Profile, "profile", "", "profile of the KMS host's end: domain, private or public (default domain; with --diff all)")
	f.StringVar(&e.question.FromProfile, "from-profile", "", "profile of A (default domain)")
	f.StringVar(&e.question.ToProfile, "to-profile", "", "profile of B (default domain)")
	f.BoolVar(&e.diff, "diff", false, "say which answers change from OLD to NEW")
	f.StringVar(&e.run, "run", "", "go by the policy and the directories in a `RUN` document, in place of --config")
	e.from.flags(cmd)
	f.StringVarP(&e.out.format, "output", "o", "text", "text or json")
	f.IntVar(&e.out.width, "width", 0, "columns of the text; 0 is those of the terminal")
	return cmd
}

// check refuses flags that do not go together.
func (e *explanation) check(cmd *cobra.Command) error {
	if !slices.Contains([]string{"text", "json"}, e.out.format) {
		return fmt.Errorf("--output %q: want text or json", e.out.format)
	}
	if e.diff {
		for _, name := range append([]string{"from", "to", "protocol", "from-profile", "to-profile", "run"}, fileSourceNames()...) {
			if cmd.Flags().Changed(name) {
				return fmt.Errorf("--%s means nothing with --diff, which asks about everybody; leave it out", name)
			}
		}
		return nil
	}
	switch {
	case e.question.From == "" || e.question.To == "":
		return fmt.Errorf("explain wants two ends, as in kmsiso explain --from outsider --to kms01; --help says what an end may be")
	case e.run != "" && (e.from.any() || cmd.Flags().Changed("config")):
		return fmt.Errorf("--run has a policy and what was read of its directories; leave out --config, --backup and --registry")
	}
	return nil
}

func (e *explanation) explain(cmd *cobra.Command) error {
	x, err := e.explainer(cmd)
	if err != nil {
		return err
	}
	answer, err := x.Explain(e.question)
	if err != nil {
		return err
	}
	answer.Version = buildVersion()
	if e.out.format == "json" {
		return report.WriteDocument(cmd.OutOrStdout(), answer)
	}
	width, _ := e.out.terminal()
	return report.WriteExplanation(cmd.OutOrStdout(), answer, report.Options{Width: width})
}

// explainer reads what the flags name.
func (e *explanation) explainer(cmd *cobra.Command) (*explain.Explainer, error) {
	if e.run != "" {
		r, err := readRun(e.run)
		if err != nil {
			return nil, err
		}
		p, err := policyOf(e.run, r)
		if err != nil {
			return nil, err
		}
		return state{path: e.run, run: r}.explainer(cmd.Context(), p)
	}
	p, err := loadInstead(cmd.Context(), e.config, "", e.from, policyfile.Options{Offline: e.offline})
	if err != nil {
		return nil, err
	}
	if len(p.Directories()) == 0 {
		return nil, fmt.Errorf("%s declares no directory that could be read; name a backup with --backup DIR, a registry export with --registry FILE, or a run with --run", p.File)
	}
	if e.offline && slices.ContainsFunc(p.Directories(), func(f intent.Forest) bool { return len(f.Directory.URLs) > 0 }) {
		return nil, errors.New("--offline reads no domain controller; name a backup with --backup DIR, a registry export with --registry FILE, or a run with --run")
	}
	if err := askSecrets(cmd.Context(), p.Prompts(false)); err != nil {
		return nil, err
	}
	p = withAddresses(cmd, p, e.offline)
	return explain.New(p, scanner.ReadForests(cmd.Context(), p, observe.Options{Memory: memory("", false)}), nil)
}

// withAddresses looks up names where a KMS host has no address of its own.
func withAddresses(cmd *cobra.Command, p *intent.Policy, offline bool) *intent.Policy {
	if slices.ContainsFunc(p.Hosts, func(h intent.Host) bool { return len(h.Addresses) == 0 }) {
		p, _ = p.Resolve(cmd.Context(), lookup(offline))
	}
	return p
}

// difference says which answers change between two states.
func (e *explanation) difference(cmd *cobra.Command, before, after string) error {
	var states [2]state
	for i, path := range []string{before, after} {
		var err error
		if states[i], err = openState(path); err != nil {
			return err
		}
	}
	p, err := e.policyFor(cmd, states)
	if err != nil {
		return err
	}
	var sides [2]*explain.Explainer
	for i := range states {
		if sides[i], err = states[i].explainer(cmd.Context(), p); err != nil {
			return err
		}
	}
	var profiles []string
	if e.question.Profile != "" {
		profiles = []string{strings.ToLower(e.question.Profile)}
	}
	d, err := explain.Diff(sides[0], sides[1], profiles...)
	if err != nil {
		return err
	}
	d.Version, d.Old, d.New = buildVersion(), before, after
	if e.out.format == "json" {
		err = report.WriteDocument(cmd.OutOrStdout(), d)
	} else {
		width, _ := e.out.terminal()
		err = report.WriteDifference(cmd.OutOrStdout(), d, report.Options{Width: width})
	}
	switch {
	case err != nil:
		return err
	case len(d.Changes) > 0:
		return exitCode(1)
	case d.Unknown > 0:
		return exitCode(3)
	}
	return nil
}

// policyFor is the policy whose hosts and vantages are asked about: that of
// --config, or without it that of the newer run.
func (e *explanation) policyFor(cmd *cobra.Command, states [2]state) (*intent.Policy, error) {
	for _, s := range []state{states[1], states[0]} {
		if s.run != nil && !cmd.Flags().Changed("config") {
			return policyOf(s.path, s.run)
		}
	}
	p, err := loadPolicyWith(cmd.Context(), e.config, "", policyfile.Options{Offline: e.offline})
	if err != nil {
		return nil, err
	}
	return withAddresses(cmd, p, e.offline), nil
}
