package export

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// hive is the root that the keys below are in.
const hive = `HKEY_LOCAL_MACHINE\`

// tree is the part of a registry that is kept while a file is read.
type tree struct {
	keys  []*key
	at    map[string]*key // by path in lower case
	count int             // values in the whole file
	// covers says that the file has run.FirewallKey or a key above it, so that
	// what is not in it is not there.
	covers bool
	// shallow says that reg query may have been asked without /s.
	shallow bool
	// below are the keys at a path and below it, in lower case, for deletions.
	below map[string][]*key
}

type key struct {
	path   string // without hive
	gone   bool
	values []registry.Value
	at     map[string]int // by name in lower case
}

func newTree() *tree { return &tree{at: map[string]*key{}, below: map[string][]*key{}} }

// open begins a key; nil is one that is not kept.
func (t *tree) open(path string) *key {
	path, ok := bare(path)
	if !ok {
		return nil
	}
	low := strings.ToLower(path)
	t.covers = t.covers || within(strings.ToLower(run.FirewallKey), low)
	if !within(low, strings.ToLower(run.FirewallKey)) && !within(low, strings.ToLower(run.LocalFirewallKey)) {
		return nil
	}
	k := t.at[low]
	fresh := k == nil
	if fresh {
		k = &key{path: path, at: map[string]int{}}
		t.at[low] = k
		t.keys = append(t.keys, k)
	}
	if fresh || k.gone {
		k.gone = false
		t.place(k, low)
	}
	return k
}

// deepest is how many levels keys have at most (Windows: 512).
const deepest = 512

// place notes a key at its path and at every key above it.
func (t *tree) place(k *key, low string) {
	t.below[low] = append(t.below[low], k)
	for range deepest {
		i := strings.LastIndexByte(low, '\\')
		if i < 0 {
			return
		}
		low = low[:i]
		t.below[low] = append(t.below[low], k)
	}
}

// bare cuts the hive off.
func bare(path string) (string, bool) {
	path = strings.TrimRight(path, `\`) + `\`
	if len(path) < len(hive) || !strings.EqualFold(path[:len(hive)], hive) {
		return "", false
	}
	return strings.TrimSuffix(path[len(hive):], `\`), true
}

// within says that a key is another one or below it, in lower case both.
func within(low, root string) bool {
	return root == "" || low == root || strings.HasPrefix(low, root+`\`)
}

// remove takes out a key and all below it.
func (t *tree) remove(path string) {
	path, ok := bare(path)
	if !ok {
		return
	}
	low := strings.ToLower(path)
	for _, k := range t.below[low] {
		*k = key{path: k.path, gone: true, at: map[string]int{}}
	}
	delete(t.below, low) // each of them stands there again once it is opened
}

// set puts a value in the place of an earlier one of that name.
func (k *key) set(v registry.Value) {
	v.Key = k.path
	low := strings.ToLower(v.Name)
	if i, ok := k.at[low]; ok {
		k.values[i] = v
		return
	}
	k.at[low] = len(k.values)
	k.values = append(k.values, v)
}

// unset takes a value out.
func (k *key) unset(name string) {
	if i, ok := k.at[strings.ToLower(name)]; ok {
		k.values[i].Type = ""
		delete(k.at, strings.ToLower(name))
	}
}

// values are all values in the order of the file; a key without any appears
// without a type.
func (t *tree) values() []registry.Value {
	var out []registry.Value
	for _, k := range t.keys {
		if k.gone {
			continue
		}
		before := len(out)
		for _, v := range k.values {
			if !v.OnlyKey() {
				out = append(out, v)
			}
		}
		if len(out) == before {
			out = append(out, registry.Value{Key: k.path})
		}
	}
	return out
}
