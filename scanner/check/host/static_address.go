package host

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// StaticAddress is the check static-address: the KMS host's addresses are static.
var StaticAddress = check.Check{
	ID:        "static-address",
	Title:     "the KMS host's addresses are static",
	Section:   "Before you begin",
	Confirmed: "spec",
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(intent.RoleKMSHost) {
			ids = append(ids, run.CellID{Check: "static-address", Vantage: k.Name, Target: k.Host})
		}
		return ids
	},
	Trials: check.ItsMachine,
	Claims: check.Looking(func(_ *intent.Policy, t *check.Trial) []run.Need {
		return []run.Need{check.RegistryNeed(t.From.Name, check.KeyInterfaces)}
	},
		staticAddress, reason.ClaimRead, reason.ClaimStatic),
}

// staticAddress asks which interfaces have an address by DHCP.
func staticAddress(e *check.Evidence, l *check.Ledger) {
	o, read := e.Reads(l, check.KeyInterfaces)
	if !read {
		return
	}
	declared := e.Host.DHCP
	l.Intended = reason.One(reason.IntendedStatic, "dhcp", declared)
	if len(o.Registry) == 0 {
		l.Of(reason.ClaimRead).Unsure = reason.One(reason.NoInterfaces)
		return
	}
	dhcp, fixed := interfaces(o.Registry)
	l.Seen = reason.One(reason.SeenInterfaces, "static", len(fixed), "dhcp", len(dhcp))
	static := l.Of(reason.ClaimStatic)
	static.Shown([]*run.Observation{o})
	switch {
	case len(dhcp) == 0:
	case declared == "reservation":
		l.Find(check.Found(reason.DHCPReservation))
	case declared == "platform":
		l.Find(check.Found(reason.DHCPPlatform))
	default:
		static.Broken = reason.One(reason.AddressByDHCP, "interfaces", dhcp)
	}
}

// interfaces splits the interfaces that have an address into those that are
// configured by DHCP and the others.
func interfaces(values []registry.Value) (dhcp, fixed []string) {
	type iface struct {
		dhcp    bool
		address string
	}
	byKey := map[string]*iface{}
	var order []string
	for _, v := range values {
		i := byKey[v.Key]
		if i == nil {
			i = &iface{}
			byKey[v.Key] = i
			order = append(order, v.Key)
		}
		switch strings.ToLower(v.Name) {
		case "enabledhcp":
			n, ok := v.DWord()
			i.dhcp = ok && n == 1
		case "ipaddress", "dhcpipaddress":
			for _, a := range v.Strings() {
				if a != "0.0.0.0" {
					i.address = a
				}
			}
		}
	}
	for _, k := range order {
		i := byKey[k]
		short := k[strings.LastIndex(k, `\`)+1:]
		switch {
		case i.address == "":
		case i.dhcp:
			dhcp = append(dhcp, short+" ("+i.address+")")
		default:
			fixed = append(fixed, short)
		}
	}
	return dhcp, fixed
}
