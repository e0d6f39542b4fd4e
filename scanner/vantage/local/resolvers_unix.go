//go:build unix

package local

import (
	"bufio"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"strings"
)

// resolvers are the name servers of /etc/resolv.conf (resolv.conf(5)); none
// where there is no such file.
func resolvers() ([]netip.AddrPort, error) {
	b, err := os.ReadFile("/etc/resolv.conf")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseResolvers(string(b)), nil
}

func parseResolvers(text string) []netip.AddrPort {
	var out []netip.AddrPort
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) < 2 || f[0] != "nameserver" {
			continue
		}
		if a, err := netip.ParseAddr(f[1]); err == nil {
			out = append(out, netip.AddrPortFrom(a, 53))
		}
	}
	return out
}
