package consec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// setBuilder gathers the sets of one kind from all stores. A set of a store
// read before is not touched by one of the same id of a later store: Group
// Policy comes first.
type setBuilder struct {
	builtin string // id
	byID    map[string]*rawSet
	order   []*rawSet
	renames map[string]rename // values right below the key, by name in upper case
}

// rawSet is a set as the registry has it.
type rawSet struct {
	id, name string
	store    Store
	sources  []string
	suites   map[int]map[string]*hiveValue // by index, then by name in lower case
	problem  reason.List
}

// rename says that a set goes by another id ([MS-GPFAS] 2.2.4, 2.2.5).
type rename struct {
	to, source string
	store      Store
}

func newSetBuilder(builtin string) setBuilder {
	return setBuilder{builtin: builtin, byID: map[string]*rawSet{}, renames: map[string]rename{}}
}

func (b *setBuilder) read(store Store, k *hiveKey) {
	if len(k.path) == 1 {
		for _, v := range k.order {
			id := strings.ToUpper(v.Name)
			if _, there := b.renames[id]; !v.gone && !there {
				b.renames[id] = rename{v.Data, v.source, store}
			}
		}
		return
	}
	id := strings.ToUpper(k.path[1])
	s := b.byID[id]
	if s == nil {
		s = &rawSet{id: k.path[1], store: store, suites: map[int]map[string]*hiveValue{}}
		b.byID[id] = s
		b.order = append(b.order, s)
	}
	if s.store == store {
		s.read(k)
	}
}

func (s *rawSet) read(k *hiveKey) {
	var suite map[string]*hiveValue
	if len(k.path) > 2 {
		index, err := strconv.ParseUint(k.path[2], 10, 16)
		if err != nil || len(k.path) > 3 {
			s.problem = reason.One(reason.SetIndex, "key", Short(strings.Join(k.path[2:], `\`)))
			return
		}
		if suite = s.suites[int(index)]; suite == nil {
			suite = map[string]*hiveValue{}
			s.suites[int(index)] = suite
		}
	}
	for _, v := range k.order {
		if v.gone {
			continue
		}
		s.sources = appendNew(s.sources, nonEmpty(v.source)...)
		switch name := strings.ToLower(v.Name); {
		case suite != nil:
			suite[name] = v
		case name == "name":
			s.name = v.Data
		}
	}
}

// buildSets makes the sets of one kind, and tells what is wrong with them.
func buildSets[S any](p *Policy, b *setBuilder, kind string, suite func(map[string]*hiveValue) (S, error)) Sets[S] {
	sets := Sets[S]{ByID: map[string]*Set[S]{}}
	for _, raw := range b.order {
		set := &Set[S]{ID: raw.id, Name: raw.name, Source: strings.Join(raw.sources, " and "), Store: raw.store, problem: raw.problem}
		var indexes []int
		for i := range raw.suites {
			indexes = append(indexes, i)
		}
		slices.Sort(indexes)
		for _, i := range indexes {
			if len(raw.suites[i]) == 0 {
				continue // a key without values proposes nothing
			}
			s, err := suite(raw.suites[i])
			if err != nil {
				set.problem = reason.One(reason.BadSuite, "suite", fmt.Sprintf("%04d", i), "why", reason.Of(err))
				break
			}
			set.Suites = append(set.Suites, s)
		}
		if set.problem != nil {
			p.Broken = append(p.Broken, Broken{What: KindSet, ID: set.ID, Source: set.Source, Store: set.Store, Why: reason.One(reason.BadSet, "kind", kind, "why", set.problem)})
		}
		sets.ByID[strings.ToUpper(raw.id)] = set
	}
	b.settle(&sets.Default, &sets.DefaultSource, &sets.problem, kind)
	if sets.problem != nil {
		p.Broken = append(p.Broken, Broken{What: KindSet, ID: b.builtin, Source: sets.DefaultSource, Why: sets.problem})
	}
	return sets
}

// settle says which set stands for the built-in one. A set is renamed once; a
// policy that goes on renaming has gone round in a circle, or means nothing.
func (b *setBuilder) settle(id, source *string, problem *reason.List, kind string) {
	own := b.byID[b.builtin]
	r, renamed := b.renames[b.builtin]
	switch {
	case !renamed && own == nil:
		return
	case own != nil && own.store == GPO:
		*source = strings.Join(own.sources, " and ")
		*problem = reason.One(reason.BuiltinSetInGPO, "kind", kind)
		return
	case !renamed || own != nil && r.store == Local && own.store == Local:
		*id, *source = own.id, strings.Join(own.sources, " and ")
		return
	}
	*id, *source = r.to, r.source
	for to, seen := strings.ToUpper(r.to), map[string]bool{b.builtin: true}; ; {
		if seen[to] {
			*problem = reason.One(reason.SetIDCircle, "kind", kind, "id", Short(r.to), "source", r.source)
			return
		}
		seen[to] = true
		next, ok := b.renames[to]
		if b.byID[to] != nil || !ok {
			return
		}
		to = strings.ToUpper(next.to)
	}
}

// methods of [MS-GPFAS] 2.2.4.6. Another one is kept as it stands there: later
// versions add some.
var methods = []string{
	"Anonymous", ComputerKerberos, "MachineCert", "MachineSHKey", "MachineNtlm", "UserKerb", "UserCert", "UserNtlm",
}

func authSuite(values map[string]*hiveValue) (s AuthSuite, err error) {
	s.SkipVersion, err = skipVersion(values)
	if s.Method = dataOf(values, "method"); s.Method == "" && err == nil {
		err = reason.Fail(reason.NoMethod)
	}
	if word, bad := oneOf(s.Method, methods...); bad == nil {
		s.Method = word
	}
	return s, err
}

func mainModeSuite(values map[string]*hiveValue) (s CryptoSuite, err error) {
	s.SkipVersion, err = skipVersion(values)
	s.KeyExchange = algorithm(values, "2_16keyexchange", "keyexchange")
	s.Encryption = algorithm(values, "encryption")
	s.Hash = algorithm(values, "2_1hash", "hash")
	if err == nil && (s.Encryption == "" || s.Hash == "") {
		err = reason.Fail(reason.NoAlgorithm)
	}
	return s, err
}

func quickModeSuite(values map[string]*hiveValue) (s CryptoSuite, err error) {
	s.SkipVersion, err = skipVersion(values)
	s.Protocol = algorithm(values, "2_9protocol", "protocol")
	s.Encryption = algorithm(values, "2_1encryption", "encryption")
	s.AHHash = algorithm(values, "2_1ahhash", "ahhash")
	s.ESPHash = algorithm(values, "2_1esphash", "esphash")
	if _, bad := oneOf(s.Protocol, "AH", "ESP", "AH&ESP", noEncap); err == nil && bad != nil {
		err = reason.Fail(reason.BadProtocol, "protocol", Short(s.Protocol), "why", reason.Of(bad))
	}
	return s, err
}

// dataOf is the first of the named values that is there.
func dataOf(values map[string]*hiveValue, names ...string) string {
	for _, n := range names {
		if v := values[n]; v != nil && v.Data != "" {
			return v.Data
		}
	}
	return ""
}

// algorithm is dataOf in the spelling of the specification, which has capitals
// throughout.
func algorithm(values map[string]*hiveValue, names ...string) string {
	return strings.ToUpper(dataOf(values, names...))
}

func skipVersion(values map[string]*hiveValue) (*Version, error) {
	text := dataOf(values, "skipversion")
	if text == "" {
		return nil, nil
	}
	v, err := parseVersion(text)
	return &v, err
}
