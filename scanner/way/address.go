package way

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ErrSecret is the error of a value that may hold a password. The value is shown
// nowhere.
var ErrSecret = errors.New("an address must not hold a password; name a credential beside it")

// HostPort cuts the port off host[:port] and returns the host. written is the whole
// that it is a part of, for the error; the host is returned beside an error, too.
func HostPort(written, hostport string) (host string, err error) {
	if _, err := netip.ParseAddr(hostport); err == nil {
		return hostport, nil
	}
	host, digits, err := net.SplitHostPort(hostport)
	if err == nil {
		_, err = Port(digits)
		return host, err
	}
	if strings.HasPrefix(hostport, "[") && strings.HasSuffix(hostport, "]") {
		return hostport[1 : len(hostport)-1], nil
	}
	if strings.Contains(hostport, ":") {
		return hostport, fmt.Errorf("%q: write name:port, or [address]:port for IPv6", written)
	}
	return hostport, nil
}

// Port reads the number of a port, which is at least 1 and has no leading zero.
func Port(digits string) (uint16, error) {
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || n == 0 || digits[0] == '0' {
		return 0, fmt.Errorf("port %q: want a number from 1 to 65535", digits)
	}
	return uint16(n), nil
}

// Enters is what an address of the form [user@]host[:port] or URL implies: the
// machine behind it, and its ports: the usual ones and that of the address.
func Enters(address string, usual ...uint16) Facts {
	if _, host, ok := strings.Cut(address, "@"); ok {
		address = host
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Host
	}
	f := Facts{Ports: usual}
	if host, digits, err := net.SplitHostPort(address); err == nil {
		address = host
		if n, err := Port(digits); err == nil && !slices.Contains(usual, n) {
			f.Ports = append([]uint16{n}, usual...)
		}
	}
	f.Machine = strings.ToLower(address)
	return f
}
