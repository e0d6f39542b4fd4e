package run

import (
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Part is what came of one thing that an observation tried, at an address that only the
// run has learned of.
type Part struct {
	Probe Probe         `json:"probe"` // how it was tried
	Addr  netip.Addr    `json:"addr"`
	Port  uint16        `json:"port,omitempty"`
	Start time.Duration `json:"start"` // as of an observation
	End   time.Duration `json:"end"`
	// Class of the part, or how the tool failed there.
	Class   Class       `json:"class,omitempty"`
	Trouble reason.List `json:"error,omitempty"`
	Tries   []Try       `json:"tries,omitempty"`
	IKE     *IKE        `json:"ike,omitempty"`
}

// PartOf is an observation as a part of another one.
func PartOf(o *Observation) Part {
	return Part{Probe: o.Need.Probe, Addr: o.Need.Addr, Port: o.Need.Port, Start: o.Start, End: o.End, Class: o.Class, Trouble: o.Trouble, Tries: o.Tries, IKE: o.IKE}
}

// Of is a part as an observation by itself, with the id of the whole one. Its address has
// no zone: that is the vantage's own name for an interface, and no packet bears it.
func (o *Observation) Of(p *Part) *Observation {
	return &Observation{
		ID: o.ID, Via: o.Via, Start: p.Start, End: p.End, Class: p.Class, Trouble: p.Trouble, Tries: p.Tries, IKE: p.IKE,
		Need: Need{Vantage: o.Need.Vantage, When: o.Need.When, Spec: Spec{Probe: p.Probe, Target: o.Need.Target, Addr: p.Addr.WithZone(""), Port: p.Port}},
	}
}

// MostAddresses is how many addresses of a host are tried that nobody declared.
const MostAddresses = 8
