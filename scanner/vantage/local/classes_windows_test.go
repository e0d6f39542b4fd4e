package local

import (
	"fmt"
	"net/netip"
	"os"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
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
		if got, ok := classBefore(err); got != c.before || ok != (c.before != "") {
			t.Errorf("before a packet left, %v is %q", c.no, got)
		}
		if got, ok := classAfter(err); got != c.after || ok != (c.after != "") {
			t.Errorf("after a packet left, %v is %q", c.no, got)
		}
	}
}

func TestClassesOfIPStatus(t *testing.T) {
	for _, c := range []struct {
		status uint32
		is6    bool
		want   run.Class
	}{
		{0, false, run.Answered}, {11003, false, run.Unreachable}, {11004, false, run.Refused}, {11004, true, run.Unreachable},
		{11010, false, run.Silent}, {11032, true, run.Silent}, {11050, false, run.NoRoute}, {11006, false, run.Exhausted}, {11999, false, ""},
	} {
		var r vantage.Reply
		if known := tellStatus(&r, c.status, c.is6); r.Class != c.want || known != (c.want != "") {
			t.Errorf("status %d is %q", c.status, r.Class)
		}
		if got, want := r.ICMP.Prohibited(c.is6), c.status == 11004 && c.is6; got != want {
			t.Errorf("status %d, IPv6 %v, is prohibited: %v, by %v", c.status, c.is6, got, r.ICMP)
		}
	}
}

// A reply of another address than the one that was asked proves nothing.
func TestAnotherAnswers(t *testing.T) {
	to, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	wants(t, own(to, vantage.Reply{Class: run.Answered, From: other}), reason.One(reason.AnotherAnswered, "to", to, "from", other))
	wants(t, own(to, vantage.Reply{Class: run.Answered, From: to}), nil)
}
