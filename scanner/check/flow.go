package check

import (
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Intent is what is meant to become of a flow.
type Intent string

// The intents. A flow of none of them is no flow.
const (
	Denied     Intent = "denied"     // it gets no answer
	Allowed    Intent = "allowed"    // it is answered
	Protected  Intent = "protected"  // it is answered, and travels inside IPsec
	Negotiated Intent = "negotiated" // it is the negotiation of IPsec itself, which passes
)

// Flow is what a check tries, or looks at, between the vantage and the target of
// its cells. The zero Flow is that of a check about no flow.
type Flow struct {
	Intent   Intent
	Protocol simulate.Protocol
	// Port is a fixed one. Where it is 0 the flow goes to the KMS port, or as
	// Declared to the ports that the policy declares for it.
	Port     uint16
	Declared bool
	IPv6     bool // over IPv6 alone
	Trusted  bool // from source ports that filters trust
	// FromHost says that the vantage is a KMS host and the target any other
	// machine; else the target is a KMS host.
	FromHost bool
}

// AtHost reports whether a KMS host is meant to answer the flow, or not to: what
// the host is told and has applied says whether it does.
func (f Flow) AtHost() bool {
	return !f.FromHost && (f.Intent == Denied || f.Intent == Allowed || f.Intent == Protected)
}

// ToKMS reports whether the flow goes to the KMS port.
func (f Flow) ToKMS() bool {
	return !f.FromHost && f.Protocol == simulate.TCP && f.Port == 0 && !f.Declared
}

// Negotiation is what carries IPsec, or leads to it: where one of these fails, so
// does every flow that needs IPsec.
var Negotiation = []string{"ike-500", "natt-4500", "esp-50", "gpo-applied"}

// Arrival is the last of the checks of how a GPO comes to machines, each of which
// comes after the one before.
var Arrival = []string{"gpo-wmi-filter"}

// Is reports whether a cell is one of the check.
func (c *Check) Is(id run.CellID) bool {
	return c.ID == id.Check && c.Configured == (id.Vantage == run.DirectoryVantage)
}
