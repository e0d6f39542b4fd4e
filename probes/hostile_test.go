package probes

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	"github.com/kmsiso/kmsiso/fixtures/hostile/dns"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Whatever a name server answers, the observation ends and says what became of it.
func TestHostileDNS(t *testing.T) {
	for _, row := range []struct {
		habit   hostile.Habit
		class   run.Class
		records int
	}{
		{"", run.Answered, 1},
		{hostile.Mute, run.Silent, 0},
		{hostile.Refuse, run.Answered, 1},
		{hostile.Lie, run.Cut, 0},
		{dns.Truncated, run.Cut, 1},
		{dns.Circle, run.Cut, 0},
		{dns.Chain, run.Cut, 0},
		{dns.Records, run.Cut, 0},
		{dns.Octets, run.Cut, 0},
		{dns.Pointers, run.Cut, 0},
		{dns.Targets, run.Answered, 100},
		{dns.Stranger, run.Answered, 1},
		{dns.NoAddress, run.Answered, 1},
		{dns.Alias, run.Answered, 1},
		{dns.AliasSRV, run.Answered, 1},
		{dns.NoService, run.Answered, 1},
		{dns.Case, run.Answered, 1},
	} {
		t.Run(string(row.habit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := dns.Peer{Habit: row.habit, Address: host4}
				u := &exchanges{script[vantage.DatagramRequest]{play: []after{{d: ms, reply: reply(run.Answered)}}}}
				u.also = func(r vantage.DatagramRequest, reply *vantage.Reply) {
					if reply.Data = p.Answer(r.Send); reply.Data == nil {
						reply.Class = run.Silent
					}
				}
				began := time.Now()
				o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange)), Resolvers: []netip.AddrPort{netip.MustParseAddrPort("198.18.0.5:53")}}), run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test"}})
				wellFormed(t, o)
				if took := time.Since(began); took > 15*time.Second || len(u.calls) > 1+4*dnsTargets {
					t.Errorf("%d questions in %s", len(u.calls), took)
				}
				got := o.SRV[0]
				if got.Class != row.class || len(got.Records) != row.records {
					t.Fatalf("%s with %d records: %s", got.Class, len(got.Records), got.Note)
				}
				if row.records == 0 {
					return
				}
				r := got.Records[0]
				if want := row.habit != dns.NoService; want && row.habit != dns.NoAddress && !slices.Equal(r.Addrs, []netip.Addr{host4}) {
					t.Errorf("the addresses are %v", r.Addrs)
				}
				if want := row.habit == dns.Alias; (r.Canonical == "kms01.contoso.test") != want {
					t.Errorf("an alias of %q", r.Canonical)
				}
				last := got.Records[len(got.Records)-1]
				if want := row.habit == dns.NoAddress || row.habit == dns.Targets; last.Unanswered != want {
					t.Errorf("%+v", last)
				}
				if want := row.habit == dns.NoService; (r.Target == "") != want {
					t.Errorf("the target is %q", r.Target)
				}
			})
		})
	}
}

// The same over a socket.
func TestHostileDNSOverLoopback(t *testing.T) {
	for habit, want := range map[hostile.Habit]run.Class{dns.Alias: run.Answered, dns.Circle: run.Cut, dns.Records: run.Cut, hostile.Lie: run.Cut} {
		t.Run(string(habit), func(t *testing.T) {
			c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			if err != nil {
				t.Fatal(err)
			}
			p, done := dns.Peer{Habit: habit, Address: host4}, make(chan struct{})
			go func() {
				defer close(done)
				b := make([]byte, 1<<16)
				for {
					n, from, err := c.ReadFromUDPAddrPort(b)
					if err != nil {
						return
					}
					_, _ = c.WriteToUDPAddrPort(p.Answer(b[:n]), from)
				}
			}()
			t.Cleanup(func() { _ = c.Close(); <-done })
			env := loopback(t)
			env.At.Resolvers = []netip.AddrPort{c.LocalAddr().(*net.UDPAddr).AddrPort()}
			o := observe(t.Context(), env, run.Need{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test"}})
			wellFormed(t, o)
			if o.SRV[0].Class != want {
				t.Errorf("%+v", o.SRV[0])
			}
		})
	}
}
