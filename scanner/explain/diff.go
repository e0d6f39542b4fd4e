package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Diff says which answers change between two states of what is configured: for
// the packets of everybody who matters to every address of every KMS host, and
// of the hosts to others. Both states are asked by the policy of the new one.
// The profiles are those of the KMS hosts; none are all three.
func Diff(before, after *Explainer, profiles ...string) (*run.Difference, error) {
	if len(profiles) == 0 {
		profiles = profileWords
	}
	for _, p := range profiles {
		if !slices.Contains(profileWords, p) {
			return nil, fmt.Errorf("--profile %q: want %s", p, strings.Join(profileWords, ", "))
		}
	}
	d := &differ{before: before, after: after, profiles: profiles, groups: map[string]int{}, seen: map[string]bool{}}
	d.out = &run.Difference{Schema: run.DiffSchema, Changes: []run.Change{}}
	d.identical = sameFacts(before, after)
	d.missing()
	hosts := d.hosts()
	if len(hosts) == 0 {
		return nil, reason.Fail(reason.HostsUnknown, "why", d.out.Notes)
	}
	computers := d.computers()
	services := d.services(d.edits(hosts))
	callers := append(d.callers(hosts), hosts...)
	for _, c := range computers {
		callers = append(callers, c)
		callers = append(callers, d.spread(c, []actor{c})...)
	}
	for _, h := range hosts {
		for _, from := range callers {
			if from.name != h.name {
				d.ask(from, h, services)
			}
		}
	}
	for _, h := range hosts {
		for _, to := range slices.Concat(d.peers(), computers) {
			d.ask(h, to, []service{{"tcp", outboundPort}, {"icmp", 0}})
		}
		d.declared(h)
	}
	d.sort()
	return d.out, nil
}

// outboundPort is the one that hosts are asked about where no flow is declared:
// SMB, which a host needs for its Group Policy.
const outboundPort = 445

// actor is somebody in both states.
type actor struct {
	name     string
	count    int // machines that it stands for
	old, new *simulate.Endpoint
	// like names actors of which it is one, so that it matters only where its
	// answers change in another way than theirs.
	like []string
}

// service is a protocol and a port; 0 is the KMS port of a host.
type service struct {
	protocol string
	port     uint16
}

// differ asks both states and collects what changes.
type differ struct {
	before, after *Explainer
	profiles      []string
	out           *run.Difference
	groups        map[string]int  // places in out.Changes, by answers
	seen          map[string]bool // changes, by who asked and for what
	// identical says that all that was read is the same.
	identical bool
}

// ask asks about the packets from one actor to another, at each of the
// receiver's addresses.
func (d *differ) ask(from, to actor, services []service) {
	old, err := d.before.pairs(from.old, to.old, nothing, nothing)
	if err != nil {
		return // no address of one family, and so no packet
	}
	now, err := d.after.pairs(from.new, to.new, nothing, nothing)
	if err != nil {
		return
	}
	n := min(len(old), len(now))
	if d.alike(from) && d.alike(to) {
		d.out.Asked += n * len(services)
		return
	}
	for i := range n {
		for _, s := range services {
			k := &packets{flow: simulate.Flow{Protocol: simulate.Protocol(s.protocol), Port: s.port}}
			if s.port == 0 && k.flow.Protocol != simulate.Echo {
				k.flow.Port = to.new.Port
			}
			d.out.Asked++
			unknown := false
			for _, profile := range d.profiles {
				unknown = d.compare(from, to, inProfile(old[i], profile), inProfile(now[i], profile), k, profile) || unknown
			}
			if unknown && !d.identical {
				d.out.Unknown++
			}
		}
	}
}

// inProfile is a pair with its KMS hosts in a profile.
func inProfile(p pair, profile string) pair {
	for _, a := range []*simulate.At{&p.from, &p.to} {
		if a.Kind == simulate.KindHost {
			other := *a.Endpoint
			other.Env.Profile = profile
			a.Endpoint = &other
		}
	}
	return p
}

