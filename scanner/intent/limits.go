package intent

import "time"

// Limits bound what a run sends and how long it waits.
type Limits struct {
	Positive time.Duration `json:"positive"` // cap of a try that should succeed; 21 s
	Window   time.Duration `json:"window"`   // floor of the denied window; 3.5 s, never less
	Connect  time.Duration `json:"connect"`  // to get into a vantage; 20 s
	// Waiver is how many days a waiver may last without a warning; 180.
	Waiver int `json:"waiver,omitempty"`
	// SkipOwn has the addresses that hosts use and the policy does not list not tried.
	SkipOwn bool `json:"skipOwnAddresses,omitempty"`
	// Ports of a host that outsiders must not reach either, beside 1688 (scope host).
	Ports []uint16 `json:"ports"` // default 135, 445, 3389, 5985
	// UDPPorts of a host are asked by outsiders, and must not answer (scope host).
	UDPPorts []uint16 `json:"udpPorts,omitempty"` // default 135, 137, 161
}

// The defaults of [Limits], and the bounds of the denied window: a dead
// neighbour turns from silence into an error at 3.05 s, so less than
// MinWindow proves nothing.
const (
	DefaultPositive = 21 * time.Second // Windows gives a TCP connect up after 21 s
	MinWindow       = 3500 * time.Millisecond
	MaxWindow       = 15 * time.Second
	DefaultConnect  = 20 * time.Second
	KMSPort         = 1688
)

// DefaultPorts are the other ports of a host that outsiders must not reach.
var DefaultPorts = []uint16{135, 445, 3389, 5985}

// DefaultUDPPorts are those of the RPC endpoint mapper, of the names of NetBIOS, and of
// SNMP.
var DefaultUDPPorts = []uint16{135, 137, 161}

// DefaultWaiverDays is how long a waiver may last without a warning.
const DefaultWaiverDays = 180
