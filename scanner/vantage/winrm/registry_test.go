package winrm

import (
	"strings"
	"testing"
)

func TestListsSaysWhetherAKeyIsThere(t *testing.T) {
	const listing = "\r\nHKEY_LOCAL_MACHINE\\Software\r\n    v    REG_SZ    x\r\n\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\r\n"
	for text, want := range map[string]int{
		listing: isListed, strings.ReplaceAll(listing, "Policies", "Other"): othersListed, "": notListed, "\r\n\r\n": notListed, "cut": notListed,
	} {
		if got := lists(text, `HKEY_LOCAL_MACHINE\SOFTWARE\POLICIES`); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
