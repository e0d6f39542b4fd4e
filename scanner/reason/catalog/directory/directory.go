package directory

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var directory = []entry.Entry{
	{
		Code:  reason.DirectoryProblem,
		Text:  "{where}: {why}",
		Means: "Something of a directory, a backup or a registry export could not be read, or is wrong. The place is a distinguished name, a file or a server. The reason stands behind it.",
	},
	{
		Code:  reason.NotPermitted,
		Text:  "the account may not read it",
		Means: "The account that kmsiso reads with has no right to this object or file. What is there is not known, and may be right. Give the account the right to read it.",
	},
	{
		Code:  reason.ObjectMissing,
		Text:  "there is no such object, or the account may not see it",
		Means: "A directory answers alike where an object is not there and where the account may not see it. Look at it with an account that may see everything.",
	},
	{
		Code:  reason.FileMissing,
		Text:  "there is no such file",
		Means: "A file that belongs there is not there. Of a GPO in SYSVOL this is often a failed replication or a deletion by hand.",
	},
	{
		Code:  reason.FileUnreadable,
		Text:  "it could not be read: {why}",
		Means: "The file is there, and reading it failed. What is in it is not known. The words of the system stand behind.",
	},
	{
		Code:  reason.FileIrregular,
		Text:  "it is no regular file",
		Means: "What has the name of the file is a folder, a pipe or a link. It is not read.",
	},
	{
		Code: reason.FileTooLarge,
		Say: func(r reason.Reason) string {
			if size := r.Number("size"); size > 0 {
				return fmt.Sprintf("it has %d octets, more than the %d that are read", size, r.Number("most"))
			}
			return fmt.Sprintf("it is larger than the %d octets that are read", r.Number("most"))
		},
		Means: "The file is larger than any such file should be, and is not read. See whether it is what its name says.",
	},
	{
		Code:  reason.FilePointer,
		Text:  "a Git LFS pointer stands in its place; fetch the file with git lfs pull",
		Means: "The folder is a clone of a repository whose large files were not fetched: a short text stands in place of the file.",
	},
	{
		Code: reason.FileDamaged,
		Say: func(r reason.Reason) string {
			return fmt.Sprintf("it cannot be read to its end: at byte 0x%X: %s", r.Number("offset"), entry.Text(r.Because("why")))
		},
		Means: "A Registry.pol is damaged from the offset on. What stands before it is read; what stands behind it is not known, and Windows does not read it either. Restore the GPO from a backup.",
	},
	{
		Code:  reason.GPOFolderMissing,
		Text:  "the GPO has no folder in SYSVOL",
		Means: "The directory has the GPO, and SYSVOL has no folder of it. Machines do not get it. Look at the replication of SYSVOL, or restore the GPO from a backup.",
	},
	{
		Code:  reason.GPOPathMissing,
		Text:  "it has no gPCFileSysPath",
		Means: "The object of the GPO does not say where its files are. Machines cannot find them.",
	},
	{
		Code:  reason.GPOPathMalformed,
		Text:  "its gPCFileSysPath {path} is no path in a SYSVOL",
		Means: `What the object of the GPO says of its files is no path such as \\contoso.test\SYSVOL\contoso.test\Policies\{GUID}. kmsiso does not follow it.`,
	},
	{
		Code:  reason.GPOPathElsewhere,
		Text:  "its gPCFileSysPath {path} is not in SYSVOL",
		Means: "The object of the GPO names another share than SYSVOL. kmsiso does not follow it.",
	},
	{
		Code:  reason.GPOPathForeign,
		Text:  "its gPCFileSysPath {path} names {server}, which is neither the domain nor a domain controller of it, and is not contacted",
		Means: "The object of the GPO names a server that is not of the domain. kmsiso contacts declared servers alone. Somebody may have changed it.",
	},
	{
		Code:  reason.SYSVOLFolderWrong,
		Text:  `the folder named for SYSVOL does not hold {domain}\Policies: {why}`,
		Means: "The policy names a folder to read SYSVOL from. It does not hold the Policies of the domain, so it is another folder.",
	},
	{
		Code:  reason.SYSVOLFolderUnreadable,
		Text:  "SYSVOL in {folder} cannot be read: {why}",
		Means: "The policy names a folder to read SYSVOL from, and it cannot be opened.",
	},
	{
		Code:  reason.CopiesNotCompared,
		Text:  "SYSVOL is read from a folder, so which files each domain controller has is not known",
		Means: "The policy names a folder to read SYSVOL from. That is one copy, so the copies of the domain controllers cannot be compared.",
	},
	{
		Code:  reason.DomainUnread,
		Text:  "domain {domain} is not read: {why}",
		Means: "The forest has a domain that was not read. Its GPOs, links and computers are not known.",
	},
	{
		Code:  reason.ControllerUndeclared,
		Text:  "no domain controller of it is declared",
		Means: "kmsiso asks declared domain controllers alone. Declare one of the domain among the urls of the directory.",
	},
	{
		Code:  reason.GroupDomainUnread,
		Text:  "the group is of a domain that is not read, so who is in it is not known",
		Means: "A GPO is filtered by a group of a domain that was not read. Which computers get the GPO through it is not known.",
	},
	{
		Code:  reason.OtherForest,
		Text:  "it is of the forest {forest}, not of {first}",
		Means: "The declared domain controllers are of different forests. Declare each forest for itself.",
	},
	{
		Code:  reason.ForestMisnamed,
		Text:  "the forest there is {forest}, declared is {declared}",
		Means: "The domain controllers are of another forest than the one that is declared. Look at the name and at the urls in the policy.",
	},
	{
		Code:  reason.SubnetMalformed,
		Text:  "{subnet|q} is no subnet",
		Means: "The name of a subnet object is no prefix such as 10.0.0.0/8. Which site those addresses belong to is not known.",
	},
	{
		Code:  reason.DescriptorUnread,
		Text:  "its security descriptor: {why}",
		Means: "The security descriptor could not be read. Who may read or apply the object is not known.",
	},
	{
		Code:  reason.AttributeUnread,
		Text:  "its {attribute}: {why}",
		Means: "An attribute of the object could not be read.",
	},
	{
		Code:  reason.UnitsUnread,
		Text:  "the OUs with links could not be read: {why}",
		Means: "Which GPOs are linked to OUs is not known, or not all of them.",
	},
	{
		Code:  reason.SitesUnread,
		Text:  "the sites could not be read: {why}",
		Means: "Which GPOs are linked to sites is not known.",
	},
	{
		Code:  reason.SubnetsUnread,
		Text:  "the subnets could not be read: {why}",
		Means: "Which site an address belongs to is not known, so neither is which site GPOs a machine gets.",
	},
	{
		Code:  reason.MachinesUnread,
		Text:  "the accounts of the declared machines: {why}",
		Means: "The accounts of the hosts and vantages could not be read. Which GPOs reach them is not known.",
	},
	{
		Code:  reason.ComputersUnread,
		Text:  "the accounts of computers could not be read to the end: {why}",
		Means: "Not all accounts of computers were read. How many get the GPOs is not known.",
	},
	{
		Code:  reason.ComputersHidden,
		Text:  "{count} accounts of computers: {why}",
		Means: "The directory shows these accounts without their attributes. What they are is not known.",
	},
	{
		Code:  reason.SharersUnread,
		Text:  "who shares its service principal names in {domain}: {why}",
		Means: "Whether another account of the domain has the same service principal names is not known. Kerberos fails where two have one.",
	},
	{
		Code:  reason.FilteringGroupsUnread,
		Text:  "the groups that GPOs are filtered by: {why}",
		Means: "Who is in the groups that GPOs are filtered by is not known.",
	},
	{
		Code:  reason.NestedGroupsUnread,
		Text:  "the groups in it: {why}",
		Means: "Which groups are in this group is not known, so neither is which computers get a GPO through it.",
	},
	{
		Code:  reason.MembersUnread,
		Text:  "its members in other domains: {why}",
		Means: "Which members of other domains this group has is not known.",
	},
	{
		Code:  reason.ForeignMembersUnread,
		Text:  "its members in {domain}: {why}",
		Means: "What the members of this group in that domain are is not known.",
	},
	{
		Code:  reason.VersionsUnread,
		Text:  "the versions of the GPOs: {why}",
		Means: "What a domain controller has of the GPOs is not known, so the copies cannot be compared.",
	},
	{
		Code:  reason.PartitionsUnread,
		Text:  "{where}: {why}",
		Means: "Which domains the forest has could not be read, so the forest is not read.",
	},
	{
		Code:  reason.FileEmpty,
		Text:  "the file is empty",
		Means: "There is nothing in the file. It was cut off when it was written or copied.",
	},
	{
		Code:  reason.PolMark,
		Text:  "a byte order mark is before the signature",
		Means: "A text editor has saved the file. It is no Registry.pol any more.",
	},
	{
		Code:  reason.PolSignature,
		Text:  "the signature is {signature|q}, not PReg",
		Means: "The file does not begin as a Registry.pol does ([MS-GPREG] 2.2.1).",
	},
	{
		Code:  reason.PolHeader,
		Text:  "the header is cut off, with {octets} of {want} bytes",
		Means: "The file ends before its first record.",
	},
	{
		Code:  reason.PolVersion,
		Text:  "the version is {version}, not {want}",
		Means: "The version in the header is not the one that Windows writes ([MS-GPREG] 2.2.1).",
	},
	{
		Code:  reason.PolCutIn,
		Text:  "the record is cut off in the {field}",
		Means: "The file ends in the middle of a record.",
	},
	{
		Code:  reason.PolCutAfter,
		Text:  "the record is cut off after the {field}",
		Means: "The file ends in the middle of a record.",
	},
	{
		Code:  reason.PolNUL,
		Text:  "a NUL is missing at the end of the {field}",
		Means: "A text in a record has no end where it should have one. What follows cannot be read.",
	},
	{
		Code: reason.PolDelimiter,
		Say: func(r reason.Reason) string {
			return fmt.Sprintf("'%s' is missing after the %s", r.Word("delimiter"), r.Word("field"))
		},
		Means: "The parts of a record are not where they should be. What follows cannot be read.",
	},
	{
		Code:  reason.PolSize,
		Text:  "the data would end behind the end of the file",
		Means: "A record says that it has more data than the file has.",
	},
	{
		Code:  reason.PolTrailing,
		Text:  "what follows the last record is no record",
		Means: "Octets stand behind the last record that are no record.",
	},
}
