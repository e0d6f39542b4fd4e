package check

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var icmpExempt = Check{
	ID:        "icmp-exempt",
	Title:     "whether ping says anything about the host's isolation",
	Section:   "Test the solution",
	Confirmed: "spec",
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(policy.RoleKMSHost) {
			ids = append(ids, run.CellID{Check: "icmp-exempt", Vantage: k.Name, Target: k.Host})
		}
		return ids
	},
	Needs: func(_ *policy.Policy, id run.CellID) []run.Need {
		return appliedNeeds(id.Vantage)
	},
	Judge: func(in *Input) run.Cell {
		o := in.See(registry(in.Cell.Vantage, keyFirewall))
		if p, blind := blocked(o); blind {
			return p.cell()
		}
		bits, by, set := in.ipsecExempt(in.Cell.Vantage)
		cell := run.Cell{Verdict: run.Pass, Seen: reason.One(reason.ExemptUnset)}
		if set {
			cell.Seen = reason.One(reason.ExemptSet, "bits", fmt.Sprintf("0x%x", bits), "by", by)
		}
		if bits&consec.ExemptICMP != 0 {
			cell.Findings = append(cell.Findings, found(reason.ICMPExempt, "host", in.Cell.Target, "by", by, "port", in.host().Port))
		}
		return cell
	},
}

// ipsecExempt is what a machine exempts by IPsecExempt, of Group Policy or its
// own and of device management together, and by whom if not by Group Policy.
// What cannot be read is not set.
func (in *Input) ipsecExempt(vantage string) (bits uint32, by string, set bool) {
	p, err := in.applied(vantage)
	if p == nil || err != nil {
		return 0, "", false
	}
	for _, s := range []*consec.Setting{p.Exempt, p.ExemptMDM} {
		if s == nil {
			continue
		}
		if s.Source != "" && s.Value&^bits != 0 {
			by = s.Source
		}
		bits, set = bits|s.Value, true
	}
	return bits, by, set
}

// icmpTold is icmpExempt by what the directory says.
var icmpTold = Check{
	ID:         icmpExempt.ID,
	Title:      icmpExempt.Title,
	Section:    icmpExempt.Section,
	Confirmed:  "spec",
	Configured: true,
	Cells:      configuredHostCells(icmpExempt.ID),
	Needs:      directoryNeeds,
	Judge: func(in *Input) run.Cell {
		h := in.host()
		e, _, stop := in.hostEnd(h)
		if stop {
			return skipped(reason.ResultantUnknown)
		}
		cell := run.Cell{Verdict: run.Pass, Intended: reason.One(reason.IntendedInformation)}
		if len(e.Told.Doubts) > 0 {
			return skipped(reason.ResultantUnsure, "why", e.Told.Doubts[:1])
		}
		cell.Conduct = reason.One(reason.ICMPLikeTheRest)
		if why := icmpToldExempt(in, e, h); why != nil {
			cell.Conduct = why
			cell.Findings = append(cell.Findings, found(reason.ICMPExemptByGPO, "host", h.Name, "why", why, "port", h.Port,
				"store", e.Domain+`\`+in.carrierName(e)))
		}
		return cell
	},
}

// icmpToldExempt says by what echo requests of strangers, or of the cell's
// vantage, are exempt at a host, nil where they are not.
func icmpToldExempt(in *Input, e end, h policy.Host) reason.List {
	for _, a := range h.Addresses {
		for _, peer := range in.peers(a) {
			if d := in.sim.Inbound(e.Told.Policy, a, peer, flowTo(echo), e.Env).Security; d.Verdict == consec.Exempt {
				return d.Why
			}
		}
	}
	return nil
}

// pingMeansNothingNeeds reads what the host has been told about ICMP.
func pingMeansNothingNeeds(p *policy.Policy, h policy.Host) []run.Need {
	var needs []run.Need
	for _, k := range p.HostVantages(h.Name) {
		needs = append(needs, appliedNeeds(k.Name)...)
	}
	return needs
}

// pingMeansNothing says why ping is no test of the cell's host, if so: by the
// host's own registry, or else by what the directory tells it.
func (in *Input) pingMeansNothing() reason.List {
	h := in.host()
	for _, k := range in.Policy.HostVantages(h.Name) {
		if !in.Peek(registry(k.Name, keyFirewall)).Heard() {
			continue
		}
		if bits, by, _ := in.ipsecExempt(k.Name); bits&consec.ExemptICMP != 0 {
			return reason.One(reason.PingExempt, "host", h.Name, "bits", fmt.Sprintf("0x%x", bits), "by", by, "port", h.Port)
		}
		return nil
	}
	if in.directories == nil {
		return nil
	}
	if e, _, stop := in.hostEnd(h); !stop && len(e.Told.Doubts) == 0 {
		if why := icmpToldExempt(in, e, h); why != nil {
			return reason.One(reason.PingExemptByGPO, "host", h.Name, "why", why, "port", h.Port)
		}
	}
	return nil
}
