package diagnose

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// breach is what outsiders got from one host.
type breach struct {
	host      policy.Host
	vantages  []string // that were answered in clear
	outsiders []string // that tried
	ports     []uint16 // that answered TCP
	kms       bool     // the KMS port among them
	echo      bool
	four, six bool // by which family
	hidden    bool // an outsider that got through elsewhere found the KMS port silent
	answered  bool // with more than a refusal
}

// portIKE is where a host's own answer is known from.
const portIKE = 500

// breaches looks at what the outsiders' tries came to.
func (d *diagnosis) breach(h policy.Host) breach {
	b := breach{host: h}
	silentKMS := map[string]bool{}
	for _, o := range d.of(func(n run.Need) bool { return n.Target == h.Name && n.When == run.Window }) {
		n := o.Need
		if !slices.Contains(b.outsiders, n.Vantage) {
			b.outsiders = append(b.outsiders, n.Vantage)
		}
		if n.Probe == run.ProbeRPC && o.Class == run.Silent {
			silentKMS[n.Vantage] = true
		}
		if o.Class != run.Answered && o.Class != run.Cut && !d.refusedItself(o) {
			continue
		}
		b.answered = b.answered || o.Class != run.Refused
		if !slices.Contains(b.vantages, n.Vantage) {
			b.vantages = append(b.vantages, n.Vantage)
		}
		switch {
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
		cells := d.denied(h)
		root := first(cells, plainest(d.those(denies)))
		if root == nil {
			continue
		}
		blame(root, fmt.Sprintf("a filter on the path hides TCP %d of %s, and the host itself answers %s in clear: it does not require IPsec", h.Port, h.Name, list(b.vantages)),
			"set the rule's action to require inbound (SecureServer) and see that it is enforced; the filter is no isolation", cells)
	}
}

// openHosts: outsiders are answered in clear; who and on what tells why.
func openHosts(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		b := d.breach(h)
		if len(b.vantages) == 0 {
			continue
		}
		cells := d.denied(h)
		root := first(cells, plainest(d.those(denies)))
		if root == nil {
			continue
		}
		cause, remedy := d.whyOpen(b)
		blame(root, cause, remedy, cells)
	}
}

// denied are the unexplained failed deny cells of a host.
func (d *diagnosis) denied(h policy.Host) []*run.Cell {
	return d.where(func(c *run.Cell) bool {
		return c.ID.Target == h.Name && denies(d.check(c)) && c.Verdict == run.Fail
	})
}

func (d *diagnosis) whyOpen(b breach) (cause, remedy string) {
	name := b.host.Name
	everybody := len(b.vantages) == len(b.outsiders)
	switch {
	case !b.answered:
		return fmt.Sprintf("%s refused %s itself: it takes their packets in clear, if only to say no", name, list(b.vantages)),
			"set the rule to require inbound, and see why the host rejects instead of dropping"
	case !b.four:
		return fmt.Sprintf("%s is isolated over IPv4 and answers %s in clear over IPv6", name, list(b.vantages)),
			"add the host's IPv6 addresses to Endpoint 2 of the rule"
	case len(b.ports) == 0:
		return fmt.Sprintf("%s answers ping of %s in clear and is isolated otherwise: ICMP is exempt from IPsec there", name, list(b.vantages)),
			"remove the ICMP exemption (IPsec settings, Exempt ICMP from IPsec), or judge by TCP 1688 and say so"
	case !b.kms && !b.echo:
		return fmt.Sprintf("%s answers %s in clear on TCP %s: an exemption or a rule for ports leaves them out", name, list(b.vantages), numbers(b.ports)),
			"let the rule cover every port, or declare scope: kms-port"
	case everybody && len(b.outsiders) > 1:
		return fmt.Sprintf("%s answers every outsider in clear: it does not require IPsec of anybody", name),
			"see on the host that the rule is there, names all its addresses, says require inbound, and that its profile is active"
	}
	if near := d.nearExemption(b.vantages); near != "" {
		return fmt.Sprintf("%s answers %s in clear: the exemption %s is wider on the host than declared", name, list(b.vantages), near),
			"narrow the exemption's addresses to what is declared"
	}
	if d.ownSegment(b) {
		return fmt.Sprintf("%s answers %s, in its own segment, in clear, and nobody from further away", name, list(b.vantages)),
			"look for an exemption of LocalSubnet or of the segment's addresses"
	}
	others := ""
	if !everybody {
		others = " and not the other outsiders"
	}
	return fmt.Sprintf("%s answers %s in clear%s: something lets its addresses in", name, list(b.vantages), others),
		"look for an exemption that covers its address, and see that the rule requires inbound"
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

func numbers(ports []uint16) string {
	var s []string
	for _, n := range ports {
		s = append(s, fmt.Sprint(n))
	}
	return list(s)
}
