package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ownRules is who a rule is of that no GPO gave: the machine's administrators,
// or a device management service.
const ownRules = "the machine's own store"

// appliedNeeds reads what a Windows machine has applied: what Group Policy gave
// it, and its own store, whose rules count as well unless a GPO says no.
func appliedNeeds(vantage string) []run.Need {
	return []run.Need{registry(vantage, keyFirewall), registry(vantage, keyOwnFirewall)}
}

// applied is the policy of a machine by its own registry; nil where nobody has
// read what Group Policy gave it. An own store that was not read is unknown.
func (in *Input) applied(vantage string) (*consec.Policy, error) {
	o := in.Peek(registry(vantage, keyFirewall))
	if !heard(o) {
		return nil, nil
	}
	layers := []consec.Layer{{Store: consec.GPO, Values: o.Registry}}
	if own := in.Peek(registry(vantage, keyOwnFirewall)); showsStore(own) {
		layers = append(layers, consec.Layer{Source: ownRules, Store: consec.Local, Values: own.Registry},
			consec.Layer{Source: ownRules + " for device management", Store: consec.MDM, Values: own.Registry})
	}
	p, err := consec.FromLayers(layers...)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// showsStore reports whether a machine's own store was read. Every Windows has
// values there: a key without any was not seen whole.
func showsStore(o *run.Observation) bool {
	return heard(o) && slices.ContainsFunc(o.Registry, func(v run.RegistryValue) bool { return v.Type != "" })
}
