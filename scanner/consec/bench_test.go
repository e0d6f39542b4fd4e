package consec

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// manyRules is a policy of n rules of each kind, all of them for others than
// the packet but one in a thousand.
func manyRules(n int) []run.RegistryValue {
	values := append([]run.RegistryValue{}, kerberos...)
	for i := range n {
		net := fmt.Sprintf("10.%d.%d.0/24", 16+i/250%200, i%250)
		action := "Action=Allow"
		if i%1000 == 0 {
			net = "192.168.0.0/24"
		}
		rule := strings.NewReplacer("EP2_4=192.168.0.30|EP2_4=192.168.0.31", "EP1_4="+net+"|EP2_4="+net, "KMS Isolation", fmt.Sprintf("Rule %d", i)).Replace(paper)
		values = append(values, consecRule(fmt.Sprintf("{%08X-0000-0000-0000-000000000000}", i), rule),
			firewallRule(fmt.Sprintf("{%08X-0000-0000-0000-000000000001}", i),
				fmt.Sprintf(`v2.26|%s|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=%d|RA4=%s|App=C:\Program Files\Contoso\agent%d.exe|Name=Agent %d|EmbedCtxt=Contoso|`, action, 1600+i%200, net, i, i)))
	}
	return values
}

func BenchmarkExplain(b *testing.B) {
	host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("192.168.0.99")
	for _, n := range []int{5_000, 50_000} {
		values := manyRules(n)
		b.Run(fmt.Sprintf("rules=%d", 2*n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := FromLayers(Layer{Source: "A", Store: GPO, Values: values})
				if err != nil {
					b.Fatal(err)
				}
				in, _ := p.TraceInbound(host, peer, 6, 1688, Env{Profile: "domain"})
				out, _ := p.TraceOutbound(peer, host, 6, 1688, Env{Profile: "domain"})
				if in.Verdict != Require || out.Verdict != Request {
					b.Fatalf("%s because %s, %s because %s", in.Verdict, in.Why, out.Verdict, out.Why)
				}
			}
		})
	}
}

func BenchmarkEffect(b *testing.B) {
	p, err := FromRegistry(manyRules(5_000))
	if err != nil {
		b.Fatal(err)
	}
	host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("192.168.0.99")
	b.ReportAllocs()
	for b.Loop() {
		p.Inbound(host, peer, 6, 1688, Env{Profile: "domain"})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(paper); err != nil {
			b.Fatal(err)
		}
	}
}
