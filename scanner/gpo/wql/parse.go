package wql

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// maxDepth is how deep parentheses and NOT may nest.
const maxDepth = 100

// parser reads the tokens of a query. [MS-WMI] 2.2.1.1 has the grammar, the
// pages of Microsoft's WMI reference NOT before a comparison and a constant on
// the left.
type parser struct {
	tokens  []token
	class   *class
	orFirst bool // OR binds tighter than AND: not WQL, but what people may mean
	depth   int
}

// parse reads the query's text. With orFirst it reads it as if OR bound
// tighter than AND.
func (q Query) parse(orFirst bool) (where, error) {
	if !strings.EqualFold(q.Language, "WQL") {
		return where{}, notUnderstood(0, reason.WQLLanguage, "language", clip(q.Language))
	}
	tokens, err := lex(q.Text)
	if err != nil {
		return where{}, err
	}
	// By its own name, so that curly quotes are told in any namespace.
	if !strings.EqualFold(strings.ReplaceAll(q.Namespace, "/", `\`), namespace) {
		return where{}, notUnderstood(0, reason.WQLNamespace, "namespace", clip(q.Namespace), "want", namespace)
	}
	p := &parser{tokens: tokens, orFirst: orFirst}
	return p.query()
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token if it is the given one.
func (p *parser) accept(text string) bool {
	if p.peek().is(text) {
		p.next()
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if t := p.next(); !t.is(text) {
		return notUnderstood(t.at, reason.WQLKeyword, "found", t, "want", text)
	}
	return nil
}

func (p *parser) query() (where, error) {
	if err := p.expect("SELECT"); err != nil {
		return where{}, err
	}
	columns, err := p.columns()
	if err != nil {
		return where{}, err
	}
	if err := p.expect("FROM"); err != nil {
		return where{}, err
	}
	name := p.next()
	if p.class = classOf(name); p.class == nil {
		return where{}, notUnderstood(name.at, reason.WQLClass, "found", name)
	}
	for _, c := range columns {
		if _, err := p.property(c); err != nil && !strings.HasPrefix(c.text, "__") {
			return where{}, err
		}
	}
	w := where{class: p.class}
	if p.accept("WHERE") {
		if w.expr, err = p.condition(); err != nil {
			return where{}, err
		}
	}
	if t := p.next(); t.kind != tokenEnd {
		return where{}, notUnderstood(t.at, reason.WQLTrailing, "found", t)
	}
	return w, nil
}

// columns reads * or names; of * there are none.
func (p *parser) columns() ([]token, error) {
	if p.accept("*") {
		return nil, nil
	}
	var out []token
	for {
		t := p.next()
		if t.kind != tokenWord {
			return nil, notUnderstood(t.at, reason.WQLNoProperty, "found", t)
		}
		out = append(out, t)
		if !p.accept(",") {
			return out, nil
		}
	}
}

// property finds a property of the class. WMI refuses a query with one that is
// not there (WBEM_E_INVALID_QUERY), wherever it stands in it.
func (p *parser) property(t token) (property, error) {
	if t.kind != tokenWord {
		return property{}, notUnderstood(t.at, reason.WQLNoProperty, "found", t)
	}
	found, ok := p.class.properties[strings.ToLower(t.text)]
	if !ok {
		return property{}, notUnderstood(t.at, reason.WQLProperty, "found", t, "class", p.class.name)
	}
	return found, nil
}

// condition reads what OR and AND join; AND binds tighter.
func (p *parser) condition() (expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, notUnderstood(p.peek().at, reason.WQLDeep, "most", maxDepth)
	}
	defer func() { p.depth-- }()
	if p.orFirst {
		return p.conjunction(p.alternatives(p.factor))()
	}
	return p.alternatives(p.conjunction(p.factor))()
}

func (p *parser) alternatives(operand func() (expr, error)) func() (expr, error) {
	return func() (expr, error) {
		terms, err := p.chain("OR", operand)
		if len(terms) == 1 || err != nil {
			return first(terms), err
		}
		return either(terms), nil
	}
}

func (p *parser) conjunction(operand func() (expr, error)) func() (expr, error) {
	return func() (expr, error) {
		terms, err := p.chain("AND", operand)
		if len(terms) == 1 || err != nil {
			return first(terms), err
		}
		return all(terms), nil
	}
}

func first(terms []expr) expr {
	if len(terms) == 0 {
		return nil
	}
	return terms[0]
}

func (p *parser) chain(operator string, operand func() (expr, error)) ([]expr, error) {
	var out []expr
	for {
		e, err := operand()
		if err != nil {
			return nil, err
		}
		out = append(out, e)
		if !p.accept(operator) {
			return out, nil
		}
	}
}

// factor reads NOT, a parenthesis or a comparison.
func (p *parser) factor() (expr, error) {
	if p.accept("NOT") {
		if p.depth++; p.depth > maxDepth {
			return nil, notUnderstood(p.peek().at, reason.WQLDeep, "most", maxDepth)
		}
		defer func() { p.depth-- }()
		e, err := p.factor()
		return negation{e}, err
	}
	if p.accept("(") {
		e, err := p.condition()
		if err != nil {
			return nil, err
		}
		return group{e}, p.expect(")")
	}
	return p.comparison()
}

func (p *parser) comparison() (expr, error) {
	left, operator := p.next(), p.next()
	c := comparison{operator: strings.ToUpper(operator.text)}
	var err error
	switch {
	case operator.kind == tokenWord && operator.is("IS"):
		c.operator = "IS NULL"
		if p.accept("NOT") {
			c.operator = "IS NOT NULL"
		}
		if err := p.expect("NULL"); err != nil {
			return nil, err
		}
		c.property, err = p.property(left)
		return c, err
	case operator.is("NOT") && p.peek().is("LIKE"):
		return nil, notUnderstood(operator.at, reason.WQLNotLike)
	case operator.is("LIKE") || operator.kind == tokenSign && strings.ContainsAny(operator.text, "=<>"):
	default:
		return nil, notUnderstood(operator.at, reason.WQLNoComparison, "found", operator)
	}
	if c.operator == "!=" {
		c.operator = "<>"
	}
	right := p.next()
	if constant(left) && !constant(right) && c.operator != "LIKE" {
		left, right, c.operator = right, left, flipped(c.operator)
	}
	if c.property, err = p.property(left); err != nil {
		return nil, err
	}
	if !constant(right) {
		return nil, notUnderstood(right.at, reason.WQLNoConstant, "found", right)
	}
	c.constant = right
	err = c.check()
	return c, err
}
