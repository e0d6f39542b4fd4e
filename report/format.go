package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Format is one way to write a run.
type Format struct {
	Name string
	// Write writes the whole report. What it writes depends on the run and the
	// options only, so the same run gives the same bytes.
	Write func(io.Writer, *run.Run, Options) error
	// private says by the options that the report holds evidence.
	private func(Options) bool
}

// Private says that a report holds evidence: which addresses are exempt, by which
// rules, who was let in. For an attacker that is a map, so its file is for its
// owner alone. A table says what Markdown says. Metrics are numbers with the
// names of hosts, vantages and checks, and are for those who collect them.
func (f Format) Private(o Options) bool { return f.private(o) }

func always(Options) bool { return true }
func never(Options) bool  { return false }

// Options are what a reader may choose.
type Options struct {
	Width    int      // columns of a line of text; 0 is 80
	Color    bool     // terminal colours, in the table only
	Strict   bool     // warnings, and a GO with a but, count as a fail
	Evidence Evidence // in JUnit; "" is [EvidenceFail]
}

// Evidence says of which cells JUnit shows the evidence.
type Evidence string

// The choices: of all cells but those that are all right, of all, of none.
const (
	EvidenceFail Evidence = "fail"
	EvidenceAll  Evidence = "all"
	EvidenceNone Evidence = "none"
)

// Evidences are all choices.
var Evidences = []Evidence{EvidenceFail, EvidenceAll, EvidenceNone}

// columns is the width of a line of text.
func (o Options) columns() int {
	if o.Width <= 0 {
		return 80
	}
	return max(o.Width, 40)
}

// Formats lists all formats; the first is the default.
var Formats = []Format{
	{"table", writeTable, always},
	{"json", writeJSON, always},
	{"junit", writeJUnit, func(o Options) bool { return o.Evidence != EvidenceNone }},
	{"markdown", writeMarkdown, always},
	{"prometheus", writePrometheus, never},
	{"csv", writeCSV, always},
}

// Named returns the format of that name. The error lists those there are.
func Named(name string) (Format, error) {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	return Format{}, fmt.Errorf("report format %q: there is %s", name, strings.Join(names, ", "))
}
