package simulate

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Which GPOs are declared for an end.
const (
	forHosts   = "hosts"
	forClients = "clients"
)

// atHome is a member on its own network.
var atHome = effect.Env{Profile: rsop.DomainProfile}

// once keeps an endpoint; each that asks gets one of its own.
func (s *Simulator) once(key string, find func() Endpoint) *Endpoint {
	e, there := s.ends[key]
	if !there {
		e = find()
		s.ends[key] = e
	}
	return &e
}

// Host is a KMS host.
func (s *Simulator) Host(h intent.Host) *Endpoint {
	return s.once("host "+h.Name, func() Endpoint {
		e := Endpoint{Name: h.Name, Kind: KindHost, Addrs: h.Addresses, Port: h.Port, Env: atHome, Count: 1, Declared: forHosts}
		if s.directory == nil {
			e.Unknown = reason.One(reason.DirectoryNotDeclared)
			return e
		}
		told, err := s.directory.HostEnd(h)
		s.take(&e, told, err)
		return e
	})
}

// take takes over what is known of an end, or why it is not.
func (s *Simulator) take(e *Endpoint, told rsop.End, err error) {
	e.Env, e.Domain = told.Env, told.Domain
	e.tell(told.Resultant)
	if e.Env.Profile == "" {
		e.Env.Profile = rsop.DomainProfile
	}
	var gap *rsop.Gap
	switch {
	case errors.As(err, &gap) && (gap.Kind == rsop.GapAccount || gap.Kind == rsop.GapSystem):
		e.Nothing = gap.Reasons
	case err != nil:
		e.Unknown = reason.Of(err)
	}
	if a := told.Account; a != nil {
		e.Account = memberOf(a, &a.Machine, told.Domain)
	}
	if e.Resultant == nil || !e.Resultant.Assumed {
		return
	}
	if len(e.Resultant.Machines) > 0 {
		e.Premise = exports(e.Resultant)
		return
	}
	e.Premise = reason.One(reason.TakenAsDeclared, "role", e.Declared, "why", s.directory.Forest(e.Domain).Lost[run.AspectComputers])
}

// tell gives an endpoint its resultant policy.
func (e *Endpoint) tell(t *rsop.Resultant) {
	if e.Resultant = t; t != nil {
		e.Policy = t.Policy
	}
}

// exports is the premise that a machine is that of registry exports.
func exports(t *rsop.Resultant) reason.List {
	var names []string
	for _, m := range t.Machines {
		names = append(names, m.Name)
	}
	most := min(len(names), mostRanges)
	return reason.One(reason.TakenForExport, "exports", names[:most], "more", len(names)-most)
}

// memberOf is an account for the document; a is nil where it stands for many.
func memberOf(a *run.Account, m *run.Machine, domain string) *run.ExplainedMember {
	os := m.OS
	if m.OSVersion != "" {
		os += " " + m.OSVersion
	}
	out := &run.ExplainedMember{In: m.Container, Domain: domain, OS: os}
	if a != nil {
		out.DN = a.DN
		if !a.Enabled {
			out.State = "disabled"
		}
	}
	return out
}

// Computer is a computer of a directory by its DNS name, or its plain name where
// only one has it; nil where none has. Its address is in no directory, but a run
// may have looked it up.
func (s *Simulator) Computer(name string) (*Endpoint, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	var addrs []netip.Addr
	if pin, ok := s.policy.Pins[name]; ok {
		addrs = pin.Addrs
	}
	e, err := s.account(name, addrs)
	if e != nil {
		e.Addrs = addrs
	}
	return e, err
}

// account is the computer whose account has a name, nil where none has it. The
// addresses are those it has, if they are known.
func (s *Simulator) account(name string, addrs []netip.Addr) (*Endpoint, error) {
	if s.directory == nil {
		return nil, nil
	}
	f, err := s.directory.Find(name)
	if f == nil || err != nil {
		return nil, err
	}
	e := s.Member(*f, addrs...)
	if !f.Machine.Controller && !f.Machine.ReadOnly {
		e.Declared = forClients
	}
	return e, nil
}

