package directory

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var controller = []entry.Entry{
	{
		Code:  reason.ServerUnread,
		Text:  "{server}: {why}",
		Means: "A declared domain controller could not be read. What only it can tell is not known. The reason stands behind it.",
	},
	{
		Code:  reason.SYSVOLUnread,
		Text:  "SYSVOL of {server}: {why}",
		Means: "The files of the GPOs could not be read from this domain controller. The reason stands behind it.",
	},
	{
		Code:  reason.RootUnread,
		Text:  "its root could not be read: {why}",
		Means: "A directory says of itself which domain and forest it is of. That could not be read.",
	},
	{
		Code:  reason.NotAController,
		Text:  "it is no domain controller of Active Directory",
		Means: "The server answers LDAP, and does not say that it is a domain controller of Active Directory. Look at the url in the policy.",
	},
	{
		Code:  reason.ClockUnreadable,
		Text:  "it says that its time is {words|q}",
		Means: "The server does not say its time in the form that LDAP wants. Whether the clocks differ is not known.",
	},
	{
		Code:  reason.ServerSaid,
		Text:  "the domain controller said {result|q}: {words}",
		Means: "The domain controller answered with an error of LDAP. Its own words stand behind the name of the error.",
	},
	{
		Code:  reason.KerberosFailed,
		Text:  "Kerberos for {account}: {why}",
		Means: "The account got no Kerberos ticket, or the ticket was not taken. The reason stands behind it.",
	},
	{
		Code:  reason.WithKerberos,
		Text:  "with Kerberos: {why}",
		Means: "Both Kerberos and NTLM were tried, and both failed. This is what became of Kerberos.",
	},
	{
		Code:  reason.NTLMForbidden,
		Text:  "not opened with Kerberos, and ntlm: forbid rules out NTLM: {why}",
		Means: "Kerberos failed, and the policy forbids NTLM. Mend Kerberos, or allow NTLM.",
	},
	{
		Code:  reason.ControllersUnlisted,
		Text:  "which domain controllers the domain has is not known: {why}",
		Means: "All domain controllers are to be asked (controllers: all), and the sites of the forest do not show them to the account. It needs Read on CN=Sites in the configuration partition.",
	},
	{
		Code:  reason.ControllerNameForeign,
		Text:  "it is not asked: its name is not one in {domains}",
		Means: "The directory names a domain controller outside of the domains that are declared, or by no full name. Names from a directory are not followed there. Declare it in urls, if it is one of yours.",
	},
	{
		Code:  reason.ControllerAccountMissing,
		Text:  "it is not asked: the sites of the forest name it, and no account of a domain controller that is seen bears its name",
		Means: "A domain controller is asked that nobody declares where a server object of a site and an account of the domain both say that it is one. What a removed domain controller left in the sites is taken away by a metadata cleanup.",
	},
	{
		Code:  reason.ControllersTooMany,
		Text:  "it is not asked: the directory names more than {most} others",
		Means: "Of one domain no more domain controllers are asked that are not declared. Declare in urls those that matter most.",
	},
	{
		Code:  reason.AccountDomainUnknown,
		Text:  "the domain of the account is not known, so no ticket can be asked for",
		Means: "The credential names an account without a domain that was read. Write it as user@domain or as DOMAIN and the user.",
	},
	{
		Code:  reason.ShareMissing,
		Text:  "there is no share of that name",
		Means: "The server has no share SYSVOL. It may be no domain controller, or its SYSVOL is not shared yet.",
	},
	{
		Code:  reason.LogonRefused,
		Text:  "the log-on of {account} is refused: {why}",
		Means: "The server refused the account. What it said stands behind it.",
	},
	{
		Code:  reason.NoAnswerWithin,
		Text:  "no answer within {timeout}",
		Means: "The server took the connection and did not answer in the time given. It is overloaded, or something on the path drops packets.",
	},
}
