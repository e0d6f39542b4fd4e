package winrm

import (
	"strings"
	"testing"
)

// What reg.exe read before it failed is in no error.
func TestComplaintHoldsNoValue(t *testing.T) {
	for _, stdout := range []string{
		"\r\nHKEY_LOCAL_MACHINE\\x\r\n    SHKey    REG_SZ    planted\r\nERROR: Access is denied.\r\n",
		"    SHKey    REG_SZ    planted\r\n",
	} {
		if got := complaint(result{stdout: stdout, stderr: "Zugriff verweigert", exit: 1}); strings.Contains(got, "planted") || !strings.Contains(got, "Zugriff") {
			t.Errorf("got %q", got)
		}
	}
	if got := complaint(result{stdout: "ERROR: Access is denied.\r\n", exit: 1}); !strings.Contains(got, "Access is denied") {
		t.Errorf("got %q", got)
	}
}
