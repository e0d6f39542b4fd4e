package wql

import (
	"fmt"
	"strings"
)

// where is the condition of a query, on an instance of class. Without a
// condition, expr is nil.
type where struct {
	class *class
	expr  expr
}

// expr is a condition: all, either, negation, group or comparison.
type expr interface {
	evaluate(m machine) result
}

// all is what AND joins, either what OR joins.
type (
	all      []expr
	either   []expr
	negation struct{ of expr }
	group    struct{ of expr } // in parentheses
)

// comparison compares a property with a constant. Its operator is one of
// = <> < > <= >= LIKE, IS NULL and IS NOT NULL; of the last two there is no
// constant.
type comparison struct {
	property property
	operator string
	constant token
	pattern  pattern  // of LIKE
	captions []string // parts of a Caption in the constant
}

// each visits the comparisons of a condition.
func each(e expr, visit func(comparison)) {
	switch e := e.(type) {
	case all:
		for _, x := range e {
			each(x, visit)
		}
	case either:
		for _, x := range e {
			each(x, visit)
		}
	case negation:
		each(e.of, visit)
	case group:
		each(e.of, visit)
	case comparison:
		visit(e)
	}
}

// constant reports whether t is one.
func constant(t token) bool {
	return t.kind == tokenText || t.kind == tokenInteger || t.kind == tokenReal || t.is("TRUE") || t.is("FALSE")
}

// flipped is the operator that says the same with its sides exchanged.
func flipped(operator string) string {
	return strings.NewReplacer("<>", "<>", "<", ">", ">", "<").Replace(operator)
}

func (c comparison) String() string {
	switch c.constant.kind {
	case tokenEnd:
		return c.property.name + " " + c.operator
	case tokenText:
		return fmt.Sprintf("%s %s %q", c.property.name, c.operator, clip(c.constant.text))
	}
	return fmt.Sprintf("%s %s %s", c.property.name, c.operator, c.constant.text)
}
