package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A forest that is not read hides neither that the trust to it has no AES, which
// stands in the other forest, nor that its clients may be left out.
func TestAForestThatIsNotRead(t *testing.T) {
	for name, c := range map[string]struct {
		change        func(*intent.Policy, *run.Forest)
		cell          string
		read, unread  run.Verdict
		code, without reason.Code
	}{
		"a trust without AES": {func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts[0].EncTypes = ptr(uint32(4)) },
			"kerberos-ready/kms01", run.Fail, run.Fail, reason.TrustWithoutAES, reason.TrustWithoutAES},
		"a domain without isolation": {func(p *intent.Policy, _ *run.Forest) { p.Isolation.Policies[0].Domains = []string{"contoso.test"} },
			"gpo-linked/gpo:KMS Isolation Policy", run.Fail, run.Inconclusive, reason.UndeclaredDomain, reason.UnreadDomain},
	} {
		t.Run(name, func(t *testing.T) {
			got := audit(t, c.change, fabrikam())[c.cell]
			if got.Verdict != c.read || !got.Reasons.Has(c.code) {
				t.Errorf("read: %s: %s", got.Verdict, got.Reasons.Key())
			}
			lost := fabrikam()
			lost.Domains = nil
			got = audit(t, c.change, lost)[c.cell]
			if got.Verdict != c.unread || !got.Reasons.Has(c.without) {
				t.Errorf("not read: %s: %s", got.Verdict, got.Reasons.Key())
			}
		})
	}
}
