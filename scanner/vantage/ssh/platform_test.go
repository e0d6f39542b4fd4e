package ssh

import "testing"

func TestPlatform(t *testing.T) {
	for _, c := range []struct {
		name, out string
		want      platform
		ok        bool
	}{
		{"Debian", "Linux x86_64\n", platform{"linux", "amd64"}, true},
		{"Linux on ARM", "Linux aarch64\n", platform{"linux", "arm64"}, true},
		{"Mac", "Darwin arm64\n", platform{"darwin", "arm64"}, true},
		{"no binary for it", "Linux armv7l\n", platform{os: "linux"}, false},
		{"another system", "OpenBSD amd64\n", platform{arch: "amd64"}, false},
		{"a banner before it", "Welcome!\nLinux x86_64\n", platform{}, false},
		{"nothing", "", platform{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := parseUname(c.out); got != c.want || ok != c.ok {
				t.Errorf("got %v, %v; want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
	for _, c := range []struct {
		name, out string
		want      platform
		ok        bool
	}{
		{"Server 2022", "\r\nMicrosoft Windows [Version 10.0.20348.2113]\r\nAMD64\r\n", platform{"windows", "amd64"}, true},
		{"German, on ARM", "\r\nMicrosoft Windows [Versi\xf3n 10.0.26100.1]\r\nARM64\r\n", platform{"windows", "arm64"}, true},
		{"32 bit", "Microsoft Windows [Version 6.1.7601]\r\nx86\r\n", platform{os: "windows"}, false},
		{"not cmd", "sh: 1: cmd: not found", platform{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := parseVer(c.out); got != c.want || ok != c.ok {
				t.Errorf("got %v, %v; want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func FuzzPlatform(f *testing.F) {
	f.Fuzz(func(t *testing.T, out string) {
		for _, parse := range []func(string) (platform, bool){parseUname, parseVer} {
			p, ok := parse(out)
			if ok && (p.os == "" || p.arch == "") {
				t.Errorf("%q is known, as %v", out, p)
			}
			if ok && systems[p.os] == "" && p.os != "windows" {
				t.Errorf("%q is %v", out, p)
			}
		}
	})
}
