package consec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Action of a rule, [MS-FASP] 2.2.52.
type Action string

// The actions, as the token spells them.
const (
	SecureServer Action = "SecureServer" // require inbound, request outbound: what the paper asks
	Boundary     Action = "Boundary"     // request both ways
	Secure       Action = "Secure"       // require both ways
	DoNotSecure  Action = "DoNotSecure"  // an authentication exemption
)

// AnyProtocol is the protocol of a rule that names none.
const AnyProtocol = 256

// Version is a schema version: 2.10 is {2, 10}.
type Version struct{ Major, Minor uint8 }

func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// Token is one name=value of a rule string, as it stands there.
type Token struct{ Name, Value string }

// Ports is a range of ports, both ends included.
type Ports struct{ First, Last uint16 }

// Rule is one connection security rule.
type Rule struct {
	ID      string // name of the registry value; Parse leaves it empty
	Source  string // as in [Layer]
	Store   Store
	Version Version
	Name    string
	Action  Action // "" where the rule has none
	Active  bool   // false unless the rule says TRUE
	// Profiles are domain, private, public; none means all of them.
	Profiles []string
	Protocol int // IP protocol, or AnyProtocol

	// The endpoints are symmetric: the rule is for traffic between any machine
	// of one and any of the other, in both directions.
	EP1, EP2           Addresses
	EP1Ports, EP2Ports []Ports // none means any

	Interfaces     []string // GUIDs; none means any
	InterfaceTypes []string // Lan, Wireless, RemoteAccess; none means any
	Platforms      []string // as written; none means any
	PlatformGTE    bool     // the last platform stands for later ones too
	SkipVersion    *Version // Windows up to this schema version ignores the rule

	Auth1Set, Auth2Set, Crypto2Set string

	KeyMods  []string // KeyModDefault, IkeV1, AuthIP, IkeV2; none means the default
	Realm    bool     // only for programs of a security realm
	Machines string   // TransportMachineAuthzSDDL: which peers may communicate
	Users    string   // TransportUserAuthzSDDL

	Tunnel  bool     // a tunnel rule, not one for transport mode
	Tokens  []Token  // all tokens, in order
	Unknown []string // names of tokens that are not in the grammar
}

// maxRule is the longest rule string that is read, in octets. A string value
// of Registry.pol has at most 65,535.
const maxRule = 64 << 10

// Parse reads a rule string of [MS-GPFAS] 2.2.6.2. Tokens that are not in the
// grammar are kept in Unknown: later versions add some. A known token with a
// value that cannot be read, or given twice where one is allowed, is an error.
func Parse(value string) (Rule, error) {
	r := Rule{Protocol: AnyProtocol}
	if len(value) > maxRule {
		return r, fmt.Errorf("rule string of %d octets: more than %d", len(value), maxRule)
	}
	fields := strings.Split(strings.TrimRight(value, "\x00"), "|")
	if len(fields) < 2 || fields[len(fields)-1] != "" {
		return r, fmt.Errorf("rule string %s: it does not end in |, so it may be cut", clip(value))
	}
	version, ok := strings.CutPrefix(strings.ToLower(fields[0]), "v")
	if !ok {
		return r, fmt.Errorf("rule string %s: it does not begin with a version such as v2.10", clip(value))
	}
	var err error
	if r.Version, err = parseVersion(version); err != nil {
		return r, fmt.Errorf("rule string %s: %w", clip(value), err)
	}
	for _, field := range fields[1 : len(fields)-1] {
		name, v, ok := strings.Cut(field, "=")
		if !ok {
			return r, fmt.Errorf("rule string %s: %s is no name=value", clip(value), clip(field))
		}
		t := Token{name, v}
		if slices.Contains(single, name) && r.has(name) {
			return r, fmt.Errorf("rule string %s: %s is given twice", clip(value), name)
		}
		r.Tokens = append(r.Tokens, t)
		if err := r.take(t); err != nil {
			return r, fmt.Errorf("rule string %s: %s=%s: %w", clip(value), clip(name), clip(v), err)
		}
	}
	return r, nil
}

// single are the tokens that may be there once.
var single = []string{
	"Action", "Active", "Protocol", "Name", "Desc", "EmbedCtxt", "Auth1Set", "Auth2Set", "Crypto2Set",
	"SecureInClearOut", "ByPassTunnel", "Authz", "SkipVer",
}

// kept are tokens of the grammar that have no bearing on the effect yet.
var kept = []string{
	"Desc", "EmbedCtxt", "KeyMod", "KeyManagerDictate", "KeyManagerNotify", "SecurityRealmEnabled", "FwdLifetime",
	"TransportMachineAuthzSDDL", "TransportUserAuthzSDDL", "SecureInClearOut", "ByPassTunnel", "Authz",
}

// tunnel are the tokens that make a tunnel rule.
var tunnel = []string{
	"RTunnel4", "RTunnel6", "LTunnel4", "LTunnel6", "RTunnel4_2", "RTunnel6_2", "LTunnel4_2", "LTunnel6_2",
	"RTunnelFqdn", "RTunEndpts4", "RTunEndpts6",
}

