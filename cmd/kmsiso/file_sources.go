package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
)

// keptPaths are the paths of the options that name a source in files, in the order of
// [sources.All].
type keptPaths []string

// flags adds an option for each source.
func (k *keptPaths) flags(cmd *cobra.Command) {
	*k = make(keptPaths, len(sources.All))
	for i, s := range sources.All {
		cmd.Flags().StringVar(&(*k)[i], s.Name, "", s.Help)
	}
}

// keptNames are the names of these options.
func keptNames() []string {
	var all []string
	for _, s := range sources.All {
		all = append(all, s.Name)
	}
	return all
}

func (k keptPaths) any() bool {
	for _, path := range k {
		if path != "" {
			return true
		}
	}
	return false
}

// one is the source that is named; the zero value is none.
func (k keptPaths) one() (kept intent.Kept, err error) {
	var first string
	for i, path := range k {
		switch s := sources.All[i]; {
		case path == "":
		case first != "":
			return intent.Kept{}, fmt.Errorf("a %s and a %s are both given; keep the one to read", first, s.What)
		default:
			first, kept = s.What, intent.KeptIn(s.Kind, path)
		}
	}
	return kept, nil
}

// loadInstead loads a policy with a source in the place of its directories, where one
// is named.
func loadInstead(ctx context.Context, path, stage string, from keptPaths, o intent.Options) (p *intent.Policy, err error) {
	if o.Instead, err = from.one(); err != nil {
		return nil, err
	}
	return loadPolicyWith(ctx, path, stage, o)
}
