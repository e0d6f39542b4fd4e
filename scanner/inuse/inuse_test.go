package inuse

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func prefixes(all ...string) (some []netip.Prefix) {
	for _, s := range all {
		some = append(some, netip.MustParsePrefix(s))
	}
	return some
}

func addrs(all ...string) (some []netip.Addr) {
	for _, s := range all {
		some = append(some, netip.MustParseAddr(s))
	}
	return some
}

// What a machine tells of its interfaces counts, but for what nobody reaches from
// elsewhere and what is not its own.
func TestOfInterfaces(t *testing.T) {
	v := &run.Vantage{Interfaces: []run.Interface{
		{Name: "eth0", Prefixes: prefixes("198.18.10.30/24", "2001:db8:10::30/64", "fe80::1/64", "169.254.7.7/16")},
		{Name: "backup", Prefixes: prefixes("10.9.0.5/16", "10.9.0.9/16", "198.18.10.30/24"), Cluster: addrs("10.9.0.9")},
		{Name: "docker0", Prefixes: prefixes("172.17.0.1/16", "fd00::1/64"), Internal: true},
	}}
	values := []registry.Value{registry.NewText("k", "IPAddress", "192.0.2.1")}
	told := Of(v, values)
	if !told.Known || told.IPv4 || !reflect.DeepEqual(told.All, addrs("198.18.10.30", "2001:db8:10::30", "10.9.0.5")) {
		t.Errorf("%+v", told)
	}
	some, more := told.Undeclared(intent.Host{Addresses: addrs("198.18.10.30")}, &run.Vantage{Addresses: addrs("10.9.0.5")})
	if !reflect.DeepEqual(some, addrs("2001:db8:10::30")) || more != 0 {
		t.Errorf("%v and %d more", some, more)
	}
}

// A link-local address is tried by who is on a network of its interface, on each interface
// that is, and by nobody else.
func TestLinkLocal(t *testing.T) {
	host := Of(&run.Vantage{Interfaces: []run.Interface{
		{Name: "eth0", Prefixes: prefixes("198.18.10.30/24", "fe80::1/64")},
		{Name: "tun0", Prefixes: prefixes("fe80::2/64")},
		{Name: "docker0", Prefixes: prefixes("172.17.0.1/16", "fe80::3/64"), Internal: true},
	}}, nil)
	on := func(zone string, some ...string) run.Interface {
		return run.Interface{Name: zone, Zone: zone, Prefixes: prefixes(some...)}
	}
	inner := on("virbr0", "198.18.10.1/24")
	inner.Internal = true
	for name, c := range map[string]struct {
		at   []run.Interface
		want []netip.Addr
	}{
		"in the segment":         {[]run.Interface{on("eth1", "198.18.10.60/24", "fe80::9/64"), on("eth2", "198.18.30.9/24")}, addrs("fe80::1%eth1")},
		"twice in it":            {[]run.Interface{on("4", "198.18.10.60/24"), on("7", "198.18.10.61/25")}, addrs("fe80::1%4", "fe80::1%7")},
		"elsewhere":              {[]run.Interface{on("eth1", "198.18.30.9/24", "fe80::9/64")}, nil},
		"by its link alone":      {[]run.Interface{on("eth1", "fe80::9/64")}, nil},
		"without a zone":         {[]run.Interface{on("", "198.18.10.60/24")}, nil},
		"with the address":       {[]run.Interface{on("eth1", "198.18.10.60/24", "fe80::1/64")}, nil},
		"by a switch of its own": {[]run.Interface{inner}, nil},
	} {
		if some, _ := host.Undeclared(intent.Host{Addresses: addrs("198.18.10.30")}, &run.Vantage{Interfaces: c.at}); !reflect.DeepEqual(some, c.want) {
			t.Errorf("%s: %v", name, some)
		}
	}
}

// A registry tells IPv4 alone. What DHCP gave counts where it is on, and nowhere else.
func TestOfRegistry(t *testing.T) {
	multi := func(key, data string) registry.Value {
		return registry.Value{Key: key, Name: "IPAddress", Type: "REG_MULTI_SZ", Data: data}
	}
	told := Of(&run.Vantage{}, []registry.Value{
		registry.NewDWord("static", "EnableDHCP", 0), multi("static", `198.18.10.30\010.9.0.5`), registry.NewText("static", "DhcpIPAddress", "192.0.2.9"),
		registry.NewDWord("dhcp", "EnableDHCP", 1), multi("dhcp", "0.0.0.0"), registry.NewText("dhcp", "dhcpipaddress", "10.8.0.7"),
		multi("unplugged", "0.0.0.0"), multi("odd", "none"), multi("automatic", "169.254.1.1"),
	})
	if want := (Told{Known: true, IPv4: true, All: addrs("198.18.10.30", "10.9.0.5", "10.8.0.7")}); !reflect.DeepEqual(told, want) {
		t.Errorf("%+v", told)
	}
	if told := Of(&run.Vantage{}, nil); told.Known {
		t.Errorf("nothing tells %+v", told)
	}
}

func TestUndeclaredIsBounded(t *testing.T) {
	var told Told
	for i := range run.MostAddresses + 3 {
		told.add(netip.MustParseAddr(fmt.Sprintf("10.9.0.%d", i+1)))
	}
	if some, more := told.Undeclared(intent.Host{Addresses: addrs("198.18.10.30")}, &run.Vantage{}); len(some)+more > 0 {
		t.Errorf("another machine has %v and %d more", some, more)
	}
	if some, more := told.Undeclared(intent.Host{Addresses: addrs("10.9.0.2")}, &run.Vantage{}); len(some) != run.MostAddresses || more != 2 {
		t.Errorf("%v and %d more", some, more)
	}
}
