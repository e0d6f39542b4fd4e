package wql

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Answer says whether a Windows gets past a filter. Why says of an unknown one why
// it is not known.
type Answer struct {
	Truth tri.State
	Why   reason.List
}

// machine is what a condition is evaluated on. Values of the property asNumber
// are ordered as version numbers instead of text: not what WMI does, but what
// people may mean.
type machine struct {
	Windows
	asNumber string
}

// result is an answer whose reasons are made only when they are asked for: a filter
// may have thousands of comparisons.
type result struct {
	truth tri.State
	why   func() reason.List // nil where there is nothing to say
}

func unknown(code reason.Code, args ...any) result {
	return result{tri.Unknown, func() reason.List { return reason.One(code, args...) }}
}

// Evaluate says whether a Windows gets past the filter.
//
// Of a filter with curly quotes the answer is no: Windows cannot evaluate it
// and ends policy application. Of one that was not understood it is unknown.
func (f Filter) Evaluate(w Windows) Answer {
	r := f.evaluate(machine{Windows: w})
	if r.truth != tri.Unknown || r.why == nil {
		return Answer{Truth: r.truth}
	}
	return Answer{r.truth, r.why()}
}

func (f Filter) evaluate(m machine) result {
	if strings.HasPrefix(m.Version, "5.0.") {
		return result{truth: tri.Yes} // Windows 2000 ignores WMI filters
	}
	if len(f.Queries) == 0 {
		return result{truth: tri.Unknown} // none that was read
	}
	return conjunction(len(f.Queries), func(i int) result {
		r := f.Queries[i].evaluate(m)
		if len(f.Queries) == 1 || r.why == nil {
			return r
		}
		return result{r.truth, func() reason.List { return reason.One(reason.QueryOfFilter, "ordinal", i+1, "why", r.why()) }}
	})
}

func (q Query) evaluate(m machine) result {
	switch {
	case errors.Is(q.err, ErrCurlyQuotes):
		return result{truth: tri.No} // the evaluation fails, and that ends policy application
	case q.err != nil:
		return result{tri.Unknown, func() reason.List { return reason.Of(q.err) }}
	case q.where.class == nil:
		return result{truth: tri.Unknown} // not read
	case q.where.expr == nil:
		return result{truth: tri.Yes} // every Windows has one instance
	}
	return q.where.expr.evaluate(m)
}

// Coverage evaluates the filter on every Windows of [Table].
func (f Filter) Coverage() (gets, misses, unsure []Windows) {
	for _, w := range Table() {
		switch f.Evaluate(w).Truth {
		case tri.Yes:
			gets = append(gets, w)
		case tri.No:
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

// not turns the truth around. What is not known stays so, for the same reasons.
func (r result) not() result {
	switch r.truth {
	case tri.Yes:
		r.truth = tri.No
	case tri.No:
		r.truth = tri.Yes
	}
	return r
}

// conjunction is no where one of n results is, else unknown where one is, else
// yes.
func conjunction(n int, of func(int) result) result {
	out := result{truth: tri.Yes}
	for i := range n {
		switch r := of(i); {
		case r.truth == tri.No:
			return r
		case r.truth != tri.Yes && out.truth == tri.Yes:
			out = r
		}
	}
	return out
}
