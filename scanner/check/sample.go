package check

import (
	"slices"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Sample is what outsiders tried of that on which a host may answer. Each list is
// sorted, and has a port once.
type Sample struct {
	TCP, UDP []uint16 // ports of the host; of one of which the KMS port alone is isolated, none
	From     []uint16 // source ports of their own choice
}

// Sampled is the sample of each host, in the order of the policy. What could not be
// sent is not in it. It is nil where outsiders are still let in, and of an audit.
func Sampled(p *intent.Policy, r *run.Run) []Sample {
	if r.Audit || OutsidersPass(p) {
		return nil
	}
	all := make([]Sample, len(p.Hosts))
	hosts, outsiders := make(map[string]*Sample, len(p.Hosts)), map[string]bool{}
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
		s.TCP, s.UDP, s.From = sorted(s.TCP), sorted(s.UDP), sorted(s.From)
	}
	return all
}

func sorted(ports []uint16) []uint16 {
	slices.Sort(ports)
	return slices.Compact(ports)
}

// add adds what an outsider tried of a host that is isolated whole, or of its KMS port
// alone.
func (s *Sample) add(n *run.Need, whole bool) {
	switch n.Probe {
	case run.ProbeTCPFrom:
		if port, err := strconv.ParseUint(n.Param, 10, 16); err == nil {
			s.From = append(s.From, uint16(port))
		}
	case run.ProbeTCP, run.ProbeRPC:
		if whole {
			s.TCP = append(s.TCP, n.Port)
		}
	case run.ProbeUDP:
		if whole {
			s.UDP = append(s.UDP, n.Port)
		}
	}
}

// Least counts the sample of the host of which the least was tried, each list by
// itself.
func Least(all []Sample) run.Sample {
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
