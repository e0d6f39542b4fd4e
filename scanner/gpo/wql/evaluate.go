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

// result is an answer whose reason is put in words only when it is asked for: a
// filter may have thousands of comparisons.
type result struct {
	truth  Truth
	reason func() string
}

func is(t Truth, format string, args ...any) result {
	return result{t, func() string { return fmt.Sprintf(format, args...) }}
}

// Evaluate says whether a Windows gets past the filter.
//
// Of a filter with curly quotes the answer is no: Windows cannot evaluate it
// and ends policy application. Of one that was not understood it is unknown.
func (f Filter) Evaluate(w Windows) Answer {
	r := f.evaluate(machine{Windows: w})
	return Answer{r.truth, r.reason()}
}

func (f Filter) evaluate(m machine) result {
	if strings.HasPrefix(m.Version, "5.0.") {
		return is(Yes, "Windows 2000 ignores WMI filters")
	}
	if len(f.Queries) == 0 {
		return is(Unknown, "the filter has no queries")
	}
	return conjunction(len(f.Queries), func(i int) result {
		r := f.Queries[i].evaluate(m)
		if len(f.Queries) == 1 {
			return r
		}
		return result{r.truth, func() string { return fmt.Sprintf("query %d: %s", i+1, r.reason()) }}
	})
}

func (q Query) evaluate(m machine) result {
	switch {
	case errors.Is(q.err, ErrCurlyQuotes):
		return is(No, "%v; the evaluation fails, and that ends policy application", q.err)
	case q.err != nil:
		return is(Unknown, "%v", q.err)
	case q.where.class == nil:
		return is(Unknown, "the query was not read")
	case q.where.expr == nil:
		return is(Yes, "every Windows has one %s", q.where.class.name)
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

func (e all) evaluate(m machine) result {
	return conjunction(len(e), func(i int) result { return e[i].evaluate(m) })
}

func (e either) evaluate(m machine) result {
	return conjunction(len(e), func(i int) result { return e[i].evaluate(m).not() }).not()
}

func (e negation) evaluate(m machine) result { return e.of.evaluate(m).not() }

func (e group) evaluate(m machine) result { return e.of.evaluate(m) }

// not turns the truth around. Reasons say what holds and what does not, so they
// stay.
func (r result) not() result {
	switch r.truth {
	case Yes:
		r.truth = No
	case No:
		r.truth = Yes
	}
	return r
}

// conjunction is no where one of n results is, else unknown where one is, else
// yes.
func conjunction(n int, of func(int) result) result {
	const most = 3 // reasons
	var unknown *result
	var yes []result
	for i := range n {
		r := of(i)
		switch {
		case r.truth == No:
			return r
		case r.truth != Yes && unknown == nil:
			unknown = &r
		case r.truth == Yes && len(yes) < most:
			yes = append(yes, r)
		}
	}
	if unknown != nil {
		return *unknown
	}
	return result{Yes, func() string {
		var reasons []string
		for _, r := range yes {
			reasons = append(reasons, r.reason())
		}
		if n > most {
			reasons = append(reasons, fmt.Sprintf("%d more", n-most))
		}
		return strings.Join(reasons, ", and ")
	}}
}
