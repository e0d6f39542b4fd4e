package diagnose

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// breach is what outsiders got from one host.
type breach struct {
	host      intent.Host
	vantages  []string // that were answered in clear
	outsiders []string // that tried
	ports     []uint16 // that answered TCP
	from      []string // source ports that a try had to come from
	freely    bool     // with a try that came from whatever source port
	kms       bool     // the KMS port among them
	echo      bool
	four, six bool // by which family
	hidden    bool // an outsider that got through elsewhere found the KMS port silent
	answered  bool // with more than a refusal
}

// portIKE is where a host's own answer is known from.
const portIKE = 500

// breaches looks at what the outsiders' tries came to.
func (d *diagnosis) breach(h intent.Host) breach {
	b := breach{host: h}
	silentKMS, others := map[string]bool{}, d.inItsPlace(h)
	for _, o := range d.asked(h.Name, func(n run.Need) bool { return n.When == run.Window && wantsAnswer(n) }) {
		n := o.Need
		if !slices.Contains(b.outsiders, n.Vantage) {
			b.outsiders = append(b.outsiders, n.Vantage)
		}
		if n.Probe == run.ProbeRPC && o.Class == run.Silent {
			silentKMS[n.Vantage] = true
		}
		if others[o.ID] || o.Class != run.Answered && o.Class != run.Cut && !d.refusedItself(o) {
			continue
		}
		b.answered = b.answered || o.Class != run.Refused
		if !slices.Contains(b.vantages, n.Vantage) {
			b.vantages = append(b.vantages, n.Vantage)
		}
		b.freely = b.freely || n.Probe != run.ProbeTCPFrom
		switch {
		case n.Probe == run.ProbeTCPFrom && !slices.Contains(b.from, n.Param):
			b.from = append(b.from, n.Param)
		case n.Probe == run.ProbeICMP:
			b.echo = true
		case !slices.Contains(b.ports, n.Port):
			b.ports = append(b.ports, n.Port)
			b.kms = b.kms || n.Port == h.Port
		}
		b.four = b.four || n.Addr.Is4()
		b.six = b.six || n.Addr.Is6()
	}
	slices.Sort(b.ports)
	for _, v := range b.vantages {
		b.hidden = b.hidden || silentKMS[v] && b.four
	}
	return b
}

// inItsPlace are the tries, by id, that somebody answered in the host's place: they say
// nothing of what the host lets in.
func (d *diagnosis) inItsPlace(h intent.Host) map[string]bool {
	ids := map[string]bool{}
	for _, c := range d.denied(h) {
		for _, t := range c.Trials {
			for _, claim := range t.Claims {
				for _, id := range claim.By {
					ids[id] = ids[id] || claim.Why.Has(reason.SomebodyAnswers)
				}
			}
		}
	}
	return ids
}

// refusedItself reports whether the host refused an outsider, by the hop count
// of its IKE answer.
func (d *diagnosis) refusedItself(o *run.Observation) bool {
	n := o.Need
	i := d.observed[run.Need{Vantage: n.Vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeIKE, Target: n.Target, Addr: n.Addr, Port: portIKE}}]
	return o.Class == run.Refused && i != nil && o.TTL() != 0 && o.TTL() == i.TTL()
}

// hiddenHosts: a filter on the path drops the KMS port, and the host itself
// answers outsiders on others. Whoever tests 1688 alone believes it isolated.
func hiddenHosts(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		b := d.breach(h)
		if !b.hidden || len(b.ports) < 2 || b.kms && len(b.vantages) == 1 {
			continue
		}
		cells := d.answeredBy(b)
		root := first(cells, plainest(d.those(denies)))
		if root == nil {
			continue
		}
		blame(root, reason.One(reason.KMSPortHidden, "host", h.Name, "port", h.Port, "vantages", b.vantages), cells)
	}
}

// openHosts: outsiders are answered in clear; who and on what tells why.
func openHosts(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		b := d.breach(h)
		if len(b.vantages) == 0 {
			continue
		}
		cells := d.answeredBy(b)
		root := first(cells, plainest(d.those(denies)))
		if root == nil {
			continue
		}
		blame(root, reason.List{d.whyOpen(b)}, cells)
	}
}

// denied are the unexplained failed deny cells of a host.
func (d *diagnosis) denied(h intent.Host) []*run.Cell {
	return d.at(h.Name, func(c *run.Cell) bool { return denies(d.check(c)) && c.Verdict == run.Fail })
}

// answeredBy are the unexplained failed deny cells of a host but those of vantages that
// only somebody in its place has answered.
func (d *diagnosis) answeredBy(b breach) []*run.Cell {
	return slices.DeleteFunc(d.denied(b.host), func(c *run.Cell) bool {
		return c.Reasons.Names(reason.SomebodyAnswers) && !slices.Contains(b.vantages, c.ID.Vantage)
	})
}

// whyOpen is what explains best who is answered in clear, and on what.
func (d *diagnosis) whyOpen(b breach) reason.Reason {
	everybody := len(b.vantages) == len(b.outsiders)
	open := func(code reason.Code, args ...any) reason.Reason {
		return reason.New(code, append(args, "host", b.host.Name, "vantages", b.vantages)...)
	}
	switch {
	case !b.answered:
		return open(reason.RefusedInClear)
	case !b.freely:
		return open(reason.SourcePortHole, "from", b.from)
	case !b.four:
		return open(reason.OpenByIPv6)
	case len(b.ports) == 0:
		return open(reason.OpenToPing)
	case !b.kms && !b.echo:
		return open(reason.PortsLeftOut, "ports", b.ports)
	case everybody && len(b.outsiders) > 1:
		return open(reason.OpenToAll)
	}
	near := d.nearExemption(b.vantages)
	switch {
	case near != "":
		return open(reason.ExemptionTooWide, "exemption", near)
	case d.ownSegment(b):
		return open(reason.OpenToSegment)
	case everybody:
		return open(reason.OpenToOne)
	}
	return open(reason.OpenToSome)
}

// nearExemption names an exemption that all the vantages stand just outside of:
// within the next wider prefix.
func (d *diagnosis) nearExemption(vantages []string) string {
	for _, e := range d.policy.Exemptions {
		all := len(vantages) > 0
		for _, v := range vantages {
			all = all && slices.ContainsFunc(d.addresses(v), func(a netip.Addr) bool {
				return slices.ContainsFunc(e.Addresses, func(x netip.Prefix) bool {
					return x.Bits() > 0 && a.Is4() == x.Addr().Is4() && netip.PrefixFrom(x.Addr(), x.Bits()-1).Contains(a)
				})
			})
		}
		if all {
			return e.Name
		}
	}
	return ""
}

// ownSegment reports whether all that got in share the host's /24 or /64.
func (d *diagnosis) ownSegment(b breach) bool {
	for _, v := range b.vantages {
		if !b.host.InSegment(d.addresses(v)) {
			return false
		}
	}
	return true
}

func (d *diagnosis) addresses(vantage string) []netip.Addr {
	v, _ := d.policy.Vantage(vantage)
	for i := range d.run.Vantages {
		if d.run.Vantages[i].Name == vantage {
			return slices.Concat(v.Addresses, d.run.Vantages[i].Addresses)
		}
	}
	return v.Addresses
}
