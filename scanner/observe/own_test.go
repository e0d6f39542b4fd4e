package observe

import (
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestMark(t *testing.T) {
	const (
		me       = "198.18.20.20"
		host     = "198.18.10.30"
		resolver = "198.18.11.10"
	)
	addr, port := netip.MustParseAddr, netip.MustParseAddrPort
	tried := func(id string, p run.Probe, to string, n uint16, tries ...run.Try) run.Observation {
		o := run.Observation{ID: id, Need: run.Need{Vantage: "client", Spec: run.Spec{Probe: p, Port: n}}, Class: run.Answered, Tries: tries}
		if to != "" {
			o.Need.Addr = addr(to)
		}
		return o
	}
	from := func(at time.Duration, local string) run.Try {
		return run.Try{Start: at, RTT: time.Second, Class: run.Answered, Attempt: run.Attempt{Local: port(local)}}
	}
	srv := tried("srv", run.ProbeSRV, "", 0, from(0, me+":6000"))
	srv.SRV = []run.SRVAnswer{{Resolver: port(resolver + ":53")}}
	esp := tried("esp", run.ProbeESP, host, 0, from(0, me+":0"))
	esp.ESP = &run.ESP{SPI: 1<<32 - 2}
	own := run.Try{Start: 0, Class: run.Answered, Attempt: run.Attempt{Local: port(me + ":9000"), Loopback: true}}
	unknown := run.Try{Start: 0, Class: run.Answered}
	observed := []run.Observation{
		tried("rpc", run.ProbeRPC, host, 1688, from(0, me+":5000"), from(2*time.Second, me+":5001")),
		tried("tcp", run.ProbeTCP, host, 3389, from(0, me+":5000")),
		tried("later", run.ProbeTCP, host, 1688, from(20*time.Second, me+":5000")),
		tried("ping", run.ProbeICMP, host, 0, from(0, me+":77")),
		tried("ike", run.ProbeIKE, host, 4500, from(0, me+":5002")),
		tried("loopback", run.ProbeTCP, host, 445, own),
		tried("portless", run.ProbeTCP, host, 445, unknown),
		srv, esp,
	}
	type flow struct {
		kind     run.FlowKind
		src, dst string
		first    time.Duration
		spi      uint32
		want     string
	}
	for _, f := range []flow{
		{run.FlowSYN, me + ":5000", host + ":1688", 0, 0, "rpc"},
		{run.FlowSYNACK, host + ":1688", me + ":5000", 0, 0, "rpc"},
		{run.FlowTCP, me + ":5001", host + ":1688", 0, 0, "rpc"},
		{run.FlowReset, host + ":1688", me + ":5001", 0, 0, "rpc"},
		{run.FlowSYN, me + ":5000", host + ":3389", 0, 0, "tcp"},
		{run.FlowRefusal, host + ":3389", me + ":5000", 0, 0, "tcp"},
		{run.FlowSYN, me + ":5000", host + ":1688", 20 * time.Second, 0, "later"},
		{run.FlowSYN, me + ":5000", host + ":1688", 12 * time.Second, 0, "later"},
		{run.FlowEcho, me + ":77", host + ":0", 0, 0, "ping"},
		{run.FlowEchoReply, host + ":77", me + ":0", 0, 0, "ping"},
		{run.FlowIKE, me + ":5002", host + ":4500", 0, 0, "ike"},
		{run.FlowIKE, host + ":4500", me + ":5002", 0, 0, "ike"},
		{run.FlowUDP, me + ":6000", resolver + ":53", 0, 0, "srv"},
		{run.FlowUDP, resolver + ":53", me + ":6000", 0, 0, "srv"},
		{run.FlowESP, "203.0.113.9:0", host + ":0", 0, 1<<32 - 2, "esp"},
		{run.FlowESP, "203.0.113.9:0", host + ":0", 0, 1<<32 - 1, "esp"},

		{run.FlowESP, me + ":0", host + ":0", 0, 7, ""},
		{run.FlowSYN, me + ":5003", host + ":1688", 0, 0, ""},         // another program's
		{run.FlowSYN, "203.0.113.9:5000", host + ":1688", 0, 0, ""},   // behind a NAT
		{run.FlowSYN, me + ":5000", "198.18.10.31:1688", 0, 0, ""},    // to another host
		{run.FlowSYNACK, "198.18.10.31:1688", me + ":5000", 0, 0, ""}, // the answer of another
		{run.FlowEcho, me + ":78", host + ":0", 0, 0, ""},             // another identifier
		{run.FlowEchoReply, me + ":77", host + ":0", 0, 0, ""},        // the host asked
		{run.FlowUDP, me + ":5000", host + ":1688", 0, 0, ""},         // not TCP
		{run.FlowSYN, me + ":9000", host + ":445", 0, 0, ""},          // over loopback nothing is on the wire
		{run.FlowSYN, "198.18.20.20:0", "198.18.10.30:445", 0, 0, ""}, // no port is known
	} {
		src, dst := port(f.src), port(f.dst)
		seen := run.Observation{
			ID: "flows", Need: run.Need{Vantage: "kms01", Spec: run.Spec{Probe: run.ProbeFlows}}, Watch: &run.Watch{},
			Flows: []run.Flow{{Kind: f.kind, Src: src.Addr(), Dst: dst.Addr(), SrcPort: src.Port(), DstPort: dst.Port(), SPI: f.spi, First: f.first}},
		}
		all := append([]run.Observation{seen}, observed...)
		mark(new(intent.Policy), all)
		if got := all[0].Flows[0].Own; got != f.want {
			t.Errorf("%s from %s to %s at %s belongs to %q, not %q", f.kind, f.src, f.dst, f.first, got, f.want)
		}
		all[0].Watch.Start = 19 * time.Second
		mark(new(intent.Policy), all)
		if got := all[0].Flows[0].Own; f.want == "rpc" && f.first == 0 && src.Port() == 5000 && got != "later" {
			t.Errorf("a watch that began late has it belong to %q", got)
		}
	}
}

// Behind a NAT that keeps ports, packets bear the outer address that is declared. Where
// two vantages may have sent them, they are nobody's.
func TestMarkBehindNAT(t *testing.T) {
	outer, host := netip.MustParseAddr("198.18.20.200"), netip.MustParseAddr("198.18.10.30")
	p := &intent.Policy{Vantages: []intent.Vantage{
		{Name: "a", Path: "nat", SeenAs: []netip.Addr{outer}}, {Name: "b", Path: "nat", SeenAs: []netip.Addr{outer}},
	}}
	p = intent.New(*p)
	tried := func(id, vantage string, at time.Duration, local string) run.Observation {
		return run.Observation{ID: id, Class: run.Silent,
			Need:  run.Need{Vantage: vantage, Spec: run.Spec{Probe: run.ProbeTCP, Addr: host, Port: 1688}},
			Tries: []run.Try{{Start: at, RTT: time.Second, Class: run.Silent, Attempt: run.Attempt{Local: netip.MustParseAddrPort(local)}}}}
	}
	observed := []run.Observation{
		tried("a", "a", 0, "198.18.21.20:5000"), tried("b", "b", 0, "198.18.22.9:5001"),
		tried("a twin", "a", 0, "198.18.21.20:6000"), tried("b twin", "b", time.Second, "198.18.22.9:6000"),
		tried("a first", "a", 0, "198.18.21.20:7000"), tried("b later", "b", 20*time.Second, "198.18.22.9:7000"),
		tried("a again", "a", 0, "198.18.21.20:8000"), tried("a at once", "a", time.Second, "198.18.21.20:8000"),
	}
	for _, c := range []struct {
		port  uint16
		first time.Duration
		want  string
	}{
		{5000, 0, "a"}, {5001, 0, "b"}, {5002, 0, ""},
		{6000, 0, ""}, {6000, 2 * time.Second, ""},
		{7000, time.Second, "a first"}, {7000, 20 * time.Second, "b later"},
		{8000, 0, "a again"}, {8000, 2 * time.Second, "a at once"},
	} {
		there := run.Flow{Kind: run.FlowSYN, Src: outer, SrcPort: c.port, Dst: host, DstPort: 1688, First: c.first}
		back := run.Flow{Kind: run.FlowSYNACK, Src: host, SrcPort: 1688, Dst: outer, DstPort: c.port, First: c.first}
		all := append([]run.Observation{{Watch: &run.Watch{}, Flows: []run.Flow{there, back}}}, observed...)
		mark(p, all)
		for _, f := range all[0].Flows {
			if f.Own != c.want {
				t.Errorf("%s, port %d at %s belongs to %q, not %q", f.Kind, c.port, c.first, f.Own, c.want)
			}
		}
	}
}
