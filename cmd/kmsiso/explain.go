package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/explain"
	"github.com/kmsiso/kmsiso/scanner/policy"
)

// explanation is what the flags of explain ask for.
type explanation struct {
	config, run string
	from        policy.Directory
	question    explain.Question
	out         output
}

func explainCommand() *cobra.Command {
	var e explanation
	cmd := &cobra.Command{
		Use:   "explain --from A --to B[:PORT]",
		Short: "Say what the policy does with a packet, at both ends, rule by rule",
		Long: `Explain says who both ends of a packet are, which GPOs come to each and why not
the others, what each end does with the packet and by which rule, and what comes
of both. It sends nothing: what it goes by is what Windows has been told.

A and B are a KMS host or a vantage of the policy, an exemption, the DNS name of a
computer in the directory, an address, outsider (a member of nothing), or client
(any that gets what is declared for clients). NAME@ADDRESS says at which address.
The port is the KMS port where B is a KMS host.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.explain(cmd) },
	}
	configFlag(cmd, &e.config)
	f := cmd.Flags()
	f.StringVar(&e.question.From, "from", "", "who sends the packet")
	f.StringVar(&e.question.To, "to", "", "who it is for, and the port: `B[:PORT]`")
	f.StringVar(&e.question.Protocol, "protocol", "tcp", "tcp, udp, or icmp (an echo request)")
	f.StringVar(&e.question.Profile, "profile", "", "profile of the KMS host's end: domain, private or public (default domain)")
	f.StringVar(&e.question.FromProfile, "from-profile", "", "profile of A (default domain)")
	f.StringVar(&e.question.ToProfile, "to-profile", "", "profile of B (default domain)")
	f.StringVar(&e.run, "run", "", "go by the policy and the directories in a `RUN` document, in place of --config")
	f.StringVar(&e.from.Backup, "backup", "", "read the GPO backups in `DIR` in place of the directories declared")
	f.StringVar(&e.from.Registry, "registry", "", "read the registry export in `FILE`, or those in a folder, in place of the directories declared")
	f.StringVarP(&e.out.format, "output", "o", "text", "text or json")
	f.IntVar(&e.out.width, "width", 0, "columns of the text; 0 is those of the terminal")
	return cmd
}

func (e *explanation) explain(cmd *cobra.Command) error {
	switch {
	case e.question.From == "" || e.question.To == "":
		return fmt.Errorf("explain wants two ends, as in kmsiso explain --from outsider --to kms01; --help says what an end may be")
	case !slices.Contains([]string{"text", "json"}, e.out.format):
		return fmt.Errorf("--output %q: want text or json", e.out.format)
	case e.run != "" && (e.from.Backup != "" || e.from.Registry != "" || cmd.Flags().Changed("config")):
		return fmt.Errorf("--run has a policy and what was read of its directories; leave out --config, --backup and --registry")
	}
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
		return explainRun(e.run)
	}
	p, err := loadPolicyFrom(e.config, "", e.from)
	if err != nil {
		return nil, err
	}
	return explainPolicy(cmd, p)
}

// explainPolicy goes by what is read of a policy's directories now.
func explainPolicy(cmd *cobra.Command, p *policy.Policy) (*explain.Explainer, error) {
	if len(p.Directories()) == 0 {
		return nil, fmt.Errorf("%s declares no directory that could be read; name a backup with --backup DIR, a registry export with --registry FILE, or a run with --run", p.File)
	}
	if slices.ContainsFunc(p.Hosts, func(h policy.Host) bool { return len(h.Addresses) == 0 }) {
		p.Pin(cmd.Context(), scanner.Lookup)
	}
	p.Index()
	return explain.New(p, scanner.ReadForests(cmd.Context(), p), nil)
}

// explainRun goes by what a run has read.
func explainRun(path string) (*explain.Explainer, error) {
	r, err := readRun(path)
	if err != nil {
		return nil, err
	}
	p := new(policy.Policy)
	if len(r.Policy) == 0 {
		return nil, fmt.Errorf("%s: the run has no policy in it: it could not be made", path)
	}
	if err := json.Unmarshal(r.Policy, p); err != nil {
		return nil, fmt.Errorf("%s: read the policy in the run document: %w", path, err)
	}
	p.Index()
	x, err := explain.New(p, r.Observations, r.Vantages)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x, nil
}
