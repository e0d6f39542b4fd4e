package reason

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
