package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// AppliedNeeds reads what a Windows machine has applied: what Group Policy gave
// it, and its own store, whose rules count as well unless a GPO says no.
func AppliedNeeds(vantage string) []run.Need {
	return []run.Need{RegistryNeed(vantage, KeyFirewall), RegistryNeed(vantage, keyOwnFirewall)}
}

// MachineNeeds reads what the machine of a trial has applied.
func MachineNeeds(_ *intent.Policy, t *Trial) []run.Need { return AppliedNeeds(t.From.Name) }

// ItsMachine is the one trial of a cell about what its vantage has.
func ItsMachine(p *intent.Policy, id run.CellID) ([]Trial, reason.List) {
	v, _ := p.Vantage(id.Vantage)
	h, _ := p.Host(v.Host)
	return []Trial{{From: v, Host: h}}, nil
}

// Reads enters what became of reading a key of the machine, and says whether it was
// read.
func (e *Evidence) Reads(l *Ledger, key string) (o *run.Observation, read bool) {
	return e.Learns(l, RegistryNeed(e.From.Name, key))
}

// Learns enters what became of something that is asked of the machine, and says whether
// it told.
func (e *Evidence) Learns(l *Ledger, n run.Need) (o *run.Observation, told bool) {
	o = e.See(n)
	t := l.Of(reason.ClaimRead)
	t.Shown([]*run.Observation{o})
	t.Failed, t.Void = o.Trouble, o.Missing
	t.unread = len(o.Trouble)+len(o.Missing) > 0
	return o, !t.unread
}

// ReadsOwnStore enters whether the machine's own rules were read, and says why not:
// they count beside those of Group Policy. A store that was lost may hold a rule that
// loosens; one that cannot be read, or shows nothing, leaves the reading weak.
func (e *Evidence) ReadsOwnStore(l *Ledger) reason.List {
	own := e.See(RegistryNeed(e.From.Name, keyOwnFirewall))
	t := l.Of(reason.ClaimRead)
	if showsStore(own) {
		t.Shown([]*run.Observation{own})
		return nil
	}
	why := reason.One(reason.StoreNotShown, "why", slices.Concat(own.Trouble, own.Missing))
	if len(own.Trouble) > 0 {
		t.Failed = why
	} else {
		t.Weak = why
	}
	return why
}

// AppliedBy are the readings that the applied policy of a machine rests on.
func (e *Evidence) AppliedBy(vantage string) []*run.Observation {
	by := []*run.Observation{e.See(RegistryNeed(vantage, KeyFirewall))}
	if own := e.See(RegistryNeed(vantage, keyOwnFirewall)); showsStore(own) {
		by = append(by, own)
	}
	return by
}

// Applied is the policy of a machine by its own registry; nil where nobody has
// read what Group Policy gave it. An own store that was not read is unknown.
func (in *Input) Applied(vantage string) (*consec.Policy, error) {
	in.Peek(RegistryNeed(vantage, KeyFirewall)) // the evidence
	in.Peek(RegistryNeed(vantage, keyOwnFirewall))
	return in.Simulator.Applied(vantage)
}

// registries are what vantages were observed to have in theirs.
func registries(observed func(run.Need) *run.Observation) func(vantage string) *simulate.Registry {
	return func(vantage string) *simulate.Registry {
		o := observed(RegistryNeed(vantage, KeyFirewall))
		if !o.Heard() {
			return nil
		}
		r := &simulate.Registry{GPO: o.Registry}
		if own := observed(RegistryNeed(vantage, keyOwnFirewall)); showsStore(own) {
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
