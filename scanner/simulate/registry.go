package simulate

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// OwnRules is who a rule is of that no GPO gave: the machine's administrators,
// or a device management service.
const OwnRules = "the machine's own store"

// Registry is what the registry of one machine shows.
type Registry struct {
	GPO []registry.Value // what Group Policy gave it
	// Own is its own store, whose rules count as well unless a GPO says no; nil
	// where that was not read, so that it is unknown.
	Own []registry.Value
}

type applied struct {
	policy *consec.Policy
	err    error
}

// Applied is the policy that the registry of a vantage shows, nil where nobody
// has read it.
func (s *Simulator) Applied(vantage string) (*consec.Policy, error) {
	a, there := s.applied[vantage]
	if !there {
		a = s.readApplied(vantage)
		s.applied[vantage] = a
	}
	return a.policy, a.err
}

func (s *Simulator) readApplied(vantage string) applied {
	if s.registry == nil {
		return applied{}
	}
	r := s.registry(vantage)
	if r == nil {
		return applied{}
	}
	layers := []consec.Layer{{Store: consec.GPO, Values: r.GPO}}
	if r.Own != nil {
		layers = append(layers, consec.Layer{Source: OwnRules, Store: consec.Local, Values: r.Own},
			consec.Layer{Source: OwnRules + " for device management", Store: consec.MDM, Values: r.Own})
	}
	p, err := consec.FromLayers(layers...)
	if err != nil {
		return applied{err: err}
	}
	return applied{policy: &p}
}

// As is an endpoint that does what a policy says, whatever it was told.
func (e Endpoint) As(p *consec.Policy) Endpoint {
	e.Policy, e.Resultant, e.Nothing, e.Unknown, e.Premise = p, nil, nil, nil, nil
	if e.Env.Profile == "" {
		e.Env = atHome
	}
	return e
}
