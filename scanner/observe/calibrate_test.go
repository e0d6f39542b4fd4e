package observe

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestCalibrate(t *testing.T) {
	a := netip.MustParseAddr
	host4, host6, hostB := a("198.18.10.30"), a("2001:db8:10::30"), a("198.18.10.31")
	client, guest, mirror := a("198.18.20.20"), a("198.18.30.9"), a("198.18.10.99")
	p := &intent.Policy{
		Hosts: []intent.Host{{Name: "kms01", Addresses: []netip.Addr{host4, host6}}, {Name: "kms02", Addresses: []netip.Addr{hostB}}},
		Vantages: []intent.Vantage{
			{Name: "client", Role: intent.RoleDomain}, {Name: "guest", Role: intent.RoleNonDomain},
			{Name: "kms01", Role: intent.RoleKMSHost, Host: "kms01"},
			{Name: "mirror", Role: intent.RoleExempt, Sees: []string{"kms01", "kms02"}},
		},
	}
	vantages := []run.Vantage{
		{Name: "client", Addresses: []netip.Addr{client}}, {Name: "guest", Addresses: []netip.Addr{guest}},
		{Name: "kms01", Addresses: []netip.Addr{host4, host6}}, {Name: "mirror", Addresses: []netip.Addr{mirror}},
	}
	eth := func(name string, out int64, as ...netip.Addr) run.WatchedInterface {
		return run.WatchedInterface{Name: name, Out: out, Addresses: as}
	}
	between := func(src, dst netip.Addr) run.Flow {
		return run.Flow{Src: src, Dst: dst, Kind: run.FlowUDPESP, Count: 1}
	}
	both := func(x, y netip.Addr) []run.Flow { return []run.Flow{between(x, y), between(y, x)} }
	well := append(both(client, host4), both(client, hostB)...)

	for _, tt := range []struct {
		name  string
		at    string
		watch run.Watch
		flows []run.Flow
		holds bool
		why   reason.List
	}{
		{"the host sends by each interface with an address of its own", "kms01",
			run.Watch{Interfaces: []run.WatchedInterface{eth("eth0", 3, host4), eth("eth1", 1, host6), eth("eth2", 0, mirror)}}, nil, true,
			reason.List{reason.New(reason.SendingSeen, "host", "kms01", "interface", "eth0", "count", 3), reason.New(reason.SendingSeen, "host", "kms01", "interface", "eth1", "count", 1)}},
		{"nothing goes out by one of them", "kms01",
			run.Watch{Interfaces: []run.WatchedInterface{eth("eth0", 3, host4), eth("eth1", 0, host6)}}, well, false,
			reason.One(reason.SendingUnseen, "host", "kms01", "interface", "eth1")},
		{"an address is on no watched interface", "kms01",
			run.Watch{Interfaces: []run.WatchedInterface{eth("eth0", 3, host4)}}, well, false,
			reason.One(reason.AddressUnwatched, "host", "kms01", "address", host6)},
		{"more than is kept", "kms01",
			run.Watch{Overflow: true, Interfaces: []run.WatchedInterface{eth("eth0", 3, host4, host6)}}, nil, false,
			reason.One(reason.WatchOverflow, "watch", "kms01")},
		{"nothing is watched", "kms01", run.Watch{}, well, false,
			reason.List{reason.New(reason.AddressUnwatched, "host", "kms01", "address", host4), reason.New(reason.AddressUnwatched, "host", "kms01", "address", host6)}},
		{"a mirror shows a member and each host", "mirror", run.Watch{}, well, true,
			reason.List{reason.New(reason.MirrorShows, "watch", "mirror", "host", "kms01", "vantage", "client"), reason.New(reason.MirrorShows, "watch", "mirror", "host", "kms02", "vantage", "client")}},
		{"a mirror shows one host alone", "mirror", run.Watch{}, both(client, host4), false,
			reason.One(reason.MirrorSilent, "watch", "mirror", "host", "kms02")},
		{"a mirror shows an outsider alone", "mirror", run.Watch{}, append(both(guest, host4), both(client, hostB)...), false,
			reason.One(reason.MirrorSilent, "watch", "mirror", "host", "kms01")},
		{"a mirror shows its own packets alone", "mirror", run.Watch{}, append(both(mirror, host4), both(client, hostB)...), false,
			reason.One(reason.MirrorSilent, "watch", "mirror", "host", "kms01")},
		{"a mirror shows what a host gets", "mirror", run.Watch{}, append(both(client, hostB), between(client, host4)), false,
			reason.One(reason.MirrorOneWay, "watch", "mirror", "host", "kms01", "vantage", "client")},
		{"who watches is to see no host", "client", run.Watch{Interfaces: []run.WatchedInterface{eth("eth0", 3, client)}}, well, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := tt.watch
			all := []run.Observation{
				{Need: run.Need{Vantage: "client"}},
				{Need: run.Need{Vantage: tt.at, Spec: run.Spec{Probe: run.ProbeFlows}}, Watch: &w, Flows: tt.flows},
			}
			calibrate(p, vantages, all)
			if w.Holds != tt.holds || !w.Why.Equal(tt.why) {
				t.Errorf("holds: %t, because %s; want %t, because %s", w.Holds, w.Why.Key(), tt.holds, tt.why.Key())
			}
			if all[0].Watch != nil {
				t.Error("what watched nothing has a watch")
			}
		})
	}
}
