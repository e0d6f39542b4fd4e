package logon

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var credentials = []entry.Entry{
	{Code: reason.DirectoryURLOdd, Text: "{url|q} is no directory; write one such as ldaps://dc01.contoso.test",
		Means: "The address in the policy is no URL of a domain controller: a scheme, a name and perhaps a port, and nothing behind."},
	{Code: reason.DirectoryURLSecret, Text: "the URL of a directory must not hold a user or a password; name a credential",
		Means: "A secret in a URL ends up in logs and documents. Declare a credential and name it."},
	{Code: reason.DirectoryURLScheme, Text: "{url}: the scheme is {scheme|q}; want ldaps or ldap",
		Means: "Only these two are spoken with a domain controller."},
	{Code: reason.DirectoryURLMissing, Text: "no domain controller to read; name one such as ldaps://dc01.contoso.test",
		Means: "The directory of the forest has no urls:, so nobody can be asked."},
	{Code: reason.DirectoryCredentialMissing, Text: "the directory has no credential; name a password, a keytab or a ccache",
		Means: "Active Directory tells strangers next to nothing. Declare a credential and name it at the directory."},
	{Code: reason.CredentialPasswordMissing, Text: "the directory's credential has no password",
		Means: "The credential is of kind password and does not say where the password is."},
	{Code: reason.CredentialUserMissing, Text: "the directory's credential has neither a user nor a principal",
		Means: "The credential is of kind password and does not say whose password it is."},
	{Code: reason.CredentialKeytabPartial, Text: "the directory's keytab needs its file and a principal, such as svc-kmsiso@CONTOSO.TEST",
		Means: "A keytab holds keys of several accounts, so both are needed."},
	{Code: reason.CredentialCacheMissing, Text: "the directory's ticket cache needs its file",
		Means: "The credential is of kind ccache and does not say where the tickets are."},
	{Code: reason.CredentialKindOther, Text: "a credential of kind {kind|q} cannot read a directory; use a password, keytab or ccache",
		Means: "The credential is of a kind for other ways, such as an SSH key."},
	{Code: reason.PrincipalOdd, Text: "{principal|q} is no Kerberos principal; write one such as svc-kmsiso@CONTOSO.TEST",
		Means: "A principal is an account and its realm, with @ between them."},
	{Code: reason.KeytabUnread, Text: "the keytab {file} cannot be read: {words}",
		Means: "The file is not there, may not be read, or is no keytab. See its path and its rights on the controller."},
	{Code: reason.CacheUnread, Text: "the ticket cache {file} cannot be read: {words}",
		Means: "The file is not there, may not be read, or is no ticket cache. See its path and its rights on the controller."},
	{Code: reason.CacheUseless, Text: "the ticket cache {file} cannot be used: {words}; log on with kinit",
		Means: "The file is a ticket cache and has no ticket-granting ticket that counts."},
}
