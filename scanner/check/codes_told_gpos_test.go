package check_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// gpoClaimRow is a world in which one claim of a check of what is configured is supported
// otherwise than shown.
type gpoClaimRow struct {
	cell    string // without the GPO, which is the isolation's
	claim   reason.Code
	support run.Support
	why     reason.Code // "" where nothing is said of it
	change  func(*intent.Policy, *run.Forest)
	more    []*run.Forest
	alone   bool // all other claims are shown
}

func (f configuredFault) row(claim reason.Code, support run.Support, why reason.Code, alone bool) gpoClaimRow {
	return gpoClaimRow{f.cell, claim, support, why, f.change, f.more, alone}
}

func (c gpoRow) row(claim reason.Code, support run.Support, why reason.Code, alone bool) gpoClaimRow {
	return gpoClaimRow{c.cell, claim, support, why, c.change, c.more, alone}
}

// lostIn has an aspect of the domain that could not be read.
func lostIn(a run.Aspect) func(*intent.Policy, *run.Forest) {
	return func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: a, Where: f.Domains[0].DN, Why: reason.List{reason.Quote("no answer")}, Unread: true})
	}
}

func account(change func(*run.Account)) func(*intent.Policy, *run.Forest) {
	return func(_ *intent.Policy, f *run.Forest) { change(&f.Domains[0].Accounts[0]) }
}

