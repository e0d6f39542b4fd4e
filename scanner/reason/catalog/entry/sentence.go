package entry

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Text is what a list of reasons says: one sentence each, joined by semicolons.
func Text(l reason.List) string { return Join(l, "; ") }

// Join is what a list of reasons says, one sentence each, with a word between them.
func Join(l reason.List, by string) string {
	var all []string
	for _, r := range l {
		if s := Sentence(r); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, by)
}

// Sentence is what one reason says. A code that nobody knows, as of a newer
// kmsiso, is shown as it is.
func Sentence(r reason.Reason) string {
	e := rows[r.Code]
	switch {
	case e == nil:
		return r.Key()
	case e.Say != nil:
		return e.Say(r)
	}
	return Fill(e.Text, r)
}

// argumentsLength is what the arguments of a sentence take, as a rule.
const argumentsLength = 64

// Fill puts the arguments of a reason into a sentence.
func Fill(text string, r reason.Reason) string {
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
			return After(before, Text(l))
		}
		return Text(l)
	}
	if most := int(r.Number("most")); name == "at" && most > 0 && most < len(r.Words(name)) {
		words := r.Words(name)
		return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
	}
	if before, ok := strings.CutPrefix(how, "+"); ok {
		return After(before, r.Word(name))
	}
	if form := forms[how]; form != nil {
		return form(r, name)
	}
	return r.Word(name)
}
