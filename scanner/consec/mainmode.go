package consec

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// MainModeRule gives certain peers main mode sets of their own, [MS-GPFAS]
// 2.2.7.1.
type MainModeRule struct {
	ID, Name string
	Source   string
	Store    Store
	Active   bool
	Scope
	EP1, EP2             Addresses
	Auth1Set, Crypto1Set string
	Unknown              []string // names of tokens that are not in the grammar
}

var mainModeGrammar = newGrammar(map[string]tokenID{
	"Active": tokenActive, "Name": tokenName, "Desc": tokenKept, "EmbedCtxt": tokenKept,
	"Auth1Set": tokenAuth1Set, "Crypto1Set": tokenCrypto1Set, "SkipVer": tokenSkipVer, "Platform2": tokenPlatform2,
}, map[string]tokenID{
	"Profile": tokenProfile, "Platform": tokenPlatform,
	"EP1_4": tokenEP1v4, "EP1_6": tokenEP1v6, "EP2_4": tokenEP2v4, "EP2_6": tokenEP2v6,
})

// ParseMainModeRule reads a rule string of [MS-GPFAS] 2.2.7.1, like [Parse].
func ParseMainModeRule(value string) (MainModeRule, error) {
	var r MainModeRule
	profiles := 0
	_, err := scan(value, func(name, v string) (uint64, error) {
		t, ok := mainModeGrammar.find(name)
		if !ok {
			r.Unknown = append(r.Unknown, name)
			return 0, nil
		}
		var err error
		switch t.id {
		case tokenProfile:
			var bit int
			bit, err = profileBit(v)
			profiles |= bit
		case tokenActive:
			r.Active, err = parseBool(v)
		case tokenName:
			r.Name = v
		case tokenAuth1Set:
			r.Auth1Set = v
		case tokenCrypto1Set:
			r.Crypto1Set = v
		case tokenEP1v4, tokenEP1v6:
			err = r.EP1.add(v, t.id == tokenEP1v4)
		case tokenEP2v4, tokenEP2v6:
			err = r.EP2.add(v, t.id == tokenEP2v4)
		default:
			err = r.take(t.id, v)
		}
		return t.once, err
	})
	r.Profiles = profileSets[profiles]
	return r, err
}

// About is a reason about the rule: its arguments are name, id and source.
func (r *MainModeRule) About(code reason.Code) reason.Reason {
	return aboutRule(code, r.Name, r.ID, r.Source, nil)
}

// builtinMainMode is what Windows proposes without a policy, [MS-FASP] note 31.
var builtinMainMode = []CryptoSuite{
	{KeyExchange: "DH2", Encryption: "AES-128", Hash: "SHA1"},
	{KeyExchange: "DH2", Encryption: "3DES", Hash: "SHA1"},
}

// MainMode returns the main mode proposals, in order of preference, and whose
// they are: "" for what is built into Windows.
func (p *Policy) MainMode() (proposals []CryptoSuite, source string, err error) {
	set, err := p.Crypto1.find("main mode crypto set", DefaultCrypto1, DefaultCrypto1)
	switch {
	case err != nil:
		return nil, "", err
	case set == nil:
		return builtinMainMode, "", nil
	case len(set.Suites) == 0:
		return nil, set.Source, reason.Fail(reason.MainModeEmpty, "set", set.Name, "set-id", set.ID, "set-source", set.Source)
	}
	return set.Suites, set.Source, nil
}
