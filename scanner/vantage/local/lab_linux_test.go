//go:build lab

package local

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
)

// network is a vantage, a router and a host, each in a namespace of its own.
type network struct{ vantage, router, host string }

func sh(t testing.TB, command string, args ...any) {
	t.Helper()
	command = fmt.Sprintf(command, args...)
	if out, err := exec.Command("sh", "-ec", command).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
}

var (
	host4, host6     = netip.MustParseAddr("198.18.2.2"), netip.MustParseAddr("2001:db8:2::2")
	router4, router6 = netip.MustParseAddr("198.18.1.1"), netip.MustParseAddr("2001:db8:1::1")
	self4            = netip.MustParseAddr("198.18.1.2")
)

func newNetwork(t testing.TB) network {
	t.Helper()
	name := fmt.Sprintf("kmsiso%d", os.Getpid())
	n := network{name + "v", name + "r", name + "h"}
	t.Cleanup(func() {
		for _, ns := range []string{n.vantage, n.router, n.host} {
			exec.Command("ip", "netns", "del", ns).Run()
		}
	})
	for _, ns := range []string{n.vantage, n.router, n.host} {
		sh(t, "ip netns add %[1]s; ip -n %[1]s link set lo up; ip netns exec %[1]s sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.dad_transmits=0", ns)
	}
	for i, ns := range []string{n.vantage, n.host} {
		sh(t, `ip -n %[1]s link add eth0 type veth peer name eth%[3]d netns %[2]s
			ip -n %[1]s addr add 198.18.%[3]d.2/24 dev eth0; ip -n %[1]s addr add 2001:db8:%[3]d::2/64 dev eth0 nodad
			ip -n %[2]s addr add 198.18.%[3]d.1/24 dev eth%[3]d; ip -n %[2]s addr add 2001:db8:%[3]d::1/64 dev eth%[3]d nodad
			ip -n %[1]s link set eth0 up; ip -n %[2]s link set eth%[3]d up
			ip -n %[1]s route add 198.18.0.0/16 via 198.18.%[3]d.1; ip -n %[1]s route add 2001:db8::/32 via 2001:db8:%[3]d::1`, ns, n.router, i+1)
	}
	sh(t, "ip netns exec %s sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0", n.router)
	sh(t, `ip netns exec %s nft 'table inet t { chain f { type filter hook forward priority 0;
		tcp dport 445 reject with tcp reset
		tcp dport 446 reject with icmpx admin-prohibited
		udp dport 446 reject with icmpx admin-prohibited
	}
	}'`, n.router)
	sh(t, `ip netns exec %s nft 'table inet t { chain i { type filter hook input priority 0;
		tcp dport 1688 drop
		udp dport 1688 drop
	}
	}'`, n.host)
	// IPv6 waits for the kernel to notice the carrier of a new link.
	sh(t, "for i in $(seq 50); do ip netns exec %s ping -q -c 1 -W 1 %v >/dev/null && exit 0; sleep 0.1; done; exit 1", n.vantage, host6)
	return n
}

