//go:build unix

package netinfo

import (
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"strings"
)

// Of /etc/resolv.conf the C library uses three name servers (resolv.conf(5),
// MAXNS); a file of more than a megabyte is none.
const (
	mostResolvers     = 3
	largestResolvConf = 1 << 20
)

// Resolvers are the name servers of /etc/resolv.conf (resolv.conf(5)); none
// where there is no such file.
func Resolvers() ([]netip.AddrPort, error) {
	file, err := os.Open("/etc/resolv.conf")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	b, err := io.ReadAll(io.LimitReader(file, largestResolvConf+1))
	if err != nil {
		return nil, err
	}
	if len(b) > largestResolvConf {
		return nil, errors.New("/etc/resolv.conf is larger than 1 MiB")
	}
	return parseResolvers(string(b)), nil
}

func parseResolvers(text string) []netip.AddrPort {
	var out []netip.AddrPort
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "nameserver" || len(out) == mostResolvers {
			continue
		}
		if a, err := netip.ParseAddr(f[1]); err == nil {
			out = append(out, netip.AddrPortFrom(a, 53))
		}
	}
	return out
}
