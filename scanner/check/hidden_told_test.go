package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A forest that could not be read does not hide that another one trusts nobody.
func TestUnreadForestDoesNotHideAMissingTrust(t *testing.T) {
	const unread = "the trusts were not read"
	third := contoso()
	third.Name = "northwind.test"
	d := &third.Domains[0]
	d.Name, d.DN, d.NetBIOS, d.Trusts = "northwind.test", "DC=northwind,DC=test", "NORTHWIND", nil
	d.Accounts = d.Accounts[1:]
	d.Accounts[0].DNSName = "kms02.northwind.test"
	for _, lost := range []bool{false, true} {
		cells := audit(t, func(p *intent.Policy, f *run.Forest) {
			p.Hosts[1].FQDN = "kms02.northwind.test"
			if lost {
				f.Problems = append(f.Problems, run.Problem{Where: "contoso.test", Why: reason.List{reason.Quote(unread)}, Aspect: run.AspectTrusts})
			}
		}, fabrikam(), third)
		c := cells["forest-trust/forest:fabrikam.test"]
		if c.Verdict != run.Fail || len(c.Reasons) == 0 || !c.Reasons[0].Is(reason.TrustMissing) || lost != saysCode(c.Reasons, reason.DirectoryProblem, unread) {
			t.Errorf("lost %v: %s: %s", lost, c.Verdict, c.Reasons.Key())
		}
	}
}
