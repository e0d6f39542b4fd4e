package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Every code of what a host says of itself, and of what it is told of ICMP, occurs.
func TestCodesOfHosts(t *testing.T) { testCodes(t, codesOfHosts()) }

func codesOfHosts() []codeRow {
	const (
		guest, ping = "non-domain-kms/guest/kms01", "domain-ping/client/kms01"
		own, byGPO  = "icmp-exempt/kms01/kms01", "icmp-exempt/directory/kms01"
		address     = "static-address/kms01/kms01"
	)
	is := func(code reason.Code, args ...any) reason.Reason { return reason.New(code, args...) }
	exempts := func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath, Name: "IPsecExempt", Type: "REG_DWORD", Data: "0xb"})
	}
	plain := directories(nil, appliedTold(nil))
	sets := directories(nil, appliedTold(exempts))
	tells := directories(retell(exempts), nil)
	interfaces := func(declare string, values ...registry.Value) func() *world {
		return changed(on(asked{vantage: "kms01", param: check.KeyInterfaces}, func(o *run.Observation) {
			*o = run.Observation{Need: o.Need, Class: run.Answered, Registry: values}
		}), declared(func(p *intent.Policy) { p.Hosts[0].DHCP = declare }))
	}
	const first = check.KeyInterfaces + `\{1}`
	leased := []registry.Value{registry.NewDWord(first, "EnableDHCP", 1), registry.NewText(first, "DhcpIPAddress", "198.18.10.30")}
	fixed := interfaces("never", registry.NewDWord(first, "EnableDHCP", 0), registry.Value{Key: first, Name: "IPAddress", Type: "REG_MULTI_SZ", Data: `198.18.10.30\0`})
	return []codeRow{
		{want: is(reason.ExemptUnset), cell: own, verdict: run.Pass, world: plain, beside: sets},
		{want: is(reason.ExemptSet, "bits", "0xb"), cell: own, verdict: run.Pass, world: sets, beside: plain},
		{want: is(reason.ICMPExempt, "host", "kms01", "port", 1688), cell: own, verdict: run.Pass, world: sets, beside: plain},
		{want: is(reason.PingExempt, "host", "kms01", "bits", "0xb", "port", 1688), cell: ping, verdict: run.Skip, world: sets, beside: plain},
		{want: is(reason.ICMPExemptByGPO, "host", "kms01", "port", 1688, "store", `contoso.test\KMS Isolation Policy`), cell: byGPO, verdict: run.Pass,
			world: tells, beside: directories(nil, nil)},
		{want: is(reason.PingExemptByGPO, "host", "kms01", "port", 1688), cell: ping, verdict: run.Skip, world: tells, beside: directories(nil, nil)},
		{want: is(reason.ResultantUnknown), cell: byGPO, verdict: run.Skip, beside: directories(nil, nil),
			world: directories(func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = nil }, nil)},
		{want: is(reason.ResultantUnsure), cell: byGPO, verdict: run.Skip, beside: directories(nil, nil),
			world: directories(func(_ *intent.Policy, f *run.Forest) {
				g := moreGPO(f, "")
				*g = run.GPO{ID: g.ID, DN: g.DN, Problems: []run.Problem{{Aspect: run.AspectGPOs, Where: g.DN, Why: reason.List{reason.Quote("the account may not read it")}, Refused: true}}}
			}, nil)},
		{want: is(reason.NoInterfaces), cell: address, verdict: run.Inconclusive, world: interfaces("never"), beside: fixed},
		{want: is(reason.SeenInterfaces, "static", 1, "dhcp", 0), cell: address, verdict: run.Pass, world: fixed},
		{want: is(reason.AddressByDHCP, "interfaces", []string{"{1} (198.18.10.30)"}), cell: address, verdict: run.Fail, world: interfaces("never", leased...), beside: fixed},
		{want: is(reason.DHCPReservation), cell: address, verdict: run.Pass, world: interfaces("reservation", leased...), beside: interfaces("platform", leased...)},
		{want: is(reason.DHCPPlatform), cell: address, verdict: run.Pass, world: interfaces("platform", leased...), beside: interfaces("reservation", leased...)},
		{want: is(reason.RuleOfGPO, "gpo", "KMS Isolation Policy"), cell: guest, verdict: run.Pass,
			world: directories(nil, nil), beside: directories(nil, appliedTold(nil))},
		{want: is(reason.LocalRule), cell: guest, verdict: run.Pass,
			world: directories(nil, appliedTold(nil)), beside: directories(nil, nil)},
	}
}
