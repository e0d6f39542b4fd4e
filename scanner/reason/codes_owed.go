package reason

// What a GO owes, and why that is not paid.
const (
	// DenyOwed: a deny of the KMS port at an address of a host. Args: host, address.
	DenyOwed Code = "deny-owed"
	// WayInOwed: a protected connection of a member to a host. Args: host.
	WayInOwed Code = "way-in-owed"
	// OutsiderWanted: no outsider is declared. Args: host.
	OutsiderWanted Code = "outsider-wanted"
	// DenyNotShown: no outsider shows that it is denied at an address. Args: host, address, family.
	DenyNotShown Code = "deny-not-shown"
	// MemberWanted: no domain member is declared. Args: host.
	MemberWanted Code = "member-wanted"
	// WayInNotShown: no member shows a protected connection. Args: host.
	WayInNotShown Code = "way-in-not-shown"
	// AliveWanted: nothing is declared that answers an outsider over a family. Args: vantage, family.
	AliveWanted Code = "alive-wanted"
	// ControlWanted: nobody is declared who may reach a host and is not behind NAT. Args: host.
	ControlWanted Code = "control-wanted"
	// WatchWanted: nobody can see the wire at a host. Args: host.
	WatchWanted Code = "watch-wanted"
	// MemberFamilyWanted: no domain member is declared with a family that a host has. Args: host, family.
	MemberFamilyWanted Code = "member-family-wanted"
	// InboundOwed: a declared flow to a host works. Args: from, host, port.
	InboundOwed Code = "inbound-owed"
	// OutboundOwed: a declared flow from a host works. Args: host, to.
	OutboundOwed Code = "outbound-owed"
	// NATOwed: a member behind NAT reaches a host. Args: host.
	NATOwed Code = "nat-owed"
	// NATTOwed: IKE of a member behind NAT passes on UDP 4500. Args: host.
	NATTOwed Code = "nat-traversal-owed"
	// ConfiguredOwed: a check of what a directory says. Args: check, forest.
	ConfiguredOwed Code = "configured-owed"
	// FlowNotShown: no vantage shows that a declared flow works. Args: flow.
	FlowNotShown Code = "flow-not-shown"
	// FlowWithoutVantage: a declared flow begins where no vantage is. Args: from.
	FlowWithoutVantage Code = "flow-without-vantage"
	// FlowNotTriable: the vantage where a declared flow begins can never try it. Args: from.
	FlowNotTriable Code = "flow-not-triable"
	// ConfiguredNotShown: a check has nothing to judge by in a directory. Args: check, forest, why.
	ConfiguredNotShown Code = "configured-not-shown"
	// BackupNeverTells: the directory is a backup, which never tells what a check looks at.
	BackupNeverTells Code = "backup-never-tells"
	// ExportNeverTells is the same of the export of a registry.
	ExportNeverTells Code = "export-never-tells"
	// CellUndecided: the cell that would pay fails or does not know, and says why. Args: cell.
	CellUndecided Code = "cell-undecided"
	// WaivedInstead: a waiver stands in the place of an obligation. Args: cell, owner, until.
	WaivedInstead Code = "waived-instead"
	// PrivilegeWanted: vantages need the right to look at the wire. Args: vantages.
	PrivilegeWanted Code = "privilege-wanted"
)
