package security

import "strings"

// alias is the two letters that SDDL has for a SID, and its name for people
// ([MS-DTYP] 2.5.1.1, 2.4.2.4).
type alias struct {
	code string
	sid  SID    // "" for one that is relative to a domain
	rid  uint32 // of a domain
	root bool   // the domain is the root of the forest
	name string
}

var aliases = []alias{
	{code: "WD", sid: Everyone, name: "Everyone"},
	{code: "CO", sid: CreatorOwner, name: "CREATOR OWNER"},
	{code: "CG", sid: "S-1-3-1", name: "CREATOR GROUP"},
	{code: "OW", sid: OwnerRights, name: "OWNER RIGHTS"},
	{code: "NU", sid: Network, name: "NETWORK"},
	{code: "IU", sid: "S-1-5-4", name: "INTERACTIVE"},
	{code: "SU", sid: "S-1-5-6", name: "SERVICE"},
	{code: "AN", sid: "S-1-5-7", name: "ANONYMOUS LOGON"},
	{code: "ED", sid: EnterpriseControllers, name: "ENTERPRISE DOMAIN CONTROLLERS"},
	{code: "PS", sid: PrincipalSelf, name: "SELF"},
	{code: "AU", sid: AuthenticatedUsers, name: "Authenticated Users"},
	{code: "RC", sid: "S-1-5-12", name: "RESTRICTED"},
	{code: "SY", sid: System, name: "SYSTEM"},
	{code: "LS", sid: "S-1-5-19", name: "LOCAL SERVICE"},
	{code: "NS", sid: "S-1-5-20", name: "NETWORK SERVICE"},
	{code: "WR", sid: "S-1-5-33", name: "WRITE RESTRICTED"},
	{code: "UD", sid: "S-1-5-84-0-0-0-0-0", name: "USER MODE DRIVERS"},
	{code: "AC", sid: "S-1-15-2-1", name: "ALL APPLICATION PACKAGES"},
	{code: "AS", sid: "S-1-18-1", name: "Authentication authority asserted identity"},
	{code: "SS", sid: "S-1-18-2", name: "Service asserted identity"},
	{code: "LW", sid: "S-1-16-4096", name: "Low Mandatory Level"},
	{code: "ME", sid: "S-1-16-8192", name: "Medium Mandatory Level"},
	{code: "MP", sid: "S-1-16-8448", name: "Medium Plus Mandatory Level"},
	{code: "HI", sid: "S-1-16-12288", name: "High Mandatory Level"},
	{code: "SI", sid: "S-1-16-16384", name: "System Mandatory Level"},
	{code: "BA", sid: "S-1-5-32-544", name: "BUILTIN\\Administrators"},
	{code: "BU", sid: "S-1-5-32-545", name: "BUILTIN\\Users"},
	{code: "BG", sid: "S-1-5-32-546", name: "BUILTIN\\Guests"},
	{code: "PU", sid: "S-1-5-32-547", name: "BUILTIN\\Power Users"},
	{code: "AO", sid: "S-1-5-32-548", name: "BUILTIN\\Account Operators"},
	{code: "SO", sid: "S-1-5-32-549", name: "BUILTIN\\Server Operators"},
	{code: "PO", sid: "S-1-5-32-550", name: "BUILTIN\\Print Operators"},
	{code: "BO", sid: "S-1-5-32-551", name: "BUILTIN\\Backup Operators"},
	{code: "RE", sid: "S-1-5-32-552", name: "BUILTIN\\Replicator"},
	{code: "RU", sid: "S-1-5-32-554", name: "BUILTIN\\Pre-Windows 2000 Compatible Access"},
	{code: "RD", sid: "S-1-5-32-555", name: "BUILTIN\\Remote Desktop Users"},
	{code: "NO", sid: "S-1-5-32-556", name: "BUILTIN\\Network Configuration Operators"},
	{code: "MU", sid: "S-1-5-32-558", name: "BUILTIN\\Performance Monitor Users"},
	{code: "LU", sid: "S-1-5-32-559", name: "BUILTIN\\Performance Log Users"},
	{code: "IS", sid: "S-1-5-32-568", name: "BUILTIN\\IIS_IUSRS"},
	{code: "CY", sid: "S-1-5-32-569", name: "BUILTIN\\Cryptographic Operators"},
	{code: "ER", sid: "S-1-5-32-573", name: "BUILTIN\\Event Log Readers"},
	{code: "CD", sid: "S-1-5-32-574", name: "BUILTIN\\Certificate Service DCOM Access"},
	{code: "RA", sid: "S-1-5-32-575", name: "BUILTIN\\RDS Remote Access Servers"},
	{code: "ES", sid: "S-1-5-32-576", name: "BUILTIN\\RDS Endpoint Servers"},
	{code: "MS", sid: "S-1-5-32-577", name: "BUILTIN\\RDS Management Servers"},
	{code: "HA", sid: "S-1-5-32-578", name: "BUILTIN\\Hyper-V Administrators"},
	{code: "AA", sid: "S-1-5-32-579", name: "BUILTIN\\Access Control Assistance Operators"},
	{code: "RM", sid: "S-1-5-32-580", name: "BUILTIN\\Remote Management Users"},
	{code: "RO", rid: RIDEnterpriseReadOnlyControllers, root: true, name: "Enterprise Read-only Domain Controllers"},
	{code: "LA", rid: 500, name: "Administrator"},
	{code: "LG", rid: 501, name: "Guest"},
	{code: "DA", rid: RIDDomainAdmins, name: "Domain Admins"},
	{code: "DU", rid: 513, name: "Domain Users"},
	{code: "DG", rid: 514, name: "Domain Guests"},
	{code: "DC", rid: RIDComputers, name: "Domain Computers"},
	{code: "DD", rid: RIDControllers, name: "Domain Controllers"},
	{code: "CA", rid: 517, name: "Cert Publishers"},
	{code: "SA", rid: 518, root: true, name: "Schema Admins"},
	{code: "EA", rid: RIDEnterpriseAdmins, root: true, name: "Enterprise Admins"},
	{code: "PA", rid: 520, name: "Group Policy Creator Owners"},
	{code: "CN", rid: 522, name: "Cloneable Domain Controllers"},
	{code: "AP", rid: 525, name: "Protected Users"},
	{code: "KA", rid: 526, name: "Key Admins"},
	{code: "EK", rid: 527, root: true, name: "Enterprise Key Admins"},
	{code: "RS", rid: 553, name: "RAS and IAS Servers"},
	// Without letters, but with a name.
	{sid: ThisOrganization, name: "This Organization"},
	{sid: OtherOrganization, name: "Other Organization"},
	{rid: RIDReadOnlyControllers, name: "Read-only Domain Controllers"},
}

