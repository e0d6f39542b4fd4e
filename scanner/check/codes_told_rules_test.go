package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// toldRow is a deployment in which one claim of what is configured is supported so.
type toldRow struct {
	cell    string
	claim   reason.Code
	support run.Support
	why     reason.Code
	verdict run.Verdict
	change  changing
}

// Each claim about rules, where it alone is not shown, and where it is contradicted.
func TestRuleClaims(t *testing.T) {
	const present, form, auth, awake, open = "rule-present/kms01", "rule-requirement/kms01", "rule-authentication/kms01", "rule-profile/kms01", "fails-open/kms01"
	const crypto, conflicts, exempt, clients = "rule-crypto/kms01", "rule-conflicts/kms01", "exemptions/kms01", "/domain:contoso.test"
	const nat, icmp = "nat-policy/kms01", "icmp-exempt/kms01"
	fault := func(name string) changing { return configuredFaults[name].change }
	doubt := func(name string) changing { return unseen[name].change }
	hidden := doubt("a GPO hidden from the reader")
	accountsUnread := func(p *intent.Policy, f *run.Forest) {
		fault("no account")(p, f)
		doubt("accounts that could not all be read")(p, f)
	}
	rows := []toldRow{
		{present, reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, run.Error, accountsUnread},
		{present, reason.ClaimComplete, run.Broken, reason.HostWithoutAccount, run.Fail, fault("no account")},
		{present, reason.ClaimComplete, run.Broken, reason.HostWithoutRules, run.Fail, fault("a host that is no Windows")},
		{"rule-present/kms02", reason.ClaimComplete, run.NotShown, reason.HostOutside, run.Inconclusive, doubt("a host of another domain")},
		{present, reason.ClaimComplete, run.Void, reason.NoGPOForHosts, run.Skip, func(p *intent.Policy, f *run.Forest) {
			asBackup(f)
			isolationOf(f).Registry, p.Isolation.Policies = nil, nil
			f.Lost = map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("a backup has none")}, run.AspectLinks: {reason.Quote("a backup has none")}}
			f.Domains[0].Accounts, f.Domains[0].Computers = nil, nil
		}},
		{present, reason.ClaimNoneLeft, itAlone, reason.PacketUnknown, run.Inconclusive, doubt("a rule that may be for the machines or not")},
		{present, reason.ClaimNoneLeft, run.Exposure, reason.NotProtected, run.Fail, fault("inactive")},
		{"rule-present" + clients, reason.ClaimPresent, itAlone, reason.MayGoInClear, run.Inconclusive, ruleText(exemptText("EP2_4=198.18.10.30|"))},
		{"rule-present" + clients, reason.ClaimPresent, run.Broken, reason.NotProtected, run.Fail, fault("a host is missing")},
		{"rule-present" + clients, reason.ClaimPresent, run.Broken, reason.GoesInClear, run.Fail, retell(func(o *told) { o.rule = exemptText("EP2_4=198.18.10.30|") })},

		{form, reason.ClaimUnopposed, itAlone, reason.PacketUnknown, run.Inconclusive, ruleText(replaced(exemptText("EP1_4=198.18.10.30|EP2_4=192.0.2.0/24|"), "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|"))},
		{form, reason.ClaimUnopposed, run.Exposure, reason.OnlyRequested, run.Fail, fault("boundary")},
		{form, reason.ClaimUnopposed, run.Broken, reason.RequiredOutbound, run.Fail, fault("secure")},
		{form, reason.ClaimUnopposed, run.Void, reason.NothingProtects, run.Skip, fault("inactive")},
		{form, reason.ClaimComplete, run.Void, reason.EndUnknown, run.Skip, fault("no account")},
		{"rule-requirement" + clients, reason.ClaimUnopposed, run.Void, reason.NoRuleForHosts, run.Skip, fault("inactive")},
		{"rule-requirement" + clients, reason.ClaimUnopposed, itAlone, reason.PacketUnknown, run.Inconclusive, ruleText(replaced(exemptText("EP2_4=198.18.10.30|"), "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|"))},

		{auth, reason.ClaimAgree, itAlone, reason.MainModeOwnMethods, run.Inconclusive, doubt("a main mode rule of its own")},
		{auth, reason.ClaimAgree, run.Exposure, reason.AcceptsAnonymous, run.Fail, accepting("Anonymous")},
		{"rule-authentication" + clients, reason.ClaimAgree, run.Broken, reason.AcceptsAnonymous, run.Fail, accepting("Anonymous")},
		{auth, reason.ClaimAgree, run.Broken, reason.NoComputerKerberos, run.Fail, doubt("certificates only")},
		{auth, reason.ClaimAgree, run.Void, reason.NothingProtects, run.Skip, fault("inactive")},

		{awake, reason.ClaimUnopposed, itAlone, reason.UnknownInDomain, run.Inconclusive, retell(func(o *told) {
			o.more = append(o.more, consecRule("{Y}", replaced(replaced(o.rule, "Profile=Domain", "Profile=Public"), "Name=KMS Isolation", "Name=there")))
			o.rule = replaced(o.rule, "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|")
		})},
		{awake, reason.ClaimUnopposed, run.Exposure, reason.AsleepInDomain, run.Fail, fault("public only")},
		{"rule-profile" + clients, reason.ClaimUnopposed, run.Broken, reason.AsleepInDomain, run.Fail, doubt("IPv6 in the Public profile only")},
		{awake, reason.ClaimUnopposed, run.Void, reason.NothingProtects, run.Skip, fault("inactive")},

		{open, reason.ClaimUnopposed, run.Exposure, reason.OpenWhileAsleep, run.Fail, fault("fails open")},
		{open, reason.ClaimUnopposed, run.Void, reason.OwnRulesDecide, run.Skip, nil},
		{open, reason.ClaimUnopposed, run.Void, reason.NoRuleInAnyProfile, run.Skip, fault("inactive")},

		{"rule-crypto" + clients, reason.ClaimAgree, itAlone, reason.MainModesMayDiffer, run.Inconclusive, doubt("a main mode rule of its own")},
		{crypto, reason.ClaimAgree, run.Exposure, reason.AcceptsNoEncap, run.Fail, fault("AUTH_NO_ENCAP")},
		{crypto, reason.ClaimAgree, run.Broken, reason.AcceptsNoESP, run.Fail, suite("Protocol", "AH", "AhHash", "SHA1")},
		{"rule-crypto" + clients, reason.ClaimAgree, run.Broken, reason.QuickModesDiffer, run.Fail, doubt("no quick mode proposal in common")},

		{"rule-conflicts" + clients, reason.ClaimUnopposed, itAlone, reason.PacketUnknown, run.Inconclusive, func(_ *intent.Policy, f *run.Forest) {
			moreGPO(f, "Convenience", replaced(exemptText("EP2_4=198.18.10.30|"), "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|"))
		}},
		{conflicts, reason.ClaimUnopposed, run.Exposure, reason.ExemptsUndeclared, run.Fail, doubt("another GPO exempts a network without a vantage")},
		{"rule-conflicts" + clients, reason.ClaimUnopposed, run.Broken, reason.ForeignExemption, run.Fail, func(p *intent.Policy, f *run.Forest) {
			retell(func(o *told) { o.rule = "" })(p, f)
			moreGPO(f, "Convenience", exemptText(""))
		}},
		{conflicts, reason.ClaimUnopposed, run.Broken, reason.BlockedForMembers, run.Fail, doubt("the firewall blocks members")},

		{exempt, reason.ClaimEqual, run.Exposure, reason.ExemptsUndeclared, run.Fail, fault("exemption too wide")},
		{exempt, reason.ClaimEqual, run.Broken, reason.DoesNotExempt, run.Fail, fault("exemption missing")},
		{exempt, reason.ClaimEqual, run.NotShown, reason.MayNotExempt, run.Inconclusive, func(p *intent.Policy, f *run.Forest) {
			retell(func(o *told) { o.exemption = "" })(p, f)
			hidden(p, f)
		}},
		{exempt, reason.ClaimEqual, run.Void, reason.IsolationElsewhere, run.Skip, fault("not linked")},
		{exempt, reason.ClaimInForce, run.Exposure, reason.ExemptsExpired, run.Fail, doubt("an exemption has expired")},

		{nat, reason.ClaimRead, run.Void, reason.ToldOtherwise, run.Skip, hidden},
		{nat, reason.ClaimRead, run.ToolFailed, reason.DirectoryProblem, run.Error, accountsUnread},
		{icmp, reason.ClaimRead, run.Void, reason.ResultantUnknown, run.Skip, fault("no account")},
		{icmp, reason.ClaimRead, run.Void, reason.ResultantUnsure, run.Skip, hidden},
	}
	for _, cell := range []string{present, "rule-present" + clients, form, "rule-requirement" + clients, auth, "rule-authentication" + clients, awake, "rule-profile" + clients,
		crypto, "rule-crypto" + clients, conflicts, "rule-conflicts" + clients, exempt} {
		rows = append(rows, toldRow{cell, reason.ClaimComplete, itAlone, reason.ToldOtherwise, run.Inconclusive, hidden})
	}
	rows = append(rows, toldRow{open, reason.ClaimComplete, itAlone, reason.ToldOtherwise, run.Inconclusive, func(p *intent.Policy, f *run.Forest) {
		closedAsleep(p, f)
		hidden(p, f)
	}})
	for _, row := range rows {
		t.Run(strings.Join([]string{row.cell, string(row.claim), string(row.support), string(row.why)}, " "), func(t *testing.T) { row.holds(t) })
	}
}

