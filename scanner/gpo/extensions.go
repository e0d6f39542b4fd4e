package gpo

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// RegistryExtension is the client-side extension that carries out Registry.pol,
// connection security rules in it ([MS-GPREG] 1.9, [MS-GPFAS] 1.9).
const RegistryExtension = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}"

// Extension is a client-side extension (CSE) that a GPO is for, and the tools
// that wrote what it carries out. All are "{GUID}", upper case.
type Extension struct {
	CSE   string
	Tools []string
}

// ParseExtensions reads gPCMachineExtensionNames: "[{CSE}{TOOL}...][...]"
// ([MS-GPOL] 2.2.4), in its order.
//
// The error tells of the parts that cannot be read, and the others are returned
// with it.
func ParseExtensions(names string) ([]Extension, error) {
	const size = len(RegistryExtension)
	var all []Extension
	bad := faults{in: "gPCMachineExtensionNames"}
	for _, p := range bad.brackets(names) {
		var ids []string
		for rest := strings.TrimSpace(p.text); rest != ""; {
			id := guidOf(rest[:min(size, len(rest))])
			if id == "" {
				bad.add(p.at, reason.NotAGUID, "value", clip(rest))
				ids = nil
				break
			}
			ids = append(ids, id)
			rest = rest[size:]
		}
		switch {
		case len(ids) > 0:
			all = append(all, Extension{CSE: ids[0], Tools: ids[1:]})
		case strings.TrimSpace(p.text) == "":
			bad.add(p.at, reason.BracketsEmpty)
		}
	}
	return all, bad.err()
}

// Effective says whether a CSE carries out a GPO with these extensions, or else
// why not: it is not listed, or it stands behind one that is out of order.
// Windows expects them in ascending order and stops at the first that is not
// ([MS-GPOL] 2.2.4).
func Effective(all []Extension, cse string) (ok bool, why reason.List) {
	if len(all) == 0 {
		return false, reason.One(reason.NoExtensions)
	}
	cse = strings.ToUpper(cse)
	var broken reason.List
	for i, e := range all {
		if broken == nil && i > 0 && e.CSE < all[i-1].CSE {
			broken = reason.One(reason.ExtensionOutOfOrder, "extension", e.CSE, "before", all[i-1].CSE)
		}
		if e.CSE != cse {
			continue
		}
		return broken == nil, broken
	}
	return false, reason.One(reason.ExtensionAbsent, "extension", cse)
}
