// Package explain says what becomes of a packet between two machines by what
// Windows has been told: who each end is, what it does with the packet and by
// which rule of which GPO, and what comes of both together. It also says which
// of these answers differ between two states of what is configured.
//
// What becomes of the packet is package simulate's to say. This package has the
// question, the document that answers it, and the difference of two states. What
// the facts do not tell is unknown, with the reason; nothing is guessed.
package explain

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Explainer answers questions about one state of what is configured. It is for
// one goroutine at a time.
type Explainer struct {
	*rsop.Deployment
	sim      *simulate.Simulator
	vantages map[string]*run.Vantage // as they were connected, if they were
	sources  []run.ExplainedSource
}

// New makes the explainer of what was read of the policy's directories. The
// vantages are those of a run; without one, what the policy declares of them is
// what is known. It fails where no directory is declared, or none could be read.
func New(p *intent.Policy, observed []run.Observation, vantages []run.Vantage) (*Explainer, error) {
	x := &Explainer{vantages: map[string]*run.Vantage{}}
	for i := range vantages {
		x.vantages[vantages[i].Name] = &vantages[i]
	}
	read := map[string]*run.Observation{}
	for i := range observed {
		if o := &observed[i]; o.Need.Probe == run.ProbeDirectory {
			read[o.Need.Param] = o
		}
	}
	x.Deployment = rsop.Deploy(p, func(forest string) *run.Observation { return read[forest] })
	x.sim = simulate.New(p, x.Deployment, x.vantages, nil)
	var failed reason.List
	for _, f := range p.Directories() {
		s := run.ExplainedSource{Forest: f.Name, Why: x.Failed[f.Name]}
		if o := read[f.Name]; len(s.Why) == 0 && o != nil {
			s.Source, s.Read = o.Forest.Source, o.Forest.Read
		} else {
			failed = failed.Add(s.Why...)
		}
		x.sources = append(x.sources, s)
	}
	switch {
	case len(x.sources) == 0:
		return nil, fmt.Errorf("no directory is declared that could be read, so nothing is known of what Windows has been told")
	case len(x.Forests) == 0:
		return nil, reason.Fail(reason.NoDirectoryRead, "why", failed)
	}
	return x, nil
}

// Question is about one packet.
type Question struct {
	// From and To name the ends: a KMS host or a vantage of the policy, an
	// exemption, a computer of the directory, an address, outsider or client;
	// each may be followed by @ADDRESS, To by :PORT.
	From, To string
	Protocol string // tcp, udp or icmp; "" is tcp
	// Profile is that of the KMS host's end, FromProfile and ToProfile those of
	// the ends by place; "" is domain.
	Profile, FromProfile, ToProfile string
}

// Explain answers a question. The error is for the person who asked: a sentence, or
// one that carries reasons.
func (x *Explainer) Explain(q Question) (*run.Explanation, error) {
	k, err := x.ask(q)
	if err != nil {
		return nil, err
	}
	out := &run.Explanation{Schema: run.ExplainSchema, Sources: x.sources}
	for i, pair := range k.pairs {
		if i > 0 && pair.to.StandIn {
			break // one that stands for nobody says as much as another
		}
		from, to, o := x.answer(pair, k, i == 0)
		if i > 0 {
			out.Others = append(out.Others, run.OtherAddress{Address: pair.to.Seen(), Outcome: outcome(from, to, &o)})
			continue
		}
		out.From, out.To, out.Outcome = from.doc, to.doc, outcome(from, to, &o)
		out.Packet = run.Packet{Protocol: string(k.flow.Protocol), Port: k.flow.Port, Source: pair.from.Seen(), Destination: pair.to.Seen()}
	}
	return out, nil
}

// packets are what a question is about: one packet, and the same to the other
// addresses of its destination.
type packets struct {
	flow  simulate.Flow
	pairs []pair
}

// pair is two ends at one address each, of one family.
type pair struct{ from, to simulate.At }

