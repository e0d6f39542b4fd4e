package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check/observed"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What a member and an outsider are told of the KMS hosts, in all its spellings.
func TestPublished(t *testing.T) {
	kms01, kms02 := deployment().Hosts[0], deployment().Hosts[1]
	right := run.SRVRecord{Target: "kms01.contoso.test", Port: 1688, Addrs: kms01.Addresses}
	other := run.SRVRecord{Target: "kms02.contoso.test", Port: 1688, Addrs: kms02.Addresses}
	with := func(r run.SRVRecord, edit func(*run.SRVRecord)) run.SRVRecord { edit(&r); return r }
	for name, row := range map[string]struct {
		records []run.SRVRecord
		change  func(*intent.Policy)
		member  run.Verdict
		guest   run.Verdict
	}{
		"both":                 {[]run.SRVRecord{right, other}, nil, run.Pass, run.Pass},
		"case and a final dot": {[]run.SRVRecord{with(right, func(r *run.SRVRecord) { r.Target = "KMS01.Contoso.Test." }), other}, nil, run.Pass, run.Pass},
		"case in the policy": {[]run.SRVRecord{right, other}, func(p *intent.Policy) {
			p.Hosts[0].FQDN, p.Hosts[0].PublishedIn = "KMS01.CONTOSO.TEST.", []string{"Contoso.Test."}
			p.Hosts[1].PublishedIn = []string{"contoso.test"}
		}, run.Pass, run.Pass},
		"an alias":                   {[]run.SRVRecord{with(right, func(r *run.SRVRecord) { r.Target, r.Canonical = "kms.contoso.test", "Kms01.contoso.test" }), other}, nil, run.Pass, run.Pass},
		"an alias of a stranger":     {[]run.SRVRecord{right, other, {Target: "kms.contoso.test", Port: 1688, Canonical: "rogue.test"}}, nil, run.Fail, run.Fail},
		"an alias with another port": {[]run.SRVRecord{with(right, func(r *run.SRVRecord) { r.Target, r.Canonical, r.Port = "kms.contoso.test", right.Target, 1689 }), other}, nil, run.Fail, run.Fail},
		"an alias, another address": {[]run.SRVRecord{with(right, func(r *run.SRVRecord) {
			r.Target, r.Canonical, r.Addrs = "kms.contoso.test", right.Target, kms02.Addresses
		}), other}, nil, run.Fail, run.Fail},
		"no service":                   {[]run.SRVRecord{{}}, nil, run.Fail, run.Pass},
		"nothing":                      {nil, nil, run.Fail, run.Pass},
		"a host, its addresses untold": {[]run.SRVRecord{with(right, func(r *run.SRVRecord) { r.Addrs, r.Unanswered = nil, true }), other}, nil, run.Inconclusive, run.Inconclusive},
		"a name that nobody explains":  {[]run.SRVRecord{right, other, {Target: "kms.contoso.test", Port: 1688, Unanswered: true}}, nil, run.Inconclusive, run.Inconclusive},
		"a stranger":                   {[]run.SRVRecord{right, other, {Target: "rogue.test", Port: 1688}}, nil, run.Fail, run.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			if row.change != nil {
				row.change(w.policy)
			}
			domain := observed.PublishedDomains(w.policy)
			if len(domain) != 1 {
				t.Fatalf("the domains are %q", domain)
			}
			w.answer = func(n run.Need, healthy run.Observation) run.Observation {
				if n.Probe == run.ProbeSRV {
					healthy.SRV[0].Records = row.records
				}
				return healthy
			}
			cells := w.judged(t)
			for vantage, want := range map[string]run.Verdict{"client": row.member, "guest": row.guest} {
				if c := cells["dns-srv/"+vantage+"/"+domain[0]]; c.Verdict != want {
					t.Errorf("%s: %s: %s %s", vantage, c.Verdict, c.Reasons.Key(), c.Seen.Key())
				}
			}
		})
	}
}
