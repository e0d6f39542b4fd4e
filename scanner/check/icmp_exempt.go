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
	Trials: itsMachine,
	Claims: looking(machineNeeds, (*Evidence).exemptsICMP, reason.ClaimRead),
}

// exemptsICMP says whether the host exempts ICMP.
func (e *Evidence) exemptsICMP(l *ledger) {
	if _, read := e.reads(l, keyFirewall); !read {
		return
	}
	if _, err := e.applied(e.From.Name); err != nil {
		l.of(reason.ClaimRead).failed = reason.Of(err)
		return
	}
	bits, by, set := e.ipsecExempt(e.From.Name)
	l.seen = reason.One(reason.ExemptUnset)
	if set {
		l.seen = reason.One(reason.ExemptSet, "bits", fmt.Sprintf("0x%x", bits), "by", by)
	}
	if bits&consec.ExemptICMP != 0 {
		l.find(found(reason.ICMPExempt, "host", e.Host.Name, "by", by, "port", e.Host.Port))
	}
	e.readsOwnStore(l)
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
	Trials:     itsTarget,
	Claims:     together((*Evidence).toldOfICMP, reason.ClaimRead),
}

// toldOfICMP says whether the host is told to exempt ICMP.
func (e *Evidence) toldOfICMP(l *ledger) {
	h := e.host()
	told, _, stop := e.hostEnd(h)
	read := l.of(reason.ClaimRead)
	switch {
	case stop:
		read.void = reason.One(reason.ResultantUnknown)
		return
	case len(told.Resultant.Doubts) > 0:
		read.void = reason.One(reason.ResultantUnsure, "why", told.Resultant.Doubts[:1])
		return
	}
	read.shown(e.forests())
	l.intended, l.conduct = reason.One(reason.IntendedInformation), reason.One(reason.ICMPLikeTheRest)
	if why := icmpToldExempt(e.Input, told, h); why != nil {
		l.conduct = why
		l.find(found(reason.ICMPExemptByGPO, "host", h.Name, "why", why, "port", h.Port, "store", told.Domain+`\`+e.carrierName(told)))
	}
}

// icmpToldExempt says by what echo requests of strangers, or of the cell's
// vantage, are exempt at a host, nil where they are not.
func icmpToldExempt(in *Input, e end, h policy.Host) reason.List {
	for _, a := range h.Addresses {
		for _, peer := range in.peers(a) {
			if d := in.sim.Inbound(e.Resultant.Policy, a, peer, flowTo(echo), e.Env).Security; d.Verdict == consec.Exempt {
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
		if !in.Peek(registryNeed(k.Name, keyFirewall)).Heard() {
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
	if e, _, stop := in.hostEnd(h); !stop && len(e.Resultant.Doubts) == 0 {
		if why := icmpToldExempt(in, e, h); why != nil {
			return reason.One(reason.PingExemptByGPO, "host", h.Name, "why", why, "port", h.Port)
		}
	}
	return nil
}
