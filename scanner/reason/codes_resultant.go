package reason

// Why what Group Policy gives a machine may be another thing than is known.
const (
	// GPODoubtful: whether a GPO comes to the machine, or what it says, is not known
	GPODoubtful Code = "doubtful-gpo"
	// RegistryDoubtful: what was read of the machine's own registry may not be all
	RegistryDoubtful Code = "doubtful-registry"
	// GPOEndsAll: the WMI filter of a GPO ends all processing
	GPOEndsAll Code = "processing-ended"
	// LinksNotRead: what is linked where could not all be read
	LinksNotRead Code = "unread-links"
)

// Why something of a machine or a domain is not known.
const (
	// NotReadInRun: the forest was not read
	NotReadInRun Code = "not-read-in-run"
	// NoDirectoryOfDomain: none of the declared directories has the domain
	NoDirectoryOfDomain Code = "no-directory-of-domain"
	// HostNoAddress: the host has no address
	HostNoAddress Code = "host-without-address"
	// NameUnclear: several computers have the host's name
	NameUnclear Code = "unclear-account"
	// AccountsAlike: several computers have one name
	AccountsAlike Code = "accounts-alike"
	// HostWithoutRules: the host's system has no such rules
	HostWithoutRules Code = "host-without-rules"
	// SystemLegacy: a Windows older than connection security rules
	SystemLegacy Code = "legacy-system"
	// SystemOther: the account names another system than Windows
	SystemOther Code = "other-system"
	// ExportOfOthers: no export is known to be of the host
	ExportOfOthers Code = "export-of-others"
	// NoGPOForHosts: no isolation GPO is for hosts
	NoGPOForHosts Code = "no-gpo-for-hosts"
	// NoGPOForClients: no GPO is declared for clients
	NoGPOForClients Code = "no-gpo-for-clients"
	// HostInUnread: the host has no account in what was read, and its domain was not read
	HostInUnread Code = "host-in-unread-domain"
	// HostOutside: the host has no account, and no declared directory is of its domain
	HostOutside Code = "host-outside-directories"
	// HostWithoutAccount: the host has no computer account
	HostWithoutAccount Code = "host-without-account"
	// ExportSilentOnClients: an export of a host says nothing of the clients
	ExportSilentOnClients Code = "export-silent-on-clients"
	// NoIsolatedClients: no client of the domain gets the isolation
	NoIsolatedClients Code = "no-isolated-client"
)

// What keeps computers of one forest from authenticating in another by Kerberos.
const (
	// TrustMissing: there is no trust
	TrustMissing Code = "missing-trust"
	// TrustDisabled: the trust is disabled
	TrustDisabled Code = "disabled-trust"
	// TrustReversed: the trust goes the other way only
	TrustReversed Code = "reversed-trust"
	// TrustNotTransitive: the trust is no forest trust
	TrustNotTransitive Code = "external-trust"
	// TrustOneSided: the other side knows of no trust
	TrustOneSided Code = "one-sided-trust"
	// TrustSidesDiffer: the other side has another direction
	TrustSidesDiffer Code = "differing-trust"
)