// from is the far end in a namespace.
func from(t testing.TB, ns string, before ...string) *vantage.Vantage {
	t.Helper()
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := append([]string{"ip", "netns", "exec", ns, "env", asFarEnd + "=1"}, before...)
	v, err := farend.Exec{Command: append(command, me), Version: "test"}.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

type want struct {
	class run.Class
	from  netip.Addr
	ttl   int
	icmp  run.ICMP
	note  string
	least time.Duration
}

func (w want) check(t *testing.T, what string, r vantage.Reply, err error) {
	t.Helper()
	if err != nil || r.Class != w.class || r.From != w.from || r.TTL != w.ttl || r.ICMP != w.icmp || !strings.Contains(r.Note, w.note) || r.RTT < w.least {
		t.Errorf("%s: %+v, %v\nwant %+v", what, r, err, w)
	}
}

func TestClassesOnTheNetwork(t *testing.T) {
	n := newNetwork(t)
	v := from(t, n.vantage)
	const patience = 4 * time.Second
	var wg sync.WaitGroup
	defer wg.Wait()
	dial := func(what, to string, timeout time.Duration, w want) {
		wg.Go(func() {
			r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.MustParseAddrPort(to), Timeout: timeout})
			w.check(t, "tcp: "+what, r, err)
		})
	}
	udp := func(what, to string, w want) {
		wg.Go(func() {
			r, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{To: netip.MustParseAddrPort(to), Timeout: patience, Send: []byte("x")})
			w.check(t, "udp: "+what, r, err)
		})
	}
	ping := func(what, to string, timeout time.Duration, w want) {
		wg.Go(func() {
			r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: netip.MustParseAddr(to), Timeout: timeout})
			w.check(t, "ping: "+what, r, err)
		})
	}
	dial("dropped", "198.18.2.2:1688", 300*time.Millisecond, want{class: run.Silent, least: 300 * time.Millisecond})
	dial("dropped, IPv6", "[2001:db8:2::2]:1688", 300*time.Millisecond, want{class: run.Silent, least: 300 * time.Millisecond})
	dial("refused by the host", "198.18.2.2:9", patience, want{class: run.Refused, from: host4, ttl: 63})
	dial("refused by the host, IPv6", "[2001:db8:2::2]:9", patience, want{class: run.Refused, from: host6, ttl: 63})
	dial("reset by the router", "198.18.2.2:445", patience, want{class: run.Refused, from: host4, ttl: 64})
	dial("reset by the router, IPv6", "[2001:db8:2::2]:445", patience, want{class: run.Refused, from: host6, ttl: 64})
	dial("prohibited by the router", "198.18.2.2:446", patience, want{class: run.Unreachable, from: router4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 13}})
	dial("prohibited by the router, IPv6", "[2001:db8:2::2]:446", patience, want{class: run.Unreachable, from: router6, ttl: 64, icmp: run.ICMP{Type: 1, Code: 1}})
	dial("dead neighbour", "198.18.1.99:1688", patience, want{class: run.Unreachable, from: self4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 1}, note: "host unreachable", least: 2900 * time.Millisecond})
	dial("dead behind the router", "198.18.2.99:1688", patience, want{class: run.Unreachable, from: router4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 1}, note: "host unreachable", least: 2900 * time.Millisecond})
	dial("no route", "192.0.2.1:1688", patience, want{class: run.NoRoute, note: "ENETUNREACH"})
	dial("no route, IPv6", "[2001:4::1]:1688", patience, want{class: run.NoRoute, note: "ENETUNREACH"})
	udp("dropped", "198.18.2.2:1688", want{class: run.Silent, least: patience})
	udp("closed port", "198.18.2.2:9", want{class: run.Refused, from: host4, ttl: 63, icmp: run.ICMP{Type: 3, Code: 3}, note: "port unreachable"})
	udp("closed port, IPv6", "[2001:db8:2::2]:9", want{class: run.Refused, from: host6, ttl: 63, icmp: run.ICMP{Type: 1, Code: 4}, note: "port unreachable"})
	udp("prohibited by the router", "198.18.2.2:446", want{class: run.Unreachable, from: router4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 13}})
	udp("dead neighbour", "198.18.1.99:500", want{class: run.Unreachable, from: self4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 1}, note: "host unreachable", least: 2900 * time.Millisecond})
	udp("no route", "192.0.2.1:500", want{class: run.NoRoute})
	ping("answered", "198.18.2.2", patience, want{class: run.Answered, from: host4, ttl: 63})
	ping("answered, IPv6", "2001:db8:2::2", patience, want{class: run.Answered, from: host6, ttl: 63})
	ping("dead neighbour", "198.18.1.99", patience, want{class: run.Unreachable, from: self4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 1}, note: "host unreachable", least: 2900 * time.Millisecond})
	ping("dead behind the router", "198.18.2.98", patience, want{class: run.Unreachable, from: router4, ttl: 64, icmp: run.ICMP{Type: 3, Code: 1}, note: "host unreachable", least: 2900 * time.Millisecond})
	ping("dead behind the router, IPv6", "2001:db8:2::98", patience, want{class: run.Unreachable, from: router6, ttl: 64, icmp: run.ICMP{Type: 1, Code: 3}, note: "address unreachable", least: 2900 * time.Millisecond})
	ping("no route", "192.0.2.1", patience, want{class: run.NoRoute})
}

