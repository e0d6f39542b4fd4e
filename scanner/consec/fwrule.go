package consec

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

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
	ID      string // name of the registry value; ParseFirewallRule leaves it empty
	Source  string // as in [Layer]
	Store   Store
	Text    string // the value, as written
	Version Version
	Name    string
	Action  FirewallAction // "" where the rule has none
	// Inbound and Outbound are the direction; neither where the rule has none.
	Inbound, Outbound bool
	Active            bool // false unless the rule says TRUE
	Scope
	Protocol       int // IP protocol, or AnyProtocol
	Local, Remote  Addresses
	LPorts, RPorts FirewallPorts
	// ICMP4 and ICMP6 are the types of messages; none means any.
	ICMP4, ICMP6 []ICMPType
	App, Service string // path of the program, short name of the service
	Package      string // SID of the application package

	// Secure is what IPsec has to give: "", Authenticate, AuthenticateEncrypt;
	// NoEncap says that the authentication alone will do.
	Secure  string
	NoEncap bool
	// Machines and Users are SDDL of who may be at the other end.
	Machines, Users string
	// Over says of an outbound rule that it comes before blocking ones
	// (AuthByPassOut), AnyRemote of any that the remote end does not matter
	// (LOM).
	Over, AnyRemote bool

	Conditions []string // names of tokens that narrow the rule in a way that cannot be judged here
	Unknown    []string // names of tokens that are not in the grammar
}

// FirewallPorts are ranges and keywords of ports; with neither, any.
type FirewallPorts struct {
	Ranges   []Ports
	Keywords []string // RPC, RPC-EPMap, ...
}

// ICMPType is a type with a code, or with any code (-1).
type ICMPType struct {
	Type uint8
	Code int
}

// Title is the rule's name in quotes, or its id.
func (r *FirewallRule) Title() string { return title(r.Name, r.ID) }

// About is a reason about the rule: its arguments begin with name, id and source.
func (r *FirewallRule) About(code reason.Code, args ...any) reason.Reason {
	return aboutRule(code, r.Name, r.ID, r.Source, args)
}

const (
	fwDir tokenID = 100 + iota
	fwLocal4
	fwLocal6
	fwRemote4
	fwRemote6
	fwLPort
	fwRPort
	fwICMP4
	fwICMP6
	fwApp
	fwService
	fwPackage
	fwSecurity
	fwNoEncap
	fwNegotiate
	fwMachines
	fwUsers
	fwOver
	fwAnyRemote
	fwCondition
)

// firewallGrammar is that of [MS-GPFAS] 2.2.2.19.
var firewallGrammar = newGrammar(map[string]tokenID{
	"Action": tokenAction, "Dir": fwDir, "Active": tokenActive, "Protocol": tokenProtocol, "Name": tokenName,
	"Desc": tokenKept, "EmbedCtxt": tokenKept, "App": fwApp, "Svc": fwService, "AppPkgId": fwPackage,
	"Security": fwSecurity, "Security2_9": fwNoEncap, "Security2": fwNegotiate,
	"RMAuth": fwMachines, "RUAuth": fwUsers, "AuthByPassOut": fwOver, "LOM": fwAnyRemote,
	"Edge": tokenBool, "LSM": tokenBool, "PCross": tokenBool,
	"SkipVer": tokenSkipVer, "Platform2": tokenPlatform2,
	"LUAuth": fwCondition, "LUAuth2_24": fwCondition, "LUOwn": fwCondition, "NNm": fwCondition, "SecurityRealmId": fwCondition,
}, map[string]tokenID{
	"Profile": tokenProfile, "Platform": tokenPlatform, "IF": tokenIF, "IFType": tokenIFType, "Defer": tokenKept,
	"LA4": fwLocal4, "LA6": fwLocal6, "RA4": fwRemote4, "RA6": fwRemote6, "RA42": fwRemote4, "RA62": fwRemote6,
	"LPort": fwLPort, "RPort": fwRPort, "LPort2_10": fwLPort, "RPort2_10": fwRPort,
	"LPort2_20": fwLPort, "LPort2_24": fwLPort, "LPort2_25": fwLPort, "LPort2_29": fwLPort, "RPort2_28": fwRPort,
	"ICMP4": fwICMP4, "ICMP6": fwICMP6,
	"TTK": fwCondition, "TTK2_22": fwCondition, "TTK2_27": fwCondition, "TTK2_28": fwCondition,
})

