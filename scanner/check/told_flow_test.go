package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// toldWorld is the network with a directory beside it, and hosts whose wire
// nobody sees and whose registry says, if anything, what applied has.
func toldWorld(change func(*intent.Policy, *run.Forest), applied *told) *world {
	w := newWorld()
	w.policy.Isolation.DCActivation = "by telephone"
	w.policy.Forests = []intent.Forest{{Name: "contoso.test", Directory: intent.Directory{URLs: []string{"ldaps://dc01.contoso.test"}, Credential: "reader"}}}
	f := contoso()
	d := &f.Domains[0]
	client := d.Accounts[0]
	client.Machine, client.Name, client.DNSName, client.DN = d.Computers[1].Machine, "CLIENT", "client.contoso.test", "CN=client,OU=Clients,"+d.DN
	d.Accounts = append(d.Accounts, client)
	if change != nil {
		change(w.policy, f)
	}
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		switch n.Probe {
		case run.ProbeDirectory:
			return run.Observation{Class: run.Answered, Forest: f}
		case run.ProbeFlows:
			return run.Observation{Missing: reason.List{reason.Quote("it cannot capture")}}
		case run.ProbeRegistry:
			if v, _ := w.policy.Vantage(n.Vantage); applied != nil && n.Param == check.KeyFirewall && v.Role == intent.RoleKMSHost {
				o := run.Observation{Class: run.Answered}
				for _, v := range applied.values() {
					v.Key = `HKLM\` + v.Key
					o.Registry = append(o.Registry, v)
				}
				return o
			}
		}
		return healthy
	}
	return w
}

// reached makes the KMS port of a host answer a vantage, unreached silent.
func (w *world) but(vantage, host string, become func(run.Need) run.Observation) {
	before := w.answer
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Vantage == vantage && n.Target == host && (n.Probe == run.ProbeRPC || n.Probe == run.ProbeTCP) {
			return become(n)
		}
		return before(n, healthy)
	}
}

func appliedTold(change func(*told)) *told {
	o := paperTold()
	if change != nil {
		change(&o)
	}
	return &o
}

func boundaryTold(o *told) { o.rule = replaced(o.rule, "SecureServer", "Boundary") }

func TestToldAttributes(t *testing.T) {
	const guest = "non-domain-kms/guest/kms01"
	by := func(verdict string) reason.Reason {
		return reason.New(reason.ConductBy, "verdict", verdict, "end", "198.18.10.30", "from", "198.18.30.9")
	}
	applied := func(verdict string) reason.Reason {
		return reason.New(reason.ConductApplied, "why", by(verdict).With("by", reason.One(reason.LocalRule, "rule", `"KMS Isolation"`)))
	}
	for name, c := range map[string]struct {
		change  func(*intent.Policy, *run.Forest)
		applied *told
		by      run.Attribution
		says    reason.Reason // in Conduct
	}{
		"told right":                   {by: run.ByConfigured, says: by("protected(require)")},
		"told right and applied right": {applied: appliedTold(nil), by: run.ByConfigured, says: applied("protected(require)")},
		"told right and not applied":   {applied: appliedTold(boundaryTold), by: run.ByUnknown, says: applied("protected(request)")},
		"told wrong":                   {change: retell(boundaryTold), by: run.ByUnknown, says: by("protected(request)")},
		"told wrong and applied right": {change: retell(boundaryTold), applied: appliedTold(nil), by: run.ByConfigured},
		"exempt, and the order is not documented": {change: func(_ *intent.Policy, f *run.Forest) {
			moreGPO(f, "Convenience", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=198.18.30.0/24|Name=Convenience|Desc=|EmbedCtxt=|`)
		}, by: run.ByUnknown, says: by("exempt")},
		"a hidden GPO": {change: func(_ *intent.Policy, f *run.Forest) {
			g := moreGPO(f, "")
			*g = run.GPO{ID: g.ID, DN: g.DN, Problems: []run.Problem{{Aspect: run.AspectGPOs, Where: g.DN, Why: reason.List{reason.Quote("the account may not read it")}, Refused: true}}}
		}, by: run.ByUnknown, says: by("protected(require)")},
		"for LAN interfaces only": {change: replaceRule("EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|"), by: run.ByUnknown, says: by("unknown")},
		"no account":              {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = nil }, by: run.ByUnknown, says: reason.New(reason.ConductWithout, "verdict", "clear", "end", "198.18.10.30", "from", "198.18.30.9")},
	} {
		t.Run(name, func(t *testing.T) {
			got := toldWorld(c.change, c.applied).judged(t)[guest]
			if got.Verdict != run.Pass || got.By != c.by || c.says.Code != "" && !slices.ContainsFunc(got.Conduct, func(r reason.Reason) bool { return tells(r, c.says) }) {
				t.Errorf("%s is %s by %s, configured %s, want pass by %s with %s", guest, got.Verdict, got.By, got.Conduct.Key(), c.by, c.says.Key())
			}
		})
	}
}

