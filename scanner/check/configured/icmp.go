package configured

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// IPsecExempt is what a machine exempts by IPsecExempt, of Group Policy or its
// own and of device management together, and by whom if not by Group Policy.
// What cannot be read is not set.
func IPsecExempt(in *check.Input, vantage string) (bits uint32, by string, set bool) {
	p, err := in.Applied(vantage)
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

// ICMPToldExempt says by what echo requests of strangers, or of the cell's
// vantage, are exempt at a host, nil where they are not.
func ICMPToldExempt(in *check.Input, e End, h intent.Host) reason.List {
	for _, a := range h.Addresses {
		for _, peer := range in.Peers(a) {
			if d := in.Simulator.Inbound(e.Resultant.Policy, a, peer, check.FlowTo(check.Echo), e.Env).Security; d.Verdict == effect.Exempt {
				return d.Why
			}
		}
	}
	return nil
}

// PingMeansNothingNeeds reads what the host has been told about ICMP.
func PingMeansNothingNeeds(p *intent.Policy, h intent.Host) []run.Need {
	var needs []run.Need
	for _, k := range p.HostVantages(h.Name) {
		needs = append(needs, check.AppliedNeeds(k.Name)...)
	}
	return needs
}

// PingMeansNothing says why ping is no test of the cell's host, if so: by the
// host's own registry, or else by what the directory tells it.
func PingMeansNothing(in *check.Input) reason.List {
	h := in.TargetHost()
	for _, k := range in.Policy.HostVantages(h.Name) {
		if !in.Peek(check.RegistryNeed(k.Name, check.KeyFirewall)).Heard() {
			continue
		}
		if bits, by, _ := IPsecExempt(in, k.Name); bits&consec.ExemptICMP != 0 {
			return reason.One(reason.PingExempt, "host", h.Name, "bits", fmt.Sprintf("0x%x", bits), "by", by, "port", h.Port)
		}
		return nil
	}
	if in.Directories == nil {
		return nil
	}
	if e, _, stop := HostEnd(in, h); !stop && len(e.Resultant.Doubts) == 0 {
		if why := ICMPToldExempt(in, e, h); why != nil {
			return reason.One(reason.PingExemptByGPO, "host", h.Name, "why", why, "port", h.Port)
		}
	}
	return nil
}
