package watch

import (
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
	"golang.org/x/net/bpf"
)

var (
	frameHost, framePeer   = netip.MustParseAddr("198.18.2.2"), netip.MustParseAddr("198.18.1.2")
	frameHost6, framePeer6 = netip.MustParseAddr("2001:db8:2::2"), netip.MustParseAddr("2001:db8:1::2")
)

// The parts of the frames, in hexadecimal. Every packet is from framePeer to
// frameHost.
const (
	macs     = "020000000002020000000001"
	ip4head  = "4500 0054 0001 4000 40 %% 0000 c6120102 c6120202"
	ip6head  = "60000000 0040 %% 40 20010db8000100000000000000000002 20010db8000200000000000000000002"
	tcpSYN   = "c350 0698 00000001 00000000 a0 02 ffff 0000 0000"
	tcpRST   = "c350 0698 00000001 00000000 50 14 ffff 0000 0000"
	tcpNoSYN = "c350 0698 00000000 00000002 50 14 ffff 0000 0000"
	tcpBoth  = "c350 0698 00000001 00000002 50 12 ffff 0000 0000"
	tcpData  = "c350 0698 00000001 00000002 50 18 ffff 0000 0000"
	udp53    = "c350 0035 0020 0000 0102030405060708"
	udpShort = "c350 0035 0007 0000 0102030405060708"
	udp500   = "c350 01f4 0020 0000 0102030405060708"
	udpIKE   = "1194 1194 0020 0000 00000000 0102030405060708"
	udpESP   = "1194 1194 0020 0000 cafe0001 00000001"
	udpAlive = "1194 1194 0009 0000 ff"
	esp      = "cafe0001 00000001 0000"
)