// holds looks at the claims of the row's cell.
func (row *toldRow) holds(t *testing.T) {
	t.Helper()
	c := audit(t, row.change)[row.cell]
	if c.Verdict != row.verdict || len(c.Trials) != 1 || !c.Reasons.Has(row.why) {
		t.Fatalf("%s is %s: %s, with %d trials", row.cell, c.Verdict, c.Reasons.Key(), len(c.Trials))
	}
	want, others := row.support, run.Support("")
	if want == itAlone {
		want, others = run.NotShown, run.Shown
	}
	found := false
	for _, a := range c.Trials[0].Claims {
		switch {
		case a.Code == row.claim:
			found = a.Support == want && a.Why.Has(row.why)
		case others != "" && a.Support != others:
			t.Errorf("%s is %s: %s", a.Code, a.Support, a.Why.Key())
		}
	}
	if !found {
		t.Errorf("no %s that is %s by %s: %+v", row.claim, want, row.why, c.Trials[0].Claims)
	}
}

// itAlone is the support of a claim that is not shown, where all others are.
const itAlone run.Support = "it alone"

// Where all is right each claim about rules is shown, by what the directory said.
func TestRuleClaimsShown(t *testing.T) {
	cells, both := audit(t, nil), map[reason.Code]bool{}
	cells["fails-open/kms01"] = audit(t, closedAsleep)["fails-open/kms01"]
	for _, check := range []string{"rule-present", "rule-requirement", "rule-authentication", "rule-profile", "fails-open", "rule-crypto", "rule-conflicts", "exemptions", "nat-policy", "icmp-exempt"} {
		for _, target := range []string{"/kms01", "/domain:contoso.test"} {
			c, there := cells[check+target]
			if !there {
				continue
			}
			if c.Verdict != run.Pass || c.Weak || len(c.Trials) != 1 || len(c.Trials[0].Claims) == 0 {
				t.Fatalf("%s is %s, weak %v: %s, with %d trials", c.ID, c.Verdict, c.Weak, c.Reasons.Key(), len(c.Trials))
			}
			for _, a := range c.Trials[0].Claims {
				both[a.Code] = true
				if a.Support != run.Shown || !slices.Equal(a.By, []string{"o1"}) {
					t.Errorf("%s: %s is %s by %v", c.ID, a.Code, a.Support, a.By)
				}
			}
		}
	}
	for _, code := range []reason.Code{reason.ClaimComplete, reason.ClaimNoneLeft, reason.ClaimPresent, reason.ClaimUnopposed, reason.ClaimAgree, reason.ClaimEqual, reason.ClaimInForce, reason.ClaimRead} {
		if !both[code] {
			t.Errorf("no cell has the claim %s", code)
		}
	}
}

