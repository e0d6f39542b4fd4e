package check

import (
	"slices"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Tried is what outsiders tried of one host. Each list is sorted, and has a number once.
type Tried struct {
	// TCP and UDP are ports of the host, and Protocols what was spoken to it (IP protocol
	// numbers). They are empty where the KMS port alone is isolated.
	TCP, UDP, Protocols []uint16
	From                []uint16 // source ports of the outsiders' own choice
}

// TriedByOutsiders is what outsiders tried of each host, in the order of the policy. What
// could not be sent is left out. It is nil where outsiders are still let in, and of an
// audit.
func TriedByOutsiders(p *intent.Policy, r *run.Run) []Tried {
	if r.Audit || OutsidersPass(p) {
		return nil
	}
	all := make([]Tried, len(p.Hosts))
	hosts, outsiders := make(map[string]*Tried, len(p.Hosts)), map[string]bool{}
	for i := range p.Hosts {
		hosts[p.Hosts[i].Name] = &all[i]
	}
	for _, v := range p.WithRole(intent.RoleNonDomain) {
		outsiders[v.Name] = true
	}
	for i := range r.Observations {
		o := &r.Observations[i]
		if !outsiders[o.Need.Vantage] || len(o.Trouble)+len(o.Missing) > 0 || o.Class.Local() {
			continue
		}
		if s := hosts[o.Need.Target]; s != nil {
			s.add(&o.Need, p.Isolation.Scope == intent.ScopeHost)
		}
	}
	for i := range all {
		s := &all[i]
		s.TCP, s.UDP, s.Protocols, s.From = sorted(s.TCP), sorted(s.UDP), sorted(s.Protocols), sorted(s.From)
	}
	return all
}

func sorted(ports []uint16) []uint16 {
	slices.Sort(ports)
	return slices.Compact(ports)
}

// IP protocol numbers.
const (
	ProtocolICMP   = 1
	ProtocolTCP    = 6
	ProtocolUDP    = 17
	ProtocolICMPv6 = 58
)

// add adds what an outsider tried of a host that is isolated whole, or of its KMS port
// alone.
func (t *Tried) add(n *run.Need, whole bool) {
	if n.Probe == run.ProbeTCPFrom {
		if port, err := strconv.ParseUint(n.Param, 10, 16); err == nil {
			t.From = append(t.From, uint16(port))
		}
	}
	if !whole {
		return
	}
	switch n.Probe {
	case run.ProbeICMP:
		protocol := uint16(ProtocolICMP)
		if n.Addr.Is6() {
			protocol = ProtocolICMPv6
		}
		t.Protocols = append(t.Protocols, protocol)
	case run.ProbeTCP, run.ProbeTCPFrom, run.ProbeRPC:
		t.TCP, t.Protocols = append(t.TCP, n.Port), append(t.Protocols, ProtocolTCP)
	case run.ProbeUDP:
		t.UDP, t.Protocols = append(t.UDP, n.Port), append(t.Protocols, ProtocolUDP)
	}
}

// Least counts what was tried of the host of which the least was, each list by itself.
func Least(all []Tried) run.Sample {
	var least run.Sample
	for i, s := range all {
		n := run.Sample{TCP: len(s.TCP), UDP: len(s.UDP), From: len(s.From)}
		if i > 0 {
			n = run.Sample{TCP: min(n.TCP, least.TCP), UDP: min(n.UDP, least.UDP), From: min(n.From, least.From)}
		}
		least = n
	}
	return least
}