// Member is the computer of an account, at one of these addresses.
func (s *Simulator) Member(f rsop.Found, addrs ...netip.Addr) *Endpoint {
	e := &Endpoint{Name: f.Name, Kind: KindComputer, Count: 1, Account: memberOf(f.Account, f.Machine, f.Domain), Domain: f.Domain,
		Env: rsop.Environment(*f.Machine)}
	if e.Nothing = rsop.WithoutRules(*f.Machine); len(e.Nothing) > 0 {
		e.Env = effect.Env{}
		return e
	}
	e.tell(s.directory.Resultant(f.Subject(s.directory.Directories, addrs...)))
	return e
}

// Client is a computer of a domain that gets what is declared for clients.
func (s *Simulator) Client(domain string) *Endpoint {
	e := &Endpoint{Name: "a client of " + domain, Kind: KindClient, Count: 1, Declared: forClients}
	s.assume(e, domain)
	return e
}

// assume makes an endpoint a client of a domain of which no accounts are known.
func (s *Simulator) assume(e *Endpoint, domain string) {
	e.Declared = forClients
	ends, err := s.directory.ClientEnds(domain)
	if err != nil {
		s.take(e, rsop.End{Domain: domain}, err)
		return
	}
	s.take(e, ends[0], nil)
}

// AnyClient is a computer that gets what is declared for clients, of the first
// domain that has any.
func (s *Simulator) AnyClient(name string) (*Endpoint, error) {
	var why error
	for _, i := range rsop.Isolations(s.policy) {
		ends, err := s.directory.ClientEnds(i.Domain)
		if err != nil {
			why = errors.Join(why, err)
			continue
		}
		e := &Endpoint{Name: name, Kind: KindClient, Declared: forClients}
		s.take(e, ends[0], nil)
		e.Count = max(ends[0].Count, 1)
		if !ends[0].Resultant.Assumed {
			e.Premise = reason.One(reason.TakenForOneSuch, "name", ends[0].Name)
		}
		return e, nil
	}
	if why == nil {
		why = reason.Fail(reason.NoIsolationRead)
	}
	return nil, reason.Wrap(why, reason.NoClientKnown, "why", reason.Of(why))
}

// Exemption is a machine in an exemption, at its first address.
func (s *Simulator) Exemption(x intent.Exemption) *Endpoint {
	e := Outsider(x.Name)
	e.Kind, e.Nothing = KindExemption, reason.One(reason.NoPolicyComes)
	e.Premise = reason.One(reason.TakenForExempt)
	e.Within = x.Addresses
	for _, n := range x.Addresses {
		a := n.Masked().Addr()
		if next := a.Next(); n.Bits() < a.BitLen()-1 && next.IsValid() {
			a = next // not the network itself
		}
		e.Addrs = append(e.Addrs, a)
	}
	return e
}

// Outsider is a machine that is a member of nothing.
func Outsider(name string) *Endpoint {
	return &Endpoint{Name: name, Kind: KindOutsider, Count: 1, Nothing: reason.One(reason.MemberOfNothing)}
}

// Nobody is an endpoint of which nothing is known.
func Nobody(name string, why reason.List, addrs ...netip.Addr) *Endpoint {
	return &Endpoint{Name: name, Kind: KindAddress, Addrs: addrs, Count: 1, Unknown: why}
}

// Holder is whoever of the policy has an address; nil where nobody has.
func (s *Simulator) Holder(a netip.Addr) *Endpoint {
	if h, ok := s.policy.HostOf(a); ok {
		e := s.Host(h)
		e.Addrs = []netip.Addr{a}
		return e
	}
	for _, v := range s.policy.Vantages {
		addrs, behind := s.vantageAddresses(v)
		switch {
		case slices.Contains(addrs, a):
			e := s.Vantage(v)
			e.Addrs = []netip.Addr{a}
			return e
		case slices.Contains(behind, a):
			e := s.Vantage(v)
			e.Behind = []netip.Addr{a}
			return e
		}
	}
	return nil
}
