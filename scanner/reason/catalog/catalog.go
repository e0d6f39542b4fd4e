// Package catalog turns codes into sentences, as the last step before a person
// reads them. It has one row for every code: sentence, fix, severity, and what it
// means. Only package report and the help of the command line import it.
package catalog

import (
	"fmt"
	"slices"
	"strings"

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

// All is every row, by area.
var All = slices.Concat(
	general,
	directory,
	controller, logons, tickets, bounds, sealing,
	backup,
	export,
	untested,
	consec, ends, reach, resultant, matching, firewall, rejected, unreadable, explained,
	causes, conduct, intended,
	observed,
	services,
	watches, claims, configuredClaims, unexpectedAnswers, owed,
	rules, exempting, told,
	gpo, copies, coverage, filters, queries, attributes, machines,
	vantages, connections, sshLogins, sshConnections, sshFarEnds, farEnds, winrmWays, tools, denials, secrets, credentials, machine, winrmAnswers,
)

// rows are All by code.
var rows = map[reason.Code]*Entry{}

// init finds rows by their codes, which it can do only after all of them are made:
// a row may say what other rows say. It has documents carry the texts beside the
// codes, and findings their severities.
func init() {
	for i := range All {
		if rows[All[i].Code] != nil {
			panic("catalog: two rows of " + string(All[i].Code))
		}
		rows[All[i].Code] = &All[i]
	}
	reason.Sentences(sentence)
	run.Severities(func(code reason.Code) run.Severity {
		if e := rows[code]; e != nil {
			return e.Severity
		}
		return ""
	})
}

// Of is the row of a code.
func Of(code reason.Code) (Entry, bool) {
	if e := rows[code]; e != nil {
		return *e, true
	}
	return Entry{}, false
}

// Text is what a list of reasons says: one sentence each, joined by semicolons.
func Text(l reason.List) string { return join(l, "; ") }

func join(l reason.List, by string) string {
	var all []string
	for _, r := range l {
		if s := sentence(r); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, by)
}

// Fix is what to do about the first of the reasons that has a fix.
func Fix(l reason.List) string {
	for _, r := range l {
		e := rows[r.Code]
		switch {
		case e == nil:
		case e.FixBy != nil:
			if s := e.FixBy(r); s != "" {
				return s
			}
		case e.Fix != "":
			return fill(e.Fix, r)
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

// sentence is what one reason says. A code that nobody knows, as of a newer
// kmsiso, is shown as it is.
func sentence(r reason.Reason) string {
	e := rows[r.Code]
	switch {
	case e == nil:
		return r.Key()
	case e.Say != nil:
		return e.Say(r)
	}
	return fill(e.Text, r)
}

// argumentsLength is what the arguments of a sentence take, as a rule.
const argumentsLength = 64

// fill puts the arguments of a reason into a sentence.
func fill(text string, r reason.Reason) string {
	before, rest, some := strings.Cut(text, "{")
	if !some {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + argumentsLength)
	for some {
		b.WriteString(before)
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(argument(r, name))
		before, rest, some = strings.Cut(after, "{")
	}
	b.WriteString(before)
	return b.String()
}

func argument(r reason.Reason, name string) string {
	name, how, _ := strings.Cut(name, "|")
	l := r.Because(name)
	if text, ok := listed(l, how); ok {
		return text
	}
	if l != nil {
		if before, ok := strings.CutPrefix(how, "+"); ok {
			return after(before, Text(l))
		}
		return Text(l)
	}
	if most := int(r.Number("most")); name == "at" && most > 0 && most < len(r.Words(name)) {
		words := r.Words(name)
		return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
	}
	if before, ok := strings.CutPrefix(how, "+"); ok {
		return after(before, r.Word(name))
	}
	if form := forms[how]; form != nil {
		return form(r, name)
	}
	return r.Word(name)
}