func TestToldBreaks(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*intent.Policy, *run.Forest)
		applied *told
		vantage string
		become  func(run.Need) run.Observation
		cell    string
		breaks  run.Breaks
		cause   string // the cell that is, "" for itself
	}{
		"an outsider gets in, told wrong": {change: retell(boundaryTold), vantage: "guest", become: answered,
			cell: "non-domain-kms/guest/kms01", breaks: run.BreaksPolicy, cause: "rule-requirement/directory/kms01"},
		"an outsider gets in by another GPO": {change: func(_ *intent.Policy, f *run.Forest) {
			moreGPO(f, "Convenience", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP2_4=198.18.30.0/24|Name=Convenience|Desc=|EmbedCtxt=|`)
		}, vantage: "guest", become: answered, cell: "non-domain-kms/guest/kms01", breaks: run.BreaksPolicy, cause: "rule-conflicts/directory/kms01"},
		"an outsider gets in, not applied": {applied: appliedTold(boundaryTold), vantage: "guest", become: answered,
			cell: "non-domain-kms/guest/kms01", breaks: run.BreaksApplying, cause: "gpo-applied/kms01/gpo:KMS Isolation Policy"},
		"an outsider gets in, told and applied right": {applied: appliedTold(nil), vantage: "guest", become: answered,
			cell: "non-domain-kms/guest/kms01", breaks: run.BreaksNetwork},
		"an outsider gets in, and what is told is not known": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Security = "" }, vantage: "guest", become: answered,
			cell: "non-domain-kms/guest/kms01"},
		"a member is shut out, told right": {vantage: "client", become: silent, cell: "domain-kms/client/kms01", breaks: run.BreaksNetwork},
		"a member is shut out for it is told nothing": {change: func(_ *intent.Policy, f *run.Forest) {
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients,DC=contoso,DC=test", Blocks: true})
		}, vantage: "client", become: silent, cell: "domain-kms/client/kms01", breaks: run.BreaksPolicy},
		"a member is shut out by the host's firewall": {change: retell(func(o *told) {
			o.firewall = replaced(o.firewall, "Profile=Private|Profile=Public|", "")
			o.more = append(o.more, registry.Value{Key: firewallPath + `\DomainProfile`, Name: "EnableFirewall", Type: "REG_DWORD", Data: "0x1"})
		}), vantage: "client", become: silent, cell: "domain-kms/client/kms01", breaks: run.BreaksPolicy, cause: "rule-conflicts/directory/kms01"},
		"the exempt are shut out, told right": {vantage: "kiosk", become: silent, cell: "exempt-kms/kiosk/kms01"},
		"the exempt are shut out for nothing exempts them": {change: retell(func(o *told) { o.exemption = "" }), vantage: "kiosk", become: silent,
			cell: "exempt-kms/kiosk/kms01", breaks: run.BreaksPolicy, cause: "exemptions/directory/kms01"},
	} {
		t.Run(name, func(t *testing.T) {
			w := toldWorld(c.change, c.applied)
			w.but(c.vantage, "kms01", c.become)
			got := w.judged(t)[c.cell]
			if got.Verdict != run.Fail || got.Breaks != c.breaks {
				t.Errorf("%s is %s and breaks at %q, want fail at %q; %s; configured %s", c.cell, got.Verdict, got.Breaks, c.breaks, got.Reasons.Key(), got.Conduct.Key())
			}
			if got.CausedBy == nil && c.cause != "" || got.CausedBy != nil && c.cause != "" && got.CausedBy.String() != c.cause {
				t.Errorf("%s is caused by %v, want %s", c.cell, got.CausedBy, c.cause)
			}
		})
	}
}

func TestToldPing(t *testing.T) {
	exempt := retell(func(o *told) {
		o.more = append(o.more, registry.Value{Key: firewallPath, Name: "IPsecExempt", Type: "REG_DWORD", Data: "0xb"})
	})
	for name, c := range map[string]struct {
		change  func(*intent.Policy, *run.Forest)
		applied *told
		verdict run.Verdict
	}{
		"told to exempt it": {change: exempt, verdict: run.Skip},
		"exempt by a rule": {change: retell(func(o *told) {
			o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ",
				Data: `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Protocol=1|Name=ICMP|Desc=|EmbedCtxt=|`})
		}), verdict: run.Skip},
		"told, and not applied": {change: exempt, applied: appliedTold(nil), verdict: run.Pass},
		"not told":              {verdict: run.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			w := toldWorld(c.change, c.applied)
			if got := w.judged(t)["non-domain-ping/guest/kms01"]; got.Verdict != c.verdict {
				t.Errorf("ping of an outsider is %s, want %s: %s", got.Verdict, c.verdict, got.Reasons.Key())
			}
		})
	}
}

func TestStale(t *testing.T) {
	another := reason.New(reason.AppliedRuleDiffers, "rule", `"KMS Isolation"`, "gpo", "KMS Isolation Policy")
	for name, c := range map[string]struct {
		applied *told
		verdict run.Verdict
		differs reason.Reason // of what the directory says; none for nothing
	}{
		"up to date":           {appliedTold(nil), run.Pass, reason.Reason{}},
		"an exemption too few": {appliedTold(func(o *told) { o.exemption = "" }), run.Pass, reason.New(reason.AppliedLacksRule, "rule", `"kiosks"`, "gpo", "KMS Isolation Policy")},
		"a rule of yesterday":  {appliedTold(func(o *told) { o.rule = replaced(o.rule, "EP2_4=198.18.10.31|", "") }), run.Pass, another},
		"without this host":    {appliedTold(func(o *told) { o.rule = replaced(o.rule, "EP2_4=198.18.10.30|", "") }), run.Fail, another},
		"an exemption too many": {appliedTold(func(o *told) {
			o.more = []registry.Value{{Key: firewallPath + `\ConSecRules`, Name: "{Z}", Type: "REG_SZ", Data: strings.ReplaceAll(o.exemption, "kiosks", "old")}}
		}), run.Pass, reason.New(reason.AppliedRuleGone, "rule", `"old"`)},
	} {
		t.Run(name, func(t *testing.T) {
			got := toldWorld(nil, c.applied).judged(t)["gpo-applied/kms01/gpo:KMS Isolation Policy"]
			var differ reason.List
			for _, f := range got.Findings {
				if f.Reason.Has(reason.StalePolicy) {
					differ = f.Reason[0].Because("why")
				}
			}
			want := c.differs.Code == "" && len(differ) == 0 || slices.ContainsFunc(differ, c.differs.Equal)
			if got.Verdict != c.verdict || !want {
				t.Errorf("it is %s and says %s, want %s with %s; %s", got.Verdict, differ.Key(), c.verdict, c.differs.Key(), got.Reasons.Key())
			}
			if got.Verdict == run.Fail && got.Breaks != run.BreaksApplying {
				t.Errorf("it breaks at %q", got.Breaks)
			}
		})
	}
}
