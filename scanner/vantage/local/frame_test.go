package local

import (
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/bpf"

	"github.com/kmsiso/kmsiso/scanner/run"
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
	udp500   = "c350 01f4 0020 0000 0102030405060708"
	udpIKE   = "1194 1194 0020 0000 00000000 0102030405060708"
	udpESP   = "1194 1194 0020 0000 cafe0001 00000001"
	udpAlive = "1194 1194 0009 0000 ff"
	esp      = "cafe0001 00000001 0000"
)

func frame(ether, head, protocol, payload string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(macs+ether+strings.Replace(head, "%%", protocol, 1)+payload, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

var frames = map[string]struct {
	b    []byte
	want run.Flow // Src, Dst and Count are the same in all
}{
	"syn":            {frame("0800", ip4head, "06", tcpSYN), run.Flow{Kind: run.FlowSYN, DstPort: 1688, MaxSize: 84}},
	"rst":            {frame("0800", ip4head, "06", tcpRST), run.Flow{Kind: run.FlowTCP, DstPort: 1688, MaxSize: 84}},
	"ike-500":        {frame("0800", ip4head, "11", udp500), run.Flow{Kind: run.FlowIKE, DstPort: 500, MaxSize: 84}},
	"ike-4500":       {frame("0800", ip4head, "11", udpIKE), run.Flow{Kind: run.FlowIKE, DstPort: 4500, MaxSize: 84}},
	"udp-esp":        {frame("0800", ip4head, "11", udpESP), run.Flow{Kind: run.FlowUDPESP, DstPort: 4500, SPI: 0xcafe0001, MaxSize: 84}},
	"nat-keepalive":  {frame("0800", ip4head, "11", udpAlive), run.Flow{}},
	"esp":            {frame("0800", ip4head, "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"esp-vlan":       {frame("8100 0005 0800", ip4head, "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"echo":           {frame("0800", ip4head, "01", "0800 0000 0001 0001"), run.Flow{Kind: run.FlowEcho, MaxSize: 84}},
	"echo-reply":     {frame("0800", ip4head, "01", "0000 0000 0001 0001"), run.Flow{}},
	"later-fragment": {frame("0800", strings.Replace(ip4head, "4000", "00b9", 1), "32", esp), run.Flow{}},
	"first-fragment": {frame("0800", strings.Replace(ip4head, "4000", "2000", 1), "32", esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 84}},
	"short-header":   {frame("0800", strings.Replace(ip4head, "4500", "4400", 1), "32", esp), run.Flow{}},
	"options-beyond": {frame("0800", strings.Replace(ip4head, "4500", "4f00", 1), "32", ""), run.Flow{}},
	"arp":            {frame("0806", "", "", "0001080006040001"), run.Flow{}},
	"syn6":           {frame("86dd", ip6head, "06", tcpSYN), run.Flow{Kind: run.FlowSYN, DstPort: 1688, MaxSize: 104}},
	"echo6":          {frame("86dd", ip6head, "3a", "8000 0000 0001 0001"), run.Flow{Kind: run.FlowEcho, MaxSize: 104}},
	"esp6-options":   {frame("86dd", ip6head, "3c", "32 00 010400000000"+esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 104}},
	"esp6-fragment":  {frame("86dd", ip6head, "2c", "32 00 0001 00000001"+esp), run.Flow{Kind: run.FlowESP, SPI: 0xcafe0001, MaxSize: 104}},
	"esp6-later":     {frame("86dd", ip6head, "2c", "32 00 0100 00000001"+esp), run.Flow{}},
	"endless6":       {frame("86dd", ip6head, "3c", strings.Repeat("3c00010400000000", 9)), run.Flow{}},
}

func TestDecode(t *testing.T) {
	for name, c := range frames {
		got, ok := decode(c.b)
		if ok != (c.want.Kind != "") {
			t.Errorf("%s: counted is %t", name, ok)
		}
		if !ok {
			continue
		}
		c.want.Src, c.want.Dst, c.want.Count = framePeer, frameHost, 1
		if strings.Contains(name, "6") && got.Src.Is6() {
			c.want.Src, c.want.Dst = framePeer6, frameHost6
		}
		if !cmp.Equal(got, c.want, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })) {
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
		f := watchFilter(c.hosts)
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

// FuzzFrame holds that no frame is read beyond its end, and that what is
// counted is counted whole.
func FuzzFrame(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		g, ok := decode(b[:len(b):len(b)])
		if ok && (g.Kind == "" || g.Count != 1 || g.MaxSize < 20 || !g.Src.IsValid() || !g.Dst.IsValid()) {
			t.Errorf("%+v", g)
		}
	})
}

// FuzzEcho does the same for ICMP messages.
func FuzzEcho(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte, is6 bool) {
		e, ok := parseEcho(b[:len(b):len(b)], is6)
		if ok && (e.error != e.to.IsValid() || e.error && e.data != nil) {
			t.Errorf("%+v", e)
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
