package run

import (
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// Forest is what one forest says about Group Policy and the machines it is
// for, as read from one source: a live directory, a backup, or exports of the
// registry of its machines. It holds facts; what they mean is for package gpo to
// say. What its source cannot tell is in Lost: nobody goes by its kind.
type Forest struct {
	Name   string     `json:"name"`   // as declared: the DNS name of the forest, lower case
	Source string     `json:"source"` // for people: "ldaps://dc01.contoso.test and its SYSVOL", "backup gpo-backup"
	Kind   SourceKind `json:"kind"`
	Read   time.Time  `json:"read"` // when, by the clock of the controller
	// Skew is how far the domain controller's clock is ahead; nil where it was
	// not asked.
	Skew *time.Duration `json:"skew,omitempty"`
	// SkewWithin is how exact Skew is: the true value is at most so far from it. 0 is
	// not known.
	SkewWithin time.Duration `json:"skewWithin,omitempty"`

	Domains []Domain `json:"domains"`
	// Machines are what machines have applied, where the source is their own
	// registries: then it has no domains.
	Machines   []MachinePolicy `json:"machines,omitempty"`
	Sites      []Site          `json:"sites,omitempty"`
	Activation []Activation    `json:"activation,omitempty"`
	// Lost says, by aspect, why this kind of source cannot tell it.
	Lost map[Aspect]reason.List `json:"lost,omitempty"`
	// Problems are what should have been read and could not be.
	Problems []Problem `json:"problems,omitempty"`
}

// IsCopy reports whether the source holds copies of GPOs that somebody made: such a
// one does not tell where they are linked, and not of every GPO whether it is there.
func (f *Forest) IsCopy() bool { return len(f.Lost[AspectLinks]) > 0 && len(f.Machines) == 0 }

// MachinePolicy is what one machine has applied, by its own registry, whatever GPOs
// it came from.
type MachinePolicy struct {
	Name string `json:"name"` // of the file, after the machine: "kms01.reg"
	Path string `json:"path"`
	// Registry holds the values below [FirewallKey] and [LocalFirewallKey]. Keys
	// have no hive.
	Registry registry.Values `json:"registry,omitempty"`
	// Settings counts all values of the file.
	Settings int       `json:"settings,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
}

// SourceKind is the kind of source a [Forest] was read from, for words.
type SourceKind string

// The kinds of sources.
const (
	SourceLive     SourceKind = "live"     // LDAP and SYSVOL
	SourceBackup   SourceKind = "backup"   // a folder of Backup-GPO
	SourceRegistry SourceKind = "registry" // an export of one machine's registry
)

// Aspect is a part of what a directory can tell.
type Aspect string

// The aspects of a directory.
const (
	AspectGPOs       Aspect = "gpos"       // the list of GPOs and their containers
	AspectSettings   Aspect = "settings"   // the files of the GPOs
	AspectLinks      Aspect = "links"      // what is linked where, and blocked inheritance
	AspectSecurity   Aspect = "security"   // security descriptors
	AspectFilters    Aspect = "filters"    // WMI filters
	AspectComputers  Aspect = "computers"  // accounts of computers
	AspectTrusts     Aspect = "trusts"     // trusts
	AspectCopies     Aspect = "copies"     // the copies that each domain controller has
	AspectActivation Aspect = "activation" // Active Directory-based activation
)

// Problem is something of a directory that could not be read, or is wrong.
type Problem struct {
	Aspect Aspect `json:"aspect"`
	Where  string `json:"where"` // a DN, a file with its offset, a server, or a domain that is not read
	// Why says what is wrong with it. It does not name the place again.
	Why reason.List `json:"why,omitempty"`
	// Unread says that the reading failed: what is there may be right. Refused,
	// that it failed for the reader may not read it.
	Unread  bool `json:"unread,omitempty"`
	Refused bool `json:"refused,omitempty"`
}

// Reason is the problem as what something else rests on: its place and its
// reasons.
func (p Problem) Reason() reason.Reason {
	return reason.New(reason.DirectoryProblem, "where", p.Where, "why", p.Why)
}

// Domain is one domain of a [Forest].
type Domain struct {
	Name    string `json:"name"` // DNS name, lower case
	NetBIOS string `json:"netbios,omitempty"`
	DN      string `json:"dn,omitempty"`
	SID     string `json:"sid,omitempty"`
	GPOs    []GPO  `json:"gpos,omitempty"`
	// Containers are the domain and those of its OUs that have links or block
	// inheritance.
	Containers []Container `json:"containers,omitempty"`
	Filters    []WMIFilter `json:"filters,omitempty"`
	// Computers are all enabled accounts of computers, those that Group Policy
	// treats alike together.
	Computers []Computers `json:"computers,omitempty"`
	// Accounts are the computers that the policy declares, one by one.
	Accounts Accounts `json:"accounts,omitempty"`
	Trusts   []Trust  `json:"trusts,omitempty"`
	// Controllers are the DNS names of all domain controllers, by their accounts.
	Controllers []string `json:"controllers,omitempty"`
	// Servers are those that replicate, by the sites of the forest; none where that is
	// not known, as in documents of earlier versions.
	Servers []string `json:"servers,omitempty"`
	// Copies is what those controllers have that were asked.
	Copies []Copy `json:"copies,omitempty"`
}

// GPO is a Group Policy object: its container in the directory and its files.
type GPO struct {
	ID   string `json:"id"` // "{GUID}", upper case
	Name string `json:"name"`
	DN   string `json:"dn,omitempty"`
	// Path of its folder in SYSVOL, or of its backup.
	Path string `json:"path,omitempty"`
	// Flags: bit 0 the user half is off, bit 1 the computer half ([MS-GPOL] 2.2.4).
	Flags uint32 `json:"flags,omitempty"`
	// Functionality is gPCFunctionalityVersion; 2, or Windows denies the GPO.
	Functionality int `json:"functionality,omitempty"`
	// Version of the container and of gpt.ini: the user's in the upper 16 bits,
	// the computer's in the lower ones. nil where it is not known.
	Version     *uint32 `json:"version,omitempty"`
	FileVersion *uint32 `json:"fileVersion,omitempty"`
	// Extensions is gPCMachineExtensionNames as it stands there.
	Extensions string `json:"extensions,omitempty"`
	// Filter is gPCWQLFilter as it stands there, "" without one.
	Filter string `json:"filter,omitempty"`
	// FilterName is what a backup calls that filter, which it does not hold.
	FilterName string `json:"filterName,omitempty"`
	// Security is the security descriptor in SDDL; "" where it was not read.
	Security string `json:"security,omitempty"`
	// LinkedTo names, for people, where a backup's report says it is linked.
	LinkedTo []string `json:"linkedTo,omitempty"`
	// Older are the folders of further backups of the same GPO, which were made
	// earlier than that at Path and not used.
	Older []string `json:"older,omitempty"`
	// RegistryFile says that Machine\Registry.pol is there and was read.
	RegistryFile bool `json:"registryFile,omitempty"`
	// Registry holds the values of that file below SOFTWARE\Policies\Microsoft\
	// WindowsFirewall, in their order, with directives such as **delvals. among
	// them ([MS-GPREG] 2.2.1, 3.2.5.1), also a **deletekeys of a key above that
	// deletes it. Keys have no hive.
	Registry registry.Values `json:"registry,omitempty"`
	// Settings counts all records of the file.
	Settings int       `json:"settings,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
}

// FirewallKey is the key of what Group Policy says of the firewall and of IPsec, and
// LocalFirewallKey that of the machine's own stores; both without their hive,
// HKEY_LOCAL_MACHINE.
const (
	FirewallKey      = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	LocalFirewallKey = `SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`
)

// Container is a site, a domain or an OU as Group Policy sees it: a scope of
// management ([MS-GPOL] 2.2.2).
type Container struct {
	DN string `json:"dn"`
	// Links in the order of gPLink: the first has the highest precedence.
	Links []Link `json:"links,omitempty"`
	// Blocks says that links from above are not inherited unless enforced.
	Blocks bool `json:"blocks,omitempty"`
}

// Link is one link of a [Container] to a GPO.
type Link struct {
	GPO      string `json:"gpo"` // "{GUID}", upper case
	DN       string `json:"dn"`  // of the GPO, perhaps in another domain
	Disabled bool   `json:"disabled,omitempty"`
	Enforced bool   `json:"enforced,omitempty"`
}

// Site is a site, the GPOs linked to it, and the subnets that belong to it.
type Site struct {
	Container
	Name    string         `json:"name"`
	Subnets []netip.Prefix `json:"subnets,omitempty"`
}

// WMIFilter is an msWMI-Som object.
type WMIFilter struct {
	ID    string `json:"id"` // "{GUID}", upper case
	Name  string `json:"name"`
	DN    string `json:"dn"`
	Query string `json:"query"` // msWMI-Parm2
}

// Machine is what Group Policy looks at of a computer's account.
type Machine struct {
	Container string `json:"container"` // DN of what the account is in
	// Controller says that the account is that of a writable domain controller
	// (SERVER_TRUST_ACCOUNT), whose token has S-1-5-9; ReadOnly that it is that
	// of a read-only one, whose token has not.
	Controller   bool   `json:"controller,omitempty"`
	ReadOnly     bool   `json:"readOnly,omitempty"`
	PrimaryGroup uint32 `json:"primaryGroup,omitempty"` // relative id: 515 computers, 516 controllers, 521 read-only ones
	// Groups are the SIDs of the groups it is in, directly or through others,
	// without its primary one; only of groups that some GPO's security
	// descriptor names. Its own SID is among them where one names that.
	Groups    []string `json:"groups,omitempty"`
	OS        string   `json:"os,omitempty"`        // operatingSystem: "Windows Server 2022 Standard"
	OSVersion string   `json:"osVersion,omitempty"` // operatingSystemVersion: "10.0 (20348)"
}

// Computers are accounts of computers that Group Policy treats alike.
type Computers struct {
	Machine
	// Idle says that none has logged on for 90 days.
	Idle  bool     `json:"idle,omitempty"`
	Names []string `json:"names"` // DNS names, or account names without one
}

// Account is the account of one computer that the policy declares.
type Account struct {
	Machine
	Name    string `json:"name"` // sAMAccountName without $
	DNSName string `json:"dnsName,omitempty"`
	DN      string `json:"dn"`
	SID     string `json:"sid"`
	Enabled bool   `json:"enabled"`
	// EncTypes is msDS-SupportedEncryptionTypes ([MS-KILE] 2.2.7); nil where it
	// is not set.
	EncTypes *uint32 `json:"encTypes,omitempty"`
	// Sharing are the DNs of other accounts that bear one of its service
	// principal names, each with the name.
	Sharing []string `json:"sharing,omitempty"`
	// Security is the account's own security descriptor in SDDL, for selective
	// authentication; "" where it was not read.
	Security string `json:"security,omitempty"`
}

// Trust is a trustedDomain object ([MS-ADTS] 6.1.6.7).
type Trust struct {
	Partner    string  `json:"partner"`   // DNS name, lower case
	Direction  uint32  `json:"direction"` // 1 inbound: they trust us; 2 outbound: we trust them; 3 both
	Type       uint32  `json:"type"`
	Attributes uint32  `json:"attributes"` // 0x8 forest-transitive, 0x10 selective authentication, 0x20 within the forest
	EncTypes   *uint32 `json:"encTypes,omitempty"`
}

// Activation is an object of Active Directory-based activation, which domain
// members since Windows 8 ask before any KMS host.
type Activation struct {
	DN   string `json:"dn"`
	Name string `json:"name"`
}
