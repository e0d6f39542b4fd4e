package consec

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// hive is one store's part of a registry while layers are applied to it. Keys
// are below the store's own, names without regard to case.
type hive struct {
	store Store
	base  string // key of the store, without the hive's name
	keys  map[string]*hiveKey
	order []*hiveKey
	// under are the keys at and below a path, in lower case and without the hive's
	// name, that were not deleted with it.
	under map[string][]*hiveKey
	last  *hiveKey // most values of a layer stand in one key
	named string   // the key of last, as a layer wrote it

	removed  []removal
	replaced []Replaced
}

// removal is a deleted value: it is told of if it stays away.
type removal struct {
	Removed
	value *hiveValue
}

type hiveKey struct {
	id     string   // path in lower case
	path   []string // below the base, as first written
	gone   bool
	values map[string]*hiveValue
	order  []*hiveValue
	there  int // values that are not gone
}

// hiveValue stays when it is deleted, so that it can be told who set it.
type hiveValue struct {
	registry.Value // without its key; the name as first written
	source         string
	at             int // place in the order of its key
	gone           bool
}

func newHive(s Store) *hive {
	return &hive{store: s, base: storeKeys[s], keys: map[string]*hiveKey{}, under: map[string][]*hiveKey{}}
}

// apply carries out a layer, value by value in its order ([MS-GPREG] 3.2.5.1).
func (h *hive) apply(l *Layer) {
	for i := range l.Values {
		v := &l.Values[i]
		if h.store == GPO && strings.HasPrefix(v.Name, "**") && h.direct(l.Source, v) {
			continue
		}
		k := h.key(v.Key)
		if k == nil || v.OnlyKey() {
			continue
		}
		h.set(k, v.Name, v, l.Source)
	}
}

