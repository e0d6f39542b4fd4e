package consec

// Ids of the sets that are built into Windows, [MS-GPFAS] 2.2.4 and 2.2.5.
const (
	DefaultCrypto1 = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE1}" // main mode
	DefaultCrypto2 = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE2}" // quick mode
	DefaultAuth1   = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE3}" // computer Kerberos
	DefaultAuth2   = "{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE4}" // no second authentication
)

// ComputerKerberos is the method that the paper asks for.
const ComputerKerberos = "MachineKerb"

// Sets are the sets of one kind, by id in upper case.
type Sets[S any] struct {
	ByID map[string]*Set[S]
	// Default is the id that stands for the one built into Windows, "" for that
	// itself; DefaultSource is the layer that says so.
	Default, DefaultSource string
}

// Set is an authentication or crypto set.
type Set[S any] struct {
	ID, Name string
	Source   string
	Store    Store
	Suites   []S // in order of preference
}

// AuthSuite is one method that an authentication set accepts.
type AuthSuite struct {
	Method      string // MachineKerb, Anonymous, ...
	SkipVersion *Version
}

// CryptoSuite is one proposal of a crypto set. Main mode has KeyExchange,
// Encryption and Hash; quick mode has Protocol, Encryption and the hashes.
type CryptoSuite struct {
	KeyExchange, Encryption, Hash string
	Protocol                      string // AH, ESP, AH&ESP, AUTH_NO_ENCAP
	AHHash, ESPHash               string
	SkipVersion                   *Version
}

// Crypto is what the quick mode proposals of the deciding rules come to.
type Crypto struct {
	Source    string   // whose set it is; "" for what is built into Windows
	Proposals []string // as text, in order of preference: "ESP SHA1 AES-128"
	ESP       bool     // some proposal gives ESP with integrity
	OnlyESP   bool     // every proposal does
	AHOnly    bool     // some proposal is AH without ESP
	NoEncap   bool     // some proposal protects nothing after the authentication (AUTH_NO_ENCAP)
	Encrypted bool     // every proposal encrypts
	Weak      []string // DES, MD5, DH1: those that a proposal has
}

// SharedMainMode says whether two ends have a main mode proposal in common, and
// which, in one sentence.
func SharedMainMode(_, _ Policy) (Answer, string) {
	return Maybe, "main mode proposals are not compared"
}
