package wql

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Role is what a Windows is in its domain, as Win32_OperatingSystem.ProductType
// numbers it.
type Role int

// The roles.
const (
	Client       Role = 1
	Controller   Role = 2 // a domain controller, writable or not
	MemberServer Role = 3
)

func (r Role) String() string {
	switch r {
	case Client:
		return "client"
	case Controller:
		return "domain controller"
	case MemberServer:
		return "member server"
	}
	return fmt.Sprintf("product type %d", int(r))
}

// Windows is one version of Windows in one role, in a domain.
type Windows struct {
	Name    string // for people: "Windows 10 22H2"
	Version string // Win32_OperatingSystem.Version: "10.0.19045"
	Role    Role

	// caption is what its Caption has in it in every edition and language, by
	// lines; "" where nothing is known.
	caption string
}

func (w Windows) String() string { return fmt.Sprintf("%s (%s)", w.Name, w.Role) }

// BuildNumber is Win32_OperatingSystem.BuildNumber: "19045".
func (w Windows) BuildNumber() string { return w.Version[strings.LastIndexByte(w.Version, '.')+1:] }

// HasRules reports whether this Windows has connection security rules: Vista,
// Server 2008 and later have.
func (w Windows) HasRules() bool { return numerically(w.Version, "6") > 0 }

// servicePack is ServicePackMajorVersion, where the build tells.
func (w Windows) servicePack() []string {
	switch build := w.BuildNumber(); {
	case !w.HasRules():
		return nil
	case build == "6001" || build == "7601":
		return []string{"1"}
	case build == "6002" || build == "6003":
		return []string{"2"}
	default:
		return []string{"0"}
	}
}

// domainRoles are the values that Win32_ComputerSystem.DomainRole may have: 1 a
// member workstation, 3 a member server, 4 a domain controller, 5 the one that
// is the primary's emulator.
func (w Windows) domainRoles() []string {
	switch w.Role {
	case Client:
		return []string{"1"}
	case MemberServer:
		return []string{"3"}
	case Controller:
		return []string{"4", "5"}
	}
	return nil
}

// release is a version of Windows.
type release struct{ name, version, caption string }

// The versions that may be members of a domain, from XP and Server 2003 on;
// those two have no connection security rules but evaluate the filter.
var (
	clientReleases = []release{
		{"Windows XP", "5.1.2600", "Windows XP"},
		{"Windows XP x64", "5.2.3790", "Windows XP"},
		{"Windows Vista", "6.0.6000", "Windows Vista"},
		{"Windows Vista SP1", "6.0.6001", "Windows Vista"},
		{"Windows Vista SP2", "6.0.6002", "Windows Vista"},
		{"Windows 7", "6.1.7600", "Windows 7"},
		{"Windows 7 SP1", "6.1.7601", "Windows 7"},
		{"Windows 8", "6.2.9200", "Windows 8"},
		{"Windows 8.1", "6.3.9600", "Windows 8.1"},
		{"Windows 10 1507", "10.0.10240", "Windows 10"},
		{"Windows 10 1511", "10.0.10586", "Windows 10"},
		{"Windows 10 1607", "10.0.14393", "Windows 10"},
		{"Windows 10 1703", "10.0.15063", "Windows 10"},
		{"Windows 10 1709", "10.0.16299", "Windows 10"},
		{"Windows 10 1803", "10.0.17134", "Windows 10"},
		{"Windows 10 1809", "10.0.17763", "Windows 10"},
		{"Windows 10 1903", "10.0.18362", "Windows 10"},
		{"Windows 10 1909", "10.0.18363", "Windows 10"},
		{"Windows 10 2004", "10.0.19041", "Windows 10"},
		{"Windows 10 20H2", "10.0.19042", "Windows 10"},
		{"Windows 10 21H1", "10.0.19043", "Windows 10"},
		{"Windows 10 21H2", "10.0.19044", "Windows 10"},
		{"Windows 10 22H2", "10.0.19045", "Windows 10"},
		{"Windows 11 21H2", "10.0.22000", "Windows 11"},
		{"Windows 11 22H2", "10.0.22621", "Windows 11"},
		{"Windows 11 23H2", "10.0.22631", "Windows 11"},
		{"Windows 11 24H2", "10.0.26100", "Windows 11"},
		{"Windows 11 25H2", "10.0.26200", "Windows 11"},
	}
	serverReleases = []release{
		{"Windows Server 2003", "5.2.3790", "Server 2003"},
		{"Windows Server 2008", "6.0.6001", "Windows Server\n2008"}, // "Windows Server(R) 2008"
		{"Windows Server 2008 SP2", "6.0.6002", "Windows Server\n2008"},
		{"Windows Server 2008 SP2, updated since 2019", "6.0.6003", "Windows Server\n2008"},
		{"Windows Server 2008 R2", "6.1.7600", "Windows Server 2008 R2"},
		{"Windows Server 2008 R2 SP1", "6.1.7601", "Windows Server 2008 R2"},
		{"Windows Server 2012", "6.2.9200", "Windows Server 2012"},
		{"Windows Server 2012 R2", "6.3.9600", "Windows Server 2012 R2"},
		{"Windows Server 2016", "10.0.14393", "Windows Server 2016"},
		{"Windows Server 1709", "10.0.16299", "Windows Server"},
		{"Windows Server 1803", "10.0.17134", "Windows Server"},
		{"Windows Server 2019", "10.0.17763", "Windows Server"}, // and Windows Server 1809
		{"Windows Server 1903", "10.0.18362", "Windows Server"},
		{"Windows Server 1909", "10.0.18363", "Windows Server"},
		{"Windows Server 2004", "10.0.19041", "Windows Server"},
		{"Windows Server 20H2", "10.0.19042", "Windows Server"},
		{"Windows Server 2022", "10.0.20348", "Windows Server 2022"},
		{"Windows Server 23H2", "10.0.25398", "Windows Server"},
		{"Windows Server 2025", "10.0.26100", "Windows Server 2025"},
	}
)

// captions are what of a Caption tells one Windows from another.
var captions = []string{
	"Windows XP", "Windows Vista", "Windows 7", "Windows 8", "Windows 8.1", "Windows 10", "Windows 11", "Windows Server",
	"Server 2003", "Server 2008", "2008 R2", "Server 2012", "2012 R2", "Server 2016", "Server 2019", "Server 2022",
	"Server 2025",
}

// table has every release in every role it may have, made once.
var table = sync.OnceValue(func() []Windows {
	var out []Windows
	for _, r := range clientReleases {
		out = append(out, r.in(Client))
	}
	for _, role := range []Role{MemberServer, Controller} {
		for _, r := range serverReleases {
			out = append(out, r.in(role))
		}
	}
	return out
})

func (r release) in(role Role) Windows { return Windows{r.name, r.version, role, r.caption} }

// Table returns the Windows versions that are known, clients first, then member
// servers, then domain controllers, each from the oldest on.
func Table() []Windows { return slices.Clone(table()) }