func ethernet(ether, head, protocol, payload string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(macs+ether+strings.Replace(head, "%%", protocol, 1)+payload, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

var frames = map[string]struct {
	b    []byte
	want run.Flow // Src and Dst are the same in all
}{
	"syn":            {ethernet("0800", ip4head, "06", tcpSYN), run.Flow{Kind: run.FlowSYN, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"rst":            {ethernet("0800", ip4head, "06", tcpRST), run.Flow{Kind: run.FlowReset, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"rst-of-syn":     {ethernet("0800", ip4head, "06", tcpNoSYN), run.Flow{Kind: run.FlowRefusal, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"syn-ack":        {ethernet("0800", ip4head, "06", tcpBoth), run.Flow{Kind: run.FlowSYNACK, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"data":           {ethernet("0800", ip4head, "06", tcpData), run.Flow{Kind: run.FlowTCP, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"tcp-bad-option": {ethernet("0800", ip4head, "06", strings.Replace(tcpSYN, "a0", "60", 1)+"0300 0000"), run.Flow{Kind: run.FlowSYN, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"ip-odd-option":  {ethernet("0800", strings.Replace(ip4head, "4500", "4600", 1), "06", "9e02 0000"+tcpSYN), run.Flow{Kind: run.FlowSYN, SrcPort: 50000, DstPort: 1688, MaxSize: 84}},
	"dns":            {ethernet("0800", ip4head, "11", udp53), run.Flow{Kind: run.FlowUDP, SrcPort: 50000, DstPort: 53, MaxSize: 84}},
	"udp-short":      {ethernet("0800", ip4head, "11", udpShort), run.Flow{}},
	"esp-qinq":       {ethernet("88a8 0007 8100 0005 0800", ip4head, "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"ip-in-ip":       {ethernet("0800", ip4head, "04", strings.Replace(ip4head, "%%", "06", 1)+tcpSYN), run.Flow{}},
	"echo6-reply":    {ethernet("86dd", ip6head, "3a", "8100 0000 0001 0001"), run.Flow{Kind: run.FlowEchoReply, SrcPort: 1, MaxSize: 104}},
	"neighbour6":     {ethernet("86dd", ip6head, "3a", "8700 0000 00000000"+"20010db8000200000000000000000002"), run.Flow{}},
	"syn6-hopbyhop":  {ethernet("86dd", ip6head, "00", "06 00 0502 0000 0100"+tcpSYN), run.Flow{Kind: run.FlowSYN, SrcPort: 50000, DstPort: 1688, MaxSize: 104}},
	"wrong-version":  {ethernet("86dd", ip4head, "06", tcpSYN+strings.Repeat("00", 40)), run.Flow{}},
	"ike-500":        {ethernet("0800", ip4head, "11", udp500), run.Flow{Kind: run.FlowIKE, SrcPort: 50000, DstPort: 500, MaxSize: 84}},
	"ike-4500":       {ethernet("0800", ip4head, "11", udpIKE), run.Flow{Kind: run.FlowIKE, SrcPort: 4500, DstPort: 4500, MaxSize: 84}},
	"udp-esp":        {ethernet("0800", ip4head, "11", udpESP), run.Flow{Kind: run.FlowUDPESP, SrcPort: 4500, DstPort: 4500, SPI: 0xcafe0001, MaxSize: 84}},
	"nat-keepalive":  {ethernet("0800", ip4head, "11", udpAlive), run.Flow{}},
	"esp":            {ethernet("0800", ip4head, "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"esp-vlan":       {ethernet("8100 0005 0800", ip4head, "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"echo":           {ethernet("0800", ip4head, "01", "0800 0000 0001 0001"), run.Flow{Kind: run.FlowEcho, SrcPort: 1, MaxSize: 84}},
	"echo-reply":     {ethernet("0800", ip4head, "01", "0000 0000 0001 0001"), run.Flow{Kind: run.FlowEchoReply, SrcPort: 1, MaxSize: 84}},
	"later-fragment": {ethernet("0800", strings.Replace(ip4head, "4000", "00b9", 1), "32", esp), run.Flow{}},
	"first-fragment": {ethernet("0800", strings.Replace(ip4head, "4000", "2000", 1), "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"short-header":   {ethernet("0800", strings.Replace(ip4head, "4500", "4400", 1), "32", esp), run.Flow{}},
	"options-beyond": {ethernet("0800", strings.Replace(ip4head, "4500", "4f00", 1), "32", ""), run.Flow{}},
	"arp":            {ethernet("0806", "", "", "0001080006040001"), run.Flow{}},
	"syn6":           {ethernet("86dd", ip6head, "06", tcpSYN), run.Flow{Kind: run.FlowSYN, SrcPort: 50000, DstPort: 1688, MaxSize: 104}},
	"data6":          {ethernet("86dd", ip6head, "06", tcpData), run.Flow{Kind: run.FlowTCP, SrcPort: 50000, DstPort: 1688, MaxSize: 104}},
	"esp6":           {ethernet("86dd", ip6head, "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 104}},
	"echo6":          {ethernet("86dd", ip6head, "3a", "8000 0000 0001 0001"), run.Flow{Kind: run.FlowEcho, SrcPort: 1, MaxSize: 104}},
	"esp6-options":   {ethernet("86dd", ip6head, "3c", "32 00 010400000000"+esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 104}},
	"esp6-fragment":  {ethernet("86dd", ip6head, "2c", "32 00 0001 00000001"+esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 104}},
	"esp6-later":     {ethernet("86dd", ip6head, "2c", "32 00 0100 00000001"+esp), run.Flow{}},
	"endless6":       {ethernet("86dd", ip6head, "3c", strings.Repeat("3c00010400000000", 9)), run.Flow{}},
}

func TestKindOf(t *testing.T) {
	decoder := frame.New()
	for name, c := range frames {
		var p frame.Packet
		if !decoder.Decode(c.b, &p) {
			p = frame.Packet{}
		}
		kind := kindOf(&p)
		if kind != c.want.Kind {
			t.Errorf("%s is of kind %q, not %q", name, kind, c.want.Kind)
		}
		if kind == "" {
			continue
		}
		c.want.Src, c.want.Dst = framePeer, frameHost
		if p.Src.Is6() {
			c.want.Src, c.want.Dst = framePeer6, frameHost6
		}
		port := p.SrcPort
		if p.Identifier != 0 {
			port = p.Identifier
		}
		got := run.Flow{Src: p.Src, Dst: p.Dst, Kind: kind, SrcPort: port, DstPort: p.DstPort, SPI: p.SPI, MaxSize: p.Size}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestWatchFilterKeepsTheHostsOnly(t *testing.T) {
	other, other6 := netip.MustParseAddr("198.18.9.9"), netip.MustParseAddr("2001:db8:2::3")
	many := make([]netip.Addr, 0, 5000)
	for a := other; len(many) < cap(many); a = a.Next() {
		many = append(many, a)
	}
	for name, c := range map[string]struct {
		hosts []netip.Addr
		keep4 bool
		keep6 bool
	}{
		"source":      {[]netip.Addr{other, framePeer, framePeer6}, true, true},
		"destination": {[]netip.Addr{other6, frameHost, other, frameHost6}, true, true},
		"others":      {[]netip.Addr{other, other6}, false, false},
		"IPv4 only":   {[]netip.Addr{frameHost}, true, false},
		"too many":    {many, true, true},
	} {
		f := watchFilter(c.hosts, false)
		if _, err := bpf.Assemble(f); err != nil || len(f) > 4096 {
			t.Fatalf("%s: %d instructions, %v", name, len(f), err)
		}
		vm, err := bpf.NewVM(f)
		if err != nil {
			t.Fatal(err)
		}
		for frameName, want := range map[string]bool{"syn": c.keep4, "syn6": c.keep6, "esp-vlan": true, "arp": false} {
			if n, err := vm.Run(frames[frameName].b); err != nil || (n > 0) != want {
				t.Errorf("%s: %s: kept %d, %v; want kept %t", name, frameName, n, err, want)
			}
		}
	}
}

// TestWatchFilterOfTheHostItself holds what may ask or answer, of any two ends.
func TestWatchFilterOfTheHostItself(t *testing.T) {
	other := netip.MustParseAddr("198.18.9.9")
	vm, err := bpf.NewVM(watchFilter([]netip.Addr{other, netip.MustParseAddr("2001:db8:2::3")}, true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bpf.Assemble(watchFilter([]netip.Addr{other}, true)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"syn": true, "rst": true, "rst-of-syn": true, "syn-ack": true, "data": false, "ip-odd-option": true, "dns": true, "udp-esp": true,
		"echo": true, "echo-reply": true, "esp": false, "ip-in-ip": false, "arp": false,
		"syn6": true, "data6": false, "echo6": true, "esp6": false, "esp6-options": true, "esp6-fragment": true, "syn6-hopbyhop": true,
	} {
		if n, err := vm.Run(frames[name].b); err != nil || (n > 0) != want {
			t.Errorf("%s: kept %d, %v; want kept %t", name, n, err, want)
		}
	}
}

// FuzzFrame holds that no frame is read beyond its end, and that what is
// counted has two ends and a size.
func FuzzFrame(f *testing.F) {
	decoder := frame.New()
	f.Fuzz(func(t *testing.T, b []byte) {
		var p frame.Packet
		if !decoder.Decode(b[:len(b):len(b)], &p) {
			return
		}
		if kindOf(&p) != "" && (p.Size < 20 || !p.Src.IsValid() || !p.Dst.IsValid() || p.Src.Is4() != p.Dst.Is4()) {
			t.Errorf("%+v", p)
		}
	})
}

func TestFramesAreTheCorpus(t *testing.T) {
	for name, c := range frames {
		want := "go test fuzz v1\n[]byte(" + quote(c.b) + ")\n"
		path := filepath.Join("testdata/fuzz/FuzzFrame", name)
		if os.Getenv("KMSISO_WRITE_CORPUS") != "" {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is not the frame of that name (%v)", path, err)
		}
	}
}

func quote(b []byte) string {
	var s strings.Builder
	s.WriteByte('"')
	for _, c := range b {
		s.WriteString(`\x` + hex.EncodeToString([]byte{c}))
	}
	s.WriteByte('"')
	return s.String()
}

// BenchmarkWatch is what a watch spends on one frame, but for the system call.
func BenchmarkWatch(b *testing.B) {
	decoder := frame.New()
	c := NewCounter(&vantage.WatchRequest{Hosts: []netip.Addr{frameHost, frameHost6}, Peers: []netip.Addr{framePeer, framePeer6}})
	for _, name := range []string{"syn", "esp", "udp-esp", "syn6", "esp6-options"} {
		f := frames[name].b
		b.Run("decode/"+name, func(b *testing.B) {
			b.ReportAllocs()
			var p frame.Packet
			for b.Loop() {
				if !decoder.Decode(f, &p) {
					b.Fatal("not read")
				}
			}
		})
		b.Run("count/"+name, func(b *testing.B) {
			b.ReportAllocs()
			var p frame.Packet
			for b.Loop() {
				decoder.Decode(f, &p)
				c.Add(&p, "eth0", run.PassedIn, time.Second)
			}
		})
	}
}
