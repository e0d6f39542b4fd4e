package machines

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// setClock sets the clock of a member by its domain.
const setClock = "on {host}: w32tm /query /source names whom it asks; w32tm /config /syncfromflags:domhier /update, then w32tm /resync /rediscover"

// rightFilter says how the filter becomes the one that is right.
func rightFilter(r reason.Reason) string {
	return entry.Fill("GPMC: WMI Filters, Edit the filter: {right-query}; PowerShell: Set-ADObject FILTERDN -Replace @", r) +
		"{'msWMI-Parm2' = " + entry.Fill("{right-parm2|ps}", r) + "}"
}

var filters = []entry.Entry{
	{Code: reason.FilterNotInSource, Text: "GPO {gpo|q} has the WMI filter {filter|q}, and {why}",
		Means: "The GPO has a WMI filter, and the source does not hold filters. On which Windows it is true is not known."},
	{Code: reason.FilterReferenceUnreadable, Text: "GPO {gpo|q}: {why}", FixBy: rightFilter,
		Means: "The attribute of the GPO that names its WMI filter cannot be read. What Windows makes of it is not sure."},
	{Code: reason.FilterUnread, Text: "GPO {gpo|q} has a WMI filter, which is not known: {why}",
		Fix:   "give the reader Read on the filter; GPMC: WMI Filters, the filter's Delegation tab",
		Means: "The filter could not be read, so it is not known on which Windows the GPO applies."},
	{Code: reason.FilterNotThere, Text: "GPO {gpo|q} refers to the WMI filter {filter}, which is not there or which the reader may not see: Windows skips what it cannot find and applies the GPO to everything", FixBy: rightFilter,
		Means: "A filter that is not there filters nobody ([MS-GPOL] 3.2.5.1.7). If it was to keep domain controllers out, it does not."},
	{Code: reason.FilterUnreadable, Text: "WMI filter {filter|q} cannot be read here, and what Windows makes of it is not documented: {why}", FixBy: rightFilter,
		Means: "The text of the filter has not the layout that Windows writes. On which Windows it is true is not known."},
	{Code: reason.FilterRefused, Text: "WMI filter {filter|q}: {why}", FixBy: rightFilter,
		Means: "WMI cannot parse the query. To Group Policy that is an error that ends the processing, so no machine gets the GPO."},
	{Code: reason.FilterFalse, FixBy: rightFilter,
		Say: func(r reason.Reason) string {
			if r.Number("count") > 0 {
				return entry.Fill("WMI filter {filter|q} is false on {windows}, which {count} computers run", r)
			}
			return entry.Fill("WMI filter {filter|q} is false on {windows}", r)
		},
		Means: "The filter keeps the GPO from a Windows that knows connection security rules. Such machines are not told of the isolation."},
	{Code: reason.FilterUnsure, Text: "WMI filter {filter|q}: {why}", FixBy: rightFilter,
		Means: "On which Windows the filter is true cannot be told for all that are in use."},
	{Code: reason.WindowsInUseUnknown, Text: "which Windows are in use is not known to the end: {why}",
		Means: "Not all accounts of computers could be read, so there may be Windows that the filter was not tried on."},
}

const papersOther = "the paper's section on several forests says the reverse; its section on the domain, and Kerberos, have it this way"

const (
	allowClients = "Active Directory Users and Computers: the KMS host's Properties, Security: the clients' Domain Computers, Allowed to authenticate: Allow; " +
		"dsacls \"HOSTDN\" /G \"CLIENTDOMAIN\\Domain Computers:CA;Allowed to Authenticate\""
	updatePolicy = "on the machine: gpupdate /target:computer /force, and a restart where a group was changed; gpresult /h FILE.html says what came through"
)

