package consec

import (
	"fmt"
	"testing"
)

func TestWindowsVersion(t *testing.T) {
	for build, want := range map[int]string{6002: "2.1 6.0", 7601: "2.10 6.1", 9600: "2.22 6.3", 14393: "2.26 10.0", 20348: "2.31 10.0", 26100: "2.33 10.0"} {
		v, os, ok := WindowsVersion(build)
		if got := fmt.Sprintf("%s %d.%d", v, os.Major, os.Minor); !ok || got != want {
			t.Errorf("build %d: %s, want %s", build, got, want)
		}
	}
	if _, _, ok := WindowsVersion(3790); ok {
		t.Error("Server 2003 has no such rules")
	}
}
