//go:build lab

package local

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// tapped is one packet as tshark sees it.
type tapped struct {
	flow run.Flow // what tells the flow apart, but for the passage
	at   float64  // seconds since the epoch
	size int
}

// tshark listens on an interface in a namespace, and gives what it saw.
func tshark(t *testing.T, ns, on string) func() []tapped {
	t.Helper()
	file := t.TempDir() + "/" + on + ".pcap"
	c := exec.Command("ip", "netns", "exec", ns, "tcpdump", "-i", on, "-n", "--immediate-mode", "-U", "-w", file, "ip or ip6")
	said, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal("tcpdump: ", err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() && !strings.Contains(lines.Text(), "listening on") {
	}
	return func() []tapped {
		time.Sleep(200 * time.Millisecond)
		c.Process.Signal(os.Interrupt)
		for lines.Scan() {
		}
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
		fields := []string{"frame.time_epoch", "eth.src", "eth.dst", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "ip.len", "ipv6.plen",
			"tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.seq_raw", "udp.srcport", "udp.dstport", "esp.spi", "icmp.type", "icmp.ident", "icmpv6.type", "icmpv6.echo.identifier"}
		args := []string{"-r", file, "-n", "-T", "fields", "-E", "separator=/t", "-E", "occurrence=f"}
		for _, f := range fields {
			args = append(args, "-e", f)
		}
		out, err := exec.Command("tshark", args...).Output()
		if err != nil {
			t.Fatal("tshark: ", err)
		}
		var all []tapped
		for line := range strings.Lines(string(out)) {
			v := map[string]string{}
			for i, x := range strings.Split(strings.TrimRight(line, "\n"), "\t") {
				v[fields[i]] = x
			}
			if p, ok := asTapped(v); ok {
				p.flow.Interface = on
				all = append(all, p)
			}
		}
		return all
	}
}

// asTapped reads the fields of one packet. It reports false for what a watch does
// not count.
func asTapped(v map[string]string) (p tapped, ok bool) {
	n := func(field string) uint16 {
		x, _ := strconv.ParseUint(strings.TrimPrefix(v[field], "0x"), map[bool]int{true: 16, false: 10}[strings.HasPrefix(v[field], "0x")], 32)
		return uint16(x)
	}
	f := run.Flow{From: v["eth.src"], To: v["eth.dst"]}
	p.at, _ = strconv.ParseFloat(v["frame.time_epoch"], 64)
	if v["ip.src"] != "" {
		f.Src, f.Dst = netip.MustParseAddr(v["ip.src"]), netip.MustParseAddr(v["ip.dst"])
		p.size = int(n("ip.len"))
	} else {
		f.Src, f.Dst = netip.MustParseAddr(v["ipv6.src"]), netip.MustParseAddr(v["ipv6.dst"])
		p.size = 40 + int(n("ipv6.plen"))
	}
	switch {
	case v["icmp.type"] == "8", v["icmp.type"] == "0":
		f.SrcPort, f.Kind = n("icmp.ident"), map[string]run.FlowKind{"8": run.FlowEcho, "0": run.FlowEchoReply}[v["icmp.type"]]
	case v["icmpv6.type"] == "128", v["icmpv6.type"] == "129":
		f.SrcPort, f.Kind = n("icmpv6.echo.identifier"), map[string]run.FlowKind{"128": run.FlowEcho, "129": run.FlowEchoReply}[v["icmpv6.type"]]
	case v["icmp.type"] != "", v["icmpv6.type"] != "": // it may quote another packet
		return p, false
	case v["tcp.flags"] != "":
		f.SrcPort, f.DstPort, f.Kind = n("tcp.srcport"), n("tcp.dstport"), run.FlowTCP
		syn, rst, ack := n("tcp.flags")&2 != 0, n("tcp.flags")&4 != 0, n("tcp.flags")&16 != 0
		switch {
		case rst && ack && v["tcp.seq_raw"] == "0":
			f.Kind = run.FlowRefusal
		case rst:
			f.Kind = run.FlowReset
		case syn && ack:
			f.Kind = run.FlowSYNACK
		case syn:
			f.Kind = run.FlowSYN
		}
	case v["esp.spi"] != "":
		x, _ := strconv.ParseUint(v["esp.spi"], 0, 32)
		f.SPI, f.Kind = uint32(x), run.FlowESP
	case v["udp.srcport"] != "":
		f.SrcPort, f.DstPort, f.Kind = n("udp.srcport"), n("udp.dstport"), run.FlowUDP
	default:
		return p, false
	}
	p.flow = f
	return p, true
}

// echoServer answers on TCP 3389 in a namespace.
func echoServer(t *testing.T, ns string) {
	t.Helper()
	c := exec.Command("ip", "netns", "exec", ns, "python3", "-c", `
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while b := self.request.recv(100): self.request.sendall(b)
class Server(socketserver.ThreadingTCPServer):
    address_family, allow_reuse_address, daemon_threads = 10, True, True
s = Server(("::", 3389), Echo)
print("ready", flush=True)
s.serve_forever()`)
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err == nil {
		_, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
}

// TestAWatchSeesWhatTsharkSees has a host, the router before it and tshark at both
// look at the same packets.
func TestAWatchSeesWhatTsharkSees(t *testing.T) {
	n := newNetwork(t)
	echoServer(t, n.host)
	v, h, r := from(t, n.vantage), from(t, n.host), from(t, n.router)
	self6 := netip.MustParseAddr("2001:db8:1::2")
	q := vantage.WatchRequest{Hosts: []netip.Addr{host4, host6}, Peers: []netip.Addr{self4, self6}, Answers: true}
	own := q
	own.Own = true
	atHost, atRouter := tshark(t, n.host, "eth0"), tshark(t, n.router, "eth2")
	before := time.Now()
	hostWatch, err := vantage.Watch.At(h)(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	placed := time.Now()
	routerWatch, err := vantage.Watch.At(r)(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, ip := range []netip.Addr{host4, host6} {
		for _, to := range []uint16{9, 3389, 1688} {
			d, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.AddrPortFrom(ip, to), Timeout: 1200 * time.Millisecond, Send: []byte("\x06\x00abcd"), Frame: vantage.Frame{Header: 2, Max: 100}, Read: time.Second})
			if want := map[uint16]run.Class{9: run.Refused, 3389: run.Answered, 1688: run.Silent}[to]; err != nil || d.Class != want {
				t.Fatalf("%s port %d: %+v, %v", ip, to, d, err)
			}
		}
		for i := range 5 {
			payload := make([]byte, 20+100*i)
			copy(payload, []byte{0xca, 0xfe, 0, 1, 0, 0, 0, byte(i)})
			if r, err := vantage.Raw.At(v)(t.Context(), vantage.SendRequest{To: ip, Protocol: 50, Payload: payload}); err != nil || r.Class != run.Sent {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		if r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: ip, Timeout: time.Second}); err != nil || r.Class != run.Answered {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	// The router has addresses that nobody declared. The host answers it, and asks it.
	for _, to := range []uint16{3389, 1688} {
		vantage.TCP.At(r)(t.Context(), vantage.DialRequest{To: netip.AddrPortFrom(host4, to), Timeout: 300 * time.Millisecond})
	}
	vantage.TCP.At(h)(t.Context(), vantage.DialRequest{To: netip.MustParseAddrPort("198.18.2.1:3389"), Timeout: 300 * time.Millisecond})

	for _, w := range []struct {
		watch vantage.Watching
		tap   func() []tapped
		own   bool
	}{{hostWatch, atHost, true}, {routerWatch, atRouter, false}} {
		seen, err := w.watch.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.watch.Close(); err != nil {
			t.Error(err)
		}
		compare(t, seen, w.tap(), w.own, before, placed)
	}
}

// compare holds what a watch says against each packet that tshark saw there.
func compare(t *testing.T, seen *vantage.Seen, all []tapped, own bool, before, placed time.Time) {
	t.Helper()
	listed := map[netip.Addr]bool{self4: true, netip.MustParseAddr("2001:db8:1::2"): true}
	host := map[netip.Addr]bool{host4: true, host6: true}
	on := all[0].flow.Interface
	type sum struct {
		count, most int
		octets      int64
		first, last float64
	}
	want := map[string]*sum{}
	name := func(f run.Flow) string {
		return fmt.Sprintf("%s %v:%d > %v:%d %x %s > %s", f.Kind, f.Src, f.SrcPort, f.Dst, f.DstPort, f.SPI, f.From, f.To)
	}
	for _, p := range all {
		f := p.flow
		router := f.Src == netip.MustParseAddr("198.18.2.1") || f.Dst == netip.MustParseAddr("198.18.2.1")
		answer := host[f.Src] && slices.Contains([]run.FlowKind{run.FlowSYNACK, run.FlowRefusal}, f.Kind)
		request := host[f.Dst] && f.Kind == run.FlowSYN && f.DstPort == 3389
		between := host[f.Src] && listed[f.Dst] || host[f.Dst] && listed[f.Src]
		if !between && (!router || !answer && !request) {
			continue
		}
		s := want[name(f)]
		if s == nil {
			s = &sum{first: p.at}
			want[name(f)] = s
		}
		s.count, s.most, s.octets, s.last = s.count+1, max(s.most, p.size), s.octets+int64(p.size), p.at
	}
	got := map[string]bool{}
	for _, f := range seen.Flows {
		if f.Interface != on {
			continue
		}
		got[name(f)] = true
		s := want[name(f)]
		if s == nil {
			t.Errorf("tshark saw no %s", name(f))
			continue
		}
		if f.Count != s.count || f.MaxSize != s.most || f.Bytes != s.octets {
			t.Errorf("%s: %d packets, %d octets at most, %d in all; tshark saw %d, %d, %d", name(f), f.Count, f.MaxSize, f.Bytes, s.count, s.most, s.octets)
		}
		if d := s.last - s.first - (f.Last - f.First).Seconds(); d > 0.01 || d < -0.01 {
			t.Errorf("%s: from %v to %v; tshark saw %f s", name(f), f.First, f.Last, s.last-s.first)
		}
		start := s.first - f.First.Seconds()
		if lo, hi := float64(before.UnixNano())/1e9-0.01, float64(placed.UnixNano())/1e9+0.3; start < lo || start > hi {
			t.Errorf("%s: the watch began at %f, not between %f and %f", name(f), start, lo, hi)
		}
		if out := host[f.Src] == own; (f.Passage == run.PassedOut) != out || (f.Passage == run.PassedIn) == out {
			t.Errorf("%s passed %s", name(f), f.Passage)
		}
		if f.Kind == run.FlowESP && (len(f.Packets) != 5 || f.Packets[4].Size-f.Packets[0].Size != 400 || f.Packets[4].At != f.Last) {
			t.Errorf("%s: packets %v", name(f), f.Packets)
		}
	}
	for name := range want {
		if !got[name] {
			t.Errorf("%s was not kept, on %s", name, on)
		}
	}
	if len(got) < 20 {
		t.Errorf("%d flows only", len(got))
	}
	i := slices.IndexFunc(seen.Interfaces, func(i run.WatchedInterface) bool { return i.Name == on })
	if i < 0 || seen.Interfaces[i].Link == "" || len(seen.Interfaces[i].Addresses) < 2 || own && seen.Interfaces[i].Out == 0 {
		t.Errorf("watched %+v", seen.Interfaces)
	}
}
