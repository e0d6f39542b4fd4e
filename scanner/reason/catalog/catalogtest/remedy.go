package catalogtest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Mendable reports whether the catalogue says what to do about a cell.
func Mendable(c *run.Cell) bool { return catalog.Remedy(c) != "" }

// cmdlets are those that remedies name, with the parameters that Microsoft's
// reference of Windows Server 2022 and 2025 gives each, as far as they are used.
var cmdlets = map[string]string{
	"New-GPO":                             "Name Domain Comment",
	"Get-GPO":                             "Name Guid Domain",
	"Backup-GPO":                          "Name Guid Path Domain",
	"Restore-GPO":                         "Name Guid BackupId Path Domain",
	"Import-GPO":                          "BackupId BackupGpoName Path TargetName TargetGuid Domain",
	"Copy-GPO":                            "SourceName SourceGuid TargetName SourceDomain TargetDomain",
	"New-GPLink":                          "Name Guid Target LinkEnabled Order Domain Enforced",
	"Set-GPLink":                          "Name Guid Target LinkEnabled Order Domain Enforced",
	"Remove-GPLink":                       "Name Guid Target Domain",
	"Set-GPPermission":                    "Name Guid PermissionLevel TargetName TargetType DomainName Replace",
	"New-NetIPsecRule":                    "PolicyStore DisplayName Profile InboundSecurity OutboundSecurity LocalAddress RemoteAddress Phase1AuthSet Phase2AuthSet QuickModeCryptoSet",
	"Set-NetIPsecRule":                    "PolicyStore DisplayName Profile InboundSecurity OutboundSecurity LocalAddress RemoteAddress Phase1AuthSet Phase2AuthSet QuickModeCryptoSet KeyModule",
	"Remove-NetIPsecRule":                 "PolicyStore DisplayName",
	"Set-NetFirewallRule":                 "PolicyStore DisplayName Profile Authentication",
	"Remove-NetFirewallRule":              "PolicyStore DisplayName",
	"Set-NetFirewallProfile":              "PolicyStore Profile Enabled DefaultInboundAction AllowLocalIPsecRules",
	"Set-NetFirewallSetting":              "PolicyStore Exemptions",
	"New-NetIPsecPhase1AuthSet":           "PolicyStore Name DisplayName Proposal Default",
	"New-NetIPsecAuthProposal":            "Machine User Kerberos Cert",
	"New-NetIPsecQuickModeCryptoSet":      "PolicyStore Name DisplayName Proposal Default",
	"New-NetIPsecQuickModeCryptoProposal": "Encapsulation ESPHash AHHash Encryption",
	"New-NetIPsecMainModeCryptoSet":       "PolicyStore Name DisplayName Proposal Default",
	"New-NetIPsecMainModeCryptoProposal":  "Encryption Hash KeyExchange",
	"Set-ADObject":                        "Identity Replace Remove",
	"Set-ADComputer":                      "Identity KerberosEncryptionType ServicePrincipalNames",
	"Enable-ADAccount":                    "Identity",
	"Disable-ADAccount":                   "Identity",
}

var (
	cmdletName = regexp.MustCompile(`\b[A-Z][a-z]+-(?:GP|Net|AD)[A-Za-z0-9]+`)
	parameter  = regexp.MustCompile(`(?:^|[ (])-([A-Z][A-Za-z0-9]*)`)
	inQuotes   = regexp.MustCompile(`'[^']*'`)
)

// Typable complains of each remedy of a cell and of its findings that cannot be
// typed: the cmdlet is not there, or does not have those parameters. It returns the
// cmdlets that it saw.
func Typable(t testing.TB, c *run.Cell) (seen []string) {
	t.Helper()
	id := c.ID.String()
	seen = typable(t, id, catalog.Remedy(c))
	for _, f := range c.Findings {
		seen = append(seen, typable(t, id, catalog.Fix(f.Reason))...)
	}
	return seen
}

func typable(t testing.TB, id, remedy string) (seen []string) {
	t.Helper()
	_, text, ok := strings.Cut(remedy, "PowerShell: ")
	if ok && !cmdletName.MatchString(text) {
		t.Errorf("%s names no cmdlet: %s", id, remedy)
	}
	text = inQuotes.ReplaceAllString(text, "''")
	at := cmdletName.FindAllStringIndex(text, -1)
	for i, a := range at {
		name, end := text[a[0]:a[1]], len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		seen = append(seen, name)
		has, ok := cmdlets[name]
		if !ok {
			t.Errorf("%s: there is no %s: %s", id, name, remedy)
			continue
		}
		rest, _, _ := strings.Cut(text[a[1]:end], ";")
		for _, p := range parameter.FindAllStringSubmatch(rest, -1) {
			if !slices.Contains(strings.Fields(has), p[1]) && !closes(text[:a[0]], text[a[1]:end], p[1]) {
				t.Errorf("%s: %s has no parameter %s: %s", id, name, p[1], remedy)
			}
		}
	}
	return seen
}

// closes reports whether a parameter stands behind the parenthesis that an inner
// cmdlet is in, and so belongs to the outer one.
func closes(before, after, parameter string) bool {
	inner, _, ok := strings.Cut(after, ")")
	return ok && strings.HasSuffix(strings.TrimSpace(before), "(") && !strings.Contains(inner, "-"+parameter)
}
