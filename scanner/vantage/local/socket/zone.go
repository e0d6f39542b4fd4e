package socket

import (
	"net"
	"strconv"
)

// ZoneIndex is the number of the interface that an IPv6 zone names, 0 for no zone. It
// fails where the zone is neither the name of an interface nor a number.
func ZoneIndex(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index), nil //nolint:gosec // an index
	}
	n, err := strconv.ParseUint(zone, 10, 32)
	return uint32(n), err
}
