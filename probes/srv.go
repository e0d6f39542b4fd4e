package probes

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	// dnsTries is how often a question is asked that gets no answer: on a link that
	// loses 30 % of the round trips, less than one in a million comes to nothing.
	dnsTries = 14
	dnsPace  = 400 * time.Millisecond
	// dnsEnd is when the waiting ends, for all tries of a question.
	dnsEnd = 10 * time.Second
	// dnsUnread is how many answers that cannot be read are enough.
	dnsUnread = 2
	// dnsTargets bounds the look-ups that one answer can make us do.
	dnsTargets = 32
)

// srv asks each of the vantage's own resolvers for SRV records of
// _vlmcs._tcp.<Param>, and then for the addresses of their targets. The class
// is the best of the resolvers'; that a name does not exist is an answer.
func srv(ctx context.Context, env *Env, o *run.Observation) {
	if len(env.At.Resolvers) == 0 {
		o.Missing, o.End = reason.One(reason.ResolverMissing, "vantage", env.At.Name), o.Start
		return
	}
	q, err := dnsQuestion("_vlmcs._tcp."+o.Need.Param, dnsmessage.TypeSRV)
	if err != nil {
		failed(env, o, err)
		return
	}
	// All resolvers at the same time: one that is silent holds up no other.
	asked := make([]askedSRV, len(env.At.Resolvers))
	belt.All(len(asked), func(i int) { asked[i] = askSRV(ctx, env, o.Need.Param, env.At.Resolvers[i], q) })
	var last, more []run.Try // that decided, and those for addresses
	for _, a := range asked {
		o.Tries, more = append(o.Tries, a.tries...), append(more, a.more...)
		o.SRV = append(o.SRV, a.answer)
		if n := len(a.tries); n > 0 {
			last = append(last, a.tries[n-1])
		}
		err = errors.Join(err, a.err)
	}
	o.Tries = append(o.Tries, more...)
	if err != nil {
		failed(env, o, err)
		return
	}
	o.Class = best(last)
	o.End = env.Clock()
}

// askedSRV is what came of one resolver.
type askedSRV struct {
	answer run.SRVAnswer
	tries  []run.Try // for the records; the last one decides
	more   []run.Try // for addresses
	err    error
}

// askSRV asks one resolver for the records, and then for the addresses of all
// their targets at the same time.
func askSRV(ctx context.Context, env *Env, domain string, resolver netip.AddrPort, q dnsmessage.Question) (a askedSRV) {
	a.answer = run.SRVAnswer{Resolver: resolver, Domain: domain}
	dns, tries, err := askDNS(ctx, env, resolver, q)
	if a.tries = tries; err != nil {
		a.err = err
		return a
	}
	t := &tries[len(tries)-1]
	if dns != nil && dns.truncated {
		t.Class = run.Cut
	}
	a.answer.Class, a.answer.Note = t.Class, t.Note
	if dns == nil {
		return a
	}
	a.answer.RCode, a.answer.Records = dns.rcodeName(), dns.srv
	if dns.truncated {
		a.answer.Note = "truncated: the records are not complete"
	}
	var targets []string
	for _, r := range a.answer.Records {
		if name := strings.ToLower(r.Target); name != "" && len(targets) < dnsTargets && !slices.Contains(targets, name) {
			targets = append(targets, name)
		}
	}
	known, more, err := askAddrs(ctx, env, resolver, targets)
	for i := range a.answer.Records {
		r := &a.answer.Records[i]
		k := known[strings.ToLower(r.Target)]
		r.Addrs, r.Canonical, r.Unanswered = k.addrs, k.canonical, r.Target != "" && !k.answered
	}
	a.more, a.err = more, err
	return a
}

// addrKinds are what is asked of each target.
var addrKinds = [...]dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA}

// target is what a resolver tells of one.
type target struct {
	addrs     []netip.Addr
	canonical string
	answered  bool // of at least one kind of address
}

// askAddrs asks for the IPv4 and IPv6 addresses of names. A resolver that does
// not answer gives none; so does a name that cannot be asked for.
func askAddrs(ctx context.Context, env *Env, resolver netip.AddrPort, names []string) (map[string]target, []run.Try, error) {
	answers := make([]*dnsAnswer, len(names)*len(addrKinds))
	tries := make([][]run.Try, len(answers))
	errs := make([]error, len(answers))
	belt.All(len(answers), func(i int) {
		q, err := dnsQuestion(names[i/len(addrKinds)], addrKinds[i%len(addrKinds)])
		if err == nil {
			answers[i], tries[i], errs[i] = askDNS(ctx, env, resolver, q)
		}
	})
	known := make(map[string]target, len(names))
	for i, dns := range answers {
		if dns == nil {
			continue
		}
		k := known[names[i/len(addrKinds)]]
		k.answered = true
		k.addrs = append(k.addrs, dns.addrs...)
		if k.canonical == "" {
			k.canonical = dns.canonical
		}
		known[names[i/len(addrKinds)]] = k
	}
	return known, slices.Concat(tries...), errors.Join(errs...)
}

// askDNS asks one question, and again without EDNS where the server did not understand
// it. The last try says what came of it; the answer is nil where that is anything but
// Answered.
func askDNS(ctx context.Context, env *Env, resolver netip.AddrPort, q dnsmessage.Question) (*dnsAnswer, []run.Try, error) {
	answer, tries, asked, err := repeatDNS(ctx, env, resolver, q, dnsTries, false)
	if err == nil && answer != nil && answer.rcode == dnsmessage.RCodeFormatError && asked < dnsTries {
		var more []run.Try
		answer, more, _, err = repeatDNS(ctx, env, resolver, q, dnsTries-asked, true)
		tries = append(tries, more...)
	}
	return answer, tries, err
}

// repeatDNS asks one question until something usable comes back, so many times at
// most: each time under another id, and the first answer ends it. asked is how often
// it was.
func repeatDNS(ctx context.Context, env *Env, resolver netip.AddrPort, q dnsmessage.Question, most int, plain bool) (answer *dnsAnswer, tries []run.Try, asked int, err error) {
	var ids [dnsTries]uint16
	end, unread := min(dnsEnd, env.Limits.connect(run.Once)), 0
	s := stagger{
		overtake: true,
		begin: func(i int) {
			var random [2]byte
			rand.Read(random[:])
			ids[i] = binary.BigEndian.Uint16(random[:])
		},
		decide: func(i int, r *vantage.Reply) bool {
			if r.Class == run.Answered {
				dns, err := parseDNS(r.Data, ids[i], q)
				if err == nil {
					answer = &dns
					return true
				}
				r.Class, r.Note = run.Cut, err.Error()
			}
			if r.Class == run.Cut || r.Class == run.Unknown {
				unread++
			}
			return unread == dnsUnread || r.Class != run.Silent && r.Class != run.Cut && r.Class != run.Unknown
		},
	}
	for i := range time.Duration(most) {
		if i*dnsPace < end {
			s.at = append(s.at, i*dnsPace)
		}
	}
	s.try = func(ctx context.Context, i int) (vantage.Reply, error) {
		query, err := dnsQuery(ids[i], q, plain)
		if err != nil {
			return vantage.Reply{}, err
		}
		return vantage.UDP.At(env.At)(ctx, vantage.DatagramRequest{To: resolver, Send: query, Timeout: end - s.at[i]})
	}
	tries, asked, err = s.run(ctx, env)
	return answer, tries, asked, err
}
