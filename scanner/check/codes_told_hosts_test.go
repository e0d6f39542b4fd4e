package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Each claim about what a machine has, where it is shown, weak, not shown, and
// contradicted.
func TestMachineClaims(t *testing.T) {
	const (
		host, client = "gpo-applied/kms01/gpo:KMS Isolation Policy", "gpo-applied/client/gpo:KMS Isolation Policy"
		icmp         = "icmp-exempt/kms01/kms01"
		static       = "static-address/kms01/kms01"
	)
	gives := func(vantage, key string, values ...registry.Value) func(*world) {
		return on(asked{vantage: vantage, param: key}, func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Class: run.Answered, Registry: values}
		})
	}
	has := func(vantage string, change func(*told)) func(*world) {
		return gives(vantage, check.KeyFirewall, registryOf(appliedTold(change))...)
	}
	ownStore := func(vantage string) func(*world) {
		return gives(vantage, check.KeyOwnFirewall, ownValue(`\DomainProfile`, "EnableFirewall", "REG_DWORD", "0x1"))
	}
	lost := func(key string) func(*world) { return on(asked{vantage: "kms01", param: key}, failed("it broke")) }
	missing := func(key string) func(*world) {
		return on(asked{vantage: "kms01", param: key}, func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Missing: reason.One(reason.Quoted, "words", "no registry")}
		})
	}
	garbled := gives("kms01", check.KeyFirewall, registry.Value{Key: `HKLM\` + firewallPath, Name: "IPsecExempt", Type: "REG_DWORD", Data: "many"})
	const first = check.KeyInterfaces + `\{1}`
	dhcp := gives("kms01", check.KeyInterfaces, registry.NewDWord(first, "EnableDHCP", 1), registry.NewText(first, "DhcpIPAddress", "198.18.10.30"))
	leases := func(as string) func(*world) {
		return declared(func(p *intent.Policy) { p.Hosts[0].DHCP = as })
	}
	atRequest := declared(func(p *intent.Policy) { p.Isolation.Stage = intent.StageRequest })
	none := reason.Reason{}
	testClaims(t, []claimRow{
		{reason.ClaimRead, run.Shown, none, run.Pass, changed(has("kms01", nil), ownStore("kms01")), host},
		{reason.ClaimRead, run.Weak, reason.New(reason.StoreNotShown, "why", reason.Quote("no registry")), run.Pass, changed(has("kms01", nil), missing(check.KeyOwnFirewall)), host},
		{reason.ClaimRead, run.ToolFailed, reason.New(reason.StoreNotShown, "why", reason.Quote("it broke")), run.Error, changed(has("kms01", nil), lost(check.KeyOwnFirewall)), host},
		{reason.ClaimRead, run.ToolFailed, reason.Quote("it broke"), run.Error, changed(lost(check.KeyFirewall), ownStore("kms01")), host},
		{reason.ClaimRead, run.Void, reason.Quote("no registry"), run.Skip, changed(missing(check.KeyFirewall)), host},
		{reason.ClaimRead, run.ToolFailed, none, run.Error, changed(garbled, ownStore("kms01")), host},
		{reason.ClaimEqual, run.Shown, none, run.Pass, changed(has("kms01", nil), ownStore("kms01")), host},
		{reason.ClaimEqual, run.Exposure, reason.New(reason.AppliedWrong), run.Fail, changed(has("kms01", boundaryTold), ownStore("kms01")), host},
		{reason.ClaimEqual, run.Exposure, reason.New(reason.AnonymousAccepted), run.Fail,
			changed(has("kms01", func(o *told) { o.more = append(o.more, method("Anonymous")) }), ownStore("kms01")), host},
		{reason.ClaimEqual, run.NotShown, reason.New(reason.AppliedUnknown), run.Inconclusive,
			changed(has("kms01", func(o *told) { o.rule = replaced(o.rule, "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|") }), ownStore("kms01")), host},
		{reason.ClaimEqual, run.Broken, reason.New(reason.NoFirewallPolicy, "vantage", "kms01"), run.Fail, changed(gives("kms01", check.KeyFirewall), ownStore("kms01")), host},
		{reason.ClaimEqual, run.Shown, none, run.Pass, changed(has("kms01", boundaryTold), ownStore("kms01"), atRequest), host},
		{reason.ClaimEqual, run.Exposure, reason.New(reason.AppliedWrong), run.Fail, changed(has("kms01", func(o *told) { o.rule = "" }), ownStore("kms01"), atRequest), host},

		{reason.ClaimEqual, run.Shown, none, run.Pass, changed(has("client", boundaryTold), ownStore("client")), client},
		{reason.ClaimEqual, run.Broken, reason.New(reason.AppliedWrong), run.Fail, changed(has("client", func(o *told) { o.rule = "" }), ownStore("client")), client},
		{reason.ClaimEqual, run.Broken, reason.New(reason.AnonymousAccepted), run.Fail,
			changed(has("client", func(o *told) { o.more = append(o.more, method("Anonymous")) }), ownStore("client")), client},

		{reason.ClaimRead, run.Shown, none, run.Pass, changed(has("kms01", nil), ownStore("kms01")), icmp},
		{reason.ClaimRead, run.Weak, reason.New(reason.StoreNotShown), run.Pass, changed(has("kms01", nil), missing(check.KeyOwnFirewall)), icmp},
		{reason.ClaimRead, run.ToolFailed, reason.Quote("it broke"), run.Error, changed(lost(check.KeyFirewall)), icmp},
		{reason.ClaimRead, run.ToolFailed, none, run.Error, changed(garbled, ownStore("kms01")), icmp},
		{reason.ClaimRead, run.Void, reason.Quote("no registry"), run.Skip, changed(missing(check.KeyFirewall)), icmp},

		{reason.ClaimRead, run.Shown, none, run.Pass, changed(dhcp, leases("reservation")), static},
		{reason.ClaimRead, run.NotShown, reason.New(reason.NoInterfaces), run.Inconclusive, changed(gives("kms01", check.KeyInterfaces)), static},
		{reason.ClaimRead, run.ToolFailed, reason.Quote("it broke"), run.Error, changed(lost(check.KeyInterfaces)), static},
		{reason.ClaimRead, run.Void, reason.Quote("no registry"), run.Skip, changed(missing(check.KeyInterfaces)), static},
		{reason.ClaimStatic, run.Shown, none, run.Pass, changed(gives("kms01", check.KeyInterfaces, registry.NewDWord(first, "EnableDHCP", 0), registry.Value{Key: first, Name: "IPAddress", Type: "REG_MULTI_SZ", Data: `198.18.10.30`})), static},
		{reason.ClaimStatic, run.Broken, reason.New(reason.AddressByDHCP), run.Fail, changed(dhcp, leases("never")), static},
	})
}

// At the stage request a host that asks for IPsec has what it should, and one that
// does not ask is what is behind it if the directory tells it to.
func TestAppliedAtStageRequest(t *testing.T) {
	const host = "gpo-applied/kms01/gpo:KMS Isolation Policy"
	for _, row := range []struct {
		applied func(*told)
		verdict run.Verdict
		breaks  run.Breaks
	}{{boundaryTold, run.Pass, ""}, {func(o *told) { o.rule = "" }, run.Fail, run.BreaksApplying}} {
		w := directories(func(p *intent.Policy, f *run.Forest) {
			p.Isolation.Stage = intent.StageRequest
			retell(boundaryTold)(p, f)
		}, appliedTold(row.applied))()
		if c := w.judged(t)[host]; c.Verdict != row.verdict || c.Breaks != row.breaks || !c.Intended.Has(reason.IntendedHostRequests) {
			t.Errorf("%s is %s, breaks %q and wants %s: %s", c.ID, c.Verdict, c.Breaks, c.Intended.Key(), c.Reasons.Key())
		}
	}
}

// registryOf is what a machine that was told this has in its registry.
func registryOf(o *told) []registry.Value {
	values := o.values()
	for i := range values {
		values[i].Key = `HKLM\` + values[i].Key
	}
	return values
}
