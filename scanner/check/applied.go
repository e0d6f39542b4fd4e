package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// appliedNeeds reads what a Windows machine has applied: what Group Policy gave
// it, and its own store, whose rules count as well unless a GPO says no.
func appliedNeeds(vantage string) []run.Need {
	return []run.Need{registry(vantage, keyFirewall), registry(vantage, keyOwnFirewall)}
}

// applied is the policy of a machine by its own registry; nil where nobody has
// read what Group Policy gave it. An own store that was not read is unknown.
func (in *Input) applied(vantage string) (*consec.Policy, error) {
	in.Peek(registry(vantage, keyFirewall)) // the evidence
	in.Peek(registry(vantage, keyOwnFirewall))
	return in.sim.Applied(vantage)
}

// registries are what vantages were observed to have in theirs.
func registries(observed func(run.Need) *run.Observation) func(vantage string) *simulate.Registry {
	return func(vantage string) *simulate.Registry {
		o := observed(registry(vantage, keyFirewall))
		if !o.Heard() {
			return nil
		}
		r := &simulate.Registry{GPO: o.Registry}
		if own := observed(registry(vantage, keyOwnFirewall)); showsStore(own) {
			r.Own = own.Registry
		}
		return r
	}
}

// showsStore reports whether a machine's own store was read. Every Windows has
// values there: a key without any was not seen whole.
func showsStore(o *run.Observation) bool {
	return o.Heard() && slices.ContainsFunc(o.Registry, func(v run.RegistryValue) bool { return v.Type != "" })
}
