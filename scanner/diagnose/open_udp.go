package diagnose

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// openServices: outsiders are answered by UDP services of a host. What it answers by
// TCP, or to a ping, explains more, and is told first.
func openServices(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		cells := d.at(h.Name, func(c *run.Cell) bool { return c.ID.Check == udpServices && c.Verdict == run.Fail })
		if len(cells) == 0 {
			continue
		}
		if why := d.whyServed(h); why != nil {
			blame(cells[0], why, cells)
		}
	}
}

// udpServices is the check of UDP services.
const udpServices = "udp-services"

// whyServed says which services answer whom, and whether they answer nobody but who comes
// from a trusted port; nil where no answer came to any outsider.
func (d *diagnosis) whyServed(h intent.Host) reason.List {
	var vantages []string
	var ports, from []uint16
	others, freely := d.inItsPlace(h), false
	for _, o := range d.asked(h.Name, func(n run.Need) bool { return n.Probe == run.ProbeUDP }) {
		if others[o.ID] || o.Class != run.Answered && o.Class != run.Cut && !d.refusedItself(o) {
			continue
		}
		vantages, ports = check.AppendNew(vantages, o.Need.Vantage), check.AppendNew(ports, o.Need.Port)
		for _, t := range o.Tries {
			switch n := t.Local.Port(); {
			case !t.Class.Spoke():
			case slices.Contains(run.TrustedPorts, n):
				from = check.AppendNew(from, n)
			default:
				freely = true
			}
		}
	}
	slices.Sort(ports)
	slices.Sort(from)
	switch {
	case len(vantages) == 0:
		return nil
	case freely:
		return reason.One(reason.UDPServiceOpen, "host", h.Name, "vantages", vantages, "ports", ports)
	}
	return reason.One(reason.UDPSourceHole, "host", h.Name, "vantages", vantages, "ports", ports, "from", from)
}
