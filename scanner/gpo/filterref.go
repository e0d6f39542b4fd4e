package gpo

import "strings"

// ParseFilterRef reads a gPCWQLFilter: "[contoso.test;{GUID};0]", the domain of
// a WMI filter, its id and flags that mean nothing ([MS-GPOL] 2.2.4). Domain
// and id are "" for a GPO without a filter.
//
// The error is [SyntaxErrors]. With it domain and id are those of a filter that
// could be read beside what could not, if any.
func ParseFilterRef(gPCWQLFilter string) (domain, id string, err error) {
	const in = "gPCWQLFilter"
	var bad SyntaxErrors
	for _, p := range brackets(in, gPCWQLFilter, &bad) {
		fields := strings.Split(p.text, ";")
		switch {
		case id != "":
			bad.add(in, p.at, "%s is a second filter", quote(p.text))
		case len(fields) < 2:
			bad.add(in, p.at, "%s does not name a domain and a filter", quote(p.text))
		case strings.TrimSpace(fields[0]) == "":
			bad.add(in, p.at, "%s names no domain", quote(p.text))
		case guid(fields[1]) == "":
			bad.add(in, p.at, "%s is no {GUID} of a filter", quote(fields[1]))
		default:
			domain, id = strings.ToLower(strings.TrimSpace(fields[0])), guid(fields[1])
		}
	}
	return domain, id, bad.err()
}
