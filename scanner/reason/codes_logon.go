package reason

// What keeps a connection from being made.
const (
	// NameUnresolved is of a name without an address.
	NameUnresolved Code = "name-unresolved"
	// NameNotLookedUp is of a name for which the controller did not ask.
	NameNotLookedUp Code = "name-not-looked-up"
	// VantageAddressesUnknown is of a vantage that declares no addresses and was not
	// connected.
	VantageAddressesUnknown Code = "vantage-addresses-unknown"
	// NothingAnswers is of a connection that nothing answered.
	NothingAnswers Code = "nothing-answers"
	// ConnectionRefused is of a port at which nothing listens.
	ConnectionRefused Code = "connection-refused"
	// HostUnreachable is of an address to which no way leads.
	HostUnreachable Code = "host-unreachable"
	// NotConnected is of a connection that failed for another reason.
	NotConnected Code = "not-connected"
	// ConnectionBroke is of a connection that ended before the answer came.
	ConnectionBroke Code = "connection-broke"
	// AnswerLimit is of a peer that took the connection and did not answer in time.
	AnswerLimit Code = "answer-limit"
	// NoTLS is of a port that does not speak TLS.
	NoTLS Code = "no-tls"
	// CertificateUntrusted is of a certificate of an unknown authority.
	CertificateUntrusted Code = "certificate-untrusted"
	// CertificateInvalid is of a certificate that has expired or is for another name.
	CertificateInvalid Code = "certificate-invalid"
	// MachineDistrusted is of a machine that showed an identity that is not its own.
	MachineDistrusted Code = "machine-distrusted"
	// OtherHostKey is of a machine that showed another host key than the known one.
	OtherHostKey Code = "other-host-key"
	// OtherCertificate is of a machine that showed another certificate than the
	// trusted one.
	OtherCertificate Code = "other-certificate"
)

// How a directory or its credential is declared wrong.
const (
	// DirectoryURLOdd: an address is none of a directory. Args: url.
	DirectoryURLOdd Code = "directory-url-odd"
	// DirectoryURLSecret: an address holds a user or a password.
	DirectoryURLSecret Code = "directory-url-with-secret"
	// DirectoryURLScheme: an address is neither of ldaps nor of ldap. Args: url, scheme.
	DirectoryURLScheme Code = "directory-url-scheme"
	// DirectoryURLMissing: a directory has no address.
	DirectoryURLMissing Code = "directory-url-missing"
	// DirectoryCredentialMissing: a directory has no credential.
	DirectoryCredentialMissing Code = "directory-credential-missing"
	// CredentialPasswordMissing: a credential of kind password has none.
	CredentialPasswordMissing Code = "credential-without-password"
	// CredentialUserMissing: a credential of kind password names nobody.
	CredentialUserMissing Code = "credential-without-user"
	// CredentialKeytabPartial: a credential of kind keytab lacks its file or principal.
	CredentialKeytabPartial Code = "credential-keytab-partial"
	// CredentialCacheMissing: a credential of kind ccache has no file.
	CredentialCacheMissing Code = "credential-without-cache"
	// CredentialKindOther: a credential cannot read a directory. Args: kind.
	CredentialKindOther Code = "credential-kind-other"
	// PrincipalOdd: a name is no Kerberos principal. Args: principal.
	PrincipalOdd Code = "principal-odd"
	// KeytabUnread: a keytab cannot be read. Args: file, words.
	KeytabUnread Code = "keytab-unread"
	// CacheUnread: a ticket cache cannot be read. Args: file, words.
	CacheUnread Code = "ticket-cache-unread"
	// CacheUseless: a ticket cache has nothing that can be used. Args: file, words.
	CacheUseless Code = "ticket-cache-useless"
)

