package configured

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// End is one end of the isolation.
type End = rsop.End

// DomainProfile is the one that the paper's rule is for.
const DomainProfile = rsop.DomainProfile

// HostEnd is what a KMS host has been told. The cell answers where nobody
// knows; stop says that it does.
func HostEnd(in *check.Input, h intent.Host) (e End, cell run.Cell, stop bool) {
	e, err := in.Directories.HostEnd(h)
	cell, stop = check.GapCell(err)
	return e, cell, stop
}

// ClientEnds are the ends of a domain's clients, one for each different thing
// they have been told.
func ClientEnds(in *check.Input, domain string) (ends []End, cell run.Cell, stop bool) {
	ends, err := in.Directories.ClientEnds(domain)
	cell, stop = check.GapCell(err)
	return ends, cell, stop
}

// CarrierName is the name of the GPO that carries the isolation to the host.
func CarrierName(in *check.Input, e End) string {
	if gpos := CarriersFor(in, "hosts", e.Domain); len(gpos) > 0 {
		return gpos[0].Name
	}
	return "GPO"
}

// HostIn is a KMS host whose address is in the range.
func HostIn(in *check.Input, r consec.Range) (string, netip.Addr) {
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			if r.Contains(a) {
				return h.Name, a
			}
		}
	}
	return "", netip.Addr{}
}

// CarriersFor are the GPOs that carry the isolation to an end, "hosts" or
// "clients", in a domain, or with "" in all: one may be linked from another.
func CarriersFor(in *check.Input, role, domain string) []*run.GPO {
	var all []*run.GPO
	for _, i := range check.Isolations(in.Policy) {
		if r := i.Declared.Role; r != role && r != "both" && r != "" || domain != "" && !strings.EqualFold(domain, i.Domain) {
			continue
		}
		for _, g := range in.CarriersOf(i) {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	return all
}

// Carries reports whether a GPO of that name is one that carries the isolation.
func Carries(in *check.Input, name string) bool {
	for _, i := range check.Isolations(in.Policy) {
		for _, g := range in.CarriersOf(i) {
			if g.Name == name {
				return true
			}
		}
	}
	return false
}