// compare asks both states about one packet, and reports whether neither has an
// answer although the directory knows both ends.
func (d *differ) compare(from, to actor, old, now pair, k *packets, profile string) (unknown bool) {
	was := answered(d.before.answer(old, k, false))
	is := answered(d.after.answer(now, k, false))
	one, two := was.key(), is.key()
	if one == two {
		return is.outcome.Verdict == run.OutcomeUnknown && len(now.from.Unknown)+len(now.to.Unknown) == 0
	}
	key := one + "\n" + two
	target := run.ChangedTarget{Address: now.to.Seen(), Protocol: string(k.flow.Protocol), Port: k.flow.Port}
	this := fmt.Sprintf(" %s %v %s %s", to.name, target, profile, key)
	d.seen[from.name+this] = true
	if slices.ContainsFunc(from.like, func(name string) bool { return d.seen[name+this] }) {
		return false
	}
	i, ok := d.groups[key]
	if !ok {
		i = len(d.out.Changes)
		d.groups[key] = i
		d.out.Changes = append(d.out.Changes, run.Change{Old: was.doc(), New: is.doc()})
	}
	add(&d.out.Changes[i], from, to, target, profile)
	return false
}

// answer is what becomes of a packet.
type answer struct {
	from, to *end
	outcome  simulate.Outcome
}

func answered(from, to *end, o simulate.Outcome) answer { return answer{from, to, o} }

// doc is the answer for the document.
func (a *answer) doc() run.ChangedAnswer {
	return run.ChangedAnswer{Outcome: outcome(a.from, a.to, &a.outcome), From: conductOf(a.from), To: conductOf(a.to)}
}

// key is what makes the answer another one: not the addresses, nor the reasons.
func (a *answer) key() string {
	return fmt.Sprint(a.outcome.Verdict, a.outcome.At, a.outcome.Undocumented, a.from.key(), a.to.key())
}

func conductOf(e *end) run.Conduct {
	d := &e.doc
	return run.Conduct{Name: d.Name, Verdict: d.Verdict, Rule: d.Rule, Source: d.Source, Why: brief(d),
		Authentication: d.Authentication, UserAuthentication: d.UserAuthentication, Peers: d.Peers}
}

// key is what makes the conduct of an end another one: what it does and whom it
// lets in, not by which rule.
func (e *end) key() string {
	d := &e.doc
	return fmt.Sprintf("%s %q %q %q", d.Verdict, d.Authentication, d.UserAuthentication, d.Peers)
}

// add notes a packet that a change is for.
func add(c *run.Change, from, to actor, target run.ChangedTarget, profile string) {
	for i := range c.Packets {
		g := &c.Packets[i]
		if g.From != from.name || g.To != to.name {
			continue
		}
		if !slices.Contains(g.Targets, target) {
			g.Targets = append(g.Targets, target)
		}
		if !slices.Contains(g.Profiles, profile) {
			g.Profiles = append(g.Profiles, profile)
		}
		return
	}
	g := run.ChangedGroup{From: from.name, To: to.name, Targets: []run.ChangedTarget{target}, Profiles: []string{profile}}
	if from.count > 1 {
		g.Count = from.count
	}
	c.Packets = append(c.Packets, g)
}

// sort puts first what opens, then what is cut off, then what is no longer
// known; what passes as before comes last.
func (d *differ) sort() {
	rank := func(c run.Change) int {
		r := slices.Index([]run.OutcomeVerdict{run.OutcomeClear, run.OutcomeDropped, run.OutcomeFails, run.OutcomeUnknown, run.OutcomeProtected}, c.New.Outcome.Verdict)
		if c.Old.Outcome.Verdict == c.New.Outcome.Verdict && c.Old.Outcome.At == c.New.Outcome.At {
			r += 10
		}
		return r
	}
	slices.SortStableFunc(d.out.Changes, func(a, b run.Change) int { return cmp.Compare(rank(a), rank(b)) })
}