// Why a domain controller does not take a log-on over LDAP, or is not asked.
const (
	// ReadingEnded: the reading of a directory was ended from here. Args: why.
	ReadingEnded Code = "reading-ended"
	// ServerClosed: the other end closed the connection without an answer.
	ServerClosed Code = "server-closed"
	// StartTLSRefused: a server answered StartTLS with an error. Args: result, words.
	StartTLSRefused Code = "starttls-refused"
	// StartTLSFailed: StartTLS was not answered, or broke. Args: why.
	StartTLSFailed Code = "starttls-failed"
	// CertificateOfOthers: a certificate is for other names. Args: names, or subject
	// where it has none, and host.
	CertificateOfOthers Code = "certificate-of-others"
	// ChannelBindingWanted: a log-on inside TLS needs a channel binding.
	ChannelBindingWanted Code = "channel-binding-wanted"
	// BindRefused: an account was refused over LDAP. Args: account, why.
	BindRefused Code = "bind-refused"
	// PasswordTooWeak: a password alone is not taken. Args: words.
	PasswordTooWeak Code = "password-not-taken"
	// KerberosInTLSRefused: Kerberos inside TLS is not taken. Args: words.
	KerberosInTLSRefused Code = "kerberos-inside-tls-refused"
	// LogonUnknown: the server does not know this way to log on. Args: words.
	LogonUnknown Code = "logon-unknown"
)

// Why an account got no Kerberos ticket, by what the KDC said (RFC 4120 7.5.9).
const (
	// KDCAccountUnknown: KDC_ERR_C_PRINCIPAL_UNKNOWN
	KDCAccountUnknown Code = "account-unknown-to-kdc"
	// KDCServerUnknown: KDC_ERR_S_PRINCIPAL_UNKNOWN
	KDCServerUnknown Code = "server-unknown-to-kdc"
	// KDCNoAESKey: KDC_ERR_ETYPE_NOSUPP
	KDCNoAESKey Code = "account-without-aes-key"
	// KDCAccountRevoked: KDC_ERR_CLIENT_REVOKED
	KDCAccountRevoked Code = "account-disabled-or-locked-out"
	// KDCWrongSecret: KDC_ERR_PREAUTH_FAILED, KRB_AP_ERR_BAD_INTEGRITY
	KDCWrongSecret Code = "wrong-password-or-keytab"
	// KDCPreauthWanted: KDC_ERR_PREAUTH_REQUIRED
	KDCPreauthWanted Code = "preauthentication-wanted"
	// TicketExpired: KRB_AP_ERR_TKT_EXPIRED
	TicketExpired Code = "expired-ticket"
	// TicketNotYetValid: KRB_AP_ERR_TKT_NYV
	TicketNotYetValid Code = "ticket-not-yet-valid"
	// ClocksDiffer: KRB_AP_ERR_SKEW
	ClocksDiffer Code = "clocks-differ"
	// KDCOtherRealm: KDC_ERR_WRONG_REALM
	KDCOtherRealm Code = "account-of-another-realm"
)

// Why no KDC was asked, or gave no answer.
const (
	// CacheWithoutTicket: a ticket cache has no valid ticket. Args: file.
	CacheWithoutTicket Code = "cache-without-ticket"
	// KeytabWithoutKey: a keytab has no key that the KDC wants. Args: file, account.
	KeytabWithoutKey Code = "keytab-without-key"
	// RealmWithoutKDC: no declared controller is of the account's realm
	RealmWithoutKDC Code = "realm-without-kdc"
	// KDCUnreachable: no KDC could be asked. Args: words.
	KDCUnreachable Code = "unreachable-kdc"
	// KDCSilent: a KDC gave no answer. Args: kdc, why.
	KDCSilent Code = "silent-kdc"
)

// Why Kerberos does not protect an LDAP connection (RFC 4752, RFC 4121).
const (
	// NoSubkey: the controller chose no key of its own
	NoSubkey Code = "no-subkey"
	// LayersUnreadable: the offer of layers cannot be read. Args: words.
	LayersUnreadable Code = "layers-unreadable"
	// LayersForged: the offer of layers is not that of the controller. Args: words.
	LayersForged Code = "layers-forged"
	// LayersMalformed: the offer of layers has another size. Args: octets.
	LayersMalformed Code = "layers-malformed"
	// LayerMissing: the wanted layer is not offered. Args: offered, wanted.
	LayerMissing Code = "layer-missing"
	// EncryptionTooOld: a type of encryption that is no AES. Args: type.
	EncryptionTooOld Code = "encryption-too-old"
	// MessagesTooSmall: the controller takes messages of a few octets. Args: octets.
	MessagesTooSmall Code = "messages-too-small"
	// SealedSizeWrong: a sealed message cannot have this size. Args: octets.
	SealedSizeWrong Code = "sealed-size-wrong"
	// NotSealed: a message is not sealed by the controller, or is not the next one
	NotSealed Code = "not-sealed"
)

