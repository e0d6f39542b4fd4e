package consec

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
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

// The IP protocols of which rules say more than their number (IANA).
const (
	ICMP   = 1
	TCP    = 6
	UDP    = 17
	ESP    = 50
	ICMPv6 = 58
)

// Rule is one connection security rule.
type Rule struct {
	ID      string // name of the registry value; Parse leaves it empty
	Source  string // as in [Layer]
	Store   Store
	Text    string // the value, as written
	Version Version
	Name    string
	Action  Action // "" where the rule has none
	Active  bool   // false unless the rule says TRUE
	Scope
	Protocol int // IP protocol, or AnyProtocol

	// The endpoints are symmetric: the rule is for traffic between any machine
	// of one and any of the other, in both directions.
	EP1, EP2           Addresses
	EP1Ports, EP2Ports []Ports // none means any

	Auth1Set, Auth2Set, Crypto2Set string

	KeyModules      []string // KeyModDefault, IkeV1, AuthIP, IkeV2; none means the default
	Realm           bool     // SecurityRealmEnabled: for programs of a security realm only
	Machines, Users string   // SDDL of the peers that may communicate

	Tunnel   bool     // a tunnel rule, not one for transport mode
	OfTunnel string   // a token that only a tunnel rule may have
	Unknown  []string // names of tokens that are not in the grammar
}

// Title is the rule's name in quotes, or its id.
func (r *Rule) Title() string { return title(r.Name, r.ID) }

type tokenID int

const (
	tokenKept tokenID = iota // of the grammar, without bearing on the effect
	tokenAction
	tokenActive
	tokenProfile
	tokenProtocol
	tokenEP1v4
	tokenEP1v6
	tokenEP2v4
	tokenEP2v6
	tokenEP1Port
	tokenEP2Port
	tokenIF
	tokenIFType
	tokenPlatform
	tokenPlatform2
	tokenSkipVer
	tokenAuth1Set
	tokenAuth2Set
	tokenCrypto1Set
	tokenCrypto2Set
	tokenName
	tokenKeyMod
	tokenRealm
	tokenMachines
	tokenUsers
	tokenBool
	tokenLifetime
	tokenTunnel     // makes a tunnel rule
	tokenTunnelOnly // may be true in a tunnel rule only
)

// ruleGrammar is that of [MS-GPFAS] 2.2.6.2.
var ruleGrammar = newGrammar(map[string]tokenID{
	"Action": tokenAction, "Active": tokenActive, "Protocol": tokenProtocol,
	"Name": tokenName, "Desc": tokenKept, "EmbedCtxt": tokenKept,
	"Auth1Set": tokenAuth1Set, "Auth2Set": tokenAuth2Set, "Crypto2Set": tokenCrypto2Set,
	"SecureInClearOut": tokenTunnelOnly, "ByPassTunnel": tokenTunnelOnly, "Authz": tokenTunnelOnly,
	"SkipVer": tokenSkipVer, "Platform2": tokenPlatform2,
	"KeyManagerDictate": tokenBool, "KeyManagerNotify": tokenBool, "SecurityRealmEnabled": tokenRealm,
	"FwdLifetime": tokenLifetime, "TransportMachineAuthzSDDL": tokenMachines, "TransportUserAuthzSDDL": tokenUsers,
}, map[string]tokenID{
	"Profile": tokenProfile, "Platform": tokenPlatform, "IF": tokenIF, "IFType": tokenIFType, "KeyMod": tokenKeyMod,
	"EP1_4": tokenEP1v4, "EP1_6": tokenEP1v6, "EP2_4": tokenEP2v4, "EP2_6": tokenEP2v6,
	"EP1Port": tokenEP1Port, "EP2Port": tokenEP2Port, "EP1Port2_10": tokenEP1Port, "EP2Port2_10": tokenEP2Port,
	"RTunnel4": tokenTunnel, "RTunnel6": tokenTunnel, "LTunnel4": tokenTunnel, "LTunnel6": tokenTunnel,
	"RTunnel4_2": tokenTunnel, "RTunnel6_2": tokenTunnel, "LTunnel4_2": tokenTunnel, "LTunnel6_2": tokenTunnel,
	"RTunnelFqdn": tokenTunnel, "RTunEndpts4": tokenTunnel, "RTunEndpts6": tokenTunnel,
})

