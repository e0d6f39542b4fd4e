package host

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ICMPExempt is the check icmp-exempt: whether ping says anything about the host's isolation.
var ICMPExempt = check.Check{
	ID:        "icmp-exempt",
	Title:     "whether ping says anything about the host's isolation",
	Section:   "Test the solution",
	Confirmed: "spec",
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(intent.RoleKMSHost) {
			ids = append(ids, run.CellID{Check: "icmp-exempt", Vantage: k.Name, Target: k.Host})
		}
		return ids
	},
	Trials: check.ItsMachine,
	Claims: check.Looking(check.MachineNeeds, exemptsICMP, reason.ClaimRead),
}

// exemptsICMP says whether the host exempts ICMP.
func exemptsICMP(e *check.Evidence, l *check.Ledger) {
	if _, read := e.Reads(l, check.KeyFirewall); !read {
		return
	}
	if _, err := e.Applied(e.From.Name); err != nil {
		l.Of(reason.ClaimRead).Failed = reason.Of(err)
		return
	}
	bits, by, set := configured.IPsecExempt(e.Input, e.From.Name)
	l.Seen = reason.One(reason.ExemptUnset)
	if set {
		l.Seen = reason.One(reason.ExemptSet, "bits", fmt.Sprintf("0x%x", bits), "by", by)
	}
	if bits&consec.ExemptICMP != 0 {
		l.Find(check.Found(reason.ICMPExempt, "host", e.Host.Name, "by", by, "port", e.Host.Port))
	}
	e.ReadsOwnStore(l)
}

// ICMPTold is [ICMPExempt] by what the directory says.
var ICMPTold = check.Check{
	ID:         ICMPExempt.ID,
	Title:      ICMPExempt.Title,
	Section:    ICMPExempt.Section,
	Confirmed:  "spec",
	Configured: true,
	Cells:      check.ConfiguredHostCells(ICMPExempt.ID),
	Trials:     check.ItsTarget,
	Claims:     check.Together(toldOfICMP, reason.ClaimRead),
}

// toldOfICMP says whether the host is told to exempt ICMP.
func toldOfICMP(e *check.Evidence, l *check.Ledger) {
	h := e.TargetHost()
	told, _, stop := configured.HostEnd(e.Input, h)
	read := l.Of(reason.ClaimRead)
	switch {
	case stop:
		read.Void = reason.One(reason.ResultantUnknown)
		return
	case len(told.Resultant.Doubts) > 0:
		read.Void = reason.One(reason.ResultantUnsure, "why", told.Resultant.Doubts[:1])
		return
	}
	read.Shown(e.Forests())
	l.Intended, l.Conduct = reason.One(reason.IntendedInformation), reason.One(reason.ICMPLikeTheRest)
	if why := configured.ICMPToldExempt(e.Input, told, h); why != nil {
		l.Conduct = why
		l.Find(check.Found(reason.ICMPExemptByGPO, "host", h.Name, "why", why, "port", h.Port, "store", told.Domain+`\`+configured.CarrierName(e.Input, told)))
	}
}
