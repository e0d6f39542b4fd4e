package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

func replayCommand() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:   "replay RUN",
		Short: "Judge a recorded run again from its observations",
		Long:  "Replay reads a run document, or the newest one in a directory that verify --record\nwrote, and judges it again. Nothing is sent.",
		Args:  oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			return showRun(cmd, &out, args[0], scanner.Replay)
		},
	}
	out.flags(cmd)
	return cmd
}

func reportCommand() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Show a recorded run as it was judged, in any format",
		Args:  oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			return showRun(cmd, &out, args[0], func(r *run.Run) (*run.Run, error) { return r, nil })
		},
	}
	out.flags(cmd)
	return cmd
}

// oneRun is the argument of commands that read a run.
func oneRun(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s wants one RUN: a run document, or the directory that verify --record wrote", cmd.Name())
	}
	return nil
}

// showRun reads a run, does something with it, and shows it.
func showRun(cmd *cobra.Command, out *output, path string, do func(*run.Run) (*run.Run, error)) error {
	targets, err := out.targets()
	if err != nil {
		return err
	}
	r, err := readRun(path)
	if err != nil {
		return err
	}
	if r, err = do(r); err != nil {
		return err
	}
	return out.show(cmd.OutOrStdout(), targets, r)
}

// readRun reads a run document, or the newest in a directory.
func readRun(path string) (*run.Run, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = newest(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	r, err := document.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}
