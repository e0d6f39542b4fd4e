package wql

import (
	"slices"
	"testing"
)

func TestLookup(t *testing.T) {
	for _, tt := range []struct {
		os, version string
		controller  bool
		want        []string
	}{
		{"Windows Server 2022 Standard", "10.0 (20348)", false, []string{"Windows Server 2022 (member server)"}},
		{"Windows Server 2022 Datacenter", "10.0 (20348)", true, []string{"Windows Server 2022 (domain controller)"}},
		{"Windows Server 2019 Standard", "10.0 (17763)", false, []string{"Windows Server 2019 (member server)"}},
		{"Windows 10 Enterprise", "10.0 (17763)", false, []string{"Windows 10 1809 (client)"}},
		{"Windows 11 Pro", "10.0 (26100)", false, []string{"Windows 11 24H2 (client)"}},
		{"Windows Server 2025 Standard", "10.0 (26100)", false, []string{"Windows Server 2025 (member server)"}},
		{"Windows 8.1 Pro", "6.3 (9600)", false, []string{"Windows 8.1 (client)"}},
		{"Windows Vista\u2122 Enterprise", "6.0 (6002)", false, []string{"Windows Vista SP2 (client)"}},
		{"Windows Server\u00ae 2008 Standard", "6.0 (6003)", false, []string{"Windows Server 2008 SP2, updated since 2019 (member server)"}},
		{"Windows XP Professional", "5.1 (2600)", false, []string{"Windows XP (client)"}},
		{"Windows XP Professional", "5.2 (3790)", false, []string{"Windows XP x64 (client)"}},
		{"Windows Server 2003", "5.2 (3790)", true, []string{"Windows Server 2003 (domain controller)"}},
		{"Windows Server Datacenter", "10.0 (17134)", false, []string{"Windows Server 1803 (member server)"}},
		// Not in the table: as it is.
		{"Windows 11 Enterprise", "10.0 (27500)", false, []string{"Windows 11 Enterprise (client)"}},
		{"Hyper-V Server 2016", "10.0 (14393)", false, []string{"Hyper-V Server 2016 (member server)"}},
		{"Windows Storage Server 2012 R2 Standard", "6.3 (9600)", false, []string{"Windows Storage Server 2012 R2 Standard (member server)"}},
		{"Windows Embedded Standard", "6.1 (7601)", false, []string{"Windows Embedded Standard (client)"}},
		{"Windows 2000 Server", "5.0 (2195)", false, []string{"Windows 2000 Server (member server)"}},
		{"Azure Stack HCI", "10.0 (25398)", false, []string{"Azure Stack HCI (member server)"}},
		// A client with the product type of a server.
		{"Windows 11 Enterprise multi-session", "10.0 (22631)", false, []string{"Windows 11 Enterprise multi-session (member server)"}},
		{"Windows 10 Enterprise for Virtual Desktops", "10.0 (17763)", false, []string{"Windows 10 Enterprise for Virtual Desktops (member server)"}},
		// Ambiguous.
		{"Windows Vista Business", "", false, []string{"Windows Vista (client)", "Windows Vista SP1 (client)", "Windows Vista SP2 (client)"}},
		{"Windows 8 Pro", "?", false, []string{"Windows 8 (client)"}},
		{"Windows Server 2012 R2 Standard", "", true, []string{"Windows Server 2012 R2 (domain controller)"}},
		{"Windows Server 2008 R2 Standard", "", false, []string{"Windows Server 2008 R2 (member server)", "Windows Server 2008 R2 SP1 (member server)"}},
		{"", "10.0 (26100)", false, []string{"Windows 11 24H2 (client)", "Windows Server 2025 (member server)"}},
		{"", "10.0 (20348)", false, []string{"Windows Server 2022 (member server)"}},
		{"", "10.0 (27500)", false, []string{"Windows 10.0.27500 (client)", "Windows 10.0.27500 (member server)"}},
		{"", "10.0 (26100)", true, []string{"Windows Server 2025 (domain controller)"}},
		// No Windows.
		{"", "", false, nil},
		{"Samba", "4.17.12-Debian", true, nil},
		{"pc-linux-gnu", "", false, nil},
		{"redhat-linux-gnu", "9.4", false, nil},
		{"Ubuntu", "22.04 (5)", false, nil},
		{"Mac OS X", "10.0 (20348)", false, nil},
		{"", "6.1.6-Ubuntu", false, nil},
	} {
		var got []string
		for _, w := range Lookup(tt.os, tt.version, tt.controller) {
			got = append(got, w.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q %q %t: got %q", tt.os, tt.version, tt.controller, got)
		}
	}
	if got := Lookup("Windows 10 Pro", "", false); len(got) != 14 {
		t.Errorf("Windows 10 of any build: got %v", got)
	}
	if got := Lookup("Windows 10 Enterprise multi-session", "", false); len(got) != 14 || got[0].Role != MemberServer {
		t.Errorf("Windows 10 multi-session of any build: got %v", got)
	}
}

// Every row is found by what its own account says.
func TestLookupFindsEveryRow(t *testing.T) {
	for _, w := range Table() {
		build := w.BuildNumber()
		version := w.Version[:len(w.Version)-len(build)-1] + " (" + build + ")"
		if got := Lookup(w.Name, version, w.Role == Controller); len(got) != 1 || got[0] != w {
			t.Errorf("%s, %s: got %v", w, version, got)
		}
	}
}
