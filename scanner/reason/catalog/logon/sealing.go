package logon

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var sealing = []entry.Entry{
	{Code: reason.NoSubkey, Text: "the domain controller chose no key of its own for Kerberos",
		Means: "kmsiso seals with a key that the domain controller chooses for this connection, and there is none."},
	{Code: reason.LayersUnreadable, Text: "the domain controller's offer of Kerberos layers is broken: {words}",
		Means: "The last step of the log-on is an offer of ways to protect the connection (RFC 4752 3.1). It cannot be read."},
	{Code: reason.LayersForged, Text: "the domain controller's offer of Kerberos layers is not its own: {words}",
		Means: "The check sum of the offer is wrong. Something between changed it, or answers in place of the domain controller."},
	{Code: reason.LayersMalformed, Text: "the domain controller's offer of Kerberos layers has {octets} bytes, want 4",
		Means: "The offer does not have the form of RFC 4752 3.1."},
	{Code: reason.LayerMissing, Text: "the domain controller does not offer the protection wanted for Kerberos (its offer is {offered}, wanted is {wanted})",
		Means: "The numbers are those of RFC 4752 3.3: 1 is nothing, 2 integrity, 4 sealing. kmsiso sends nothing over a connection that is not sealed."},
	{Code: reason.EncryptionTooOld, Text: "the domain controller wants the Kerberos encryption type {type}, which is too old; only AES is used",
		Means: "The type is RC4 or DES. Allow AES for the domain controller and the account."},
	{Code: reason.MessagesTooSmall, Text: "the domain controller accepts messages of {octets} bytes only",
		Means: "No request fits into a message of that size."},
	{Code: reason.SealedSizeWrong, Text: "a sealed message of {octets} bytes came, which cannot be",
		Means: "The message is smaller than any sealed one, or larger than what was agreed on. It is not opened."},
	{Code: reason.NotSealed, Text: "what came is not sealed by the domain controller",
		Means: "A message has a wrong seal, or is not the next one. Something between changed it, took it out or sent it again."},
	{Code: reason.KerberosByAddress, Text: "{server}: Kerberos needs the name of the domain controller in place of its address",
		Means: "A ticket is for a name. Write the url of the directory with the DNS name of the domain controller."},
	{Code: reason.KerberosFileUnread, Text: "KRB5_CONFIG names {files}, which cannot be read: {words}",
		Means: "The environment of kmsiso names a configuration of Kerberos. Correct KRB5_CONFIG, or take it away."},
	{Code: reason.RealmMiswritten, Text: "KRB5_CONFIG: {at}: the realm is written {written} there, and the account is of {realm}; a realm of Active Directory is in capitals",
		Means: "Kerberos tells capitals from small letters, so the KDCs of the file are not those of the account's realm. Write the realm in capitals in both places."},
}