func (r *Rule) has(name string) bool {
	return slices.ContainsFunc(r.Tokens, func(t Token) bool { return t.Name == name })
}

func (r *Rule) take(t Token) (err error) {
	switch t.Name {
	case "Action":
		var word string
		word, err = oneOf(t.Value, string(SecureServer), string(Boundary), string(Secure), string(DoNotSecure))
		r.Action = Action(word)
	case "Active":
		var word string
		word, err = oneOf(t.Value, "TRUE", "FALSE")
		r.Active = word == "TRUE"
	case "Profile":
		err = appendWord(&r.Profiles, t.Value, "domain", "private", "public")
	case "Protocol":
		var n uint64
		if n, err = strconv.ParseUint(t.Value, 10, 8); err != nil {
			return fmt.Errorf("want a number from 0 to 255")
		}
		r.Protocol = int(n)
	case "EP1_4", "EP1_6":
		err = r.EP1.add(t.Value, t.Name == "EP1_4")
	case "EP2_4", "EP2_6":
		err = r.EP2.add(t.Value, t.Name == "EP2_4")
	case "EP1Port", "EP1Port2_10":
		err = appendPorts(&r.EP1Ports, t.Value)
	case "EP2Port", "EP2Port2_10":
		err = appendPorts(&r.EP2Ports, t.Value)
	case "IF":
		r.Interfaces = append(r.Interfaces, t.Value)
	case "IFType":
		err = appendWord(&r.InterfaceTypes, t.Value, "Lan", "Wireless", "RemoteAccess")
	case "Platform":
		r.Platforms = append(r.Platforms, t.Value)
	case "Platform2":
		_, err = oneOf(t.Value, "GTEQ")
		r.PlatformGTE = err == nil
	case "SkipVer":
		var v Version
		v, err = parseVersion(t.Value)
		r.SkipVersion = &v
	case "Auth1Set":
		r.Auth1Set = t.Value
	case "Auth2Set":
		r.Auth2Set = t.Value
	case "Crypto2Set":
		r.Crypto2Set = t.Value
	case "Name":
		r.Name = t.Value
	default:
		switch {
		case slices.Contains(tunnel, t.Name):
			r.Tunnel = true
		case !slices.Contains(kept, t.Name):
			r.Unknown = append(r.Unknown, t.Name)
		}
	}
	return err
}

// Rejected says why Windows does not take the rule ([MS-FASP] 2.2.55), or "".
func (r *Rule) Rejected() string {
	exempt := r.Action == DoNotSecure
	switch {
	case r.Action == "":
		return "it has no action"
	case exempt && (r.Auth1Set != "" || r.Auth2Set != "" || r.Crypto2Set != ""):
		return "an exemption must name no authentication or crypto set"
	case !exempt && r.Auth1Set == "":
		return "it names no first authentication set"
	case !exempt && r.Crypto2Set == "":
		return "it names no crypto set"
	case len(r.EP1Ports)+len(r.EP2Ports) > 0 && r.Protocol != 6 && r.Protocol != 17:
		return "it has ports but its protocol is neither TCP nor UDP"
	case r.Tunnel && r.Action != Secure:
		return "a tunnel rule must have the action Secure"
	}
	return ""
}

// Title is the rule's name in quotes, or its id.
func (r *Rule) Title() string { return title(r.Name, r.ID) }

func title(name, id string) string {
	switch {
	case name != "":
		return strconv.Quote(name)
	case id != "":
		return id
	}
	return "without a name"
}

func parseVersion(s string) (Version, error) {
	major, minor, ok := strings.Cut(s, ".")
	a, err1 := strconv.ParseUint(major, 10, 8)
	b, err2 := strconv.ParseUint(minor, 10, 8)
	if !ok || err1 != nil || err2 != nil {
		return Version{}, fmt.Errorf("version %s: want one such as 2.10", clip(s))
	}
	return Version{uint8(a), uint8(b)}, nil
}

// oneOf returns the word that the value is, whatever its case: the
// specification's own examples differ from its grammar.
func oneOf(value string, words ...string) (string, error) {
	for _, w := range words {
		if strings.EqualFold(value, w) {
			return w, nil
		}
	}
	return "", fmt.Errorf("want %s", strings.Join(words, ", "))
}

func appendWord(to *[]string, value string, words ...string) error {
	w, err := oneOf(value, words...)
	if err == nil && !slices.Contains(*to, w) {
		*to = append(*to, w)
	}
	return err
}

func appendPorts(to *[]Ports, value string) error {
	first, last, ok := strings.Cut(value, "-")
	if !ok {
		last = first
	}
	a, err1 := strconv.ParseUint(first, 10, 16)
	z, err2 := strconv.ParseUint(last, 10, 16)
	if err1 != nil || err2 != nil || z < a {
		return fmt.Errorf("want a port, or a range of ports such as 5000-5010")
	}
	*to = append(*to, Ports{uint16(a), uint16(z)})
	return nil
}

// clip quotes text of unknown origin and length for an error.
func clip(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return strconv.Quote(s)
}
