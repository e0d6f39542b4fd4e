package simulate

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

// What an end does with a flow is worked out once, whoever asks: a cell asks for
// its configured answer and for its attribution.
func TestAskedOnce(t *testing.T) {
	w := newWorld()
	w.take(t, "both", "require EP2=hosts Profile=Domain")
	s := w.simulator()
	like := netip.IPv4Unspecified()
	for range 3 {
		from, to, f := w.end(t, s, "client", like), w.end(t, s, "host", like), Flow{TCP, 1688}
		s.Packet(from, to, f)
		s.Takes(to, from.Seen(), f)
		s.Inbound(to.Policy, to.Addr, from.Seen(), f, to.Env)
	}
	if len(s.known) != 2 {
		t.Errorf("two ends were asked about one flow, and %d answers were worked out", len(s.known))
	}
}

// Who asks for an endpoint may change it.
func TestEndpointsAreOnesOwn(t *testing.T) {
	s := newWorld().simulator()
	s.Host(s.policy.Hosts[0]).Env.Profile = "public"
	if got := s.Host(s.policy.Hosts[0]).Env.Profile; got != "domain" {
		t.Errorf("the host is in profile %s for all who ask", got)
	}
}

func TestStandIns(t *testing.T) {
	s := newWorld().simulator()
	like := netip.IPv4Unspecified()
	if a, ok := s.StandIn(like); !ok || a != standIns[0] {
		t.Errorf("%s, %v", a, ok)
	}
	exempt := func(text string) {
		s.policy.Exemptions = append(s.policy.Exemptions, intent.Exemption{Name: text, Addresses: []netip.Prefix{netip.MustParsePrefix(text)}})
	}
	exempt("192.0.2.0/24")
	if a, ok := s.StandIn(like); !ok || a != standIns[1] {
		t.Errorf("%s, %v: the policy names the first", a, ok)
	}
	exempt("0.0.0.0/0")
	if a, ok := s.StandIn(like); ok || a != standIns[0] {
		t.Errorf("%s, %v: the policy names them all", a, ok)
	}
	if _, ok := s.StandIn(netip.IPv6Unspecified()); !ok {
		t.Error("no IPv6 address stands for anybody")
	}
}
