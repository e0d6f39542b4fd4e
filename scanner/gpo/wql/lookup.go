package wql

import (
	"regexp"
	"strings"
)

// Lookup finds what a computer's account says its Windows is: operatingSystem
// ("Windows Server 2022 Standard"), operatingSystemVersion ("10.0 (20348)"),
// and whether it is a domain controller, writable or not. The build decides;
// without one every release of that name is returned, and where neither name
// nor role tells a client from a server, both. A build that is not in [Table]
// is taken as it is.
//
// It returns none where the attributes name no Windows: nothing was written
// there, or a Linux, a Samba, a storage system. Which of these it is, the
// caller sees.
func Lookup(operatingSystem, operatingSystemVersion string, controller bool) []Windows {
	name := plainName(operatingSystem)
	// "Azure Stack HCI" and "Hyper-V Server" are Windows, too.
	windows := name == "" || strings.HasPrefix(name, "Windows") || strings.HasPrefix(name, "Hyper-V") ||
		strings.HasPrefix(name, "Azure Stack HCI")
	if !windows {
		return nil
	}
	roles := rolesOf(name, controller)
	if m := accountVersion.FindStringSubmatch(operatingSystemVersion); m != nil {
		return byVersion(name, m[1]+"."+m[2], roles)
	}
	return byName(name, roles)
}

// accountVersion is how Windows writes operatingSystemVersion.
var accountVersion = regexp.MustCompile(`^\s*(\d{1,3}\.\d{1,3})\s*\((\d{1,6})\)\s*$`)

// plainName strips trademark signs and superfluous blanks.
func plainName(name string) string {
	return strings.Join(strings.Fields(trademarks.Replace(name)), " ")
}

var trademarks = strings.NewReplacer("\u00ae", "", "\u2122", "", "(R)", "", "(TM)", "", "\u00a0", " ")

// rolesOf says what a computer of a name may be. Windows Enterprise for
// several sessions, of Azure Virtual Desktop, has the product type of a server
// (Microsoft's FAQ of it); its name then is "... multi-session", formerly "...
// for Virtual Desktops".
func rolesOf(name string, controller bool) []Role {
	lower := strings.ToLower(name)
	switch {
	case controller:
		return []Role{Controller}
	case name == "":
		return []Role{Client, MemberServer}
	case strings.Contains(lower, "server"), strings.Contains(lower, "azure stack hci"),
		strings.Contains(lower, "multi-session"), strings.Contains(lower, "virtual desktops"):
		return []Role{MemberServer}
	}
	return []Role{Client}
}

func byVersion(name, version string, roles []Role) []Windows {
	var known, named []Windows
	of := family(name)
	for _, role := range roles {
		called := Windows{Name: name, Version: version, Role: role}
		if name == "" {
			called.Name = "Windows " + version
		}
		named = append(named, called)
		for _, w := range table() {
			if w.Version == version && w.Role == role && (name == "" || of == family(w.Name)) {
				known = append(known, w)
			}
		}
	}
	if known == nil {
		return named
	}
	return known
}

func byName(name string, roles []Role) []Windows {
	var out []Windows
	of := family(name)
	for _, role := range roles {
		for _, w := range table() {
			// A client's release is a server's where it is for several sessions.
			if name != "" && family(w.Name) == of && (w.Role == role || w.Role == Client) {
				w.Role = role
				out = append(out, w)
			}
		}
	}
	return out
}

// family is the longest beginning of a name that some releases have in common:
// "Windows 8.1", "Windows Server 2012 R2"; "" where there is none.
func family(name string) string {
	best := ""
	for _, f := range families {
		if len(f) > len(best) && (name == f || strings.HasPrefix(name, f+" ") || strings.HasPrefix(name, f+",")) {
			best = f
		}
	}
	return best
}

var families = []string{
	"Windows XP", "Windows Vista", "Windows 7", "Windows 8", "Windows 8.1", "Windows 10", "Windows 11",
	"Windows Server", "Windows Server 2003", "Windows Server 2008", "Windows Server 2008 R2", "Windows Server 2012",
	"Windows Server 2012 R2", "Windows Server 2016", "Windows Server 2019", "Windows Server 2022", "Windows Server 2025",
}