func TestOwnFilterIsNotSilence(t *testing.T) {
	n := newNetwork(t)
	sh(t, `ip netns exec %s nft 'table inet t { chain o { type filter hook output priority 0; meta l4proto {icmp, ipv6-icmp, udp, esp} drop; }; }'`, n.vantage)
	v := from(t, n.vantage)
	forbidden := want{class: run.NotPermitted, note: "EPERM"}
	r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: host4, Timeout: time.Second})
	forbidden.check(t, "ping", r, err)
	r, err = vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{To: netip.AddrPortFrom(host4, 500), Send: []byte("x"), Timeout: time.Second})
	forbidden.check(t, "udp", r, err)
	r, err = vantage.Raw.At(v)(t.Context(), vantage.SendRequest{To: host4, Protocol: 50, Payload: make([]byte, 20)})
	forbidden.check(t, "raw", r, err)
}

// A filter that refuses in another's name is this machine's own, or the path's.
func TestWhoseResetItIs(t *testing.T) {
	n := newNetwork(t)
	sh(t, `ip netns exec %s nft 'table inet t { chain o { type filter hook output priority 0; tcp dport 447 reject with tcp reset; }; }'`, n.vantage)
	v := from(t, n.vantage)
	for _, c := range []struct {
		to  string
		own bool
	}{
		{"198.18.2.2:447", true}, {"[2001:db8:2::2]:447", true},
		{"198.18.2.2:445", false}, {"[2001:db8:2::2]:445", false},
		{"198.18.2.2:9", false}, {"[2001:db8:2::2]:9", false},
	} {
		r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.MustParseAddrPort(c.to), Timeout: 4 * time.Second})
		if err != nil || r.Class != run.Refused || r.TTL == 0 || r.Loopback != c.own {
			t.Errorf("%s: %+v, %v; its own: want %t", c.to, r, err, c.own)
		}
	}
}

// Which SYN an answer is to is known, whichever packet the network has lost.
func TestWhichSYNOnTheNetwork(t *testing.T) {
	n := newNetwork(t)
	sh(t, "ip netns exec %s python3 -m http.server 8080 >/dev/null 2>&1 &", n.host)
	t.Cleanup(func() { sh(t, "ip netns pids %s | xargs -r kill", n.host) })
	sh(t, "for i in $(seq 50); do ip netns exec %s ss -Hlt sport = 8080 | grep -q . && exit 0; sleep 0.1; done; exit 1", n.host)
	v := from(t, n.vantage)
	for _, c := range []struct {
		lost string
		want int
	}{{"tcp flags & (syn|ack) == syn", 2}, {"tcp flags & (syn|ack) == syn|ack", 1}} {
		for range 4 { // the clocks of the stamps and of the connect differ by chance
			sh(t, `ip netns exec %s nft 'table inet lost; delete table inet lost; table inet lost { chain f { type filter hook forward priority -5; %s limit rate 1/hour burst 1 packets drop; }; }'`, n.router, c.lost)
			r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.AddrPortFrom(host4, 8080), Timeout: 6 * time.Second})
			if err != nil || r.Class != run.Answered || r.Sent != 2 || r.Answered != c.want || r.Took == 0 || r.Took > r.RTT {
				t.Errorf("%s is lost: %+v, %v; want an answer to SYN %d", c.lost, r, err, c.want)
			}
		}
	}
}

func TestFullFileTableIsNotSilence(t *testing.T) {
	n := newNetwork(t)
	v := from(t, n.vantage, "prlimit", "--nofile=24")
	var (
		wg  sync.WaitGroup
		mu  sync.Mutex
		got = map[run.Class]int{}
	)
	for range 48 {
		wg.Go(func() {
			r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.AddrPortFrom(host4, 1688), Timeout: 300 * time.Millisecond})
			if err != nil || r.Class == run.Silent && r.RTT < 300*time.Millisecond {
				t.Errorf("%+v, %v", r, err)
			}
			mu.Lock()
			got[r.Class]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if got[run.Exhausted] == 0 || got[run.Silent]+got[run.Exhausted] != 48 {
		t.Errorf("classes %v, want some exhausted and the others silent", got)
	}
}

func TestTriesWaitForASlotInsteadOfFailing(t *testing.T) {
	n := newNetwork(t)
	v := from(t, n.vantage, "prlimit", "--nofile=80")
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.AddrPortFrom(host4, 1688), Timeout: 100 * time.Millisecond})
			want{class: run.Silent, least: 100 * time.Millisecond}.check(t, "tcp", r, err)
		})
	}
	wg.Wait()
}
