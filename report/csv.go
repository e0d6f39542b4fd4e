package report

import (
	"encoding/csv"
	"io"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// csvColumns are the first line of a CSV report. Later versions only add to its end.
var csvColumns = []string{
	"started", "deployment", "answer", "check", "section", "vantage", "target", "verdict", "weak", "denied by",
	"reason", "intended", "configured", "observed", "cause", "because of", "remedy", "waiver", "evidence",
}

// writeCSV writes a line for every cell, for a spreadsheet or a database: RFC 4180, but
// lines end as all ours do, which every reader takes. A
// line says of which run it is, so that the lines of several runs can stand together. A
// run without cells has one line with its answer, and what it rests on as the reason.
func writeCSV(w io.Writer, of *run.Run, o Options) error {
	r := words(of)
	c := csv.NewWriter(w)
	line := headline(r, o)
	lines := [][]string{csvColumns}
	for _, one := range r.cells {
		lines = append(lines, csvLine(of, line.word, one))
	}
	if len(r.cells) == 0 {
		lines = append(lines, csvLine(of, line.word, &cell{Cell: &run.Cell{}, reason: line.text}))
	}
	for _, l := range lines {
		for i := range l {
			l[i] = csvText(l[i])
		}
	}
	return c.WriteAll(lines)
}

// csvLine is the line of one cell. What is not known of it is empty.
func csvLine(r *run.Run, answer string, c *cell) []string {
	weak, because := "", ""
	if c.Weak {
		weak = "weak"
	}
	if c.CausedBy != nil {
		because = c.CausedBy.String()
	}
	return []string{
		r.Started.UTC().Format(time.RFC3339), r.Name, answer, c.ID.Check, c.Section, c.ID.Vantage, c.ID.Target, string(c.Verdict), weak, string(c.By),
		c.reason, c.intended, c.configured, c.observed, c.cause, because, c.remedy, c.Waiver, strings.Join(c.Evidence, " "),
	}
}

// csvText is a text that a spreadsheet does not take for a formula: names and banners
// come from the network. One that begins like a formula gets an apostrophe before it.
func csvText(s string) string {
	s = render.Clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
