package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner"
	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/explain"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/observe"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// state is what was configured at one time: a run, or a source that policy can
// be read from.
type state struct {
	path string
	run  *run.Run          // nil where it is a source
	from intent.FileSource // where it is a source
}

// openState says what is at a path, and reads it if it is a run.
func openState(path string) (state, error) {
	s := state{path: path}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return s, fmt.Errorf("there is no %s: name %s", path, wanted())
	case info.IsDir():
		return s.folder()
	}
	head, err := beginning(path)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	if bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"), []byte("{")) {
		s.run, err = readRun(path)
		return s, err
	}
	return s.source()
}

// folder tells a folder that verify --record wrote from one of a source.
func (s state) folder() (state, error) {
	entries, err := os.ReadDir(s.path)
	if err != nil {
		return s, err
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return isRecord(e.Name()) }) {
		s.run, err = readRun(s.path)
		return s, err
	}
	return s.source()
}

// source is a state that is no run.
func (s state) source() (state, error) {
	k, ok := sources.At(s.path)
	if !ok {
		return s, fmt.Errorf("%s is none of what can be read: name %s", s.path, wanted())
	}
	s.from = intent.FileSourceAt(k.Kind, s.path)
	return s, nil
}

// wanted is what a state may be.
func wanted() string {
	var all []string
	for _, k := range sources.Kinds() {
		all = append(all, k.Wanted)
	}
	return strings.Join(all, ", ") + ", or a run document"
}

// beginning is the first octets of a file.
func beginning(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

// policyOf is the policy that a run was made by.
func policyOf(path string, r *run.Run) (*intent.Policy, error) {
	p := new(intent.Policy)
	if len(r.Policy) == 0 {
		return nil, fmt.Errorf("%s: the run has no policy in it: it could not be made", path)
	}
	if err := json.Unmarshal(r.Policy, p); err != nil {
		return nil, fmt.Errorf("%s: read the policy in the run document: %w", path, err)
	}
	return p, nil
}

// explainer answers by what the state says, for the hosts and vantages of a
// policy.
func (s state) explainer(ctx context.Context, p *intent.Policy) (*explain.Explainer, error) {
	observed, vantages := []run.Observation(nil), []run.Vantage(nil)
	if s.run != nil {
		observed, vantages = s.run.Observations, s.run.Vantages
	} else {
		p = p.WithFileSource(s.from)
		observed = scanner.ReadForests(ctx, p, observe.Options{Memory: memory("", false)})
	}
	x, err := explain.New(p, observed, vantages)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	return x, nil
}
