package rsop

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// applied is the resultant policy by a machine's own registry, of which several parts
// may have been read.
func applied(parts []run.MachinePolicy) *Resultant {
	t := &Resultant{Assumed: true, Machines: parts}
	var layers []consec.Layer
	for i := range parts {
		layers = append(layers, layersOf(&parts[i])...)
		for _, p := range parts[i].Problems {
			t.more(reason.New(reason.RegistryDoubtful, "problem", p.Reason()))
		}
	}
	t.Policy = policyOf(layers)
	return t
}

// layersOf is what the registry of a machine says: the machine's own stores may be
// in it as well.
func layersOf(m *run.MachinePolicy) []consec.Layer {
	layers := []consec.Layer{{Source: m.Name, Store: consec.GPO, Values: m.Registry}}
	if slices.ContainsFunc(m.Registry, func(v registry.Value) bool { return strings.Contains(strings.ToLower(v.Key), ownStore) }) {
		layers = append(layers, consec.Layer{Source: m.Name, Store: consec.Local, Values: m.Registry},
			consec.Layer{Source: m.Name, Store: consec.MDM, Values: m.Registry})
	}
	return layers
}

// ownStore is part of the keys that hold a machine's own rules.
const ownStore = `\sharedaccess\parameters\firewallpolicy`