// key returns the key of that path, which comes to be; nil for one of another
// store.
func (h *hive) key(path string) *hiveKey {
	if h.last != nil && path == h.named && !h.last.gone {
		return h.last
	}
	rest, ok := below(path, h.base)
	if !ok {
		return nil
	}
	id := strings.ToLower(rest)
	k := h.keys[id]
	if k == nil {
		k = &hiveKey{id: id, values: map[string]*hiveValue{}}
		if rest != "" {
			k.path = strings.Split(rest, `\`)
		}
		h.keys[id] = k
		h.order = append(h.order, k)
		h.register(k)
	} else if k.gone {
		h.register(k)
	}
	k.gone = false
	h.last, h.named = k, path
	return k
}

// register notes a key at its path and at each one above.
func (h *hive) register(k *hiveKey) {
	path := strings.ToLower(h.base)
	if k.id != "" {
		path += `\` + k.id
	}
	for i := len(path); i >= 0; i = strings.LastIndexByte(path[:i], '\\') {
		h.under[path[:i]] = append(h.under[path[:i]], k)
	}
}

func (h *hive) set(k *hiveKey, name string, v *registry.Value, source string) {
	id := strings.ToLower(name)
	old := k.values[id]
	if old == nil {
		old = &hiveValue{Value: registry.Value{Name: name}, at: len(k.order), gone: true}
		k.values[id] = old
		k.order = append(k.order, old)
	} else if old.Data != v.Data && id != "policyversion" {
		what, id, title := identify(k.path, old)
		h.replaced = append(h.replaced, Replaced{What: what, ID: id, Name: title, Source: old.source, By: source, Old: old.Data, New: v.Data})
	}
	if old.gone {
		k.there++
	}
	old.Type, old.Data, old.source, old.gone = v.Type, v.Data, source, false
}

// direct carries out a directive, and reports false for a name that is none.
func (h *hive) direct(source string, v *registry.Value) bool {
	name := strings.ToLower(v.Name)
	switch {
	case name == "**delvals." || name == "**delvals":
		if k := h.there(v); k != nil {
			h.delete(k, source, v.Name, k.order)
		}
	case name == "**deletevalues":
		h.deleteValues(source, v, names(v.Data))
	case strings.HasPrefix(name, "**del."):
		h.deleteValues(source, v, []string{name[len("**del."):]})
	case name == "**deletekeys":
		h.deleteKeys(source, v)
	case strings.HasPrefix(name, "**soft."):
		bare := v.Name[len("**soft."):]
		k := h.key(v.Key)
		if k == nil {
			break
		}
		if there := k.values[strings.ToLower(bare)]; there == nil || there.gone {
			h.set(k, bare, v, source)
		}
	case name == "**securekey": // who may write the key has no bearing
	default:
		return false
	}
	return true
}

// names of a list with semicolons, in lower case.
func names(list string) []string {
	var all []string
	for n := range registry.Names(list) {
		all = append(all, strings.ToLower(n))
	}
	return all
}

// there is the key of a directive, nil where it is not there.
func (h *hive) there(v *registry.Value) *hiveKey {
	rest, ok := below(v.Key, h.base)
	if !ok {
		return nil
	}
	return h.keys[strings.ToLower(rest)]
}

// deleteValues deletes the values of those names, which are in lower case.
func (h *hive) deleteValues(source string, v *registry.Value, names []string) {
	k := h.there(v)
	if k == nil {
		return
	}
	var found []*hiveValue
	for _, n := range names {
		if old := k.values[n]; old != nil {
			found = append(found, old)
		}
	}
	slices.SortFunc(found, func(a, b *hiveValue) int { return a.at - b.at })
	h.delete(k, source, v.Name, found)
}

func (h *hive) delete(k *hiveKey, source, directive string, values []*hiveValue) {
	for _, old := range values {
		if k.there == 0 {
			return
		}
		if old.gone {
			continue
		}
		old.gone = true
		k.there--
		what, id, name := identify(k.path, old)
		h.removed = append(h.removed, removal{Removed{What: what, ID: id, Name: name, Source: old.source, By: source, Directive: directive}, old})
	}
}

// deleteKeys deletes keys right below a key, with all that is in them. The key
// may be above the store's own.
func (h *hive) deleteKeys(source string, v *registry.Value) {
	parent := strings.ToLower(bare(v.Key)) + `\`
	for _, name := range names(v.Data) {
		keys := h.under[parent+name]
		delete(h.under, parent+name)
		for _, k := range keys {
			if !k.gone {
				h.delete(k, source, v.Name, k.order)
				k.gone = true
			}
		}
	}
}

// lost is what was deleted and did not come back; a set counts as one.
func (h *hive) lost() []Removed {
	var lost []Removed
	for _, r := range h.removed {
		if r.value.gone && (len(lost) == 0 || r.What != KindSet || lost[len(lost)-1] != r.Removed) {
			lost = append(lost, r.Removed)
		}
	}
	return lost
}

// identify says what a value is part of, for people.
func identify(path []string, v *hiveValue) (what, id, name string) {
	switch kind := kindOf(path); {
	case kind == KindSet && len(path) > 1:
		return KindSet, path[1], ""
	case kind == "" || kind == KindSet:
		return KindSetting, strings.Join(append(path[:len(path):len(path)], v.Name), `\`), ""
	default:
		return kind, v.Name, nameIn(v.Data)
	}
}

// nameIn finds the name in a rule string.
func nameIn(rule string) string {
	_, rest, _ := strings.Cut(rule, "|Name=")
	name, _, _ := strings.Cut(rest, "|")
	return name
}

// bare is a key without the name of its hive.
func bare(key string) string {
	for _, hive := range []string{`HKEY_LOCAL_MACHINE\`, `HKLM\`} {
		if len(key) >= len(hive) && strings.EqualFold(key[:len(hive)], hive) {
			return key[len(hive):]
		}
	}
	return key
}

// below is what of a key stands below another, without a backslash around it.
func below(key, base string) (string, bool) {
	key = bare(key)
	if len(key) < len(base) || !strings.EqualFold(key[:len(base)], base) {
		return "", false
	}
	rest := key[len(base):]
	if rest == "" {
		return "", true
	}
	return strings.TrimRight(rest[1:], `\`), rest[0] == '\\'
}