// closedAsleep has the firewall drop all in the profiles in which the rule sleeps.
func closedAsleep(p *intent.Policy, f *run.Forest) {
	retell(func(o *told) {
		for _, name := range []string{"PrivateProfile", "PublicProfile"} {
			for _, v := range []registry.Value{{Name: "EnableFirewall", Data: "0x1"}, {Name: "AllowLocalPolicyMerge", Data: "0x0"}} {
				v.Key, v.Type = firewallPath+`\`+name, "REG_DWORD"
				o.more = append(o.more, v)
			}
		}
	})(p, f)
}

// What is exposed and what is broken in one cell are both said, and so is what two
// claims leave open.
func TestAllClaimsThatDecideAreSaid(t *testing.T) {
	for _, row := range []struct {
		cell    string
		verdict run.Verdict
		codes   []reason.Code
		change  []changing
	}{
		{"rule-conflicts/kms01", run.Fail, []reason.Code{reason.ExemptsUndeclared, reason.BlockedForMembers},
			[]changing{unseen["the firewall blocks members"].change, unseen["another GPO exempts a network without a vantage"].change}},
		{"exemptions/kms01", run.Fail, []reason.Code{reason.DoesNotExempt, reason.ExemptsExpired}, []changing{configuredFaults["exemption missing"].change, unseen["an exemption has expired"].change}},
		{"rule-authentication/kms01", run.Inconclusive, []reason.Code{reason.ToldOtherwise, reason.MainModeOwnMethods},
			[]changing{unseen["a main mode rule of its own"].change, unseen["a GPO hidden from the reader"].change}},
	} {
		c := audit(t, func(p *intent.Policy, f *run.Forest) {
			for _, change := range row.change {
				change(p, f)
			}
		})[row.cell]
		if c.Verdict != row.verdict || slices.ContainsFunc(row.codes, func(code reason.Code) bool { return !c.Reasons.Has(code) }) {
			t.Errorf("%s is %s: %s", row.cell, c.Verdict, c.Reasons.Key())
		}
	}
}