func gpoClaimRows() []gpoClaimRow {
	const domain = "/domain:contoso.test"
	fault, doubt, code := configuredFaults, unseen, codesOfGPOs
	return []gpoClaimRow{
		code["the GPO could not be read"].row(reason.ClaimComplete, run.ToolFailed, reason.GPOUnread, false),
		fault["no such GPO"].row(reason.ClaimPresent, run.Broken, reason.GPONotInDomain, false),
		doubt["the isolation is hidden from the reader"].row(reason.ClaimPresent, run.ToolFailed, reason.GPOMaybeHidden, false),
		fault["computer half off"].row(reason.ClaimTakesEffect, run.Broken, reason.ComputerHalfOff, true),
		code["no functionality version"].row(reason.ClaimTakesEffect, run.ToolFailed, reason.FunctionalityMissing, true),

		code["no GPO"].row(reason.ClaimComplete, run.Void, reason.GPOMissing, false),
		{"gpo-linked", reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectLinks), nil, false},
		{"gpo-linked", reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectComputers), nil, false},
		code["inheritance blocked"].row(reason.ClaimReaches, run.Broken, reason.HostNotBelowLink, true),
		code["linked at the hosts alone"].row(reason.ClaimCounted, run.Broken, reason.ComputersNotBelowLink, true),
		fault["a domain nobody declared"].row(reason.ClaimNoneLeft, run.Broken, reason.UndeclaredDomain, true),
		doubt["a child domain that is not read"].row(reason.ClaimNoneLeft, run.NotShown, reason.UnreadDomain, true),

		{"gpo-replicated", reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectCopies), nil, false},
		fault["one controller does not answer"].row(reason.ClaimAsked, run.ToolFailed, reason.CopiesUnread, true),
		code["no controller asked"].row(reason.ClaimAsked, run.NotShown, reason.NoControllerAsked, false),
		code["one not asked of all"].row(reason.ClaimAsked, run.NotShown, reason.CopiesNotAsked, true),
		fault["AD and SYSVOL differ"].row(reason.ClaimEqual, run.Broken, reason.HalvesDiffer, true),

		code["no copy"].row(reason.ClaimComplete, run.Void, reason.NoCopyInDomain, false),
		fault["the copy in the other forest lacks a host"].row(reason.ClaimAgree, run.Broken, reason.CopyLacksHost, true),
		doubt["the copy in the other forest could not be read"].row(reason.ClaimAgree, run.NotShown, reason.GPODoubtful, true),
		{"gpo-copies-agree" + domain, reason.ClaimAgree, run.Void, reason.NoOtherCopy, nothing, code["no copy"].more, true},

		{"gpo-coverage" + domain, reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectComputers), nil, false},
		fault["most computers are out of reach"].row(reason.ClaimCounted, run.Broken, reason.CoverageLow, true),
		doubt["linked to a site only"].row(reason.ClaimCounted, run.NotShown, reason.CoverageUnsure, true),
		code["no clients"].row(reason.ClaimCounted, run.Void, reason.NoClientsInDomain, true),

		{"gpo-not-on-dcs", reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectComputers), nil, false},
		fault["domain controllers get it"].row(reason.ClaimNoneLeft, run.Broken, reason.ControllersBound, true),
		doubt["whether controllers get it is not known"].row(reason.ClaimNoneLeft, run.NotShown, reason.ControllerMaybeGetsGPO, true),
		code["no accounts of controllers"].row(reason.ClaimNoneLeft, run.NotShown, reason.NoControllerAccounts, true),

		{"dc-activation" + domain, reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectComputers), nil, false},
		fault["nobody says how controllers activate"].row(reason.ClaimNoneLeft, run.Broken, reason.ControllersNotActivated, true),
		code["whether it does is not known"].row(reason.ClaimNoneLeft, run.NotShown, reason.ADBAUnknown, true),

		{"legacy-exempt" + domain, reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectComputers), nil, false},
		{"legacy-exempt" + domain, reason.ClaimNoneLeft, run.NotShown, "", lostIn(run.AspectComputers), nil, false},
		fault["XP in use"].row(reason.ClaimNoneLeft, run.Broken, reason.LegacyInUse, true),

		{"gpo-readable", reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectSecurity), nil, false},
		fault["Authenticated Users taken out"].row(reason.ClaimReaches, run.Broken, reason.HostRefused, false),
		fault["Authenticated Users taken out"].row(reason.ClaimCounted, run.Broken, reason.ComputersRefused, false),
		doubt["the isolation's permissions could not be read"].row(reason.ClaimReaches, run.NotShown, reason.HostMaybeRefused, false),
		doubt["the isolation's permissions could not be read"].row(reason.ClaimCounted, run.NotShown, reason.ComputersRefused, false),

		code["no filters in the source"].row(reason.ClaimComplete, run.Void, reason.FilterNotInSource, false),
		fault["the paper's filter"].row(reason.ClaimEvaluates, run.Broken, reason.FilterFalse, true),
		doubt["a filter whose layout is wrong"].row(reason.ClaimEvaluates, run.NotShown, reason.FilterUnreadable, true),

		{"forest-trust/forest:fabrikam.test", reason.ClaimComplete, run.ToolFailed, reason.DirectoryProblem, lostIn(run.AspectTrusts), elsewhere(func(*run.Forest) {}), false},
		code["one forest"].row(reason.ClaimAgree, run.Void, reason.SameForest, false),
		doubt["a trust that is disabled"].row(reason.ClaimAgree, run.Broken, reason.TrustDisabled, true),
		doubt["selective authentication, and the host's permissions were not read"].row(reason.ClaimAgree, run.NotShown, reason.SelectiveUnread, true),

		{"kerberos-ready/kms01", reason.ClaimPresent, run.Broken, reason.HostWithoutAccount, func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = f.Domains[0].Accounts[1:] }, nil, false},
		{"kerberos-ready/kms02", reason.ClaimComplete, run.NotShown, reason.HostOutside, doubt["a host of another domain"].change, nil, false},
		{"kerberos-ready/kms01", reason.ClaimPresent, run.Broken, reason.AccountDisabled, account(func(a *run.Account) { a.Enabled = false }), nil, true},
		doubt["who shares its names is not known"].row(reason.ClaimPresent, run.NotShown, reason.DirectoryProblem, true),
		{"kerberos-ready/kms01", reason.ClaimAgree, run.Broken, reason.NoAES, account(func(a *run.Account) { a.EncTypes = ptr(uint32(4)) }), nil, true},
		code["the clock"].row(reason.ClaimInForce, run.Weak, reason.ClockSkew, true),
		{"kerberos-ready/kms01", reason.ClaimInForce, run.NotShown, "", func(_ *intent.Policy, f *run.Forest) { f.Skew = nil }, nil, true},
	}
}

