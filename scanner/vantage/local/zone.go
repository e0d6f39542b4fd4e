package local

import (
	"net"
	"runtime"
	"strconv"
)

// zoneIndex is the number of the interface that an IPv6 zone names.
func zoneIndex(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index), nil //nolint:gosec // an index
	}
	n, err := strconv.ParseUint(zone, 10, 32)
	return uint32(n), err
}

// zoneOf is what names an interface in a link-local address of this system.
func zoneOf(i net.Interface) string {
	if runtime.GOOS == "windows" {
		return strconv.Itoa(i.Index)
	}
	return i.Name
}