// ParseFirewallRule reads a rule string of [MS-GPFAS] 2.2.2.19, like [Parse].
func ParseFirewallRule(value string) (FirewallRule, error) {
	r := FirewallRule{Protocol: AnyProtocol, Text: value}
	profiles := 0
	var err error
	r.Version, err = scan(value, func(name, v string) (uint64, error) {
		t, ok := firewallGrammar.find(name)
		if !ok {
			r.Unknown = append(r.Unknown, name)
			return 0, nil
		}
		switch t.id {
		case tokenProfile:
			bit, err := profileBit(v)
			profiles |= bit
			return t.once, err
		case fwCondition:
			r.Conditions = append(r.Conditions, name)
			return t.once, nil
		}
		return t.once, r.take(t.id, v)
	})
	r.Profiles = profileSets[profiles]
	return r, err
}

func (r *FirewallRule) take(id tokenID, v string) (err error) {
	switch id {
	case tokenAction:
		var word string
		word, err = oneOf(v, string(Allow), string(Block), string(ByPass))
		r.Action = FirewallAction(word)
	case fwDir:
		var word string
		word, err = oneOf(v, "In", "Out")
		r.Inbound, r.Outbound = word == "In", word == "Out"
	case tokenActive:
		r.Active, err = parseBool(v)
	case tokenProtocol:
		r.Protocol, err = parseProtocol(v)
	case tokenName:
		r.Name = v
	case fwLocal4, fwLocal6:
		err = r.Local.add(v, id == fwLocal4)
	case fwRemote4, fwRemote6:
		err = r.Remote.add(v, id == fwRemote4)
	case fwLPort:
		err = r.LPorts.add(v)
	case fwRPort:
		err = r.RPorts.add(v)
	case fwICMP4:
		err = appendICMP(&r.ICMP4, v)
	case fwICMP6:
		err = appendICMP(&r.ICMP6, v)
	case fwApp:
		r.App = v
	case fwService:
		r.Service = v
	case fwPackage:
		r.Package = v
	case fwSecurity:
		r.Secure, err = oneOf(v, "Authenticate", "AuthenticateEncrypt")
	case fwNoEncap:
		_, err = oneOf(v, "An-NoEncap")
		r.NoEncap = err == nil
	case fwNegotiate:
		_, err = oneOf(v, "AnE-Nego")
	case fwMachines:
		r.Machines = v
	case fwUsers:
		r.Users = v
	case fwOver:
		r.Over, err = parseBool(v)
	case fwAnyRemote:
		r.AnyRemote, err = parseBool(v)
	case tokenBool:
		_, err = parseBool(v)
	default:
		err = r.Scope.take(id, v)
	}
	return err
}

// add reads a port, a range, or a keyword. Later versions add keywords, so any
// word is one.
func (p *FirewallPorts) add(v string) error {
	if v != "" && (v[0] < '0' || v[0] > '9') {
		p.Keywords = append(p.Keywords, v)
		return nil
	}
	return appendPorts(&p.Ranges, v)
}

func appendICMP(to *[]ICMPType, v string) error {
	kind, code, _ := strings.Cut(v, ":")
	t, ok := number(kind, 255)
	c, any := uint64(0), code == "*"
	if !any {
		var is bool
		c, is = number(code, 255)
		ok = ok && is
	}
	switch {
	case !ok:
		return reason.Fail(reason.WantICMP)
	case any:
		*to = append(*to, ICMPType{uint8(t), -1})
	default:
		*to = append(*to, ICMPType{uint8(t), int(c)})
	}
	return nil
}

// Rejected says why Windows does not take the rule ([MS-FASP] 2.2.37); none where
// it does.
func (r *FirewallRule) Rejected() reason.List {
	ports := len(r.LPorts.Ranges)+len(r.LPorts.Keywords)+len(r.RPorts.Ranges)+len(r.RPorts.Keywords) > 0
	switch {
	case r.Version.Major < 1:
		return reason.One(reason.RejectedVersion, "least", "1.0")
	case r.Action == "":
		return reason.One(reason.RejectedAction)
	case !r.Inbound && !r.Outbound:
		return reason.One(reason.RejectedDirection)
	case r.Action == Block && r.Secure != "":
		return reason.One(reason.RejectedBlockSecure)
	case r.Action == ByPass && (!r.Inbound || r.Secure == "" || r.Machines == ""):
		return reason.One(reason.RejectedOverride)
	case r.Machines+r.Users != "" && r.Secure == "":
		return reason.One(reason.RejectedNamesWithoutIPsec)
	case r.Outbound && r.Machines != "" && !r.Over:
		return reason.One(reason.RejectedOutboundMachines)
	case ports && r.Protocol != TCP && r.Protocol != UDP:
		return reason.One(reason.RejectedPorts)
	case len(r.ICMP4) > 0 && r.Protocol != ICMP || len(r.ICMP6) > 0 && r.Protocol != ICMPv6:
		return reason.One(reason.RejectedICMP)
	}
	return badLabels(r.ID, r.Name)
}
