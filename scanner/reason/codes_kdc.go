package reason

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
