package entry

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// forms are the ways of writing an argument of a name: {name|form}.
var forms = map[string]func(r reason.Reason, name string) string{
	// q puts a word in quotation marks, few names no more than five words.
	"q":   func(r reason.Reason, name string) string { return strconv.Quote(r.Word(name)) },
	"few": func(r reason.Reason, name string) string { return Few(r.Words(name)) },
	// any are words, or nothing.
	"any": func(r reason.Reason, name string) string { return r.Word(name) },
	// text is q of a text that may be empty.
	"text": func(r reason.Reason, name string) string { return strconv.Quote(r.Word(name)) },
	// end is a word of a text that was read, or its end.
	"end": func(r reason.Reason, name string) string {
		if r.Word(name) == "" {
			return "the end"
		}
		return strconv.Quote(r.Word(name))
	},
	// ps writes a word for PowerShell.
	"ps": func(r reason.Reason, name string) string {
		return "'" + strings.ReplaceAll(r.Word(name), "'", "''") + "'"
	},
	// quotes puts each word in quotation marks, csv puts no spaces between them.
	"quotes": func(r reason.Reason, name string) string { return quotes(r.Words(name)) },
	"csv":    func(r reason.Reason, name string) string { return strings.Join(r.Words(name), ",") },
	// of and by put their word before the argument, ofq does so with an argument in
	// quotation marks; they are nothing without it.
	"of": func(r reason.Reason, name string) string { return After(" of ", r.Word(name)) },
	"ofq": func(r reason.Reason, name string) string {
		if r.Word(name) == "" {
			return ""
		}
		return " of " + strconv.Quote(r.Word(name))
	},
	"by": func(r reason.Reason, name string) string { return After(" by ", r.Word(name)) },
	// policy and builtin are whose something is, where nobody is named.
	"policy":  func(r reason.Reason, name string) string { return cmp.Or(r.Word(name), "the policy itself") },
	"builtin": func(r reason.Reason, name string) string { return cmp.Or(r.Word(name), "built into Windows") },
	// more counts those that a list leaves out.
	"more": func(r reason.Reason, name string) string {
		if r.Number(name) == 0 {
			return ""
		}
		return fmt.Sprintf(" and %d more", r.Number(name))
	},
	// methods names methods of authentication as people do.
	"methods": func(r reason.Reason, name string) string { return run.MethodWords(r.Words(name)) },
	// nobody and it are who something is of, where it is not known.
	"nobody": func(r reason.Reason, name string) string { return cmp.Or(r.Word(name), "nobody") },
	"it":     func(r reason.Reason, name string) string { return cmp.Or(r.Word(name), "it") },
	// gpo is a GPO by its name, and about is a sentence's beginning with it. Where the
	// GPO is named elsewhere they are "it" and nothing.
	"gpo":   func(r reason.Reason, name string) string { return cmp.Or(After("GPO ", quoted(r.Word(name))), "it") },
	"about": func(r reason.Reason, name string) string { return before(After("GPO ", quoted(r.Word(name))), ": ") },
	// controllers and nothing say that there is none.
	"controllers": func(r reason.Reason, name string) string { return cmp.Or(r.Word(name), "no domain controller") },
	"nothing":     func(r reason.Reason, name string) string { return cmp.Or(r.Word(name), "nothing") },
	// later says that a list goes on to what is later.
	"later": func(r reason.Reason, name string) string {
		if r.Word(name) == "" {
			return ""
		}
		return " or later"
	},
	// label names a rule or a set: its name in quotation marks or else its id (NAME-id),
	// and whose it is (NAME-source).
	"label": label,
	// rule and firewall are the subject of a sentence about a rule, with a space
	// behind it. Where the rule is named elsewhere they are nothing, and the
	// sentence goes on from there.
	"rule":     func(r reason.Reason, name string) string { return subject("rule ", r, name) },
	"firewall": func(r reason.Reason, name string) string { return subject("firewall rule ", r, name) },
}

// listed writes an argument that holds reasons in one of the forms for those, and
// reports whether there is such a form. unshown says what is so where there is no reason.
func listed(l reason.List, form string) (text string, ok bool) {
	switch form {
	case "comma":
		return Join(l, ", "), true
	case "unshown":
		return cmp.Or(Text(l), "its registry shows none of its settings"), true
	}
	return "", false
}

// After is a text behind a word, and nothing without the text.
func After(word, text string) string {
	if text == "" {
		return ""
	}
	return word + text
}

func before(text, word string) string {
	if text == "" {
		return ""
	}
	return text + word
}

// quoted is a word in quotation marks, and nothing for none.
func quoted(word string) string {
	if word == "" {
		return ""
	}
	return strconv.Quote(word)
}

func label(r reason.Reason, name string) string {
	text := "without a name"
	if word, id := r.Word(name), r.Word(name+"-id"); word != "" {
		text = strconv.Quote(word)
	} else if id != "" {
		text = id
	}
	return text + After(" of ", r.Word(name+"-source"))
}

func subject(kind string, r reason.Reason, name string) string {
	if r.Word(name)+r.Word(name+"-id")+r.Word(name+"-source") == "" {
		return ""
	}
	return kind + label(r, name) + " "
}

// mostNamed is how many things of a kind a sentence names.
const mostNamed = 5

// Few names the first things of many, and counts the others.
func Few(names []string) string {
	if n := len(names) - mostNamed; n > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), n)
	}
	return strings.Join(names, ", ")
}

func quotes(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = strconv.Quote(w)
	}
	return strings.Join(all, ", ")
}
