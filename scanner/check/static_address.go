package check

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var staticAddress = Check{
	ID:        "static-address",
	Title:     "the KMS host's addresses are static",
	Section:   "Before you begin",
	Confirmed: "spec",
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(policy.RoleKMSHost) {
			ids = append(ids, run.CellID{Check: "static-address", Vantage: k.Name, Target: k.Host})
		}
		return ids
	},
	Needs: func(_ *policy.Policy, id run.CellID) []run.Need {
		return []run.Need{registry(id.Vantage, keyInterfaces)}
	},
	Judge: func(in *Input) run.Cell {
		o := in.See(registry(in.Cell.Vantage, keyInterfaces))
		if p, blind := blocked(o); blind {
			return p.cell()
		}
		cell := run.Cell{Verdict: run.Pass, Intended: reason.One(reason.IntendedStatic, "dhcp", in.host().DHCP)}
		if len(o.Registry) == 0 {
			cell.Verdict, cell.Reasons = run.Inconclusive, reason.One(reason.NoInterfaces)
			return cell
		}
		dhcp, fixed := interfaces(o.Registry)
		cell.Seen = reason.One(reason.SeenInterfaces, "static", len(fixed), "dhcp", len(dhcp))
		switch {
		case len(dhcp) == 0:
			return cell
		case in.host().DHCP == "reservation" || in.host().DHCP == "platform":
			code := map[string]reason.Code{"reservation": reason.DHCPReservation, "platform": reason.DHCPPlatform}[in.host().DHCP]
			cell.Findings = append(cell.Findings, found(code))
		default:
			cell.Verdict, cell.Reasons = run.Fail, reason.One(reason.AddressByDHCP, "interfaces", dhcp)
		}
		return cell
	},
}

// interfaces splits the interfaces that have an address into those that are
// configured by DHCP and the others.
func interfaces(values []run.RegistryValue) (dhcp, fixed []string) {
	type iface struct{ dhcp, address string }
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
			i.dhcp = v.Data
		case "ipaddress", "dhcpipaddress":
			if a := strings.TrimSuffix(strings.TrimSpace(v.Data), `\0`); a != "" && a != "0.0.0.0" {
				i.address = a
			}
		}
	}
	for _, k := range order {
		i := byKey[k]
		short := k[strings.LastIndex(k, `\`)+1:]
		switch {
		case i.address == "":
		case i.dhcp == "0x1":
			dhcp = append(dhcp, short+" ("+i.address+")")
		default:
			fixed = append(fixed, short)
		}
	}
	return dhcp, fixed
}
