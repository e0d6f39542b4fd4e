package export

import (
	"fmt"
	"strings"

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
	// deleted counts the deletions, of which an export has none.
	deleted int
}

type key struct {
	path   string // without hive
	gone   bool
	values []run.RegistryValue
	at     map[string]int // by name in lower case
}

func newTree() *tree { return &tree{at: map[string]*key{}} }

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
	if k == nil {
		k = &key{path: path, at: map[string]int{}}
		t.at[low] = k
		t.keys = append(t.keys, k)
	}
	k.gone = false
	return k
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

// maxDeleted bounds the deletions: each looks at every key.
const maxDeleted = 1000

// remove takes out a key and all below it.
func (t *tree) remove(path string) error {
	if t.deleted++; t.deleted > maxDeleted {
		return fmt.Errorf("it deletes more than %d keys, which no export does", maxDeleted)
	}
	path, ok := bare(path)
	if !ok {
		return nil
	}
	for name, k := range t.at {
		if within(name, strings.ToLower(path)) {
			*k = key{path: k.path, gone: true, at: map[string]int{}}
		}
	}
	return nil
}

// set puts a value in the place of an earlier one of that name.
func (k *key) set(v run.RegistryValue) {
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
func (t *tree) values() []run.RegistryValue {
	var out []run.RegistryValue
	for _, k := range t.keys {
		if k.gone {
			continue
		}
		before := len(out)
		for _, v := range k.values {
			if v.Type != "" {
				out = append(out, v)
			}
		}
		if len(out) == before {
			out = append(out, run.RegistryValue{Key: k.path})
		}
	}
	return out
}