var machines = []entry.Entry{
	{Code: reason.NoFirewallPolicy, Text: "the registry of {vantage} holds no Windows Firewall policy: no GPO with one is applied",
		Means: "The machine has applied no GPO that has Windows Firewall settings. The isolation has not come to it."},
	{Code: reason.AppliedWrong, Text: "from {from} to {to}: {verdict} ({why})",
		Means: "The rules that the machine has applied do not protect this packet as the isolation wants it."},
	{Code: reason.AppliedUnknown, Text: "from {from} to {to}: {why}",
		Means: "What the applied rules do with this packet cannot be told."},
	{Code: reason.AnonymousAccepted, Text: "the rule accepts anonymous authentication, which lets everybody in",
		Means: "IPsec is negotiated with anybody who asks for it. The isolation keeps nobody out."},
	{Code: reason.WeakMethod, Text: "rule {rules} accepts {method} beside computer Kerberos", Severity: "high",
		Fix:   "leave only Computer (Kerberos V5) in the first authentication of the rule",
		Means: "Whoever can use the weaker method gets in, also without an account in the domain."},
	{Code: reason.RuleNote, Text: "{why}", Severity: "info",
		Means: "Something that is worth knowing of the rules that decide."},
	{Code: reason.ExemptionNotApplied, Text: "{vantage} does not exempt {exempt} towards {address}: rule {rule} requires protection from it", Severity: "warn",
		Means: "kmsiso.yaml exempts these addresses, and the rules that the host has applied do not. Such machines are dropped."},
	{Code: reason.StalePolicy, Text: "what is applied on {vantage} is not what the directory tells it today: {why}", Severity: "warn", Fix: updatePolicy,
		Means: "The machine has other rules than the directory has for it now. It has not refreshed its policy, or it asked a domain controller that is behind."},
	{Code: reason.AppliedLacksRule, Text: "rule {rule} of GPO {gpo|q} is not there",
		Means: "The directory has this rule for the machine, and the machine has not applied it."},
	{Code: reason.AppliedRuleDiffers, Text: "rule {rule} of GPO {gpo|q} is another one there",
		Means: "The machine has applied a rule of this id with another text."},
	{Code: reason.AppliedRuleGone, Text: "rule {rule} is there, and the directory has it no longer",
		Means: "The machine has applied a rule that is in no GPO for it today."},
	{Code: reason.MoreRules, Text: "and {count} more",
		Means: "Further rules differ. The first of them are named one by one."},

	{Code: reason.SameForest, Text: "the KMS hosts are in {forest} itself: the domains of a forest trust each other",
		Means: "Clients and hosts are in one forest, so no trust is needed."},
	{Code: reason.ForestOfHostUnknown, Text: "of which forest {host} is, is not known",
		Means: "No directory that was read has an account of the host. So it is not known which trust its clients need."},
	{Code: reason.TrustWrongWay, Text: "{why}, so the hosts accept none of its computers; " + papersOther, Fix: entry.MakeTrust,
		Means: "The forest of the KMS hosts must trust the forest of the clients. The trust that is there goes the other way."},
	{Code: reason.OneWayTrust, Text: "{hosts-forest} trusts {clients-forest} and not the reverse: enough for the clients to reach the hosts; " + papersOther, Severity: "info",
		Means: "A one-way trust is enough for the isolation. It is named since the paper says otherwise in one place."},
	{Code: reason.SelectiveUnread, Text: "the trust is selective, and who may authenticate to {host} is not known: its security descriptor was not read", Fix: allowClients,
		Means: "Over a selective trust only those get in to whom the host's account grants it. The permissions of the account were not read."},
	{Code: reason.SelectiveUnreadable, Text: "the trust is selective, and the security descriptor of {host} cannot be read: {why}", Fix: allowClients,
		Means: "Over a selective trust only those get in to whom the host's account grants it. The permissions of the account are damaged or of a kind that is not known."},
	{Code: reason.SelectiveRefused, Text: "the trust is selective, and {host} does not grant the computers of {forest} Allowed to Authenticate", Fix: allowClients,
		Means: "Over a selective trust only those get in to whom the host's account grants it. The clients' computers are not among them, so they get no ticket."},
	{Code: reason.SelectiveUnknown, Text: "the trust is selective, and whether the computers of {forest} may authenticate to {host} is not known: {why}", Fix: allowClients,
		Means: "Over a selective trust only those get in to whom the host's account grants it. Whether the clients' computers are among them cannot be told."},
	{Code: reason.DomainSIDUnread, Text: "the SID of {domain} was not read",
		Means: "The SID of a domain names the groups that every domain has, in permissions and in filters. Without it they cannot be told."},
	{Code: reason.GrantedToUnknown, Text: "it is granted to {trustee}, whose members are not known",
		Means: "A group has the right. Who is in it was not read, as it is of another forest."},

	{Code: reason.AccountDisabled, Text: "the account of {host} is disabled: it gets no ticket and gives none",
		Fix:   "Active Directory Users and Computers: Enable Account; PowerShell: Enable-ADAccount -Identity {account|ps}",
		Means: "Without an enabled account there is no Kerberos ticket for the host, and no IPsec with it."},
	{Code: reason.NamesShared, Text: "service principal names of {host} are also those of {sharing}: the domain controllers give out no ticket for a name that two accounts have",
		FixBy: func(reason.Reason) string {
			return "setspn -X lists them; setspn -D NAME ACCOUNT takes one away from the other account; PowerShell: Set-ADObject 'OTHERDN' -Remove @{servicePrincipalName = 'NAME'}"
		},
		Means: "Two accounts have one service principal name. Clients that ask for it get no ticket."},
	{Code: reason.NoAES, Text: "the account of {host} has no AES among its encryption types ({types}), and RC4 and DES are given out no longer",
		Fix:   "PowerShell: Set-ADComputer {account|ps} -KerberosEncryptionType AES128,AES256; GPMC: Security Options, Network security: Configure encryption types allowed for Kerberos",
		Means: "Domain controllers give out no ticket of the types that the account allows."},
	{Code: reason.TrustWithoutAES, Text: "the trust with {forest} ({trust-types}) and the account of the host ({types}) have no AES type in common: clients of {forest} get no ticket",
		Fix:   "Active Directory Domains and Trusts: the trust's Properties, The other domain supports Kerberos AES Encryption; ksetup /setenctypeattr {forest} AES256-CTS-HMAC-SHA1-96",
		Means: "A ticket over the trust needs an encryption type that the trust and the host's account both have."},
	{Code: reason.ClockSkew, Text: "the clock of the domain controller is {skew} from that of this machine: Kerberos allows {allowed}", Severity: "high",
		Fix:   "w32tm /resync on both",
		Means: "Kerberos refuses tickets where clocks are too far apart (RFC 4120). Either clock may be wrong."},

	{Code: reason.IntendedClock, Text: "less than {allowed} from the clock of the domain controllers",
		Means: "Kerberos refuses tickets where clocks are further apart (RFC 4120), and the isolation authenticates by Kerberos."},
	{Code: reason.SeenHostClock, Text: "the clock of {host} is {ahead} ahead of that of this machine, to within {within}",
		Means: "How far the clock of the host is ahead, and how exact that is: half of the time between question and answer. Less than 0 is behind."},
	{Code: reason.SeenControllerClock, Text: "that of the domain controller is {ahead} ahead, to within {within}",
		Means: "The same of a domain controller, which tells its time in whole seconds."},
	{Code: reason.HostClockWrong, Text: "the clock of {host} is {apart} from that of the domain controller, to within {within}: Kerberos allows {allowed}", Fix: setClock,
		Means: "Kerberos refuses tickets where clocks are so far apart (RFC 4120). Members cannot authenticate to the host, so nobody activates, or with the isolation only requested everybody goes in clear."},
	{Code: reason.HostClockUnsure, Text: "whether the clock of {host} is {allowed} from that of the domain controller is not known: it is {apart}, to within {within}", Fix: setClock,
		Means: "The clocks were not read exactly enough to say whether Kerberos still works. The way into the host is slow, or the clock is at the edge."},
	{Code: reason.HostClockApart, Text: "the clock of {host} is {apart} from that of the domain controller, to within {within}: at {allowed} Kerberos fails", Severity: run.Warn, Fix: setClock,
		Means: "A domain sets the clocks of its members to within seconds. A minute says that nobody sets this one, and it may go on until Kerberos fails."},
	{Code: reason.OneClockWrong, Text: "the clocks of {host} and of this machine are {apart} apart, to within {within}, and no domain controller tells which is wrong: Kerberos allows {allowed}", Severity: run.Warn, Fix: setClock,
		Means: "No domain controller was asked for its time, so the wrong clock may be that of kmsiso. Set this machine by NTP, or declare a directory by LDAP."},
	{Code: reason.NoControllerClock, Text: "no domain controller of {host} told its time, and the clock of this machine, {apart} away (to within {within}), may be wrong itself",
		Means: "Kerberos goes by the clock of the domain controllers. It is known where a directory is read by LDAP and the host has an account there."},
}
