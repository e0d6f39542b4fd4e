package rsop

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Capable reports whether a machine is one that Group Policy and connection
// security rules are for: a Windows since Vista, or one of which it is not known
// that it is older. An account that names no system is none: it was made
// beforehand, or is that of a cluster's name or an appliance; Windows writes
// there what it is when it first starts in the domain.
func Capable(m run.Machine) bool { return isWindows(m) && !Legacy(m) }

// Legacy reports whether a machine is a Windows older than connection security
// rules: before Vista and Server 2008.
func Legacy(m run.Machine) bool {
	rows := wql.Lookup(m.OS, m.OSVersion, m.Controller || m.ReadOnly)
	if len(rows) > 0 {
		return !slices.ContainsFunc(rows, wql.Windows.HasRules)
	}
	return isWindows(m) && (strings.HasPrefix(m.OSVersion, "4.") || strings.HasPrefix(m.OSVersion, "5.") ||
		strings.HasPrefix(m.OS, "Windows NT") || strings.HasPrefix(m.OS, "Windows 2000"))
}

// WithoutRules says why the settings of Windows' firewall mean nothing to a
// machine, by what its account says of its system; none where they count. An
// account that names no system says nothing against it.
func WithoutRules(m run.Machine) reason.List {
	switch {
	case Legacy(m):
		return reason.One(reason.SystemLegacy, "os", m.OS)
	case m.OS != "" && !isWindows(m):
		return reason.One(reason.SystemOther, "os", m.OS)
	}
	return nil
}

func isWindows(m run.Machine) bool {
	return strings.HasPrefix(m.OS, "Windows") || len(wql.Lookup(m.OS, m.OSVersion, m.Controller || m.ReadOnly)) > 0
}
