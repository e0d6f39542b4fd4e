package consec

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Policy is what one machine was told about connection security and its
// firewall, by all layers together.
type Policy struct {
	Version uint32   // PolicyVersion, 0x20A is 2.10; 0 where none is set
	Exempt  *Setting // IPsecExempt; nil where it is left to Windows
	// ExemptMDM is that of the MDM store where another one counts.
	ExemptMDM *Setting
	// ThroughNAT is IPsecThroughNAT: 0 never, 1 servers, 2 servers and clients.
	ThroughNAT *Setting
	// Domain, Private and Public are the settings of the profiles, after the
	// fallback of [MS-GPFAS] 2.2.3.
	Domain, Private, Public Profile
	// LocalKnown says that the machine's own store was given.
	LocalKnown bool

	// Machines and Users are SDDL of the peers that transport mode lets in, for
	// all rules ([MS-GPFAS] 2.2.1.12, 2.2.1.13); "" where none is set.
	Machines, Users string

	Rules     []Rule // connection security rules, in the order of the layers
	Firewall  []FirewallRule
	MainModes []MainModeRule

	// Auth1 and Auth2 are the sets of the first and the second authentication,
	// Crypto1 those of main mode, Crypto2 those of quick mode.
	Auth1, Auth2     Sets[AuthSuite]
	Crypto1, Crypto2 Sets[CryptoSuite]

	Removed  []Removed  // by a later directive
	Replaced []Replaced // by a later value of the same name that says something else
	Broken   []Broken
}

// Bits of IPsecExempt, [MS-FASP] 2.2.39: traffic no rule protects.
const (
	ExemptNeighbor = 0x1 // IPv6 neighbour discovery
	ExemptICMP     = 0x2
	ExemptRouter   = 0x4 // router discovery
	ExemptDHCP     = 0x8
)

// Setting is a number that a layer sets.
type Setting struct {
	Value  uint32
	Source string
	Store  Store
}

// Profile are the settings of one profile that decide; nil where no layer sets
// them ([MS-GPFAS] 2.2.3).
type Profile struct {
	EnableFirewall  *Setting
	DefaultInbound  *Setting // 0 allow, 1 block
	DefaultOutbound *Setting // 0 allow, 1 block
	ShieldsUp       *Setting // DoNotAllowExceptions: no inbound rule allows anything
	LocalRules      *Setting // AllowLocalPolicyMerge: the machine's own firewall rules count
	LocalIPsec      *Setting // AllowLocalIPsecPolicyMerge: its connection security rules count
	// DisabledInterfaces are the GUIDs of interfaces without the firewall.
	DisabledInterfaces []string
}

// Profile returns the settings of a profile by its name: domain, private or
// public, in any case; nil for any other.
func (p *Policy) Profile(name string) *Profile {
	switch strings.ToLower(name) {
	case "domain":
		return &p.Domain
	case "private":
		return &p.Private
	case "public":
		return &p.Public
	}
	return nil
}

// The kinds of things, as [Removed], [Replaced] and [Broken] name them.
const (
	KindRule     = "rule"
	KindFirewall = "firewall rule"
	KindMainMode = "main mode rule"
	KindSet      = "set"
	KindSetting  = "setting"
)

// Unreadable says what cannot be read or resolved: the first few one by one, and
// how many more there are.
func (p *Policy) Unreadable() reason.List {
	var all reason.List
	for i := range p.Broken {
		if more := len(p.Broken) - i; i == MostReasons && more > 1 {
			return append(all, reason.New(reason.MoreUnreadable, "count", more))
		}
		all = append(all, p.Broken[i].Reason())
	}
	return all
}

// Removed is something that one layer set and another took away.
type Removed struct {
	What      string // "rule", "firewall rule", "main mode rule", "set", "setting"
	ID, Name  string // of the value or set; Name "" where it has none
	Source    string // who set it
	By        string // who took it away
	Directive string // as written: **delvals.
}

// Reason says who took it away.
func (r Removed) Reason() reason.Reason {
	return reason.New(reason.ValueRemoved, "kind", r.What, "name", r.Name, "name-id", r.ID, "name-source", r.Source, "by", r.By, "directive", r.Directive)
}

// Replaced is a value that a later layer set to something else.
type Replaced struct {
	What     string // as in [Removed]
	ID, Name string // Name as it was before
	Source   string // who set it first
	By       string // whose value counts
	Old, New string // the values, as written
}

// Reason says whose value counts.
func (r Replaced) Reason() reason.Reason {
	return reason.New(reason.ValueReplaced, "kind", r.What, "name", r.Name, "name-id", r.ID, "name-source", r.Source, "by", r.By)
}

// Broken is something that is there and cannot be read or resolved.
type Broken struct {
	What   string // as in [Removed]
	ID     string
	Source string
	Store  Store
	Why    reason.List
}

// Reason says what cannot be read, and why.
func (b *Broken) Reason() reason.Reason {
	return reason.New(reason.Unreadable, "kind", b.What, "id", Short(b.ID), "source", b.Source, "why", b.Why)
}

// MostReasons is how many rules or broken things an answer names; the rest is counted.
const MostReasons = 8
