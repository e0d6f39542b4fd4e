package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
	"github.com/kmsiso/kmsiso/scanner/observe"
)

func auditCommand() *cobra.Command {
	var (
		config, stage, record string
		from                  fileSourcePaths
		retry                 bool
		out                   output
	)
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Judge what is configured: Group Policy, from the directory or a backup",
		Long: `Audit reads what Windows has been told: the GPOs of the declared forests, from
domain controllers, from a folder of Backup-GPO, or from a registry export, and
judges them by their effect on each machine. It enters no vantage and probes
nothing. Exit codes are those of verify.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			growHeap(runGrowth)
			targets, err := out.targets()
			if err != nil {
				return err
			}
			opt := observe.Options{Version: buildVersion(), Progress: progress(), Memory: memory("", retry)}
			p, err := loadInstead(cmd.Context(), config, stage, from, policyfile.Options{})
			if err != nil {
				writeFault(targets, failed(nil, opt.Version, err))
				return err
			}
			warn(p.Warnings)
			if len(p.Directories()) == 0 {
				err := fmt.Errorf("%s declares no directory that could be read; give a forest one (forests: {contoso.test: {directory: {urls: [ldaps://dc01.contoso.test], credential: reader}}}), or name a backup with --backup DIR", p.File)
				writeFault(targets, failed(p, opt.Version, err))
				return err
			}
			if err := askSecrets(cmd.Context(), p.Prompts(false)); err != nil {
				writeFault(targets, scanner.Failed(p, opt.Version, err))
				return err
			}
			return makeRun(cmd, p, opt, scanner.Audit, record, &out, targets)
		},
	}
	configFlag(cmd, &config)
	f := cmd.Flags()
	f.StringVar(&stage, "stage", "", "judge as at this stage: request or require")
	f.StringVar(&record, "record", "", "keep the run document in `DIR`, for replay, beside those of earlier runs")
	from.flags(cmd)
	retryFlag(cmd, &retry)
	out.flags(cmd)
	return cmd
}
