package files

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var backup = []entry.Entry{
	{
		Code:  reason.NotInBackup,
		Say:   func(r reason.Reason) string { return notInBackup[run.Aspect(r.Word("aspect"))] },
		Means: "A backup of GPOs does not hold everything that a directory tells. What rests on this cannot be decided from a backup; a live directory tells it.",
	},
	{
		Code:  reason.BackupUnidentified,
		Text:  "it does not say of which GPO and which domain it is, and is left out",
		Means: "None of bkupInfo.xml, Backup.xml and gpreport.xml says the id of the GPO and its domain. The backup is not used.",
	},
	{
		Code:  reason.BackupOfGPOs,
		Say:   func(r reason.Reason) string { return mixed(r, "GPOs") },
		Means: "The three files in the folder name different GPOs. Somebody has put files of several backups together. Make the backup anew.",
	},
	{
		Code:  reason.BackupOfDomains,
		Say:   func(r reason.Reason) string { return mixed(r, "domains") },
		Means: "The three files in the folder name different domains. Somebody has put files of several backups together. Make the backup anew.",
	},
	{
		Code:  reason.BackupFlagsDiffer,
		Text:  "it says flags {backup} of the GPO and gpreport.xml says {report}: which half is off is not known",
		Means: "Backup.xml and gpreport.xml disagree on whether a half of the GPO is off. Make the backup anew.",
	},
	{
		Code:  reason.BackupFlagsUnknown,
		Text:  "no file in it says whether a half of the GPO is off",
		Means: "Whether the computer half of the GPO is off is not known.",
	},
	{
		Code:  reason.BackupVersionUnknown,
		Text:  "no file in it says the version of the GPO without doubt",
		Means: "The version of the GPO is not known.",
	},
	{
		Code:  reason.BackupDescriptorMissing,
		Text:  "no file in it has the security descriptor of the GPO",
		Means: "Who may read and apply the GPO is not known.",
	},
	{
		Code:  reason.FilterUnidentified,
		Text:  "the WMI filter {filter|q} is named and not its id",
		Means: "The report names the WMI filter of the GPO. Which filter of the domain that is is not known.",
	},
	{
		Code:  reason.FilterMalformed,
		Text:  "the WMI filter {filter|q} is not known by its id and domain",
		Means: "What Backup.xml says of the WMI filter has no id and domain. Which filter it is is not known.",
	},
	{
		Code:  reason.BackupFileLost,
		Text:  "Backup.xml says that it was backed up, and it is not there",
		Means: "The backup had this file when it was made. It is not there any more. Copy the whole folder again.",
	},
	{
		Code:  reason.BackupSettingsUnknown,
		Text:  "it is not there, and no file says whether the GPO had one",
		Means: "There is no Registry.pol. Whether the GPO had settings is not known.",
	},
	{
		Code: reason.SettingsRebuilt,
		Say: func(r reason.Reason) string {
			text := "the settings are rebuilt from this report, for want of a registry.pol: it has no ids of rules, and may leave out further addresses of a rule and tokens that it does not know"
			if lost := r.Because("why"); len(lost) > 0 {
				var all []string
				for _, l := range lost {
					all = append(all, entry.Sentence(l))
				}
				text += "; not rebuilt: " + strings.Join(all, ", ")
			}
			return text
		},
		Means: "The backup has no Registry.pol. The settings are read from gpreport.xml, which does not have all of them.",
	},
	{
		Code:  reason.ExtensionFailed,
		Text:  "the settings of the extension {extension|q} are missing in it: {words}",
		Means: "When the report was made, Windows could not read the settings of an extension, and wrote an error in their place.",
	},
	{
		Code:  reason.NewerBackupUnknown,
		Text:  "it is a backup of the GPO {gpo|q} as {other} is, and nothing says which of them is the newer one; the second is used",
		Means: "Two backups are of one GPO, and the times of them are equal or not known. One of them is used.",
	},
	{
		Code:  reason.ListedBackupMissing,
		Text:  "it lists the backup {backup} of the GPO {gpo|q}, which is not in the folder",
		Means: "manifest.xml lists a backup whose folder is missing. Copy the whole folder again.",
	},
	{
		Code:  reason.ElementUnknown,
		Text:  "{element}",
		Means: "The report has a setting of the firewall in a form that kmsiso does not know. It is not rebuilt.",
	},
	{
		Code:  reason.RuleVersionMissing,
		Text:  "{element} {rule|q}, which has no Version",
		Means: "The report has a rule without its version. It is not rebuilt.",
	},
	{
		Code:  reason.RuleFieldNested,
		Text:  "{element} {rule|q}, whose {field} has parts",
		Means: "The report has a rule with a field of a form that kmsiso does not know. It is not rebuilt.",
	},
	{
		Code:  reason.RuleFieldBar,
		Text:  "{element} {rule|q}, which has a | in its {field}",
		Means: "The report has a rule with a | in a field, which separates fields in the registry. It is not rebuilt.",
	},
	{
		Code:  reason.SetUnidentified,
		Text:  "{element} without a GUID",
		Means: "The report has an authentication set that no rule can name. It is not rebuilt.",
	},
	{
		Code:  reason.MoreLost,
		Text:  "and more",
		Means: "Further settings of the report are not rebuilt.",
	},
	{
		Code:  reason.XMLMalformed,
		Text:  "it is not well-formed XML",
		Means: "The file is damaged. The line and the column stand behind its name. Copy it again.",
	},
	{
		Code:  reason.XMLEmpty,
		Text:  "it has no element",
		Means: "The file is empty, or has no XML in it.",
	},
	{
		Code:  reason.XMLOther,
		Text:  "it begins with the element {element}, not {want}",
		Means: "The file is XML of another kind. It is not the file that its name says.",
	},
	{
		Code:  reason.XMLStray,
		Text:  "there is text outside the elements",
		Means: "The file is no XML as Windows writes it.",
	},
	{
		Code:  reason.XMLDeep,
		Text:  "elements are nested more than {most} deep",
		Means: "The file is not as Windows writes it. It is not read further.",
	},
	{
		Code:  reason.XMLParts,
		Text:  "a firewall setting has more than {most} parts",
		Means: "The file is not as Windows writes it. It is not read further.",
	},
	{
		Code:  reason.XMLEncoding,
		Text:  "the encoding {encoding|q} is not read",
		Means: "The file is in an encoding that Windows does not write such files in.",
	},
	{
		Code:  reason.NotAGUID,
		Text:  "{value|q} is no GUID in braces",
		Means: "A field that names a GPO or a backup holds no GUID.",
	},
	{
		Code:  reason.NotADomain,
		Text:  "{value|q} is no DNS name of a domain",
		Means: "A field that names a domain holds no DNS name.",
	},
	{
		Code:  reason.NotATime,
		Text:  "{field} {value|q} is no time",
		Means: "A field that is a time holds none.",
	},
	{
		Code:  reason.NotANumber,
		Text:  "{field} {value|q} is no number of {bits} bits",
		Means: "A field that is a number holds none, or one that is too large.",
	},
	{
		Code:  reason.NotABoolean,
		Text:  "{field} {value|q} is neither true nor false",
		Means: "A field that is true or false holds something else.",
	},
	{
		Code:  reason.NotHex,
		Text:  "{field} is no list of octets in hex: {words}",
		Means: "A field that holds octets in hex holds something else.",
	},
	{
		Code:  reason.BackupsUnread,
		Text:  "read the backups in {folder}: {why}",
		Means: "The folder of backups could not be read, so nothing is known of what is configured. Look at the path in the policy.",
	},
	{
		Code:  reason.BackupsMissing,
		Text:  "neither it nor a folder in it has bkupInfo.xml, Backup.xml or gpreport.xml; make a backup with Backup-GPO -All -Path FOLDER",
		Means: "The folder is there, and holds no backup of a GPO. Make one with Backup-GPO, or name another folder.",
	},
	{
		Code:  reason.BackupsTooMany,
		Text:  "it holds {count}, more than {most}",
		Means: "The folder holds more backups than kmsiso reads. Name a folder with the newest of them.",
	},
	{
		Code:  reason.BackupOfSamba,
		Text:  "it holds a folder named policy, as samba-tool gpo backup writes it: that has neither the name nor the domain, flags and permissions of a GPO, and is not read",
		Means: "The folder was written by samba-tool. Read the directory itself, or use Backup-GPO.",
	},
}

// notInBackup is what a backup lacks, by aspect.
var notInBackup = map[run.Aspect]string{
	run.AspectLinks:      "a backup has no links: the report in it names where the GPO was linked, not in which order, nor where inheritance is blocked",
	run.AspectFilters:    "a backup names the WMI filter of a GPO and has not its query",
	run.AspectComputers:  "a backup has no accounts of computers",
	run.AspectTrusts:     "a backup has no trusts",
	run.AspectCopies:     "a backup is one copy, made at one domain controller",
	run.AspectActivation: "a backup has nothing of the configuration of the forest, where the objects of Active Directory-based activation are",
}

// mixed says what the three files of a backup are of.
func mixed(r reason.Reason, what string) string {
	of := func(name string) string {
		if s := r.Word(name); s != "" {
			return s
		}
		return "not told"
	}
	return fmt.Sprintf("bkupInfo.xml, Backup.xml and gpreport.xml are of different %s (%s, %s, %s): files of several backups are mixed",
		what, of("bkupInfo"), of("backup"), of("report"))
}
