package wql

import (
	"errors"
	"fmt"
	"strings"
)

// Truth is an answer of three values. Its zero value is none of them.
type Truth string

// The answers.
const (
	Yes     Truth = "yes"     // the GPO is allowed
	No      Truth = "no"      // it is not applied
	Unknown Truth = "unknown" // it depends on what is not known here
)

// Answer says whether a Windows gets past a filter, and why. The reason is
// never empty, one sentence without a full stop.
type Answer struct {
	Truth  Truth
	Reason string
}

// machine is what a condition is evaluated on. Values of the property asNumber
// are ordered as version numbers instead of text: not what WMI does, but what
// people may mean.
type machine struct {
	Windows
	asNumber string
}

// Evaluate says whether a Windows gets past the filter.
//
// Of a filter with curly quotes the answer is no: Windows cannot evaluate it
// and ends policy application. Of one that was not understood it is unknown.
func (f Filter) Evaluate(w Windows) Answer { return f.evaluate(machine{Windows: w}) }

func (f Filter) evaluate(m machine) Answer {
	if strings.HasPrefix(m.Version, "5.0.") {
		return Answer{Yes, "Windows 2000 ignores WMI filters"}
	}
	if len(f.Queries) == 0 {
		return Answer{Unknown, "the filter has no queries"}
	}
	answers := make([]Answer, 0, len(f.Queries))
	for i, q := range f.Queries {
		a := q.evaluate(m)
		if len(f.Queries) > 1 {
			a.Reason = fmt.Sprintf("query %d: %s", i+1, a.Reason)
		}
		answers = append(answers, a)
	}
	return conjunction(answers)
}

func (q Query) evaluate(m machine) Answer {
	switch {
	case errors.Is(q.err, ErrCurlyQuotes):
		return Answer{No, q.err.Error() + "; the evaluation fails, and that ends policy application"}
	case q.err != nil:
		return Answer{Unknown, q.err.Error()}
	case q.where.class == nil:
		return Answer{Unknown, "the query was not read"}
	case q.where.expr == nil:
		return Answer{Yes, "every Windows has one " + q.where.class.name}
	}
	return q.where.expr.evaluate(m)
}

// Coverage evaluates the filter on every Windows of [Table].
func (f Filter) Coverage() (gets, misses, unsure []Windows) {
	for _, w := range Table() {
		switch f.Evaluate(w).Truth {
		case Yes:
			gets = append(gets, w)
		case No:
			misses = append(misses, w)
		default:
			unsure = append(unsure, w)
		}
	}
	return gets, misses, unsure
}

func (e all) evaluate(m machine) Answer {
	answers := make([]Answer, 0, len(e))
	for _, x := range e {
		answers = append(answers, x.evaluate(m))
	}
	return conjunction(answers)
}

func (e either) evaluate(m machine) Answer {
	answers := make([]Answer, 0, len(e))
	for _, x := range e {
		answers = append(answers, x.evaluate(m).not())
	}
	return conjunction(answers).not()
}

func (e negation) evaluate(m machine) Answer { return e.of.evaluate(m).not() }

func (e group) evaluate(m machine) Answer { return e.of.evaluate(m) }

// not turns the truth around. Reasons say what holds and what does not, so they
// stay.
func (a Answer) not() Answer {
	switch a.Truth {
	case Yes:
		a.Truth = No
	case No:
		a.Truth = Yes
	}
	return a
}

// conjunction is no where one answer is, else unknown where one is, else yes.
func conjunction(answers []Answer) Answer {
	for _, t := range []Truth{No, Unknown} {
		for _, a := range answers {
			if a.Truth == t {
				return a
			}
		}
	}
	const most = 3
	var reasons []string
	for _, a := range answers[:min(len(answers), most)] {
		reasons = append(reasons, a.Reason)
	}
	if more := len(answers) - most; more > 0 {
		reasons = append(reasons, fmt.Sprintf("%d more", more))
	}
	return Answer{Yes, strings.Join(reasons, ", and ")}
}
