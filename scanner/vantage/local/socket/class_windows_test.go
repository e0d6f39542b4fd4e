package socket

import (
	"fmt"
	"os"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
	"golang.org/x/sys/windows"
)

func TestClassesOfWinsock(t *testing.T) {
	for _, c := range []struct {
		no            windows.Errno
		before, after run.Class
	}{
		{windows.WSAECONNREFUSED, "", run.Refused},
		{windows.WSAECONNRESET, "", run.Refused},
		{windows.WSAEHOSTUNREACH, run.NoRoute, run.Unreachable},
		{windows.WSAENETUNREACH, run.NoRoute, run.NoRoute},
		{windows.WSAETIMEDOUT, "", run.Silent},
		{windows.WSAEACCES, run.NotPermitted, run.NotPermitted},
		{windows.WSAENOBUFS, run.Exhausted, run.Exhausted},
		{windows.WSAEMFILE, run.Exhausted, run.Exhausted},
		{windows.WSAEFAULT, "", ""},
	} {
		err := fmt.Errorf("a call: %w", os.NewSyscallError("wsa", c.no))
		if got, ok := ClassBefore(err); got != c.before || ok != (c.before != "") {
			t.Errorf("before a packet left, %v is %q", c.no, got)
		}
		if got, ok := ClassAfter(err); got != c.after || ok != (c.after != "") {
			t.Errorf("after a packet left, %v is %q", c.no, got)
		}
	}
}
