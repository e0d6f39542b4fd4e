package gpo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// The options of a link, [MS-GPOL] 2.2.2.
const (
	linkDisabled = 1
	linkEnforced = 2
)

// ParseLinks reads a gPLink: "[LDAP://cn={GUID},cn=policies,...;0][...]". The
// links are in its order, the first with the highest precedence; a GPO that is
// linked twice is there twice, and one may be of another domain.
//
// The error is [SyntaxErrors]; it tells of the links that cannot be read, and
// the others are returned with it.
func ParseLinks(gPLink string) ([]run.Link, error) {
	const in, scheme = "gPLink", "LDAP://"
	var (
		links []run.Link
		bad   SyntaxErrors
	)
	for _, p := range brackets(in, gPLink, &bad) {
		path, option, ok := strings.Cut(p.text, ";")
		if !ok {
			bad.add(in, p.at, "%s has no options", quote(p.text))
			continue
		}
		path, option = strings.TrimSpace(path), strings.TrimSpace(option)
		if len(path) < len(scheme) || !strings.EqualFold(path[:len(scheme)], scheme) {
			bad.add(in, p.at, "%s does not begin with %s", quote(p.text), scheme)
			continue
		}
		dn := strings.TrimSpace(path[len(scheme):])
		id := containerID(dn)
		if id == "" {
			bad.add(in, p.at, "%s does not name a GPO by CN={GUID}", quote(dn))
			continue
		}
		if DomainOf(dn) == "" {
			bad.add(in, p.at, "%s names no domain", quote(dn))
			continue
		}
		options, err := strconv.ParseUint(option, 10, 32)
		if err != nil {
			bad.add(in, p.at, "the options of %s are %s, no number", id, quote(option))
			continue
		}
		links = append(links, run.Link{GPO: id, DN: dn, Disabled: options&linkDisabled != 0, Enforced: options&linkEnforced != 0})
	}
	return links, bad.err()
}

// containerID is the "{GUID}" of a GPO's container, "" where the name is of
// something else.
func containerID(dn string) string {
	rdns := splitDN(dn)
	if len(rdns) < 2 {
		return ""
	}
	name, value, _ := strings.Cut(rdns[0], "=")
	if !strings.EqualFold(strings.TrimSpace(name), "CN") {
		return ""
	}
	return guid(value)
}

// Blocks reads a gPOptions: whether links from above are not inherited unless
// enforced. It is 0 where the attribute is not there ([MS-GPOL] 2.2.2).
func Blocks(gPOptions string) (bool, error) {
	s := strings.TrimSpace(gPOptions)
	if s == "" {
		return false, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return false, fmt.Errorf("gPOptions is %s, no number", quote(gPOptions))
	}
	return n&1 != 0, nil
}
