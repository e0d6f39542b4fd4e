package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/check/obligation"
	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
	"github.com/kmsiso/kmsiso/scanner/intent/prose"
	"github.com/kmsiso/kmsiso/scanner/vantage/ways"
)

func configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check, explain and describe kmsiso.yaml",
		// With a RunE of its own a word that is no command is an error.
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		onPolicy("check", "Say whether the policy can be used", func(cmd *cobra.Command, p *intent.Policy, _ bool) error {
			if stray := checks.StrayWaivers(p); len(stray) > 0 {
				return errors.New(strings.Join(stray, "\n"))
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is fine: %d hosts, %d vantages, %d exemptions\n",
				p.File, len(p.Hosts), len(p.Vantages), len(p.Exemptions))
			if err != nil {
				return err
			}
			prospect := obligation.ProspectOf(p, time.Now())
			return report.WriteProspect(cmd.OutOrStdout(), &prospect)
		}),
		onPolicy("explain", "Say in sentences what the policy declares", func(cmd *cobra.Command, p *intent.Policy, _ bool) error {
			return prose.Write(cmd.OutOrStdout(), p)
		}),
		onPolicy("plan", "Say what verify would send, to whom and from where", func(cmd *cobra.Command, p *intent.Policy, offline bool) error {
			return writePlan(cmd, p, offline)
		}),
		&cobra.Command{
			Use:   "schema",
			Short: "Print the JSON Schema of the policy, for editors",
			Args:  cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := cmd.OutOrStdout().Write(policyfile.Schema(ways.Kinds(), sources.Kinds()))
				return err
			},
		},
	)
	return cmd
}

// onPolicy makes a command that does one thing with a policy.
func onPolicy(name, short string, do func(cmd *cobra.Command, p *intent.Policy, offline bool) error) *cobra.Command {
	var (
		path    string
		offline bool
	)
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := loadPolicyWith(cmd.Context(), path, "", policyfile.Options{Offline: offline})
			if err != nil {
				return err
			}
			warn(p.Warnings)
			if offline {
				cmd.PrintErrln("kmsiso:", notLookedAt)
			}
			return do(cmd, p, offline)
		},
	}
	configFlag(cmd, &path)
	offlineFlag(cmd, &offline)
	return cmd
}
