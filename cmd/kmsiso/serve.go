package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/observe"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/serve"
)

func serveCommand() *cobra.Command {
	var (
		config, farEnd string
		server         serve.Server
		web            serve.Web
		retry          bool
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the matrix on a schedule and export it to Prometheus",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			server.Hangup = hangups() // first of all: a signal that nobody takes ends the program
			if _, err := loadUnattended(cmd.Context(), config); err != nil {
				return err
			}
			opt := observe.Options{Version: buildVersion(), FarEnd: farEnd, Memory: memory(server.StateDir, retry)}
			server.Run = func(ctx context.Context) *run.Run {
				// The policy is read anew for every run; a bad one is a failed run.
				p, err := loadUnattended(ctx, config)
				if err != nil {
					return failed(nil, opt.Version, err)
				}
				r, err := scanner.Verify(ctx, p, opt)
				if err != nil {
					return failed(p, opt.Version, err)
				}
				return r
			}
			server.Reload = func() error {
				if _, err := loadUnattended(cmd.Context(), config); err != nil {
					return err
				}
				opt.Memory.AllowRetry() // a person asks for it; a policy that changed does not
				return nil
			}
			server.Left = belt.Left
			var err error
			if server.Encode, err = encoder("prometheus"); err != nil {
				return err
			}
			if server.Table, err = encoder("table"); err != nil {
				return err
			}
			return server.Serve(cmd.Context(), web)
		},
	}
	configFlag(cmd, &config)
	f := cmd.Flags()
	f.StringVar(&farEnd, "far-end", "", "`DIR` of the release binaries that are sent to ssh vantages (default: beside this one)")
	f.DurationVar(&server.Interval, "interval", 15*time.Minute, "from the start of a run to the start of the next")
	f.DurationVar(&server.Jitter, "jitter", time.Minute, "random part that is added to each interval")
	f.StringVar(&server.StateDir, "state-dir", "", "`DIR` that keeps the last run across restarts")
	retryFlag(cmd, &retry)
	f.StringArrayVar(&web.Listen, "web.listen-address", nil, "address to listen on; may be given often (default: "+strings.Join(serve.Loopback, " and ")+")")
	f.StringVar(&server.ExternalURL, "web.external-url", "", "`URL` under which people find the page, where its name is none of this machine's")
	f.StringVar(&web.ConfigFile, "web.config.file", "", "TLS and basic auth, in the form of Prometheus' exporters")
	return cmd
}

// encoder writes a run in a format, for serve.
func encoder(name string) (func(*run.Run) ([]byte, error), error) {
	f, err := report.Named(name)
	if err != nil {
		return nil, err
	}
	return func(r *run.Run) ([]byte, error) {
		var b bytes.Buffer
		if err := f.Write(&b, r, report.Options{Width: 100}); err != nil {
			return nil, fmt.Errorf("write the run as %s: %w", name, err)
		}
		return b.Bytes(), nil
	}, nil
}
