//go:build unix

package effect

import (
	"fmt"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/consec"
)

// cpu is what the process has used of its processors, which a busy machine does
// not lengthen as it does the time.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkExplain reads a policy and asks both ends. The goal is 50 ms for
// 10,000 rules.
func BenchmarkExplain(b *testing.B) {
	host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("192.168.0.99")
	for _, n := range []int{5_000, 50_000} {
		values := manyRules(n)
		b.Run(fmt.Sprintf("rules=%d", 2*n), func(b *testing.B) {
			b.ReportAllocs()
			before := cpu(b)
			for b.Loop() {
				p, err := consec.FromLayers(consec.Layer{Source: "A", Store: consec.GPO, Values: values})
				if err != nil {
					b.Fatal(err)
				}
				in, _ := TraceInbound(&p, host, peer, 6, 1688, Env{Profile: "domain"})
				out, _ := TraceOutbound(&p, peer, host, 6, 1688, Env{Profile: "domain"})
				if in.Verdict != Require || out.Verdict != Request {
					b.Fatalf("%s because %s, %s because %s", in.Verdict, in.Why.Key(), out.Verdict, out.Why.Key())
				}
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

func BenchmarkEffect(b *testing.B) {
	p, err := consec.FromRegistry(manyRules(5_000))
	if err != nil {
		b.Fatal(err)
	}
	host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("192.168.0.99")
	b.ReportAllocs()
	for b.Loop() {
		Inbound(&p, host, peer, 6, 1688, Env{Profile: "domain"})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := consec.Parse(paper); err != nil {
			b.Fatal(err)
		}
	}
}
