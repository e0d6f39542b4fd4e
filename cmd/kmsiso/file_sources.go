package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
)

// fileSourcePaths are the paths of the options that name a source in files, in the
// order of [sources.All].
type fileSourcePaths []string

// flags adds an option for each source.
func (f *fileSourcePaths) flags(cmd *cobra.Command) {
	*f = make(fileSourcePaths, len(sources.All))
	for i, s := range sources.All {
		cmd.Flags().StringVar(&(*f)[i], s.Name, "", s.Help)
	}
}

// fileSourceNames are the names of these options.
func fileSourceNames() []string {
	var all []string
	for _, s := range sources.All {
		all = append(all, s.Name)
	}
	return all
}

func (f fileSourcePaths) any() bool {
	for _, path := range f {
		if path != "" {
			return true
		}
	}
	return false
}

// one is the source that is named; the zero value is none.
func (f fileSourcePaths) one() (from intent.FileSource, err error) {
	var first string
	for i, path := range f {
		switch s := sources.All[i]; {
		case path == "":
		case first != "":
			return intent.FileSource{}, fmt.Errorf("a %s and a %s are both given; keep the one to read", first, s.What)
		default:
			first, from = s.What, intent.FileSourceAt(s.Kind, path)
		}
	}
	return from, nil
}

// loadInstead loads a policy with a source in the place of its directories, where one
// is named.
func loadInstead(ctx context.Context, path, stage string, from fileSourcePaths, o policyfile.Options) (p *intent.Policy, err error) {
	if o.Instead, err = from.one(); err != nil {
		return nil, err
	}
	return loadPolicyWith(ctx, path, stage, o)
}
