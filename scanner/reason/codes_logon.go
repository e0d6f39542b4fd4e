package reason

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
