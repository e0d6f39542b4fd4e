package policyfile

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// kinds are the ways in and the sources that a file may name.
type kinds struct {
	ways    []way.Kind
	sources []filesource.Kind
}

// sourceNames are the names of the sources in files.
func (k kinds) sourceNames() []string {
	all := make([]string, len(k.sources))
	for i, s := range k.sources {
		all[i] = s.Name
	}
	return all
}

// credentialOption is an option of all ways by which somebody logs in.
var credentialOption = way.Option{Key: "credential", About: "Name of the credential that logs in."}

// named returns the way of that name. There is one: it was read by it.
func (k kinds) named(name string) way.Kind {
	return k.ways[slices.IndexFunc(k.ways, func(o way.Kind) bool { return o.Name == name })]
}

func (k kinds) names() []string {
	all := make([]string, len(k.ways))
	for i, o := range k.ways {
		all[i] = o.Name
	}
	return all
}

// words are the ways that a word alone names, such as local.
func (k kinds) words() []string {
	var all []string
	for _, o := range k.ways {
		if o.Value.Type == way.Flag {
			all = append(all, o.Name)
		}
	}
	return all
}

// takes reports whether an option means something for a way.
func (k kinds) takes(one way.Kind, key string) bool {
	return key == credentialOption.Key && one.Login != nil ||
		slices.ContainsFunc(one.Options, func(o way.Option) bool { return o.Key == key })
}

// ofSet is the way into a vantage of a set that names none.
func (k kinds) ofSet(name text) viaForm {
	one := k.ways[slices.IndexFunc(k.ways, func(o way.Kind) bool { return o.OfSets })]
	return viaForm{at: name.at, Ways: entryForm{one.Name: {option: one.Value, at: name.at, text: name}}}
}

// stated is a value of an option as it was written. One of its values is in use, by
// the type of the option.
type stated struct {
	option way.Option
	at     place
	text   text
	flag   scalar[bool]
	words  list[text]
}

func (g *stated) read(r *reader, n *yaml.Node) {
	g.at = r.place(n)
	g.text.choose(g.option.Choice)
	g.value().read(r, n)
}

func (g *stated) value() readable {
	switch g.option.Type {
	case way.Flag:
		return &g.flag
	case way.Words:
		return &g.words
	}
	return &g.text
}

// is reports whether a value was written that could be read.
func (g stated) is() bool { return g.text.set || g.flag.set || g.words.set }

// open is a part of the form whose keys are those of the ways in, or of the sources.
type open interface {
	// keys are what may be written, with what is behind each.
	keys(kinds) []openKey
	// hold takes the value of a key.
	hold(key string, g *stated)
}

type openKey struct {
	key    string
	option way.Option
}

// entryForm holds the ways in themselves, by name: ssh: ADDRESS.
type entryForm map[string]*stated

func (entryForm) keys(k kinds) []openKey {
	all := make([]openKey, len(k.ways))
	for i, o := range k.ways {
		all[i] = openKey{o.Name, o.Value}
	}
	return all
}

func (f *entryForm) hold(name string, g *stated) {
	if *f == nil {
		*f = entryForm{}
	}
	(*f)[name] = g
}

// fileSourceForm holds the sources in files of this machine, by name: backup: PATH.
type fileSourceForm map[string]*stated

func (fileSourceForm) keys(k kinds) []openKey {
	all := make([]openKey, len(k.sources))
	for i, s := range k.sources {
		all[i] = openKey{s.Name, way.Option{Key: s.Name, About: s.About}}
	}
	return all
}

// of is the path of a source.
func (f fileSourceForm) of(name string) stated {
	if g := f[name]; g != nil {
		return *g
	}
	return stated{}
}

func (f *fileSourceForm) hold(name string, g *stated) {
	if *f == nil {
		*f = fileSourceForm{}
	}
	(*f)[name] = g
}

// filled is a copy with a name in the place of {name}.
func (f entryForm) filled(name string) entryForm {
	out := entryForm{}
	put := func(s *text) { s.value = strings.ReplaceAll(s.value, "{name}", name) }
	for key, g := range f {
		one := *g
		put(&one.text)
		one.words.items = slices.Clone(one.words.items)
		for i := range one.words.items {
			put(&one.words.items[i])
		}
		out[key] = &one
	}
	return out
}

// wayForm is what may be said of a way into a vantage, or inherited by it, by the key
// of the option.
type wayForm map[string]*stated

func (wayForm) keys(k kinds) []openKey {
	all := []openKey{{credentialOption.Key, credentialOption}}
	for _, one := range k.ways {
		for _, o := range one.Options {
			if !slices.ContainsFunc(all, func(have openKey) bool { return have.key == o.Key }) {
				all = append(all, openKey{o.Key, o})
			}
		}
	}
	return all
}

func (f *wayForm) hold(key string, g *stated) {
	if *f == nil {
		*f = wayForm{}
	}
	(*f)[key] = g
}

// of is what is said of an option.
func (f wayForm) of(key string) stated {
	if g := f[key]; g != nil {
		return *g
	}
	return stated{}
}

// or is what f says of an option, or what other does where f says nothing.
func (f wayForm) or(other wayForm, key string) stated {
	if own := f.of(key); own.is() {
		return own
	}
	return other.of(key)
}

// over returns f with other where f says nothing.
func (f wayForm) over(other wayForm) wayForm {
	out := maps.Clone(other)
	for key, g := range f {
		if g.is() {
			out.hold(key, g)
		}
	}
	return out
}
