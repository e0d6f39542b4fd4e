package probes

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	diff "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// zone is a name server for contoso.test.
type zone struct {
	t         *testing.T
	rcode     dnsmessage.RCode
	truncated bool
	oldServer bool // does not know EDNS
	edit      func([]byte)
}

func (z zone) answer(r vantage.DatagramRequest, reply *vantage.Reply) {
	var m dnsmessage.Message
	if err := m.Unpack(r.Send); err != nil {
		z.t.Errorf("query: %v", err)
		return
	}
	m.Response, m.RCode, m.Truncated = true, z.rcode, z.truncated
	if z.oldServer && len(m.Additionals) > 0 {
		m.RCode, m.Questions = dnsmessage.RCodeFormatError, nil
	}
	m.Additionals = nil
	if m.RCode == dnsmessage.RCodeSuccess {
		q := m.Questions[0]
		h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 600}
		switch q.Name.String() + q.Type.String() {
		case "_vlmcs._tcp.contoso.test.TypeSRV":
			for _, target := range []string{"kms01.contoso.test.", "kms02.contoso.test.", "kms01.contoso.test."} {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.SRVResource{
					Priority: 1, Weight: 2, Port: 1688, Target: dnsmessage.MustNewName(target),
				}})
			}
		case "kms01.contoso.test.TypeA":
			m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AResource{A: host4.As4()}}}
		case "kms01.contoso.test.TypeAAAA":
			m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: host6.As16()}}}
		}
	}
	b, err := m.Pack()
	if err != nil {
		z.t.Errorf("response: %v", err)
	}
	if z.edit != nil {
		z.edit(b)
	}
	reply.Data = b
}

func TestSRV(t *testing.T) {
	resolver := netip.MustParseAddrPort("198.18.0.5:53")
	answered := after{d: ms, reply: reply(run.Answered)}
	both := []netip.Addr{host4, host6}
	records := []run.SRVRecord{
		{Target: "kms01.contoso.test", Port: 1688, Priority: 1, Weight: 2, TTL: 600, Addrs: both},
		{Target: "kms02.contoso.test", Port: 1688, Priority: 1, Weight: 2, TTL: 600},
		{Target: "kms01.contoso.test", Port: 1688, Priority: 1, Weight: 2, TTL: 600, Addrs: both},
	}
	tests := []struct {
		name    string
		zone    zone
		play    []after
		want    run.SRVAnswer
		note    string
		queries int
		tries   int // that are recorded, where it is not all
		end     time.Duration
	}{
		{name: "published", play: []after{answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "success", Records: records}, queries: 5, end: 2 * ms},
		{name: "first query lost", play: []after{{}, answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "success", Records: records}, queries: 6, end: dnsPace + 2*ms},
		{name: "a server without EDNS", zone: zone{oldServer: true}, play: []after{answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "success", Records: records}, queries: 10, end: 4 * ms},
		{name: "not published", zone: zone{rcode: dnsmessage.RCodeNameError}, play: []after{answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "nxdomain"}, queries: 1, end: ms},
		{name: "refused by policy", zone: zone{rcode: dnsmessage.RCodeRefused}, play: []after{answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "refused"}, queries: 1, end: ms},
		{name: "a strange code", zone: zone{rcode: 9}, play: []after{answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "rcode 9"}, queries: 1, end: ms},
		{name: "truncated", zone: zone{truncated: true}, play: []after{answered}, want: run.SRVAnswer{Class: run.Cut, RCode: "success", Records: records}, note: "truncated", queries: 5, end: 2 * ms},
		{name: "silent", play: []after{{}}, want: run.SRVAnswer{Class: run.Silent}, queries: dnsTries, end: dnsEnd},
		{name: "most are lost", play: []after{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, answered}, want: run.SRVAnswer{Class: run.Answered, RCode: "success", Records: records},
			queries: dnsTries + 4, end: 13*dnsPace + 2*ms},
		{name: "a round trip of four seconds", play: []after{{d: 4*sec + ms, reply: reply(run.Answered)}}, want: run.SRVAnswer{Class: run.Answered, RCode: "success", Records: records},
			queries: 5 * 11, tries: 5, end: 8*sec + 2*ms},
		{name: "nothing listens", play: []after{{reply: reply(run.Refused)}}, want: run.SRVAnswer{Class: run.Refused}, queries: 1},
		{name: "another id", zone: zone{edit: func(b []byte) { b[0] ^= 1 }}, play: []after{answered}, want: run.SRVAnswer{Class: run.Cut}, note: "not the response to query", queries: dnsUnread, end: dnsPace + ms},
		{name: "another question", zone: zone{edit: func(b []byte) { b[14] ^= 1 }}, play: []after{answered}, want: run.SRVAnswer{Class: run.Cut}, note: "not to the question", queries: dnsUnread, end: dnsPace + ms},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tt.zone.t = t
				u := &exchanges{script[vantage.DatagramRequest]{play: tt.play, also: tt.zone.answer}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange)), Resolvers: []netip.AddrPort{resolver}})
				need := run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test"}}
				o := observe(t.Context(), env, need)
				wellFormed(t, o)
				if len(o.SRV) != 1 {
					t.Fatalf("%+v", o)
				}
				got := o.SRV[0]
				if !strings.Contains(got.Note, tt.note) {
					t.Errorf("note %q", got.Note)
				}
				tt.want.Resolver, tt.want.Domain, got.Note = resolver, "contoso.test", ""
				if d := diff.Diff(tt.want, got, cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{})); d != "" {
					t.Error(d)
				}
				if o.Class != tt.want.Class || len(u.calls) != tt.queries || len(o.Tries) != cmp.Or(tt.tries, tt.queries) || o.End != tt.end {
					t.Errorf("%s after %d queries, %d tries, at %v", o.Class, len(u.calls), len(o.Tries), o.End)
				}
			})
		})
	}
}

