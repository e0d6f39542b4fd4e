package ping

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

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
	catalogtest.Wants(t, own(to, vantage.Reply{Class: run.Answered, From: other}), reason.One(reason.AnotherAnswered, "to", to, "from", other))
	catalogtest.Wants(t, own(to, vantage.Reply{Class: run.Answered, From: to}), nil)
}
