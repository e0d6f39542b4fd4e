// Package catalog turns codes into sentences, as the last step before a person
// reads them. It has one row for every code: sentence, fix, severity, and what it
// means. The codes of reason/codes_AREA.go have theirs in the folder AREA. Only
// package report and the help of the command line import it.
package catalog

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/addresses"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/claims"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/consec"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/directory"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/ends"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/files"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/gpo"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/logon"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/machines"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/rules"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/services"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/traffic"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/vantage"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/ways"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Entry is the row of one code.
type Entry = entry.Entry

// All is every row, by area.
var All = slices.Concat(
	general,
	addresses.Entries,
	claims.Entries,
	consec.Entries,
	directory.Entries,
	ends.Entries,
	files.Entries,
	gpo.Entries,
	logon.Entries,
	machines.Entries,
	rules.Entries,
	services.Entries,
	traffic.Entries,
	vantage.Entries,
	ways.Entries,
)

// init has rows found by their codes, which it can do only after all of them are
// made: a row may say what other rows say. It has documents carry the texts beside
// the codes, and findings their severities.
func init() {
	entry.Index(All)
	reason.Sentences(entry.Sentence)
	run.Severities(func(code reason.Code) run.Severity {
		e, _ := entry.Of(code)
		return e.Severity
	})
}

// Of is the row of a code.
func Of(code reason.Code) (Entry, bool) { return entry.Of(code) }

// Text is what a list of reasons says: one sentence each, joined by semicolons.
func Text(l reason.List) string { return entry.Text(l) }

// Fix is what to do about the first of the reasons that has a fix.
func Fix(l reason.List) string {
	for _, r := range l {
		e, _ := entry.Of(r.Code)
		switch {
		case e.FixBy != nil:
			if s := e.FixBy(r); s != "" {
				return s
			}
		case e.Fix != "":
			return entry.Fill(e.Fix, r)
		}
	}
	return ""
}

// Remedy is what to do about a cell: about its own reasons, or else about what is
// behind it.
func Remedy(c *run.Cell) string {
	if fix := Fix(c.Reasons); fix != "" {
		return fix
	}
	return Fix(c.Causes)
}
