package redact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Keys puts "(preshared key A)" in the place of each preshared key of IPsec
// that was observed: all that is kept of one is whether two are equal, and equal
// ones have one letter. Of a file that may hold one no hash is kept either, by
// which a short key could be guessed. It is called once for all observations of a
// run, before anybody else sees them, and changes nothing the second time. It returns
// what takes the keys that were found out of a text.
func Keys(all []run.Observation) *strings.Replacer {
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
	copies := func(do func(*run.CopiedGPO)) {
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
	copies(func(c *run.CopiedGPO) { files.note(c.Settings) })
	for _, v := range found {
		visit(v, keys.letter)
	}
	copies(func(c *run.CopiedGPO) {
		if c.Settings != "" {
			c.Settings = files.letter(c.Settings)
		}
	})
	clean := keys.replacer()
	for i := range all {
		Texts(&all[i], func(s *string) { *s = clean.Replace(*s) })
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

// Texts are the sentences of an observation, in which an error may stand.
func Texts(o *run.Observation, do func(*string)) {
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
	problems := func(all []run.Problem) {
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
