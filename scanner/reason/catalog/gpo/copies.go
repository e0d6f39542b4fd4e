package gpo

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

const replicate = "wait for replication and look again; else repadmin /showrepl and dfsrdiag ReplicationState on the domain controller named, or GPMC: the domain's Status tab, Detect Now"

const importCopy = "GPMC: back the right copy up (Back Up), and import it into the other (Import Settings); " +
	"PowerShell: Backup-GPO -Name NAME -Domain RIGHTDOMAIN -Path FOLDER, then Import-GPO -BackupGpoName NAME -Path FOLDER -TargetName NAME -Domain {domain}"

var copies = []entry.Entry{
	{Code: reason.CopiesUnread, Text: "{server}: {why}", Fix: replicate,
		Means: "The domain controller was asked for its copies of the GPOs and did not give them. Whether it has the right version is not known."},
	{Code: reason.CopyUnread, Text: "{server}, GPO {gpo|q}: {why}", Fix: replicate,
		Means: "The domain controller answers, and its copy of this GPO could not be read."},
	{Code: reason.CopyMissing, Text: "{server} has no {gpo|q}", Fix: replicate,
		Means: "The GPO has not come to this domain controller. Machines that ask this one are not told of the isolation."},
	{Code: reason.CopyWithoutContainer, Text: "on {server} the container of GPO {gpo|q} is not there", Fix: replicate,
		Means: "The domain controller has the files of the GPO in SYSVOL and no object in the directory. Machines that ask it do not get the GPO."},
	{Code: reason.CopyWithoutFile, Text: "on {server} the gpt.ini of GPO {gpo|q} is not there", Fix: replicate,
		Means: "The domain controller has the object of the GPO and not its gpt.ini in SYSVOL. Machines that ask it cannot process the GPO."},
	{Code: reason.HalvesDiffer, Fix: replicate,
		Say: func(r reason.Reason) string {
			text := "GPO {gpo|q} is version {directory} (computer) in the directory and {sysvol} (computer) in SYSVOL"
			if r.Word("server") != "" {
				text = "on {server} " + text
			}
			return entry.Fill(text, r)
		},
		Means: "The directory and SYSVOL are replicated by different services, and one of them is behind. Machines may get an older copy of the settings."},
	{Code: reason.ControllersDiffer, Text: "GPO {gpo|q} is version {other-version} (computer) on {other} and {version} (computer) on {server}", Fix: replicate,
		Means: "Two domain controllers have different versions of the GPO. What a machine is told hangs on which of them it asks."},
	{Code: reason.SettingsDiffer, Text: "GPO {gpo|q} has other settings in the SYSVOL of {other} than in that of {server}", Fix: replicate,
		Means: "Two domain controllers have one version of the GPO with different files. What a machine is told hangs on which of them it asks."},
	{Code: reason.NoControllerAsked, Text: "no domain controller was asked for its copy", Fix: replicate,
		Means: "Nothing is known of the copies that domain controllers have of the GPO."},
	{Code: reason.CopiesNotAsked, Severity: "info", Fix: "set controllers: all at the forest's directory, or add them to its urls",
		Say: func(r reason.Reason) string {
			text := "the copies of {servers} were not asked: they are not declared"
			if r.Word("total") != "" {
				text = "{asked} of {total} domain controllers asked: " + text
			}
			return entry.Fill(text, r)
		},
		Means: "Only the domain controllers that kmsiso.yaml declares were asked for their copies of the GPO. The others may have an older one."},

	{Code: reason.NoCopyInDomain, Text: "the domain has no isolation GPO: see gpo-exists",
		Means: "There is no copy of the isolation in this domain that could be compared with the others. gpo-exists says why."},
	{Code: reason.NoOtherCopy, Text: "no other domain has an isolation GPO to compare with: see gpo-exists",
		Means: "Of all domains that the isolation is declared for, this one alone has a GPO for it. There is nothing that could differ from it, and nothing that could agree."},
	{Code: reason.CopyLacksHost, Text: "the copy in {domain} does not cover {address}, that in {other} does", Fix: importCopy,
		Means: "The GPOs of two domains are to be copies of each other, and one has a KMS host that the other lacks. Clients of one domain cannot reach it."},
	{Code: reason.CopyLacksExemption, Text: "the copy in {domain} does not exempt {peer}, that in {other} does", Fix: importCopy,
		Means: "The GPOs of two domains are to be copies of each other, and one exempts somebody whom the other does not."},
	{Code: reason.CopyMayDiffer, Text: "{why}",
		Means: "A copy that could not be read whole seems to lack what another copy has. What could not be read may hold it."},
}
