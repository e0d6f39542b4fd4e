package logon

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var logons = []entry.Entry{
	{Code: reason.ReadingEnded, Text: "the reading was ended: {why}",
		Means: "kmsiso itself ended the reading of this directory, because the run was stopped or its time was over."},
	{Code: reason.ServerClosed, Text: "it closed the connection",
		Means: "The server took the connection and closed it without an answer. Something else than a domain controller may listen there, or it is overloaded."},
	{Code: reason.StartTLSRefused, Text: "the domain controller does not secure the connection (StartTLS), so the password is not sent: it said {result|q}: {words}; use ldaps://, or Kerberos",
		Means: "A password is sent inside TLS only. The domain controller refused to begin TLS, often because it has no certificate."},
	{Code: reason.StartTLSFailed, Text: "the domain controller does not secure the connection (StartTLS), so the password is not sent: {why}; use ldaps://, or Kerberos",
		Means: "A password is sent inside TLS only. The connection broke before TLS began, or the answer was none."},
	{Code: reason.CertificateOfOthers, Say: func(r reason.Reason) string {
		if r.Word("subject") != "" {
			return entry.Fill("the certificate is for no DNS name at all ({subject}), not for {host}; name the domain controller as its certificate does", r)
		}
		return entry.Fill("the certificate is for {names}, not for {host}; name the domain controller as its certificate does", r)
	}, Means: "The certificate is of a known authority and for other names than the one in the policy. Write the name that the certificate has, or give the domain controller another certificate."},
	{Code: reason.ChannelBindingWanted, Text: "the domain controller requires channel binding (LdapEnforceChannelBinding) for a log-on inside TLS, which Kerberos cannot give here; use ldap://, where Kerberos itself seals the connection",
		Means: "The domain controller binds the log-on to its TLS connection. kmsiso cannot do that with Kerberos, and needs no TLS there: Kerberos seals every message itself."},
	{Code: reason.BindRefused, Text: "the bind of {account} is refused: {why}",
		Means: "The domain controller refused the account. What it said stands behind it. A wrong password is not tried again, so that the account is not locked out."},
	{Code: reason.PasswordTooWeak, Text: "the domain controller wants stronger authentication than a password, such as Kerberos: {words}",
		Means: "The domain controller takes no simple bind. Give the credential a principal or a keytab."},
	{Code: reason.KerberosInTLSRefused, Text: "the domain controller wants stronger authentication: it does not take Kerberos inside TLS ({words}); use ldap://, where Kerberos itself seals the connection",
		Means: "Inside TLS Kerberos seals nothing, and domain controllers refuse it there ([MS-ADTS] 5.1.1.1.2)."},
	{Code: reason.LogonUnknown, Text: "the domain controller does not know this way to log on: {words}",
		Means: "The server does not offer the method of the credential. It may be no domain controller of Active Directory."},
}
