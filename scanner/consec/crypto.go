package consec

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// CryptoSuite is one proposal of a crypto set. Main mode has KeyExchange,
// Encryption and Hash; quick mode has Protocol, Encryption and the hashes.
type CryptoSuite struct {
	KeyExchange, Encryption, Hash string
	Protocol                      string // AH, ESP, AH&ESP, AUTH_NO_ENCAP
	AHHash, ESPHash               string
	SkipVersion                   *Version
}

// noEncap is the protocol that protects nothing after the authentication.
const noEncap = "AUTH_NO_ENCAP"

// builtinQuickMode is what Windows proposes without a policy, [MS-FASP] note 31.
var builtinQuickMode = []CryptoSuite{
	{Protocol: "ESP", ESPHash: "SHA1"},
	{Protocol: "ESP", ESPHash: "SHA1", Encryption: "AES-128"},
	{Protocol: "ESP", ESPHash: "SHA1", Encryption: "3DES"},
	{Protocol: "AH", AHHash: "SHA1"},
}

// Crypto is what the quick mode proposals of the deciding rules come to.
type Crypto struct {
	Source    string   // whose sets they are; "" for what is built into Windows
	Proposals []string // as text, in order of preference: "ESP SHA1 AES-128"
	ESP       bool     // some proposal gives ESP with integrity
	OnlyESP   bool     // every proposal does
	AHOnly    bool     // some proposal is AH without ESP
	NoEncap   bool     // some proposal protects nothing after the authentication (AUTH_NO_ENCAP)
	Encrypted bool     // every proposal encrypts
	Weak      []string // DES, MD5, DH1: those that a proposal has
}

// QuickMode is what the proposals of a rule's crypto set come to. The rest is as for
// [Policy.FirstAuth].
func (p *Policy) QuickMode(r *Rule, v *Version) (Crypto, error) {
	set, err := p.Crypto2.find("crypto set", r.Crypto2Set, DefaultCrypto2)
	if err != nil {
		return Crypto{}, r.unresolved(err)
	}
	suites := builtinQuickMode
	c := Crypto{OnlyESP: true, Encrypted: true}
	if set != nil {
		suites = set.Suites
		c.Source = set.Source
	}
	for _, s := range suites {
		if !skipped(s.SkipVersion, v) {
			c.add(s)
		}
	}
	if len(c.Proposals) == 0 {
		return Crypto{}, &reason.Error{Reason: r.About(reason.RuleSetWithoutProposal, "kind", "crypto set", "set", set.Name, "set-id", set.ID, "set-source", set.Source)}
	}
	return c, nil
}

func (c *Crypto) add(s CryptoSuite) {
	gcm := strings.HasPrefix(s.Encryption, "AES-GCM")
	integrity := (s.Protocol == "ESP" || s.Protocol == "AH&ESP") && (s.ESPHash != "" || gcm || s.Protocol == "AH&ESP" && s.AHHash != "")
	c.Proposals = appendNew(c.Proposals, s.String())
	c.ESP = c.ESP || integrity
	c.OnlyESP = c.OnlyESP && integrity
	c.AHOnly = c.AHOnly || s.Protocol == "AH"
	c.NoEncap = c.NoEncap || s.Protocol == noEncap
	c.Encrypted = c.Encrypted && integrity && s.Encryption != ""
	c.Weak = appendNew(c.Weak, s.Weak()...)
}

// Join adds the proposals of another rule.
func (c *Crypto) Join(o Crypto) {
	if len(c.Proposals) == 0 {
		*c = o
		return
	}
	if o.Source != c.Source {
		c.Source = strings.Join(nonEmpty(c.Source, o.Source), " and ")
	}
	c.Proposals = appendNew(c.Proposals, o.Proposals...)
	c.ESP = c.ESP || o.ESP
	c.OnlyESP = c.OnlyESP && o.OnlyESP
	c.AHOnly = c.AHOnly || o.AHOnly
	c.NoEncap = c.NoEncap || o.NoEncap
	c.Encrypted = c.Encrypted && o.Encrypted
	c.Weak = appendNew(c.Weak, o.Weak...)
}

// String is the proposal for people, such as "ESP SHA1 AES-128" or
// "DH2 AES-128 SHA1".
func (s CryptoSuite) String() string {
	parts := []string{s.KeyExchange, s.Protocol, s.AHHash, s.ESPHash, s.Encryption, s.Hash}
	if s.AHHash == s.ESPHash {
		parts[2] = ""
	}
	return strings.Join(nonEmpty(parts...), " ")
}

// Weak are the algorithms of a proposal that are no longer safe.
func (s CryptoSuite) Weak() []string {
	var found []string
	for _, a := range []string{s.KeyExchange, s.Encryption, s.Hash, s.AHHash, s.ESPHash} {
		if slices.Contains([]string{"DES", "MD5", "DH1"}, a) {
			found = appendNew(found, a)
		}
	}
	return found
}
