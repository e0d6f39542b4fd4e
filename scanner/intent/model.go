// Package intent is what somebody declares their isolation to be: hosts, vantages,
// flows and exemptions, and the addresses of their names. It does not know the file that
// says it, nor how anything is observed or judged.
package intent

import (
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent/secret"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Policy is the declared isolation, with all sets, defaults and includes filled in. It
// holds names of credentials, never a secret, and is what a run document carries, so
// every field survives JSON.
//
// A policy that [New], [Policy.Resolve] or a run document gave is never changed again,
// nor is what it holds: whoever wants another one makes a new one.
type Policy struct {
	File        string       `json:"file"` // where it was read from, for people
	Isolation   Isolation    `json:"isolation"`
	Hosts       []Host       `json:"hosts"` // in the order of the file
	Exemptions  []Exemption  `json:"exemptions,omitempty"`
	Forests     []Forest     `json:"forests,omitempty"`
	Credentials []Credential `json:"credentials,omitempty"`
	// ForbidNTLM says that no credential is shown by NTLM, neither over WinRM nor
	// over SMB.
	ForbidNTLM bool      `json:"forbidNTLM,omitempty"`
	Vantages   []Vantage `json:"vantages"` // in the order of the file, sets expanded
	Waivers    []Waiver  `json:"waivers,omitempty"`
	// Zone is the time zone in which a day ends (IANA name); "" is UTC.
	Zone   string `json:"zone,omitempty"`
	Limits Limits `json:"limits"`
	// Pins are the addresses of every name a run may send to, resolved once by
	// the controller; nil in a policy that is not resolved.
	Pins map[string]Pin `json:"pins,omitempty"`
	// Warnings are what is allowed but hardly meant, one sentence each.
	Warnings []string `json:"warnings,omitempty"`

	// index finds hosts and vantages; nil in a policy that is still being made.
	index *index
}

// Isolation says how far the roll-out is and by what measure it is judged.
type Isolation struct {
	Stage    Stage    `json:"stage"`
	Basis    Basis    `json:"basis"`
	Scope    Scope    `json:"scope"`
	Policies []GPO    `json:"policies,omitempty"`
	Inbound  []Access `json:"inbound,omitempty"`  // declared flows to the hosts, kmsiso's own name for kms-inbound
	Outbound []Access `json:"outbound,omitempty"` // declared flows from the hosts
	// Coverage is how many computers must get the rule.
	Coverage Coverage `json:"coverage"`
	// ADBA says whether domain controllers may activate by Active
	// Directory-based activation, and so without a KMS host; nil where it is not
	// declared.
	ADBA *bool `json:"adba,omitempty"`
	// DCActivation says, for people, how domain controllers activate otherwise.
	DCActivation string `json:"dcActivation,omitempty"`
}

// Coverage is how much of the enabled computers must get the rule.
type Coverage struct {
	Threshold float64 `json:"threshold"` // in percent, 0 to 100; [WholeCoverage] unless declared otherwise
}

// WholeCoverage is the threshold where every computer must get the rule, in percent.
const WholeCoverage = 100

// Stage of the roll-out.
type Stage string

// The stages: at request outsiders still pass; at require they must not.
const (
	StageRequest Stage = "request"
	StageRequire Stage = "require"
)

// Basis decides which findings make a cell fail.
type Basis string

// The bases: what the paper asks, or what is safe (the default).
const (
	BasisPaper    Basis = "paper"
	BasisHardened Basis = "hardened"
)

// Scope of the isolation.
type Scope string

// The scopes: every port of a host (the paper, the default), or TCP 1688 only.
const (
	ScopeHost    Scope = "host"
	ScopeKMSPort Scope = "kms-port"
)

// GPO names a Group Policy object that carries the isolation.
type GPO struct {
	Name    string   `json:"name,omitempty"`
	ID      string   `json:"id,omitempty"` // "{GUID}"
	Role    string   `json:"role"`         // hosts, clients or both
	Domains []string `json:"domains,omitempty"`
}

// Access is a declared flow. From and To hold names: of hosts, of vantages,
// fully qualified names or addresses (To may carry :port), and the reserved
// names all-hosts, dc and dns.
type Access struct {
	From  []string `json:"from"`
	To    []string `json:"to"`
	Ports []uint16 `json:"ports,omitempty"` // TCP; empty for outbound to dc (its usual ports) and dns (53)
}

// Host is a KMS host.
type Host struct {
	Name        string       `json:"name"`
	FQDN        string       `json:"fqdn,omitempty"`
	Addresses   []netip.Addr `json:"addresses"` // as declared, or pinned from FQDN
	Port        uint16       `json:"port"`      // 1688 unless declared otherwise
	PublishedIn []string     `json:"publishedIn,omitempty"`
	DHCP        string       `json:"dhcp"` // never (default), reservation, platform
}

// Exemption lets addresses reach hosts in clear.
type Exemption struct {
	Name      string         `json:"name"`
	Addresses []netip.Prefix `json:"addresses"`
	To        []string       `json:"to,omitempty"` // host names; empty is all
	Reason    string         `json:"reason,omitempty"`
	Owner     string         `json:"owner,omitempty"`
	Control   string         `json:"control,omitempty"` // what protects instead
	Expires   time.Time      `json:"expires,omitzero"`
	Until     string         `json:"until,omitempty"` // Expires as it was written; "" in old documents
}

// Forest is an Active Directory forest and where its policy is read.
type Forest struct {
	Name      string    `json:"name"`
	Directory Directory `json:"directory"`
}

// Credential says where a secret is, never what it is.
type Credential struct {
	Name      string           `json:"name"`
	Kind      string           `json:"kind"` // password, keytab, ccache, key
	User      string           `json:"user,omitempty"`
	Principal string           `json:"principal,omitempty"`
	File      string           `json:"file,omitempty"` // of a keytab, ticket cache or private key
	Password  secret.Reference `json:"password,omitzero"`
	Tier      int              `json:"tier,omitempty"`
}

// Role of a vantage.
type Role string

// The roles.
const (
	RoleDomain       Role = "domain"         // a member that gets the rule
	RoleMemberNoRule Role = "member-no-rule" // DC, RODC, Linux or legacy member
	RoleNonDomain    Role = "non-domain"
	RoleExempt       Role = "exempt"
	RoleKMSHost      Role = "kms-host"
)

// Vantage is a place to observe from, as declared.
type Vantage struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	Via  []Via  `json:"via"` // tried in order for each capability
	// Host is the KMS host this vantage is, for role kms-host (its own name
	// unless declared otherwise).
	Host string `json:"host,omitempty"`
	// Alive names things beyond the vantage's gateway that answer it
	// (name:port); empty means the KMS hosts' UDP 500.
	Alive []string `json:"alive,omitempty"`
	// PairedWith names an exempt vantage in the same subnet.
	PairedWith string `json:"pairedWith,omitempty"`
	// Path is lan (default), nat, vpn ...: how it reaches the hosts.
	Path string `json:"path,omitempty"`
	Site string `json:"site,omitempty"`
	// Addresses are the vantage's own, where they are declared.
	Addresses []netip.Addr `json:"addresses,omitempty"`
	// SeenAs are the addresses its packets bear behind NAT.
	SeenAs []netip.Addr `json:"seenAs,omitempty"`
	// Sees names the hosts whose segment this vantage can watch (a mirror
	// port). A vantage of role kms-host sees its own host.
	Sees []string `json:"sees,omitempty"`
}

// Waiver lets somebody answer for what fails or is inconclusive until a day.
type Waiver struct {
	Cell    string    `json:"cell"` // check/vantage/target, where * is any text
	Reason  string    `json:"reason"`
	Owner   string    `json:"owner"`
	Expires time.Time `json:"expires"` // the first moment at which it has no effect
	// Until is the day or the moment as it was written; "" in old documents.
	Until string `json:"until,omitempty"`
	// Place is the file and the line, for messages; a run document has none.
	Place string `json:"-"`
}

// Pin is what a name resolved to on the controller.
type Pin struct {
	Addrs []netip.Addr `json:"addrs,omitempty"`
	// Trouble is why it has none.
	Trouble reason.List `json:"error,omitempty"`
}
