package gpo

import (
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
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
// The error tells of the links that cannot be read, and the others are returned
// with it.
func ParseLinks(gPLink string) ([]run.Link, error) {
	const scheme = "LDAP://"
	var links []run.Link
	bad := faults{in: "gPLink"}
	for _, p := range bad.brackets(gPLink) {
		path, option, ok := strings.Cut(p.text, ";")
		if !ok {
			bad.add(p.at, reason.LinkWithoutOptions, "found", clip(p.text))
			continue
		}
		path, option = strings.TrimSpace(path), strings.TrimSpace(option)
		if len(path) < len(scheme) || !strings.EqualFold(path[:len(scheme)], scheme) {
			bad.add(p.at, reason.LinkScheme, "found", clip(p.text), "want", scheme)
			continue
		}
		dn := strings.TrimSpace(path[len(scheme):])
		id := containerID(dn)
		if id == "" {
			bad.add(p.at, reason.LinkWithoutGPO, "found", clip(dn))
			continue
		}
		if DomainOf(dn) == "" {
			bad.add(p.at, reason.DomainNotNamed, "found", clip(dn))
			continue
		}
		options, err := strconv.ParseUint(option, 10, 32)
		if err != nil {
			bad.add(p.at, reason.LinkOptions, "gpo-id", id, "found", clip(option))
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
	return guidOf(value)
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
		return false, reason.Fail(reason.NotANumber, "field", "gPOptions", "value", clip(gPOptions), "bits", 32)
	}
	return n&1 != 0, nil
}
