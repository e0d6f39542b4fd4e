package logon

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var denials = []entry.Entry{
	{Code: reason.PasswordWrong, Text: "wrong password",
		Means: "The server knows the account, and the password is another one. It is not shown again, so that the account is not locked out."},
	{Code: reason.CredentialsInvalid, Text: "invalid credentials",
		Means: "The server does not say whether the name or the password is wrong, or whether the account is of no use."},
	{Code: reason.Unauthorized, Text: "HTTP 401, unauthorized",
		Means: "HTTP does not tell a wrong password from an account without the right. Look at both."},
	{Code: reason.AccountAbsent, Text: "there is no such account",
		Means: "The server knows no account of that name. Look at the user of the credential, and at its domain."},
	{Code: reason.LogonHours, Text: "the account may not log on at this time",
		Means: "The account has logon hours, and now is none of them. See the account in the directory."},
	{Code: reason.LogonPlaces, Text: "the account may not log on from here",
		Means: "The account is bound to certain workstations, and this machine is none of them. See the account in the directory."},
	{Code: reason.LogonLimited, Text: "the account may not log on at this time or from here",
		Means: "The KDC does not tell which of the two. See logon hours and workstations of the account in the directory."},
	{Code: reason.LogonAccountDisabled, Text: "the account is disabled",
		Means: "The account exists and is switched off. Enable it, or name another credential."},
	{Code: reason.LogonAccountExpired, Text: "the account has expired",
		Means: "The account had an end date, which is over. Extend it, or name another credential."},
	{Code: reason.PasswordExpired, Text: "the account's password has expired",
		Means: "The password must be changed before the account is let in anywhere."},
	{Code: reason.PasswordMustChange, Text: "its password must be changed first",
		Means: "Somebody has set that the user changes the password at the next log-on. kmsiso does not do that."},
	{Code: reason.AccountLockedOut, Text: "the account is locked out",
		Means: "Too many wrong passwords were shown for the account, by whomever. Find who shows them before it is unlocked."},
	{Code: reason.AccountRestricted, Text: "the account is restricted",
		Means: "The server let the account not in because of a restriction that it does not name, such as an empty password or a policy of authentication."},
	{Code: reason.LogonTypeDenied, Text: "the account may not log on in this way",
		Means: "The user rights of that machine do not give the account this kind of log-on, or deny it."},
	{Code: reason.LogonAccessDenied, Text: "access is denied",
		Means: "The secret was taken, and the account has no access there."},
	{Code: reason.NTLMNotTaken, Text: "the server does not take NTLM",
		Means: "A policy of the server forbids NTLM. Give the credential a principal, so that Kerberos is used."},
}

var secrets = []entry.Entry{
	{Code: reason.PasswordEmpty,
		Say: func(r reason.Reason) string {
			if account := r.Word("account"); account != "" {
				return "the password of " + account + " is empty"
			}
			return "the password is empty, so it is not sent"
		},
		Means: "An empty password is an anonymous log-on to some servers, which proves nothing. So nothing was sent. See where the policy takes the password from."},
	{Code: reason.TLSMissing, Text: "there is no TLS, so the password is not sent",
		Means: "The password would cross the network in clear."},
	{Code: reason.LockoutUnknown,
		Text:  "an attempt got no answer, and how near it is to being locked out is not known, so one attempt is all there is{why|+: }",
		Means: "An attempt without an answer may have counted as a wrong password. Where the count cannot be read, there is no second attempt."},
	{Code: reason.LockoutUnanswered,
		Text:  "{lost} attempts got no answer, {count} wrong passwords are counted for it at {at}, and {threshold} lock it out",
		Means: "Attempts without an answer may have counted as wrong passwords. kmsiso leaves room for two of somebody else."},
	{Code: reason.LockoutNear,
		Text:  "{count} wrong passwords are counted for it at {at} and {threshold} lock it out{window|+; a wrong password counts for }",
		Means: "Somebody has shown wrong passwords for the account. One more of kmsiso could lock it out, so it is not shown at all."},
	{Code: reason.AccountOfWhom,
		Say: func(r reason.Reason) string {
			user := r.Word("user")
			return fmt.Sprintf(`whose account %s is cannot be told; write .\%s for one of the machine itself, or DOMAIN\%s`, user, user, user)
		},
		Means: "A bare name may be that of a local account or of one of the domain. The two have passwords and lockouts of their own."},
	{Code: reason.DenialAmbiguous,
		Say: func(r reason.Reason) string {
			domain := r.Word("domain")
			if domain == "" {
				domain = "DOMAIN.EXAMPLE"
			}
			return fmt.Sprintf("whether the password is wrong or the account may not log on there cannot be told, for no domain controller of its domain is declared: "+
				"add forests: {%s: {directory: {urls: [ldaps://DC.%s], credential: NAME}}}", domain, domain)
		},
		Means: "A domain controller says whether a password is right, before any machine is shown it. None is declared for this account."},
	{Code: reason.PDCUnread, Text: "which controller is the PDC emulator could not be read: {why}",
		Means: "Wrong passwords are counted at the PDC emulator of the domain, for the count is not replicated ([MS-ADTS] badPwdCount)."},
	{Code: reason.PDCUndeclared, Text: "the wrong passwords are counted at the PDC emulator, {pdc}, which is not declared; add ldaps://{pdc} to the urls",
		Means: "kmsiso asks declared controllers alone, and the count of wrong passwords is at another one."},
	{Code: reason.AccountNotOne, Text: "{count} accounts of that name were found at {pdc}",
		Means: "The count of wrong passwords is that of one account. Write the account so that it is one: DOMAIN\\user."},
	{Code: reason.LockoutPolicyUnread, Text: "the password policy that is in force for it, {policy}, could not be read; allow its reader to read it",
		Means: "The policy says how many wrong passwords lock the account out. A fine-grained policy may be read by administrators alone unless that is changed."},
	{Code: reason.AuthoritiesUnread,
		Say: func(r reason.Reason) string {
			if r.Word("service") == "winrm" {
				return "the file of ca: could not be read: " + r.Word("words")
			}
			return "the authorities of the directory cannot be read: " + r.Word("words")
		},
		Means: "The file that ca: names cannot be read on the controller. See its path and its rights."},
	{Code: reason.AuthoritiesAbsent, Text: "{file} holds no certificate in PEM form",
		Means: "The file that ca: names is there, and no certificate is in it in the form BEGIN CERTIFICATE."},
	{Code: reason.StartTLSAnswerOdd, Text: "what it answers is no answer to StartTLS",
		Means: "The server spoke LDAP and answered the wish for TLS with another message. Nothing was shown to it."},
}
