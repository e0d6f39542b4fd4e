package gpo

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// ParseFilterRef reads a gPCWQLFilter: "[contoso.test;{GUID};0]", the domain of
// a WMI filter, its id and flags that mean nothing ([MS-GPOL] 2.2.4). Domain
// and id are "" for a GPO without a filter.
//
// With an error domain and id are those of a filter that
// could be read beside what could not, if any.
func ParseFilterRef(gPCWQLFilter string) (domain, id string, err error) {
	bad := faults{in: "gPCWQLFilter"}
	for _, p := range bad.brackets(gPCWQLFilter) {
		fields := strings.Split(p.text, ";")
		switch {
		case id != "":
			bad.add(p.at, reason.FilterSecond, "found", clip(p.text))
		case len(fields) < 2:
			bad.add(p.at, reason.FilterIncomplete, "found", clip(p.text))
		case strings.TrimSpace(fields[0]) == "":
			bad.add(p.at, reason.DomainNotNamed, "found", clip(p.text))
		case guidOf(fields[1]) == "":
			bad.add(p.at, reason.NotAGUID, "value", clip(fields[1]))
		default:
			domain, id = strings.ToLower(strings.TrimSpace(fields[0])), guidOf(fields[1])
		}
	}
	return domain, id, bad.err()
}
