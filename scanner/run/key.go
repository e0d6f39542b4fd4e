package run

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// HideKeys puts "(preshared key A)" in the place of each preshared key of IPsec
// that was observed: all that is kept of one is whether two are equal, and equal
// ones have one letter. Of a file that may hold one no hash is kept either, by
// which a short key could be guessed. It is called once for all observations of a
// run, before anybody else sees them, and changes nothing the second time.
func HideKeys(all []Observation) { hide(all) }

// hide is HideKeys, and returns what takes the keys that were found out of a text.
func hide(all []Observation) *strings.Replacer {
	keys, files := letters{form: "(preshared key %)"}, letters{form: "content %"}
	values := func(do func(*registry.Value)) {
		for i := range all {
			o := &all[i]
			for j := range o.Registry {
				do(&o.Registry[j])
			}
			if o.Forest == nil {
				continue
			}
			for d := range o.Forest.Domains {
				for g := range o.Forest.Domains[d].GPOs {
					for j := range o.Forest.Domains[d].GPOs[g].Registry {
						do(&o.Forest.Domains[d].GPOs[g].Registry[j])
					}
				}
			}
			for m := range o.Forest.Machines {
				for j := range o.Forest.Machines[m].Registry {
					do(&o.Forest.Machines[m].Registry[j])
				}
			}
		}
	}
	copies := func(do func(*CopiedGPO)) {
		for i := range all {
			if f := all[i].Forest; f != nil {
				for d := range f.Domains {
					for c := range f.Domains[d].Copies {
						for g := range f.Domains[d].Copies[c].GPOs {
							do(&f.Domains[d].Copies[c].GPOs[g])
						}
					}
				}
			}
		}
	}
	var found []*registry.Value
	values(func(v *registry.Value) {
		if mayHoldKey(v) {
			found = append(found, v)
			visit(v, keys.note)
		}
	})
	copies(func(c *CopiedGPO) { files.note(c.Settings) })
	for _, v := range found {
		visit(v, keys.letter)
	}
	copies(func(c *CopiedGPO) {
		if c.Settings != "" {
			c.Settings = files.letter(c.Settings)
		}
	})
	clean := keys.replacer()
	for i := range all {
		all[i].texts(func(s *string) { *s = clean.Replace(*s) })
	}
	return clean
}

// letters gives each of several texts a letter: A to Z, then AA.
type letters struct {
	form  string // with % where the letter stands
	of    map[string]string
	taken map[string]bool
	next  int
}

// note keeps what was replaced before from being replaced or given again.
func (l *letters) note(text string) string {
	if l.done(text) {
		if l.taken == nil {
			l.taken = make(map[string]bool)
		}
		l.taken[text] = true
	}
	return text
}

// done says that a text is one that stands for another already.
func (l *letters) done(text string) bool {
	before, behind, _ := strings.Cut(l.form, "%")
	s, ok1 := strings.CutPrefix(text, before)
	s, ok2 := strings.CutSuffix(s, behind)
	return ok1 && ok2 && s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// letter is what stands for a text.
func (l *letters) letter(text string) string {
	if l.done(text) {
		return text
	}
	if to := l.of[text]; to != "" {
		return to
	}
	if l.of == nil {
		l.of = make(map[string]string)
	}
	for {
		name := ""
		for n := l.next; n >= 0; n = n/26 - 1 {
			name = string(rune('A'+n%26)) + name
		}
		l.next++
		to := strings.Replace(l.form, "%", name, 1)
		if !l.taken[to] {
			l.of[text] = to
			return to
		}
	}
}

// shortKey is the length below which a key may well be a word of a sentence.
const shortKey = 6

// replacer takes the keys out of a text, longer ones first.
func (l *letters) replacer() *strings.Replacer {
	var all []string
	for text := range l.of {
		if len(text) >= shortKey {
			all = append(all, text)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, text := range all {
		pairs = append(pairs, text, l.of[text])
	}
	return strings.NewReplacer(pairs...)
}

// texts are the sentences of an observation, in which an error may stand.
func (o *Observation) texts(do func(*string)) {
	mapped := func(l *reason.List) {
		*l = l.Mapped(func(s string) string { do(&s); return s })
	}
	mapped(&o.Trouble)
	mapped(&o.Missing)
	for i := range o.Tries {
		do(&o.Tries[i].Note)
	}
	if o.Forest == nil {
		return
	}
	problems := func(all []Problem) {
		for i := range all {
			mapped(&all[i].Why)
		}
	}
	problems(o.Forest.Problems)
	for i := range o.Forest.Machines {
		problems(o.Forest.Machines[i].Problems)
	}
	for i := range o.Forest.Domains {
		d := &o.Forest.Domains[i]
		for g := range d.GPOs {
			problems(d.GPOs[g].Problems)
		}
		for c := range d.Copies {
			mapped(&d.Copies[c].Error)
			for g := range d.Copies[c].GPOs {
				mapped(&d.Copies[c].GPOs[g].Error)
			}
		}
	}
}

// quoted is the end of an error that quotes the text of a registry, as versions
// before this one wrote it.
var quoted = regexp.MustCompile(`(what is no value|before any key of [^:]*|neither a key nor a value|what follows the value is not understood|of no known form|it begins with):? "(?:[^"\\]|\\.)*"`)

// hideOld takes out of a document what an older version kept: preshared keys, and
// the arguments of commands that print a secret.
func (r *Run) hideOld() {
	keys := hide(r.Observations)
	clean := func(s *string) { *s = quoted.ReplaceAllString(keys.Replace(*s), "$1") }
	for i := range r.Observations {
		r.Observations[i].texts(clean)
	}
	cleaned := func(l reason.List) reason.List {
		return l.Mapped(func(s string) string { clean(&s); return s })
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		for _, l := range []*reason.List{&c.Reasons, &c.Intended, &c.Controls, &c.Conduct, &c.Seen, &c.Causes} {
			*l = cleaned(*l)
		}
		for f := range c.Findings {
			c.Findings[f].Reason = cleaned(c.Findings[f].Reason)
		}
	}
	for i := range r.Vantages {
		v := &r.Vantages[i]
		v.Trouble = cleaned(v.Trouble)
		for w := range v.Ways {
			v.Ways[w].Trouble = cleaned(v.Ways[w].Trouble)
		}
	}
	r.Untested = cleaned(r.Untested)
	r.Policy = withoutArguments(r.Policy)
}

// withoutArguments leaves of a policy's commands that print a secret the program
// alone. A policy without any is as it was, octet by octet.
func withoutArguments(policy json.RawMessage) json.RawMessage {
	var (
		fields, password map[string]json.RawMessage
		credentials      []map[string]json.RawMessage
		command          []json.RawMessage
	)
	if json.Unmarshal(policy, &fields) != nil || json.Unmarshal(fields["credentials"], &credentials) != nil {
		return policy
	}
	changed := false
	for _, c := range credentials {
		password, command = nil, nil
		if json.Unmarshal(c["password"], &password) != nil || json.Unmarshal(password["exec"], &command) != nil || len(command) < 2 {
			continue
		}
		password["exec"], changed = encoded(command[:1]), true
		c["password"] = encoded(password)
	}
	if !changed {
		return policy
	}
	fields["credentials"] = encoded(credentials)
	return encoded(fields)
}

// encoded is JSON of what was JSON.
func encoded(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is made of JSON
	}
	return b
}
