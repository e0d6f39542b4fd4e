// Package entry has what the sentences of all areas share: the row of a code, the
// forms of an argument, and how a row becomes a sentence. Only the catalogue and its
// areas import it.
package entry

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Entry is the row of one code.
type Entry struct {
	Code reason.Code
	// Text is one sentence without a full stop. {name} stands for an argument: a
	// list of words is joined by commas, a list of reasons by semicolons.
	// {name|q} is a word in one of the other forms: see forms.go. {name|+ by } puts
	// " by " before a word that is there, {name|comma} joins reasons by commas. An
	// argument "most" bounds how many words of {at} are named. A code that only says
	// what to do, beside others that say why, has none.
	Text string
	// Say makes the sentence where Text cannot.
	Say func(reason.Reason) string
	// Fix says what to do about it, in the same form; "" where only its cause can
	// be mended. FixBy makes it where Fix cannot.
	Fix   string
	FixBy func(reason.Reason) string
	// Severity is that of a finding, "" of all else. It stands nowhere else: only where
	// the declared isolation makes a finding milder or graver a check grades it itself.
	Severity run.Severity
	// Means explains the code on its page: what was seen, and what follows.
	Means string
}

// rows are all rows by code.
var rows = map[reason.Code]*Entry{}

// Index has [Of], [Text] and [Sentence] know the rows. It panics where two are of one
// code.
func Index(all []Entry) {
	for i := range all {
		if rows[all[i].Code] != nil {
			panic("catalog: two rows of " + string(all[i].Code))
		}
		rows[all[i].Code] = &all[i]
	}
}

// Of is the row of a code.
func Of(code reason.Code) (Entry, bool) {
	if e := rows[code]; e != nil {
		return *e, true
	}
	return Entry{}, false
}