// halfDeaf is a vantage whose resolvers with an IPv4 address are silent.
type halfDeaf struct{ *exchanges }

func (h halfDeaf) Exchange(ctx context.Context, r vantage.DatagramRequest) (vantage.Reply, error) {
	if r.To.Addr().Is4() {
		return after{}.wait(ctx, r.Timeout)
	}
	return h.exchanges.Exchange(ctx, r)
}

// mute is a vantage whose resolvers answer for SRV and are silent for addresses,
// later for the earlier targets.
type mute struct{ *exchanges }

func (m mute) Exchange(ctx context.Context, r vantage.DatagramRequest) (vantage.Reply, error) {
	var q dnsmessage.Message
	if err := q.Unpack(r.Send); err == nil && q.Questions[0].Type != dnsmessage.TypeSRV {
		return after{}.wait(ctx, r.Timeout)
	}
	return m.exchanges.Exchange(ctx, r)
}

// Names are asked side by side: many targets on many resolvers, none of which
// answers, take as long as one.
func TestSRVAsksSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &exchanges{script[vantage.DatagramRequest]{play: []after{{d: ms, reply: reply(run.Answered)}}, also: zone{t: t}.answer}}
		v := &vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(mute{u}.Exchange))}
		for i := range 8 {
			v.Resolvers = append(v.Resolvers, netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 18, 0, byte(i)}), 53))
		}
		o := observe(t.Context(), fakeEnv(v), run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test"}})
		wellFormed(t, o)
		if o.End != dnsEnd+ms || len(o.SRV) != 8 || len(o.Tries) != 8*(1+2*2*dnsTries) {
			t.Errorf("%d answers, %d tries, after %s", len(o.SRV), len(o.Tries), o.End)
		}
		for i, a := range o.SRV {
			if a.Resolver != v.Resolvers[i] || len(a.Records) != 3 {
				t.Errorf("answer %d: %+v", i, a)
			}
		}
	})
}

func TestSRVEveryResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &exchanges{script[vantage.DatagramRequest]{play: []after{{d: ms, reply: reply(run.Answered)}}, also: zone{t: t, rcode: dnsmessage.RCodeNameError}.answer}}
		v := &vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(halfDeaf{u}.Exchange)), Resolvers: []netip.AddrPort{netip.MustParseAddrPort("198.18.0.5:53"), netip.MustParseAddrPort("[2001:db8::5]:53")}}
		o := observe(t.Context(), fakeEnv(v), run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test."}})
		wellFormed(t, o)
		if o.Class != run.Answered || len(o.SRV) != 2 || o.SRV[0].Class != run.Silent || o.SRV[1].Resolver != v.Resolvers[1] {
			t.Errorf("%+v", o)
		}
		if want := append(slices.Repeat([]run.Class{run.Silent}, dnsTries), run.Answered); !slices.Equal(classes(o.Tries), want) {
			t.Errorf("tries %v", classes(o.Tries))
		}
	})
}

func TestSRVCannotAsk(t *testing.T) {
	v := &vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By((&exchanges{}).Exchange))}
	o := observe(t.Context(), fakeEnv(v), run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test"}})
	wellFormed(t, o)
	if !o.Missing.Equal(reason.One(reason.ResolverMissing, "vantage", "guest")) {
		t.Errorf("%+v", o)
	}
	v.Resolvers = []netip.AddrPort{netip.MustParseAddrPort("198.18.0.5:53")}
	for _, domain := range []string{strings.Repeat("a", 300), "a..b", strings.Repeat("b", 64) + ".test"} {
		o = observe(t.Context(), fakeEnv(v), run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: domain}})
		wellFormed(t, o)
		if len(o.Trouble) == 0 {
			t.Errorf("%.20s: %+v", domain, o)
		}
	}
}

func FuzzDNS(f *testing.F) {
	q, err := dnsQuestion("_vlmcs._tcp.contoso.test", dnsmessage.TypeSRV)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := parseDNS(b, 0x1234, q)
		if err != nil && (a.srv != nil || a.addrs != nil) {
			t.Fatalf("%+v beside %v", a, err)
		}
		if err == nil && (len(b) < 12 || b[0] != 0x12 || b[1] != 0x34 || b[2]&0x80 == 0) {
			t.Fatalf("took %x for a response", b)
		}
	})
}
