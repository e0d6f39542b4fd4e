package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// BenchmarkFold puts 100,000 entries together that have come over the wire.
func BenchmarkFold(b *testing.B) {
	const many, units, named = 100_000, 400, 12
	var c closure
	c.byDN, c.bySID = map[string]sids{}, map[security.SID]sids{}
	for i := range named {
		sid := fmt.Sprintf("%s-%d", rootSID, 2000+i)
		c.give(fmt.Sprintf("CN=G%d,OU=Groups,%s", i, rootDN), security.SID(sid), sids{sid})
	}
	entries := make([]entry, many)
	for i := range entries {
		entries[i] = entry{ldap.NewEntry(fmt.Sprintf("CN=PC%06d,OU=U%d,OU=Places,%s", i, i%units, rootDN), map[string][]string{
			"dNSHostName": {fmt.Sprintf("PC%06d.contoso.test", i)}, "sAMAccountName": {fmt.Sprintf("PC%06d$", i)},
			"userAccountControl": {"4096"}, "primaryGroupID": {"515"}, "operatingSystem": {"Windows 11 Enterprise"},
			"operatingSystemVersion": {fmt.Sprintf("10.0 (2%d000)", i/units%7)}, "lastLogonTimestamp": {"134000000000000000"}, "whenCreated": {"20200101000000.0Z"},
			"memberOf": {fmt.Sprintf("CN=G%d,OU=Groups,%s", i%named, rootDN), "CN=Other,OU=Groups," + rootDN, "CN=Another,OU=Groups," + rootDN},
		})}
	}
	for b.Loop() {
		d := &domain{Domain: run.Domain{Name: "contoso.test", DN: rootDN, SID: rootSID}}
		f := fold{r: &reading{forest: &run.Forest{Read: time.Now()}, closure: c}, d: d, classes: map[string]int{}}
		for _, e := range entries {
			f.add(e)
		}
		if n := len(d.Computers); n < units || n > units*7*named {
			b.Fatalf("%d kinds", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/many, "ns/computer")
}