// Why no ticket is asked for.
const (
	// KerberosByAddress: a controller is declared by its address. Args: server.
	KerberosByAddress Code = "kerberos-by-address"
	// KerberosFileUnread: a file that KRB5_CONFIG names is not there, or is none.
	// Args: files, words.
	KerberosFileUnread Code = "kerberos-file-unread"
	// RealmMiswritten: a file that KRB5_CONFIG names has the realm in other letters.
	// Args: at, written, realm.
	RealmMiswritten Code = "realm-miswritten"
)

// What a server says of an account that it turns down, by LDAP ([MS-ADTS]
// 5.1.1.1.1), SMB ([MS-ERREF] 2.3.1), Kerberos or HTTP.
const (
	// PasswordWrong: the password is not that of the account.
	PasswordWrong Code = "password-wrong"
	// CredentialsInvalid: an LDAP server says no more than that.
	CredentialsInvalid Code = "credentials-invalid"
	// Unauthorized: an HTTP server says no more than 401.
	Unauthorized Code = "http-unauthorized"
	// AccountAbsent: there is no account of that name.
	AccountAbsent Code = "account-absent"
	// LogonHours: the account may log on at other times.
	LogonHours Code = "outside-logon-hours"
	// LogonPlaces: the account may log on from other machines.
	LogonPlaces Code = "not-a-logon-workstation"
	// LogonLimited: the account may log on at other times, or from other machines.
	LogonLimited Code = "outside-logon-limits"
	// LogonAccountDisabled: the account is disabled.
	LogonAccountDisabled Code = "logon-account-disabled"
	// LogonAccountExpired: the account has expired.
	LogonAccountExpired Code = "logon-account-expired"
	// PasswordExpired: the password of the account has expired.
	PasswordExpired Code = "expired-password"
	// PasswordMustChange: the account must be given a new password first.
	PasswordMustChange Code = "password-must-change"
	// AccountLockedOut: the account is locked out.
	AccountLockedOut Code = "account-locked-out"
	// AccountRestricted: the account is restricted in another way.
	AccountRestricted Code = "account-restricted"
	// LogonTypeDenied: the account has no right to this kind of log-on.
	LogonTypeDenied Code = "logon-type-denied"
	// LogonAccessDenied: the account has no access there.
	LogonAccessDenied Code = "logon-access-denied"
	// NTLMNotTaken: the server does not take NTLM.
	NTLMNotTaken Code = "ntlm-not-taken"
)

// Why a secret is not shown.
const (
	// PasswordEmpty: the password is empty. Args: account.
	PasswordEmpty Code = "password-empty"
	// TLSMissing: a password would be seen by others.
	TLSMissing Code = "tls-missing"
	// LockoutUnknown: how near an account is to being locked out is not known. Args:
	// why.
	LockoutUnknown Code = "lockout-unknown"
	// LockoutUnanswered: attempts without an answer may count. Args: lost, count, at,
	// threshold.
	LockoutUnanswered Code = "lockout-after-silence"
	// LockoutNear: an account is near to being locked out. Args: count, at, threshold,
	// window.
	LockoutNear Code = "lockout-near"
	// AccountOfWhom: an account may be of a machine or of its domain. Args: user.
	AccountOfWhom Code = "account-of-whom"
	// DenialAmbiguous: a wrong password cannot be told from a missing right. Args:
	// domain.
	DenialAmbiguous Code = "denial-ambiguous"
)

// Why the count of wrong passwords is not known.
const (
	// PDCUnread: which controller is the PDC emulator is not known. Args: why.
	PDCUnread Code = "pdc-unread"
	// PDCUndeclared: the PDC emulator is no declared controller. Args: pdc.
	PDCUndeclared Code = "pdc-undeclared"
	// AccountNotOne: no account has the name, or several have. Args: count, pdc.
	AccountNotOne Code = "account-not-one"
	// LockoutPolicyUnread: the password policy of an account was not read. Args: policy.
	LockoutPolicyUnread Code = "lockout-policy-unread"
)

// Why a directory is not connected to.
const (
	// AuthoritiesUnread: the file of ca: cannot be read. Args: service, words.
	AuthoritiesUnread Code = "authorities-unread"
	// AuthoritiesAbsent: the file of ca: has no certificate. Args: file.
	AuthoritiesAbsent Code = "authorities-absent"
	// StartTLSAnswerOdd: what a server answered to StartTLS is no answer to it.
	StartTLSAnswerOdd Code = "starttls-answer-odd"
)
