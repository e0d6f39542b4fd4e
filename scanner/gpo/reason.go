package gpo

// Reason is the kind of thing that keeps a GPO from a machine.
type Reason string

// The reasons, in the order in which Windows comes to them.
const (
	SiteUnknown     Reason = "site" // it is linked to a site, and the machine's is not known
	LinkDisabled    Reason = "link-disabled"
	Blocked         Reason = "blocked"       // inheritance
	Deleted         Reason = "deleted"       // the link leads to no GPO
	NotReadable     Reason = "not-readable"  // no Read for the machine, or nobody knows
	ComputerHalfOff Reason = "computer-half" // flags
	Functionality   Reason = "functionality"
	Denied          Reason = "denied"      // an ACE denies Apply Group Policy
	NotGranted      Reason = "not-granted" // no ACE grants it
	Empty           Reason = "empty"       // both versions are 0
	WMIFilter       Reason = "wmi-filter"
	WMIError        Reason = "wmi-error" // the filter cannot be evaluated, which ends all processing
	NoExtension     Reason = "extension" // the registry extension is not listed
	SettingsUnknown Reason = "settings"  // it applies, but its files were not read
)
