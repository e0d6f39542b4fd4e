package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// maxDocument bounds what [Read] takes into memory: some 100 times a run with
// a thousand targets.
const maxDocument = 1 << 30

// Write writes the run document on one line, the same bytes for the same run: a
// document of a thousand targets is for programs, and jq shows it to people.
func Write(w io.Writer, r *run.Run) error {
	// All is written at once, or nothing where it fails.
	e := encoder{b: make([]byte, 0, octetsEach*(len(r.Observations)+len(r.Cells)+1))}
	e.run(r)
	if e.err == nil {
		_, e.err = w.Write(append(e.b, '\n'))
	}
	if e.err != nil {
		return fmt.Errorf("write the run document: %w", e.err)
	}
	return nil
}

// octetsEach is what an observation or a cell takes in a document, as a rule.
const octetsEach = 720

// Read reads a run document that is whole, of this [run.Schema] or the one before, and of
// fields this version knows. The error is a sentence for the person who named the file: a
// half-written, a foreign and an inconsistent one read differently.
func Read(rd io.Reader) (*run.Run, error) {
	b, err := io.ReadAll(io.LimitReader(rd, maxDocument+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the run document: %w", err)
	case len(b) > maxDocument:
		return nil, fmt.Errorf("larger than %d bytes: not a run document", maxDocument)
	case len(bytes.TrimSpace(b)) == 0:
		return nil, errors.New("the file is empty: no run was written to it")
	}
	if err := readSchema(b); err != nil {
		return nil, err
	}
	if n := objects(b); n > fewObjects && len(b)/n < shortObject {
		return nil, fmt.Errorf("a damaged run document: %d entries in %d octets are more than any run has", n, len(b))
	}
	r, err := decode(b)
	if err != nil {
		return nil, fmt.Errorf("a run document this kmsiso cannot read whole (was it written by a newer one?): %w", err)
	}
	if bytes.Equal(r.Policy, []byte("null")) {
		r.Policy = nil
	}
	if err := consistent(r); err != nil {
		return nil, fmt.Errorf("a damaged run document: %w", err)
	}
	hideOld(r)
	readOld(r)
	return r, nil
}

// A document of more than fewObjects objects has more than shortObject octets for
// each, on the average: an observation has 80 at least, and a try mostly 40. An entry
// that is empty takes two octets in the file and some hundred in memory.
const (
	fewObjects  = 10_000
	shortObject = 24
)

// objects counts the objects in JSON that is well-formed.
func objects(b []byte) (n int) {
	for len(b) > 0 {
		switch i := bytes.IndexAny(b, `{"`); {
		case i < 0:
			return n
		case b[i] == '{':
			n, b = n+1, b[i+1:]
		default:
			b = afterString(b[i+1:])
		}
	}
	return n
}

// afterString is what stands behind a string of which the first quote is gone.
func afterString(b []byte) []byte {
	for {
		i := bytes.IndexAny(b, `"\`)
		switch {
		case i < 0:
			return nil
		case b[i] == '"':
			return b[i+1:]
		}
		b = b[min(i+2, len(b)):]
	}
}

// readSchema refuses what is not JSON from end to end, and every other schema.
func readSchema(b []byte) error {
	var head struct {
		Schema string `json:"schema"`
	}
	// Only a decoder of a stream tells an end that comes too early from a
	// byte that is wrong; only Unmarshal sees what stands behind the document.
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(new(json.RawMessage)); errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file is cut at byte %d: it was not written to its end", len(b))
	}
	err := json.Unmarshal(b, &head)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON: byte %d: %w", syntax.Offset, err)
	case err != nil:
		return fmt.Errorf("not a kmsiso run document: %w", err)
	case head.Schema == "":
		return fmt.Errorf("not a kmsiso run document: it has no schema, want %q", run.Schema)
	case head.Schema != run.Schema && head.Schema != oldSchema:
		return fmt.Errorf("schema %q is neither %s nor %s", head.Schema, run.Schema, oldSchema)
	}
	return nil
}

// consistent checks what every reader of a run relies on.
func consistent(r *run.Run) error {
	cells := make(map[run.CellID]bool, len(r.Cells))
	for i := range r.Cells {
		c := &r.Cells[i]
		switch {
		case c.ID.Check == "" || c.ID.Vantage == "" || c.ID.Target == "":
			return fmt.Errorf("cell %d: id %q lacks a check, vantage or target", i, c.ID)
		case cells[c.ID]:
			return fmt.Errorf("cell %s is there twice", c.ID)
		case !slices.Contains(run.Verdicts, c.Verdict):
			return fmt.Errorf("cell %s: verdict %q is none of %s", c.ID, c.Verdict, words(run.Verdicts))
		}
		cells[c.ID] = true
		for _, f := range c.Findings {
			if !slices.Contains(allSeverities, f.Severity) {
				return fmt.Errorf("cell %s: finding %s: severity %q is none of %s", c.ID, f.ID(), f.Severity, words(allSeverities))
			}
		}
	}
	seen := make(map[string]bool, len(r.Observations))
	for i := range r.Observations {
		id := r.Observations[i].ID
		switch {
		case id == "":
			return fmt.Errorf("observation %d has no id", i)
		case seen[id]:
			return fmt.Errorf("observation %s is there twice", id)
		}
		seen[id] = true
	}
	return nil
}

var allSeverities = []run.Severity{run.Info, run.Warn, run.High, run.Critical}

func words[S ~string](list []S) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(s))
	}
	return b.String()
}
