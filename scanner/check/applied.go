package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// appliedNeeds reads what a Windows machine has applied: what Group Policy gave
// it, and its own store, whose rules count as well unless a GPO says no.
func appliedNeeds(vantage string) []run.Need {
	return []run.Need{registryNeed(vantage, keyFirewall), registryNeed(vantage, keyOwnFirewall)}
}

// machineNeeds reads what the machine of a trial has applied.
func machineNeeds(_ *policy.Policy, t Trial) []run.Need { return appliedNeeds(t.From.Name) }

// itsMachine is the one trial of a cell about what its vantage has.
func itsMachine(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
	v, _ := p.Vantage(id.Vantage)
	h, _ := p.Host(v.Host)
	return []Trial{{From: v, Host: h}}, nil
}

// reads enters what became of reading a key of the machine, and says whether it was
// read.
func (e *Evidence) reads(l *ledger, key string) (o *run.Observation, read bool) {
	o = e.See(registryNeed(e.From.Name, key))
	t := l.of(reason.ClaimRead)
	t.shown([]*run.Observation{o})
	t.failed, t.void = o.Trouble, o.Missing
	t.unread = len(o.Trouble)+len(o.Missing) > 0
	return o, !t.unread
}

// readsOwnStore enters whether the machine's own rules were read, and says why not:
// they count beside those of Group Policy.
func (e *Evidence) readsOwnStore(l *ledger) reason.List {
	own := e.See(registryNeed(e.From.Name, keyOwnFirewall))
	t := l.of(reason.ClaimRead)
	if showsStore(own) {
		t.shown([]*run.Observation{own})
		return nil
	}
	t.weak = reason.One(reason.StoreNotShown, "why", slices.Concat(own.Trouble, own.Missing))
	return t.weak
}

// applied is the policy of a machine by its own registry; nil where nobody has
// read what Group Policy gave it. An own store that was not read is unknown.
func (in *Input) applied(vantage string) (*consec.Policy, error) {
	in.Peek(registryNeed(vantage, keyFirewall)) // the evidence
	in.Peek(registryNeed(vantage, keyOwnFirewall))
	return in.sim.Applied(vantage)
}

// registries are what vantages were observed to have in theirs.
func registries(observed func(run.Need) *run.Observation) func(vantage string) *simulate.Registry {
	return func(vantage string) *simulate.Registry {
		o := observed(registryNeed(vantage, keyFirewall))
		if !o.Heard() {
			return nil
		}
		r := &simulate.Registry{GPO: o.Registry}
		if own := observed(registryNeed(vantage, keyOwnFirewall)); showsStore(own) {
			r.Own = own.Registry
		}
		return r
	}
}

// showsStore reports whether a machine's own store was read. Every Windows has
// values there: a key without any was not seen whole.
func showsStore(o *run.Observation) bool {
	return o.Heard() && slices.ContainsFunc(o.Registry, func(v registry.Value) bool { return !v.OnlyKey() })
}
