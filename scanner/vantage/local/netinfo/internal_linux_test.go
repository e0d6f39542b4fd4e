package netinfo

import (
	"maps"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// A bridge is internal if none of its ports can lead to a wire.
func TestInternal(t *testing.T) {
	got := internal(map[int32]link{
		1: {}, 2: {}, // loopback and hardware
		3: {kind: "bridge"}, 4: {kind: "veth", master: 3}, 5: {kind: "tun", master: 3}, // containers
		6: {kind: "bridge"}, 7: {kind: "veth", master: 6}, 8: {master: 6}, // with hardware
		9: {kind: "bridge"}, 10: {kind: "vlan", master: 9},
		11: {kind: "bridge"}, // of no container yet
		12: {kind: "veth"}, 13: {kind: "bond"}, 14: {master: 13},
	})
	maps.DeleteFunc(got, func(_ int32, inner bool) bool { return !inner })
	if !maps.Equal(got, map[int32]bool{3: true, 11: true}) {
		t.Errorf("%v", got)
	}
}

// The kernel's list is read whole, with the names that net has for the same indexes.
func TestReadLinks(t *testing.T) {
	links, err := readLinks()
	if err != nil {
		t.Fatal(err)
	}
	ifs, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range ifs {
		if _, ok := links[int32(i.Index)]; !ok { //nolint:gosec // the kernel's indexes are of 32 bits
			t.Errorf("no link %d for %s in %v", i.Index, i.Name, links)
		}
	}
}

// What is cut off yields no attribute, and what holds others bears no flag.
func TestAttributes(t *testing.T) {
	b := native.AppendUint16(nil, 7)
	b = native.AppendUint16(b, unix.IFLA_LINKINFO|unix.NLA_F_NESTED)
	b = append(b, 1, 2, 3, 0)
	b = native.AppendUint16(b, 12)
	b = native.AppendUint16(b, unix.IFLA_MASTER)
	b = append(b, 9)
	seen := 0
	attributes(b, func(kind uint16, value []byte) {
		if seen++; kind != unix.IFLA_LINKINFO || len(value) != 3 {
			t.Errorf("%d: %v", kind, value)
		}
	})
	if seen != 1 {
		t.Errorf("%d attributes", seen)
	}
}
