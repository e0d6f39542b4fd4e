package wql

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// check refuses a comparison that WMI refuses, or of which it is not said what
// WMI makes of it: the whole query hangs on that.
func (c *comparison) check() error {
	t := c.constant
	refuse := func(code reason.Code, args ...any) error {
		return notUnderstood(t.at, code, append(args, "comparison", c.String())...)
	}
	if c.operator == "LIKE" && (t.kind != tokenText || t.backslash) {
		return refuse(reason.WQLLike)
	}
	switch c.property.kind {
	case kindText, kindCaption:
		c.captions = captionParts(t.text)
		switch {
		case c.operator == "LIKE":
			var bad string
			if c.pattern, bad = newPattern(t.text); bad != "" {
				return refuse(reason.WQLPattern, "part", clip(bad))
			}
		case t.kind == tokenInteger && !plain(t.text), t.kind != tokenInteger && t.kind != tokenText:
			return refuse(reason.WQLConstant, "type", "string")
		}
	case kindNumber:
		if c.operator == "LIKE" && strings.ContainsAny(t.text, "%_[") {
			return refuse(reason.WQLNumberPattern)
		}
		if t.kind != tokenInteger && t.kind != tokenText || !plain(t.text) {
			return refuse(reason.WQLConstant, "type", "number")
		}
	case kindBoolean:
		if c.operator != "=" && c.operator != "<>" {
			return refuse(reason.WQLBooleanOrder)
		}
		if _, ok := boolean(t.text); !ok {
			return refuse(reason.WQLBoolean)
		}
	default:
		return refuse(reason.WQLType)
	}
	return nil
}

// plain reports whether text is an integer as WMI would print it.
func plain(text string) bool {
	n, err := strconv.ParseUint(text, 10, 31)
	return err == nil && strconv.FormatUint(n, 10) == text
}

// boolean normalises a Boolean constant; 1 and 0 are TRUE and FALSE.
func boolean(text string) (string, bool) {
	switch upper := strings.ToUpper(text); upper {
	case "TRUE", "FALSE":
		return upper, true
	case "1":
		return "TRUE", true
	case "0":
		return "FALSE", true
	}
	return "", false
}

func (c comparison) evaluate(m machine) result {
	name := c.property.name
	if c.property.kind == kindCaption {
		if c.operator == "IS NULL" || c.operator == "IS NOT NULL" {
			return c.null()
		}
		return c.caption(m.Windows)
	}
	var values []string
	if c.property.values != nil {
		values = c.property.values(m.Windows)
	}
	switch {
	case len(values) == 0:
		return unknown(reason.PropertyUnknown, "property", name, "windows", m)
	case c.operator == "IS NULL" || c.operator == "IS NOT NULL":
		return c.null()
	}
	out := c.holds(m, values[0])
	for _, v := range values[1:] {
		if c.holds(m, v).truth != out.truth {
			return unknown(reason.PropertyAmbiguous, "property", name, "windows", m, "values", values)
		}
	}
	return out
}

// null answers the test for it of a property that has a value.
func (c comparison) null() result {
	if c.operator == "IS NULL" {
		return result{truth: tri.No}
	}
	return result{truth: tri.Yes}
}

// holds compares one value with the constant.
func (c comparison) holds(m machine, value string) result {
	var holds bool
	switch constant := c.constant.text; {
	case c.property.kind == kindNumber:
		// A number against a number, and, where the constant is a string, a
		// "lexicographic relation test" ([MS-WMI] 2.2.1.1): they need not agree.
		has, _ := strconv.Atoi(value)
		than, _ := strconv.Atoi(constant) // check has seen that it is one
		holds = ordered(c.operator, cmp.Compare(has, than))
		if c.constant.kind == tokenText && ordered(c.operator, textually(value, constant)) != holds {
			return unknown(reason.NumberAgainstText, "property", c.property.name, "comparison", value+strings.TrimPrefix(c.String(), c.property.name))
		}
	case c.property.kind == kindBoolean:
		constant, _ = boolean(constant)
		holds = (value == constant) == (c.operator == "=")
	case c.operator == "LIKE":
		holds = c.pattern.matches(value)
	case strings.EqualFold(m.asNumber, c.property.name):
		holds = ordered(c.operator, numerically(value, constant))
	default:
		holds = ordered(c.operator, textually(value, constant))
	}
	if holds {
		return result{truth: tri.Yes}
	}
	return result{truth: tri.No}
}

// ordered says whether an operator holds for the order of its sides. LIKE of a
// number is the same as = ([MS-WMI] 2.2.1.1).
func ordered(operator string, order int) bool {
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<>":
		return order != 0
	}
	return order == 0
}

// textually orders strings as WMI does: character by character, blind to case.
func textually(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// numerically orders version numbers, 10.0.19045 after 6.1.7601; what is none
// is ordered as text.
func numerically(a, b string) int {
	x, okX := parts(a)
	y, okY := parts(b)
	if !okX || !okY {
		return textually(a, b)
	}
	return slices.CompareFunc(x, y, cmp.Compare[uint64])
}

func parts(version string) ([]uint64, bool) {
	var out []uint64
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// captionParts are those of [captions] that a constant has in it.
func captionParts(constant string) []string {
	folded := strings.ToLower(constant)
	var out []string
	for _, part := range captions {
		if strings.Contains(folded, strings.ToLower(part)) {
			out = append(out, part)
		}
	}
	return out
}

// caption compares with Win32_OperatingSystem.Caption, of which only that is
// known which no edition and no language of the display changes: yes where a
// pattern asks for no more than that, no where it asks for another Windows.
func (c comparison) caption(w Windows) result {
	asks := c.constant.text
	wild := c.operator == "LIKE"
	if inner := strings.Trim(asks, "%"); wild && asks == "%"+inner+"%" && !strings.ContainsAny(inner, "%_[\n") &&
		strings.Contains(strings.ToLower(w.caption), strings.ToLower(inner)) {
		return result{truth: tri.Yes}
	}
	if c.operator == "=" || wild && !strings.ContainsAny(asks, "_[") {
		for _, part := range c.captions {
			if !related(w.Name, part) {
				return result{truth: tri.No}
			}
		}
	}
	return unknown(reason.CaptionUnknown, "windows", w, "comparison", c.String())
}

// related reports whether the Caption of a Windows may have a part in it.
func related(name, part string) bool {
	if strings.Contains(name, part) {
		return true
	}
	words := strings.Fields(name)
	for word := range strings.FieldsSeq(part) {
		if !slices.Contains(words, word) {
			return false
		}
	}
	return true
}
