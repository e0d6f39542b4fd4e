package reason

// Why a domain controller, or its SYSVOL, could not be read.
const (
	// ServerUnread: a declared server could not be read. Args: server, why.
	ServerUnread Code = "server-unread"
	// SYSVOLUnread: the SYSVOL of a controller could not be opened. Args: server, why.
	SYSVOLUnread Code = "sysvol-unread"
	// RootUnread: what a server says of itself could not be read. Args: why.
	RootUnread Code = "root-unread"
	// NotAController: the server is no domain controller of Active Directory.
	NotAController Code = "not-a-domain-controller"
	// ClockUnreadable: the time that a server says is none. Args: words.
	ClockUnreadable Code = "clock-unreadable"
	// ServerSaid: a controller answered a search with an error. Args: result, words.
	ServerSaid Code = "server-said"
	// KerberosFailed: no ticket was had, or it was not taken. Args: account, why.
	KerberosFailed Code = "kerberos-failed"
	// WithKerberos: what became of Kerberos, where NTLM failed as well. Args: why.
	WithKerberos Code = "with-kerberos"
	// NTLMForbidden: only NTLM would open it, and the policy forbids that. Args: why.
	NTLMForbidden Code = "ntlm-forbidden"
	// AccountDomainUnknown: the account names no domain to ask for a ticket.
	AccountDomainUnknown Code = "account-domain-unknown"
	// ShareMissing: a server has no share of that name.
	ShareMissing Code = "share-missing"
	// LogonRefused: a server refused the log-on of an account. Args: account, why.
	LogonRefused Code = "logon-refused"
	// NoAnswerWithin: a server that took the connection did not answer in time. Args:
	// timeout.
	NoAnswerWithin Code = "no-answer-within"
)