// Parse reads a rule string of [MS-GPFAS] 2.2.6.2. Tokens that are not in the
// grammar are kept in Unknown: later versions add some. A known token with a
// value that cannot be read, or given twice where one is allowed, is an error.
func Parse(value string) (Rule, error) {
	r := Rule{Protocol: AnyProtocol, Text: value}
	profiles := 0
	var err error
	r.Version, err = scan(value, func(name, v string) (uint64, error) {
		t, ok := ruleGrammar.find(name)
		if !ok {
			r.Unknown = append(r.Unknown, name)
			return 0, nil
		}
		if t.id == tokenProfile {
			bit, err := profileBit(v)
			profiles |= bit
			return t.once, err
		}
		return t.once, r.take(t.id, name, v)
	})
	r.Profiles = profileSets[profiles]
	return r, err
}

func (r *Rule) take(id tokenID, name, v string) (err error) {
	switch id {
	case tokenAction:
		var word string
		word, err = oneOf(v, string(SecureServer), string(Boundary), string(Secure), string(DoNotSecure))
		r.Action = Action(word)
	case tokenActive:
		r.Active, err = parseBool(v)
	case tokenProtocol:
		r.Protocol, err = parseProtocol(v)
	case tokenEP1v4, tokenEP1v6:
		err = r.EP1.add(v, id == tokenEP1v4)
	case tokenEP2v4, tokenEP2v6:
		err = r.EP2.add(v, id == tokenEP2v4)
	case tokenEP1Port:
		err = appendPorts(&r.EP1Ports, v)
	case tokenEP2Port:
		err = appendPorts(&r.EP2Ports, v)
	case tokenAuth1Set:
		r.Auth1Set = v
	case tokenAuth2Set:
		r.Auth2Set = v
	case tokenCrypto2Set:
		r.Crypto2Set = v
	case tokenName:
		r.Name = v
	case tokenKeyMod:
		err = appendWord(&r.KeyModules, v, "KeyModDefault", "IkeV1", "AuthIP", "IkeV2")
	case tokenRealm:
		r.Realm, err = parseBool(v)
	case tokenMachines:
		r.Machines = v
	case tokenUsers:
		r.Users = v
	case tokenLifetime:
		if _, ok := number(v, 1<<32-1); !ok {
			err = reason.Fail(reason.WantSeconds)
		}
	case tokenBool:
		_, err = parseBool(v)
	case tokenTunnel:
		r.Tunnel = true
	case tokenTunnelOnly:
		var set bool
		if set, err = parseBool(v); set {
			r.OfTunnel = name
		}
	default:
		err = r.Scope.take(id, v)
	}
	return err
}

// take reads the tokens that all kinds of rules have.
func (s *Scope) take(id tokenID, v string) (err error) {
	switch id {
	case tokenIF:
		s.Interfaces = append(s.Interfaces, v)
	case tokenIFType:
		err = appendWord(&s.InterfaceTypes, v, "Lan", "Wireless", "RemoteAccess")
	case tokenPlatform:
		err = s.addPlatform(v)
	case tokenPlatform2:
		_, err = oneOf(v, "GTEQ")
		s.PlatformGTE = err == nil
	case tokenSkipVer:
		var skip Version
		skip, err = parseVersion(v)
		s.SkipVersion = &skip
	}
	return err
}

// aboutRule is a reason about a rule.
func aboutRule(code reason.Code, name, id, source string, args []any) reason.Reason {
	return reason.New(code, append([]any{"rule", name, "rule-id", id, "rule-source", source}, args...)...)
}

// About is a reason about the rule: its arguments begin with name, id and source.
func (r *Rule) About(code reason.Code, args ...any) reason.Reason {
	return aboutRule(code, r.Name, r.ID, r.Source, args)
}
