package check

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Input is all that a judgement may look at.
type Input struct {
	Policy *intent.Policy
	Cell   run.CellID

	plan     *Plan
	planned  *planned
	vantages map[string]*run.Vantage
	observed []*run.Observation // by the plan's indexes of needs
	*configured
	Started  time.Time // of the run, by the wall clock
	unknown  *unknown  // what the document does not know
	evidence []string  // ids of the observations that were looked at
}

// See returns the observation of a need and notes it as evidence. The plan must
// name the need for the cell. A need that nobody observed gives an observation in
// error, never nil.
func (in *Input) See(n run.Need) *run.Observation { return in.look(n, in.find(n)) }

// Peek is See, but for what nobody observed: that is nil.
func (in *Input) Peek(n run.Need) *run.Observation {
	i := in.find(n)
	if in.observed[i] == nil {
		return nil
	}
	return in.look(n, i)
}

// look is See of the need with an index.
func (in *Input) look(n run.Need, i int32) *run.Observation {
	o := in.observed[i]
	if o == nil {
		return in.notObserved(n, i)
	}
	if !slices.Contains(in.evidence, o.ID) {
		if in.evidence == nil {
			in.evidence = make([]string, 0, len(in.planned.needs)) // as a rule nothing else is looked at
		}
		in.evidence = append(in.evidence, o.ID)
	}
	return o
}

// At returns what is known of a vantage since it was connected.
func (in *Input) At(name string) *run.Vantage {
	if v := in.vantages[name]; v != nil {
		return v
	}
	return &run.Vantage{Name: name, Trouble: reason.One(reason.VantageNotConnected, "vantage", name)}
}

// TargetHost is the KMS host of the cell's target.
func (in *Input) TargetHost() intent.Host {
	h, _ := in.Policy.Host(in.Cell.Target)
	return h
}

// FromVantage is the declared vantage of the cell.
func (in *Input) FromVantage() intent.Vantage {
	v, _ := in.Policy.Vantage(in.Cell.Vantage)
	return v
}

// Sources are the addresses that packets of a vantage bear.
func (in *Input) Sources(name string) []netip.Addr {
	v, _ := in.Policy.Vantage(name)
	return slices.Concat(in.At(name).Addresses, v.Addresses, v.SeenAs)
}
