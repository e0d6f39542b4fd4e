package reason

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
