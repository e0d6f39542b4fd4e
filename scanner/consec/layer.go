package consec

import (
	"cmp"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Store is one of the places where Windows keeps rules and settings.
type Store string

// The stores, and their keys under HKEY_LOCAL_MACHINE.
const (
	GPO   Store = "gpo"   // SOFTWARE\Policies\Microsoft\WindowsFirewall
	Local Store = "local" // SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy
	MDM   Store = "mdm"   // its subkey Mdm
)

// PolicyKey is the key of the GPO store, under HKEY_LOCAL_MACHINE, LocalKey that
// of the machine's own, MDMKey that of the MDM store.
const (
	PolicyKey = run.FirewallKey
	LocalKey  = run.LocalFirewallKey
	MDMKey    = LocalKey + `\Mdm`
)

var storeKeys = map[Store]string{GPO: PolicyKey, Local: LocalKey, MDM: MDMKey}

// Layer is what one GPO, or one machine's registry, says for one store. Values
// of other keys are left alone, so an export of a whole registry makes a layer
// of each store.
type Layer struct {
	Source string // for people: the name of the GPO, or the file
	Store  Store
	Values []registry.Value
}

// FromLayers reads layers in the order in which Windows applies them: of two
// values of one name the later wins, and in the GPO store directives such as
// **delvals. work on what the layers before have left ([MS-GPREG] 3.2.5.1). A
// layer of the local store, even an empty one, says that all of the machine's
// own rules are known.
//
// What cannot be read is told in Broken. An error means that a setting is among
// it, which every packet depends on: the policy holds the rest, and its effects
// are unknown.
func FromLayers(layers ...Layer) (Policy, error) {
	var p Policy
	hives := []*hive{newHive(GPO), newHive(MDM), newHive(Local)}
	for i := range layers {
		for _, h := range hives {
			if h.store == layers[i].Store {
				h.apply(&layers[i])
			}
		}
		p.LocalKnown = p.LocalKnown || layers[i].Store == Local
	}
	b := newBuilder(&p)
	var first error
	for _, h := range hives {
		first = cmp.Or(first, b.read(h))
		p.Removed = append(p.Removed, h.lost()...)
		p.Replaced = append(p.Replaced, h.replaced...)
	}
	b.finish()
	return p, first
}

// FromRegistry reads the policy registry of one machine: one layer of the GPO
// store without a source.
func FromRegistry(values []registry.Value) (Policy, error) {
	return FromLayers(Layer{Store: GPO, Values: values})
}