// Each claim of the checks of GPOs, accounts and trusts, where it is not shown or
// contradicted: and that decides its cell.
func TestClaimsOfGPOs(t *testing.T) {
	for _, row := range gpoClaimRows() {
		if !strings.Contains(row.cell, "/") {
			row.cell += "/gpo:KMS Isolation Policy"
		}
		t.Run(row.cell+" "+string(row.claim)+" "+string(row.support)+" "+string(row.why), func(t *testing.T) {
			c := audit(t, row.change, row.more...)[row.cell]
			if c.Verdict == run.Pass && (!c.Weak || row.support != run.Weak) {
				t.Errorf("%s passes, weak %v", row.cell, c.Weak)
			}
			if row.why != "" && !c.Reasons.Names(row.why) {
				t.Errorf("%s is %s: %s, want %s", row.cell, c.Verdict, c.Reasons.Key(), row.why)
			}
			for _, a := range claimsOf(t, c) {
				switch {
				case a.Code == row.claim && (a.Support != row.support || row.why != "" && !a.Why.Names(row.why)):
					t.Errorf("%s is %s: %s, want %s: %s", a.Code, a.Support, a.Why.Key(), row.support, row.why)
				case a.Code != row.claim && row.alone && a.Support != run.Shown:
					t.Errorf("%s is %s besides: %s", a.Code, a.Support, a.Why.Key())
				}
			}
		})
	}
}

// claimsOf are those of the one trial of a cell.
func claimsOf(t *testing.T, c run.Cell) []run.Claim {
	t.Helper()
	if len(c.Trials) != 1 {
		t.Fatalf("%s is %s and has the trials %+v", c.ID, c.Verdict, c.Trials)
	}
	return c.Trials[0].Claims
}

// Where all is right each claim is shown, and rests on what was read; and each claim of
// these checks has a row in which it is not.
func TestClaimsOfGPOsAreShown(t *testing.T) {
	rows := map[string]bool{}
	for _, row := range gpoClaimRows() {
		check, _, _ := strings.Cut(row.cell, "/")
		rows[check+" "+string(row.claim)] = true
	}
	for id, c := range audit(t, nil, fabrikam()) {
		check, _, _ := strings.Cut(id, "/")
		if !strings.HasPrefix(check, "gpo-") && !slices.Contains([]string{"dc-activation", "legacy-exempt", "forest-trust", "kerberos-ready"}, check) || id == "forest-trust/forest:contoso.test" {
			continue
		}
		for _, a := range claimsOf(t, c) {
			if a.Support != run.Shown || len(a.By) == 0 {
				t.Errorf("%s: %s is %s: %s", id, a.Code, a.Support, a.Why.Key())
			}
			if !rows[check+" "+string(a.Code)] {
				t.Errorf("%s of %s has no row", a.Code, check)
			}
		}
	}
}

// A GPO for hosts alone has nothing to say of clients, and the other way round.
func TestClaimsOfARole(t *testing.T) {
	cells := audit(t, twoGPOs)
	for id, not := range map[string]reason.Code{
		"gpo-linked/gpo:KMS Isolation Policy":   reason.ClaimCounted,
		"gpo-readable/gpo:KMS Isolation Policy": reason.ClaimCounted,
		"gpo-linked/gpo:KMS Clients":            reason.ClaimReaches,
		"gpo-readable/gpo:KMS Clients":          reason.ClaimReaches,
	} {
		if c := cells[id]; c.Verdict != run.Pass || slices.ContainsFunc(claimsOf(t, c), func(a run.Claim) bool { return a.Code == not }) {
			t.Errorf("%s is %s: %+v", id, c.Verdict, c.Trials)
		}
	}
}

// What is in doubt is not skipped because a source does not tell something else; and
// what could not be read is named beside a fail.
func TestDoubtOutweighsWhatIsNotThere(t *testing.T) {
	both := func(p *intent.Policy, f *run.Forest) {
		unseen["a child domain that is not read"].change(p, f)
		f.Lost = map[run.Aspect]reason.List{run.AspectLinks: {reason.Quote("a backup has no links")}}
	}
	if c := audit(t, both)["gpo-linked/gpo:KMS Isolation Policy"]; c.Verdict != run.Inconclusive || !c.Reasons.Has(reason.UnreadDomain) || !c.Reasons.Has(reason.PlaceNotObserved) {
		t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Reasons.Key())
	}
	late := func(p *intent.Policy, f *run.Forest) {
		lostIn(run.AspectCopies)(p, f)
		configuredFaults["AD and SYSVOL differ"].change(p, f)
		f.Skew = ptr(time.Minute)
	}
	if c := audit(t, late)["gpo-replicated/gpo:KMS Isolation Policy"]; c.Verdict != run.Fail || !c.Reasons.Has(reason.HalvesDiffer) || !c.Reasons.Has(reason.PlaceNotObserved) {
		t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Reasons.Key())
	}
}
