package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
	"github.com/kmsiso/kmsiso/scanner/vantage/local"
)

// farEndCommand is what a controller starts on a vantage. It makes the calls
// that come in over standard input and ends when that closes.
func farEndCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "far-end",
		Short:  "Serve a controller over standard input and output (started by kmsiso itself)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			oneCore()
			growHeap(runGrowth)
			v, err := local.Way{}.Open(cmd.Context())
			if err != nil {
				return err
			}
			defer v.Close() //nolint:errcheck // the process ends
			return farend.Serve(cmd.Context(), os.Stdin, os.Stdout, v, buildVersion())
		},
	}
}
