package run

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// DiffSchema is the version of the document [Difference]. In version 1 what says
// why was text alone.
const DiffSchema = "kmsiso/explain-diff/v2"

// Difference says which answers change between two states of what is
// configured.
type Difference struct {
	Schema  string `json:"schema"`
	Version string `json:"version"` // of kmsiso
	Old     string `json:"old"`     // as the reader named it
	New     string `json:"new"`
	// Asked counts the packets that were asked about, in the old state and the
	// new one.
	Asked int `json:"asked"`
	// Unknown counts those whose answer is not known in both states, although
	// what was read of them is not the same: it may change all the same.
	Unknown int      `json:"unknown,omitempty"`
	Changes []Change `json:"changes"`
	// Notes are what the answers do not take in.
	Notes reason.List `json:"notes,omitempty"`
}

// Change is one answer that changes, and every packet that it changes for.
type Change struct {
	Old     ChangedAnswer  `json:"old"`
	New     ChangedAnswer  `json:"new"`
	Packets []ChangedGroup `json:"packets"`
}

// ChangedAnswer is what becomes of a packet and what both ends do.
type ChangedAnswer struct {
	Outcome Outcome `json:"outcome"`
	From    Conduct `json:"from"`
	To      Conduct `json:"to"`
}

// Conduct is what one end does with a packet, and by which rule.
type Conduct struct {
	Name           string      `json:"name"` // of the end
	Verdict        string      `json:"verdict"`
	Rule           string      `json:"rule,omitempty"`
	Source         string      `json:"source,omitempty"`
	Why            reason.List `json:"why"`
	Authentication []string    `json:"authentication,omitempty"`
	// UserAuthentication and Peers are as in [ExplainedEnd].
	UserAuthentication []string `json:"userAuthentication,omitempty"`
	Peers              []string `json:"peers,omitempty"`
}

// ChangedGroup is packets between two machines that an answer changes for
// alike.
type ChangedGroup struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Count is how many machines From stands for, 0 for one.
	Count    int             `json:"count,omitempty"`
	Targets  []ChangedTarget `json:"targets"`
	Profiles []string        `json:"profiles"` // of the KMS host
}

// ChangedTarget is one address and port that a packet goes to.
type ChangedTarget struct {
	Address  netip.Addr `json:"address"`
	Protocol string     `json:"protocol"`
	Port     uint16     `json:"port,omitempty"`
}
