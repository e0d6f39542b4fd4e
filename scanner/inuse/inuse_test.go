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
	if want := (Told{Known: true, All: addrs("198.18.10.30", "2001:db8:10::30", "10.9.0.5")}); !reflect.DeepEqual(told, want) {
		t.Errorf("%+v", told)
	}
	some, more := told.Undeclared(intent.Host{Addresses: addrs("198.18.10.30")})
	if !reflect.DeepEqual(some, addrs("2001:db8:10::30", "10.9.0.5")) || more != 0 {
		t.Errorf("%v and %d more", some, more)
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
	if some, more := told.Undeclared(intent.Host{Addresses: addrs("198.18.10.30")}); len(some)+more > 0 {
		t.Errorf("another machine has %v and %d more", some, more)
	}
	if some, more := told.Undeclared(intent.Host{Addresses: addrs("10.9.0.2")}); len(some) != run.MostAddresses || more != 2 {
		t.Errorf("%v and %d more", some, more)
	}
}
