package consec

import "github.com/kmsiso/kmsiso/scanner/run"

// Store is one of the places where Windows keeps rules and settings.
type Store string

// The stores, and their keys under HKEY_LOCAL_MACHINE.
const (
	GPO   Store = "gpo"   // SOFTWARE\Policies\Microsoft\WindowsFirewall
	Local Store = "local" // SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy
	MDM   Store = "mdm"   // its subkey Mdm
)

// Layer is what one GPO, or one machine's registry, says for one store. Values
// of other keys are left alone.
type Layer struct {
	Source string // for people: the name of the GPO, or the file
	Store  Store
	Values []run.RegistryValue
}

// FromLayers reads layers in the order in which Windows applies them: of two
// values of one name the later wins, and directives such as **delvals. work on
// what the layers before have left ([MS-GPREG] 3.2.5.1). A layer of the local
// store, even an empty one, says that all of the machine's own rules are known.
//
// What cannot be read is told in Broken; an error means that a setting that
// every rule depends on cannot be.
func FromLayers(layers ...Layer) (Policy, error) {
	var values []run.RegistryValue
	for _, l := range layers {
		if l.Store == GPO {
			values = append(values, l.Values...)
		}
	}
	return fromValues(values)
}

// FromRegistry reads the policy registry of one machine: one layer of the GPO
// store without a source.
func FromRegistry(values []run.RegistryValue) (Policy, error) {
	return FromLayers(Layer{Store: GPO, Values: values})
}
