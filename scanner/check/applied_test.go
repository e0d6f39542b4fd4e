package check_test

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

const ownPath = `SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`

func ownValue(below, name, kind, data string) registry.Value {
	return registry.Value{Key: `HKEY_LOCAL_MACHINE\` + ownPath + below, Name: name, Type: kind, Data: data}
}

// What a machine has of its own counts beside what Group Policy gave it.
func TestAppliedWithTheMachinesOwnStore(t *testing.T) {
	on := ownValue(`\DomainProfile`, "EnableFirewall", "REG_DWORD", "0x1")
	hole := ownValue(`\ConSecRules`, "{L}", "REG_SZ", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=198.18.30.0/24|EP2_6=2001:db8:30::/64|Name=hole|Desc=|EmbedCtxt=|`)
	closed := registry.Value{Key: firewallPath + `\DomainProfile`, Name: "AllowLocalIPsecPolicyMerge", Type: "REG_DWORD", Data: "0x0"}
	for name, c := range map[string]struct {
		given, own []registry.Value
		unread     string // why the own store was not read
		verdict    run.Verdict
		code       reason.Code // of the reason, which tells of the own store
		conduct    reason.Reason
		by         string // who else than Group Policy exempts ICMP, by the finding of icmp-exempt
	}{
		"no rules of its own":            {own: []registry.Value{on}, verdict: run.Pass},
		"a rule of its own loosens":      {own: []registry.Value{on, hole}, verdict: run.Fail, code: reason.RuleExemptsFirst},
		"Group Policy lets none count":   {given: []registry.Value{closed}, own: []registry.Value{on, hole}, verdict: run.Pass},
		"its own store was not read":     {unread: "access is denied", verdict: run.Error, conduct: reason.New(reason.StoreNotShown, "why", reason.Quote("access is denied"))},
		"its own store shows nothing":    {verdict: run.Pass, conduct: reason.New(reason.StoreNotShown)},
		"its own store is a bare key":    {own: []registry.Value{{Key: `HKEY_LOCAL_MACHINE\` + ownPath}}, verdict: run.Pass, conduct: reason.New(reason.StoreNotShown)},
		"its own firewall is off":        {own: []registry.Value{ownValue(`\DomainProfile`, "EnableFirewall", "REG_DWORD", "0x0")}, verdict: run.Fail, code: reason.SecurityOff},
		"device management exempts ICMP": {own: []registry.Value{on, ownValue(`\Mdm`, "IPsecExempt", "REG_DWORD", "0x2")}, verdict: run.Pass, by: "the machine's own store for device management"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.answer = func(n run.Need, healthy run.Observation) run.Observation {
				if n.Probe != run.ProbeRegistry || n.Vantage != "kms01" {
					return healthy
				}
				o := run.Observation{Need: n, Class: run.Answered}
				switch {
				case n.Param == check.KeyFirewall:
					for _, v := range append(paperTold().values(), c.given...) {
						v.Key = `HKEY_LOCAL_MACHINE\` + v.Key
						o.Registry = append(o.Registry, v)
					}
				case n.Param == check.KeyOwnFirewall && c.unread != "":
					return run.Observation{Need: n, Trouble: reason.List{reason.Quote(c.unread)}}
				case n.Param == check.KeyOwnFirewall:
					o.Registry = c.own
				}
				return o
			}
			cells := w.judged(t)
			got := cells["gpo-applied/kms01/gpo:KMS Isolation Policy"]
			if got.Verdict != c.verdict || c.code != "" && !saysCode(got.Reasons, c.code, simulate.OwnRules) || c.conduct.Code != "" && !slices.ContainsFunc(got.Conduct, c.conduct.Equal) {
				t.Errorf("%s: %s, configured %s, want %s with %s %s", got.Verdict, got.Reasons.Key(), got.Conduct.Key(), c.verdict, c.code, c.conduct.Key())
			}
			by := ""
			for _, f := range cells["icmp-exempt/kms01/kms01"].Findings {
				by += f.Reason[0].Word("by")
			}
			if by != c.by {
				t.Errorf("ICMP is exempt by %q, want %q", by, c.by)
			}
		})
	}
}
