package main

import (
	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner/handbook"
)

func checksCommand() *cobra.Command {
	var docs string
	cmd := &cobra.Command{
		Use:   "checks [NAME]",
		Short: "List the checks and the reasons, or show one whole",
		Long: `Checks lists what kmsiso checks and the codes of the reasons that it gives. With
the name of a check or a reason it says all that is known of it: what it looks
at, what it means, and what to do about it.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case docs != "":
				return handbook.WriteDocs(docs)
			case len(args) == 1:
				return handbook.Show(cmd.OutOrStdout(), args[0])
			}
			return handbook.List(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&docs, "docs", "", "write the pages of all of them into `DIR`, in Markdown")
	return cmd
}
