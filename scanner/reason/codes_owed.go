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
	// PrivilegeWanted: vantages need the right to look at the wire. Args: vantages.
	PrivilegeWanted Code = "privilege-wanted"
)
