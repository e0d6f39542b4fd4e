// Package krb5conf reads a krb5.conf, as MIT Kerberos does (krb5.conf(5)), as far
// as it says which KDC is asked. What it cannot read it refuses by file and line:
// the library would pass over an included file, take a "#" within a value for a
// comment, keep the last of two [realms] sections and stop at a sub-block.
//
// Whatever the file says, no KDC and no realm is looked for in DNS, encryption is
// AES and the transport is TCP.
package krb5conf

import (
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Conf is what the files say.
type Conf struct {
	// Realms are the KDCs of each realm, host:port, in the order to ask them in.
	Realms map[string][]string
	// Domains are the realms of hosts, and of all hosts of a domain where the name
	// begins with a dot; in lower case.
	Domains map[string]string
	// Files are those that were read.
	Files []string
	// DNS says that the files want KDCs or realms to be looked for in DNS.
	DNS bool

	lines map[string]string // where a realm is written, by realm
}

// Read reads the files of a list such as KRB5_CONFIG is.
func Read(list string) (*Conf, error) {
	var r reader
	for _, path := range filepath.SplitList(list) {
		if path == "" {
			continue
		}
		if err := r.file(path, 0); err != nil {
			return nil, err
		}
	}
	return r.conf()
}

func (r *reader) conf() (*Conf, error) {
	c := &Conf{Realms: map[string][]string{}, Domains: map[string]string{}, Files: r.files, lines: map[string]string{}}
	for _, name := range []string{"dns_lookup_kdc", "dns_lookup_realm"} {
		// The first one counts. MIT's default for the first of the two is yes.
		if said := r.root.find("libdefaults", name); len(said) > 0 {
			c.DNS = c.DNS || isTrue(said[0].value)
		} else if name == "dns_lookup_kdc" {
			c.DNS = true
		}
	}
	closed := map[string]bool{}
	for _, section := range r.root.find("realms") {
		for _, realm := range section.in {
			if !realm.group {
				return nil, fmt.Errorf("%s: a realm is written %s = {", realm.at, realm.name)
			}
			if closed[realm.name] {
				continue
			}
			closed[realm.name] = realm.final
			if c.lines[realm.name] == "" {
				c.lines[realm.name] = realm.at
			}
			for _, kdc := range realm.find("kdc") {
				at, err := address(kdc.value)
				if err != nil {
					return nil, fmt.Errorf("%s: kdc = %s: %w", kdc.at, kdc.value, err)
				}
				c.Realms[realm.name] = append(c.Realms[realm.name], at)
			}
		}
	}
	for _, section := range r.root.find("domain_realm") {
		for _, d := range section.in {
			if d.group {
				return nil, fmt.Errorf("%s: want a domain and its realm", d.at)
			}
			if name := strings.ToLower(d.name); c.Domains[name] == "" {
				c.Domains[name] = d.value
			}
		}
	}
	// A name without a dot is for the hosts below it, too, where nothing else is.
	for name, realm := range c.Domains {
		if !strings.HasPrefix(name, ".") && c.Domains["."+name] == "" {
			c.Domains["."+name] = realm
		}
	}
	return c, nil
}

// KDCs are those of a realm; none where the files name none.
func (c *Conf) KDCs(realm string) ([]string, error) {
	if kdcs := c.Realms[realm]; len(kdcs) > 0 {
		return kdcs, nil
	}
	for other, at := range c.lines {
		if other != realm && strings.EqualFold(other, realm) {
			return nil, reason.Fail(reason.RealmMiswritten, "at", at, "written", other, "realm", realm)
		}
	}
	return nil, nil
}

func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "y", "yes", "true", "t", "1", "on":
		return true
	}
	return false
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$`)

// address is that of a KDC: a host, perhaps with a port.
func address(text string) (string, error) {
	const port = "88"
	switch host, given, err := net.SplitHostPort(text); {
	case strings.Contains(text, "/"):
		return "", fmt.Errorf("only a host and its port are asked, over TCP; no proxy and no socket")
	case strings.ContainsAny(text, " \t#;,"):
		return "", fmt.Errorf("a line names one host, and a comment has a line of its own")
	case err == nil:
		if n, err := strconv.ParseUint(given, 10, 16); err != nil || n == 0 {
			return "", fmt.Errorf("%q is no port", given)
		}
		if _, err := netip.ParseAddr(host); err != nil && !hostName.MatchString(host) {
			return "", fmt.Errorf("%q is no host", host)
		}
		return net.JoinHostPort(host, given), nil
	}
	host := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if _, err := netip.ParseAddr(host); err != nil && !hostName.MatchString(text) {
		return "", fmt.Errorf("it is no host")
	}
	return net.JoinHostPort(host, port), nil
}
