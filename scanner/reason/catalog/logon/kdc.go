package logon

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var tickets = []entry.Entry{
	{Code: reason.KDCAccountUnknown, Text: "the KDC does not know the account",
		Means: "No account of that name is in the realm. Look at the principal of the credential."},
	{Code: reason.KDCServerUnknown, Text: "the KDC does not know the server by that name; name the domain controller by its full DNS name",
		Means: "A ticket is for a name of the server (its SPN). The name in the policy is none that the directory has."},
	{Code: reason.KDCNoAESKey, Text: "the account has no AES key; change its password once, or allow AES for it",
		Means: "kmsiso speaks AES alone. An account whose password is older than AES in the domain has no such key."},
	{Code: reason.KDCAccountRevoked, Text: "the account is disabled or locked out",
		Means: "The KDC does not tell which of the two. Look at the account in the directory."},
	{Code: reason.KDCWrongSecret, Text: "wrong password or stale keytab",
		Means: "The key that was shown is not that of the account. A keytab is stale after the password was changed."},
	{Code: reason.KDCPreauthWanted, Text: "the KDC wants pre-authentication that this credential cannot give",
		Means: "The account may have to log on with a smart card, or its keytab has no fitting key."},
	{Code: reason.TicketExpired, Text: "the ticket has expired; log on again with kinit",
		Means: "The ticket cache holds a ticket whose time is over."},
	{Code: reason.TicketNotYetValid, Text: "the ticket is not valid yet: the clocks differ",
		Means: "By the clock of the server the ticket begins in the future. Set the clock of this machine."},
	{Code: reason.ClocksDiffer, Text: "the clocks of this machine and the domain controller differ by more than 5 minutes",
		Means: "Kerberos allows 5 minutes. Set the clock of this machine by NTP, or look at that of the domain controller."},
	{Code: reason.KDCOtherRealm, Text: "the account is of another realm",
		Means: "The realm after the @ of the principal is not the one that the account is in."},
	{Code: reason.CacheWithoutTicket, Text: "the ticket cache {file} holds no valid ticket; log on with kinit",
		Means: "The file is there, and no ticket in it can be used."},
	{Code: reason.KeytabWithoutKey, Text: "the keytab {file} has no key for {account} that the KDC wants",
		Means: "The keytab is of another account, or of other encryption types. Make it anew."},
	{Code: reason.RealmWithoutKDC, Text: "no declared domain controller is of its realm; declare one, or set KRB5_CONFIG",
		Means: "kmsiso asks declared domain controllers alone for tickets. None of them is of the realm of the account."},
	{Code: reason.KDCUnreachable, Text: "the KDC cannot be reached: {words}",
		Means: "Port 88 of the domain controller was asked, and no answer came. What the system said stands behind it."},
	{Code: reason.KDCSilent, Text: "the KDC {kdc}: {why}",
		Means: "This domain controller was asked for a ticket and gave no answer. The reason stands behind it."},
}
