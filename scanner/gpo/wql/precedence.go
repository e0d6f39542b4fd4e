package wql

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// aspects are what a condition asks about a Windows: its version or its role.
type aspects struct{ version, role bool }

// aspectsOf collects the aspects of a condition.
func aspectsOf(e expr) aspects {
	var out aspects
	each(e, func(c comparison) {
		switch c.property.name {
		case "Version", "BuildNumber", "Caption":
			out.version = true
		case "ProductType", "DomainRole":
			out.role = true
		}
	})
	return out
}

// trapped reports whether of the alternatives of some OR one asks for version
// and role, another for one of them only. Whoever repeats both in every
// alternative knows what OR does.
func trapped(e expr) bool {
	switch e := e.(type) {
	case all:
		return slices.ContainsFunc(e, trapped)
	case either:
		both, one := false, false
		for _, x := range e {
			a := aspectsOf(x)
			both = both || a.version && a.role
			one = one || a.version != a.role
		}
		return both && one || slices.ContainsFunc(e, trapped)
	case negation:
		return trapped(e.of)
	case group:
		return trapped(e.of)
	}
	return false
}

// precedence is the fault of a query that lets more Windows through than it
// would if OR bound tighter than AND: where parentheses say how it is meant,
// there is no difference.
func (q Query) precedence(ordinal int) reason.List {
	if q.err != nil || q.where.expr == nil || !trapped(q.where.expr) {
		return nil
	}
	meant := q
	if meant.where, meant.err = q.parse(true); meant.err != nil {
		return nil
	}
	var gained []Windows
	for _, w := range table() {
		if w.HasRules() && q.evaluate(machine{Windows: w}).truth == tri.Yes && meant.evaluate(machine{Windows: w}).truth == tri.No {
			gained = append(gained, w)
		}
	}
	if gained == nil {
		return nil
	}
	return fault(reason.FilterPrecedence, "ordinal", ordinal, "words", q.excerpt(), "gained", list(gained))
}