var (
	aliasByCode = map[string]*alias{}
	aliasBySID  = map[SID]*alias{}
	aliasByRID  = map[uint32]*alias{}
)

func init() {
	for i := range aliases {
		a := &aliases[i]
		if a.code != "" {
			aliasByCode[a.code] = a
		}
		if a.sid != "" {
			aliasBySID[a.sid] = a
		} else {
			aliasByRID[a.rid] = a
		}
	}
}

// Name is the SID with its name for people, as far as every domain has it:
// "ENTERPRISE DOMAIN CONTROLLERS (S-1-5-9)". domain is the SID of the domain
// spoken of, and may be empty: a group of another one is said to be that.
func (s SID) Name(domain SID) string {
	if s == "" {
		return "nobody"
	}
	if a := aliasBySID[s]; a != nil {
		return a.name + " (" + string(s) + ")"
	}
	home, rid, ok := s.Domain()
	a := aliasByRID[rid]
	if !ok || a == nil || !home.isDomain() {
		return string(s)
	}
	if domain == "" || a.root || home.Equal(domain) {
		return a.name + " (" + string(s) + ")"
	}
	return a.name + " of another domain (" + string(s) + ")"
}

// isDomain reports whether the SID is that of a domain: S-1-5-21 and three
// numbers.
func (s SID) isDomain() bool {
	return strings.HasPrefix(string(s), "S-1-5-21-") && strings.Count(string(s), "-") == 6
}

// letters is the alias of SDDL, or else the SID itself. Aliases relative to a
// domain are used for the given one only.
func (s SID) letters(domain SID) string {
	if a := aliasBySID[s]; a != nil && a.code != "" {
		return a.code
	}
	if domain != "" {
		if home, rid, ok := s.Domain(); ok && home.Equal(domain) {
			if a := aliasByRID[rid]; a != nil && a.code != "" {
				return a.code
			}
		}
	}
	return string(s)
}
