package entry

// Remedies that more than one area names, in the form of a Fix.
const (
	// InEditor is the place in the Group Policy editor where a rule is mended.
	InEditor = `GPMC: edit the GPO, Computer Configuration, Policies, Windows Settings, Security Settings, Windows Defender Firewall with Advanced Security, Connection Security Rules, `
	// SetRule is how PowerShell mends it.
	SetRule = "Set-NetIPsecRule -PolicyStore {store|ps} -DisplayName {rule|ps} "
	// ExportAnew is what to do where an export may not be all of a registry.
	ExportAnew = `export it anew, on the machine itself: reg export HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall FILE.reg`
	// MakeTrust is what to do where the forest of the hosts does not trust that of the
	// clients.
	MakeTrust = "Active Directory Domains and Trusts: the domain's Properties, Trusts, New Trust, Forest trust, One-way: outgoing, in the forest of the KMS hosts; " +
		"netdom trust HOSTFOREST /domain:CLIENTFOREST /add /foresttransitive:yes"
)