// ask makes a packet of a question.
func (x *Explainer) ask(q Question) (*packets, error) {
	protocol := strings.ToLower(q.Protocol)
	if protocol == "" {
		protocol = "tcp"
	}
	k := &packets{flow: simulate.Flow{Protocol: simulate.Protocol(protocol)}}
	if !slices.Contains(protocols, protocol) {
		return nil, fmt.Errorf("protocol %q: want %s", q.Protocol, strings.Join(protocols, ", "))
	}
	fromName, fromAddr, fromPort, err := split(q.From)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--from %s: %w", q.From, err)
	case fromPort != 0:
		return nil, fmt.Errorf("--from %s: the port that a packet comes from is chosen freely; leave it out", q.From)
	}
	toName, toAddr, toPort, err := split(q.To)
	if err != nil {
		return nil, fmt.Errorf("--to %s: %w", q.To, err)
	}
	from, err := x.find(fromName)
	if err != nil {
		return nil, fmt.Errorf("--from %s: %w", q.From, err)
	}
	to, err := x.find(toName)
	if err != nil {
		return nil, fmt.Errorf("--to %s: %w", q.To, err)
	}
	if from.Same(to) {
		return nil, fmt.Errorf("--from %s and --to %s are the same machine", q.From, q.To)
	}
	if err := profiles(q, from, to); err != nil {
		return nil, err
	}
	switch {
	case k.flow.Protocol == simulate.Echo && toPort != 0:
		return nil, fmt.Errorf("--to %s: an echo request has no port; leave it out", q.To)
	case k.flow.Protocol == simulate.Echo:
	case toPort != 0:
		k.flow.Port = toPort
	case k.flow.Protocol == simulate.TCP && to.Port != 0:
		k.flow.Port = to.Port
	default:
		return nil, fmt.Errorf("--to %s: name a port, as in --to %s:445", q.To, toName)
	}
	k.pairs, err = x.pairs(from, to, fromAddr, toAddr)
	return k, err
}

var (
	protocols    = []string{"tcp", "udp", "icmp"}
	profileWords = []string{"domain", "private", "public"}
)

// profiles sets those of the ends.
func profiles(q Question, from, to *simulate.Endpoint) error {
	hosts := 0
	for _, e := range []struct {
		p       *simulate.Endpoint
		profile string
		flag    string
	}{{from, q.FromProfile, "--from-profile"}, {to, q.ToProfile, "--to-profile"}} {
		if e.profile == "" && e.p.Kind == simulate.KindHost {
			e.profile, e.flag = q.Profile, "--profile"
			hosts++
		}
		switch word := strings.ToLower(e.profile); {
		case word == "":
		case !slices.Contains(profileWords, word):
			return fmt.Errorf("%s %q: want %s", e.flag, e.profile, strings.Join(profileWords, ", "))
		default:
			e.p.Env.Profile = word
		}
	}
	if q.Profile != "" && hosts == 0 {
		return fmt.Errorf("--profile is that of a KMS host's end, and neither %s nor %s is one whose profile is still open; use --from-profile or --to-profile", from.Name, to.Name)
	}
	return nil
}

// pairs puts the addresses of both ends together, those that were named first.
func (x *Explainer) pairs(from, to *simulate.Endpoint, fromAddr, toAddr netip.Addr) ([]pair, error) {
	sources, err := x.sim.Addresses(from, fromAddr)
	if err != nil {
		return nil, err
	}
	targets, err := x.sim.Addresses(to, toAddr)
	if err != nil {
		return nil, err
	}
	var all []pair
	for _, t := range targets {
		for _, s := range sources {
			if s.Addr.BitLen() == t.Addr.BitLen() && s.Seen().BitLen() == t.Seen().BitLen() {
				all = append(all, pair{s, t})
				break
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has %s and %s has %s: they have no address of one family", from.Name, simulate.Texts(sources), to.Name, simulate.Texts(targets))
	}
	return all, nil
}
