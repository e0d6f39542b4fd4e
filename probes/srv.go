package probes

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net/netip"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	dnsFirstWait = 2 * time.Second
	dnsRetryWait = 3 * time.Second
	// dnsTargets bounds the look-ups that one answer can make us do.
	dnsTargets = 32
)

// srv asks each of the vantage's own resolvers for SRV records of
// _vlmcs._tcp.<Param>, and then for the addresses of their targets. The class
// is the best of the resolvers'; that a name does not exist is an answer.
func srv(ctx context.Context, env Env, need run.Need) run.Observation {
	o, ok := begin(env, need, env.At.UDP != nil)
	if !ok {
		return o
	}
	if len(env.At.Resolvers) == 0 {
		o.Missing, o.End = "no resolver is known of "+env.At.Name, o.Start
		return o
	}
	q, err := dnsQuestion("_vlmcs._tcp."+need.Param, dnsmessage.TypeSRV)
	if err != nil {
		return failed(env, o, err)
	}
	for _, resolver := range env.At.Resolvers {
		answer, err := askSRV(ctx, env, &o, resolver, q)
		if err != nil {
			return failed(env, o, err)
		}
		o.SRV = append(o.SRV, answer)
	}
	o.Class = best(o.Tries)
	o.End = env.Clock()
	return o
}

// askSRV asks one resolver.
func askSRV(ctx context.Context, env Env, o *run.Observation, resolver netip.AddrPort, q dnsmessage.Question) (run.SRVAnswer, error) {
	answer := run.SRVAnswer{Resolver: resolver, Domain: o.Need.Param}
	dns, t, err := askDNS(ctx, env, resolver, q)
	if err != nil {
		return answer, err
	}
	o.Tries = append(o.Tries, t)
	answer.Class, answer.Note = t.Class, t.Note
	if dns == nil {
		return answer, nil
	}
	answer.RCode, answer.Records = dns.rcodeName(), dns.srv
	if dns.truncated {
		answer.Class, answer.Note = run.Cut, "truncated: the records are not complete"
		o.Tries[len(o.Tries)-1].Class = run.Cut
	}
	addrs := make(map[string][]netip.Addr)
	for i := range answer.Records {
		r := &answer.Records[i]
		known, asked := addrs[r.Target]
		if !asked && len(addrs) < dnsTargets && r.Target != "" {
			if known, err = askAddrs(ctx, env, resolver, r.Target); err != nil {
				return answer, err
			}
			addrs[r.Target] = known
		}
		r.Addrs = known
	}
	return answer, nil
}

// askAddrs asks for the IPv4 and IPv6 addresses of a name. A resolver that
// does not answer gives none.
func askAddrs(ctx context.Context, env Env, resolver netip.AddrPort, name string) ([]netip.Addr, error) {
	var addrs []netip.Addr
	for _, kind := range []dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA} {
		q, err := dnsQuestion(name, kind)
		if err != nil {
			return nil, nil // a target that cannot be asked for has no address
		}
		dns, _, err := askDNS(ctx, env, resolver, q)
		if err != nil {
			return nil, err
		}
		if dns != nil {
			addrs = append(addrs, dns.addrs...)
		}
	}
	return addrs, nil
}

// askDNS asks one question and, where nothing usable comes back, asks again;
// without EDNS where the server did not understand it. The answer is nil where
// the try is anything but Answered.
func askDNS(ctx context.Context, env Env, resolver netip.AddrPort, q dnsmessage.Question) (*dnsAnswer, run.Try, error) {
	plain := false
	for wait := dnsFirstWait; ; wait = dnsRetryWait {
		var random [2]byte
		rand.Read(random[:])
		id := binary.BigEndian.Uint16(random[:])
		query, err := dnsQuery(id, q, plain)
		if err != nil {
			return nil, run.Try{}, err
		}
		start := env.Clock()
		r, err := env.At.UDP.Exchange(ctx, vantage.DatagramRequest{To: resolver, Send: query, Timeout: wait})
		if err != nil {
			return nil, run.Try{}, err
		}
		var answer *dnsAnswer
		if r.Class == run.Answered {
			dns, err := parseDNS(r.Data, id, q)
			if err != nil {
				r.Class, r.Note = run.Cut, err.Error()
			} else {
				answer = &dns
			}
		}
		misunderstood := answer != nil && answer.rcode == dnsmessage.RCodeFormatError
		again := misunderstood || r.Class == run.Silent || r.Class == run.Cut
		if !again || wait == dnsRetryWait {
			return answer, tryOf(env, start, r), nil
		}
		plain = misunderstood
	}
}
