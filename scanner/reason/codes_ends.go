package reason

// Why nothing of Group Policy comes to an end, or it is not known what does.
const (
	// MemberOfNothing: a machine that is a member of no domain
	MemberOfNothing Code = "member-of-nothing"
	// DeclaredStranger: the policy says that it is no member
	DeclaredStranger Code = "declared-stranger"
	// NoPolicyComes: a machine in an exemption, which gets no Group Policy
	NoPolicyComes Code = "no-group-policy"
	// NoAccountFound: an exempt machine of which no account was found
	NoAccountFound Code = "no-account-found"
	// MemberWithoutAccount: a declared member has no account in what was read
	MemberWithoutAccount Code = "member-without-account"
	// NameWithoutAccount: no account has the name
	NameWithoutAccount Code = "name-without-account"
	// NoClientKnown: no client can be named
	NoClientKnown Code = "no-client-known"
	// NoIsolationRead: no domain that was read has a declared isolation
	NoIsolationRead Code = "no-isolation-read"
)

// What is taken for granted of an end.
const (
	// TakenForExport: taken to be the machine of an export
	TakenForExport Code = "taken-for-export"
	// TakenAsDeclared: taken to get what the policy declares
	TakenAsDeclared Code = "taken-as-declared"
	// TakenForOneSuch: taken for one of several alike
	TakenForOneSuch Code = "taken-for-one-such"
	// TakenForExempt: taken for a machine in an exemption
	TakenForExempt Code = "taken-for-exempt"
	// TakenForExemptVantage: taken to get no Group Policy
	TakenForExemptVantage Code = "taken-for-exempt-vantage"
)

// Why two ends that want IPsec do not agree, or why that is not known.
const (
	// IKEv2Certificates: an end negotiates by IKEv2 only, and no certificate is accepted
	IKEv2Certificates Code = "ikev2-without-certificate"
	// MethodsDisagree: the ends have no method of authentication in common
	MethodsDisagree Code = "no-shared-authentication"
	// MethodsNotInRules: whether the shared methods come about is not in the rules
	MethodsNotInRules Code = "authentication-outside-rules"
	// UserMethodsDisagree: the ends have no method for the user in common
	UserMethodsDisagree Code = "no-shared-user-authentication"
	// UserNeeded: a user has to authenticate as well
	UserNeeded Code = "user-needed"
	// ProposalsDisagree: the ends have no quick mode proposal in common
	ProposalsDisagree Code = "no-shared-proposal"
	// EncryptionDemanded: a firewall rule lets through only what is encrypted
	EncryptionDemanded Code = "demanded-encryption"
	// PeersLimited: an end communicates with certain peers only
	PeersLimited Code = "limited-peers"
	// NoDirectoryOfTrusts: no directory was read that tells of trusts
	NoDirectoryOfTrusts Code = "no-directory-of-trusts"
	// TrustUnknown: whether a domain trusts another is not known
	TrustUnknown Code = "unknown-trust"
	// TrustUnread: the trusts could not be read
	TrustUnread Code = "unread-trust"
	// TrustSelective: the trust is selective
	TrustSelective Code = "selective-trust"
)

// Why nothing is known of an address.
const (
	// AddressOfNobody: nothing tells whose address it is
	AddressOfNobody Code = "address-of-nobody"
	// NameOfNobody: nothing tells who has the name
	NameOfNobody Code = "name-of-nobody"
)
