package diagnose

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// deployment is one host with a member, an outsider and the host itself as
// vantages, and a directory.
func deployment() *intent.Policy {
	p := &intent.Policy{
		Isolation: intent.Isolation{Stage: intent.StageRequire, Scope: intent.ScopeHost,
			Policies: []intent.GPO{{Name: "KMS Isolation Policy", Role: "both"}},
			Outbound: []intent.Access{{From: []string{"kms01"}, To: []string{"files:445"}}}},
		Forests: []intent.Forest{{Name: "contoso.test", Directory: intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "backup")}}},
		Hosts: []intent.Host{{Name: "kms01", FQDN: "kms01.contoso.test", Port: 1688,
			Addresses: []netip.Addr{netip.MustParseAddr("198.18.10.30")}}},
		Vantages: []intent.Vantage{
			{Name: "client", Role: intent.RoleDomain}, {Name: "guest", Role: intent.RoleNonDomain}, {Name: "annex", Role: intent.RoleNonDomain},
			{Name: "kms01", Role: intent.RoleKMSHost, Host: "kms01"},
		},
		Pins: map[string]intent.Pin{"files": {Addrs: []netip.Addr{netip.MustParseAddr("198.18.11.40")}}},
	}
	p = intent.New(*p)
	return p
}

// diagnosed makes cells of the deployment, those named with what is given and all
// others a pass, and diagnoses them. What was observed is answered, unless come
// says otherwise.
func diagnosed(t *testing.T, cells map[string]run.Cell, come func(*run.Observation)) (map[string]run.Cell, *run.Run) {
	t.Helper()
	p := deployment()
	pl := checks.NewPlan(p, false)
	r := &run.Run{}
	for _, n := range pl.Needs() {
		o := run.Observation{Need: n, Class: run.Answered}
		if n.When == run.Window {
			o.Class = run.Silent
		}
		if come != nil {
			come(&o)
		}
		r.Observations = append(r.Observations, o)
	}
	var all []run.Cell
	left := len(cells)
	for _, c := range pl.Checks() {
		for _, id := range c.Cells(p) {
			cell, ok := cells[id.String()]
			if cell.ID = id; ok {
				left--
			} else {
				cell.Verdict = run.Pass
			}
			all = append(all, cell)
		}
	}
	if left != 0 {
		t.Fatalf("%d cells are not of the deployment", left)
	}
	Diagnose(pl, r, all)
	got := map[string]run.Cell{}
	for _, c := range all {
		got[c.ID.String()] = c
	}
	return got, r
}

func failed(words string) run.Cell {
	return run.Cell{Verdict: run.Fail, Reasons: reason.List{reason.Quote(words)}}
}

// An explanation that breaks leaves the verdicts as they are, and is named; a
// fail is one all the same.
func TestAnExplanationThatBreaks(t *testing.T) {
	belttest.Recover(t)
	before := explanations
	explanations = append([]explanation{{"odd", func(*diagnosis) { panic("odd") }}}, explanations...)
	t.Cleanup(func() { explanations = before })
	const cell = "non-domain-kms/guest/kms01"
	got, r := diagnosed(t, map[string]run.Cell{cell: failed("it answers")}, nil)
	if !slices.Equal(r.Broken, []string{"diagnosis odd"}) {
		t.Errorf("broken: %v", r.Broken)
	}
	if c := got[cell]; c.Verdict != run.Fail || len(c.Causes) == 0 {
		t.Errorf("%+v", c)
	}
}

// The explanations that are about one check by name name a check.
func TestNamesOfChecks(t *testing.T) {
	for _, id := range []string{gpoExists, gpoCoverage, gpoNotOnDCs, gpoReplicated, gpoCopiesAgree, gpoApplied, rulePresent, exemptions, espPasses} {
		if !slices.ContainsFunc(checks.All, func(c check.Check) bool { return c.ID == id }) {
			t.Errorf("there is no check %s", id)
		}
	}
}

// A check that is new gets its causes by what it declares of itself.
func TestANewCheckGetsItsCauses(t *testing.T) {
	kms := netip.MustParseAddr("198.18.10.30")
	silent := func(match func(run.Need) bool) func(*run.Observation) {
		return func(o *run.Observation) {
			if match(o.Need) {
				o.Class = run.Silent
			}
		}
	}
	tcp := simulate.TCP
	for name, c := range map[string]struct {
		check   check.Check
		vantage string
		target  string
		cell    run.Cell
		others  map[string]run.Cell
		come    func(*run.Observation)
		root    string
	}{
		"an allowed flow, and IKE is silent": {
			check:   check.Check{Flow: check.Flow{Intent: check.Allowed, Protocol: tcp, Declared: true}, After: []string{"ike-500"}},
			vantage: "client", target: "kms01", cell: failed("silent"),
			others: map[string]run.Cell{"ike-500/client/kms01": failed("silent")},
			come:   silent(func(n run.Need) bool { return n.Probe == run.ProbeIKE }), root: "ike-500/client/kms01",
		},
		"an allowed flow, and ESP does not pass": {
			check:   check.Check{Flow: check.Flow{Intent: check.Allowed, Protocol: tcp}, After: []string{"esp-50"}},
			vantage: "client", target: "kms01", cell: failed("silent"),
			others: map[string]run.Cell{"esp-50/client/kms01": failed("none arrived")}, root: "esp-50/client/kms01",
		},
		"an allowed flow that needs no ESP": {
			check:   check.Check{Flow: check.Flow{Intent: check.Allowed, Protocol: tcp}},
			vantage: "client", target: "kms01", cell: failed("silent"),
			others: map[string]run.Cell{"esp-50/client/kms01": failed("none arrived")},
		},
		"an allowed flow, and the host is down": {
			check:   check.Check{Flow: check.Flow{Intent: check.Allowed, Protocol: tcp}},
			vantage: "client", target: "kms01", cell: failed("silent"),
			others: map[string]run.Cell{"domain-kms/client/kms01": failed("silent")},
			come:   silent(func(n run.Need) bool { return n.Addr == kms }), root: "domain-kms/client/kms01",
		},
		"a denied flow, and the host is open": {
			check:   check.Check{Flow: check.Flow{Intent: check.Denied, Protocol: tcp}},
			vantage: "guest", target: "kms01", cell: failed("answered"),
			others: map[string]run.Cell{"non-domain-kms/guest/kms01": failed("answered")},
			come: func(o *run.Observation) {
				if o.Need.When == run.Window {
					o.Class = run.Answered
				}
			}, root: "non-domain-kms/guest/kms01",
		},
		"what is looked at on a wire, and the flow failed": {
			check:   check.Check{Flow: check.Flow{Intent: check.Protected, Protocol: tcp}},
			vantage: "client", target: "kms01", cell: run.Cell{Verdict: run.Inconclusive, Reasons: reason.List{reason.Quote("no connection")}},
			others: map[string]run.Cell{"domain-kms/client/kms01": failed("refused")}, root: "domain-kms/client/kms01",
		},
		"a flow that the host is told to treat otherwise": {
			check:   check.Check{Flow: check.Flow{Intent: check.Denied, Protocol: tcp}},
			vantage: "guest", target: "kms01", cell: run.Cell{Verdict: run.Fail, Reasons: reason.List{reason.Quote("answered")}, Breaks: run.BreaksPolicy},
			others: map[string]run.Cell{"rule-requirement/directory/kms01": failed("request")}, root: "rule-requirement/directory/kms01",
		},
		"rules, and the GPO is not linked": {
			check:   check.Check{Configured: true, Rules: true, After: []string{"gpo-wmi-filter"}},
			vantage: run.DirectoryVantage, target: "kms01", cell: run.Cell{Verdict: run.Inconclusive, Reasons: reason.List{reason.Quote("nothing comes")}},
			others: map[string]run.Cell{"gpo-linked/directory/gpo:KMS Isolation Policy": failed("no link")}, root: "gpo-linked/directory/gpo:KMS Isolation Policy",
		},
		"what else there is of a GPO, and the GPO is missing": {
			check:   check.Check{Configured: true, After: []string{"gpo-exists"}},
			vantage: run.DirectoryVantage, target: "gpo:KMS Isolation Policy", cell: failed("no folder"),
			others: map[string]run.Cell{"gpo-exists/directory/gpo:KMS Isolation Policy": failed("missing")}, root: "gpo-exists/directory/gpo:KMS Isolation Policy",
		},
		"rules at a host, and they fail at its clients too": {
			check:   check.Check{Configured: true, Rules: true},
			vantage: run.DirectoryVantage, target: "domain:contoso.test", cell: failed("wrong"),
			root:   "odd/directory/kms01",
			others: map[string]run.Cell{"odd/directory/kms01": failed("wrong")},
		},
		"a host's own doing, and it reaches nobody": {
			check:   check.Check{After: []string{"kms-outbound"}},
			vantage: "kms01", target: "contoso.test", cell: failed("no answer"),
			others: map[string]run.Cell{"kms-outbound/kms01/files:445": failed("silent")},
			// One silent peer is not everybody, and it is no resolver.
		},
		"after a check that no explanation is about": {
			check:   check.Check{After: []string{"static-address"}},
			vantage: "kms01", target: "kms01", cell: failed("it moved"),
			others: map[string]run.Cell{"static-address/kms01/kms01": failed("by DHCP")}, root: "static-address/kms01/kms01",
		},
		"after a check that did not fail": {
			check:   check.Check{After: []string{"static-address"}},
			vantage: "kms01", target: "kms01", cell: failed("it moved"),
		},
		"after a check of another vantage": {
			check:   check.Check{After: []string{"static-address"}},
			vantage: "client", target: "kms01", cell: failed("it moved"),
			others: map[string]run.Cell{"static-address/kms01/kms01": failed("by DHCP")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := checks.All
			c.check.ID = "odd"
			c.check.Cells = func(*intent.Policy) []run.CellID {
				ids := []run.CellID{{Check: "odd", Vantage: c.vantage, Target: c.target}}
				if _, more := c.others["odd/directory/kms01"]; more {
					ids = append(ids, run.CellID{Check: "odd", Vantage: run.DirectoryVantage, Target: "kms01"})
				}
				return ids
			}
			c.check.Trials = func(*intent.Policy, run.CellID) ([]check.Trial, reason.List) { return nil, nil }
			checks.All = append(slices.Clone(before), c.check)
			t.Cleanup(func() { checks.All = before })
			id := "odd/" + c.vantage + "/" + c.target
			cells := map[string]run.Cell{id: c.cell}
			for other, cell := range c.others {
				cells[other] = cell
			}
			got, _ := diagnosed(t, cells, c.come)
			root := ""
			if by := got[id].CausedBy; by != nil {
				root = by.String()
			}
			if root != c.root || root == "" && len(got[id].Causes) == 0 {
				t.Errorf("it follows from %q (cause %q), want %q", root, got[id].Causes.Key(), c.root)
			}
		})
	}
}

// Who of the outsiders is answered tells what lets them in.
func TestWhoIsLetIn(t *testing.T) {
	const guest, annex = "non-domain-kms/guest/kms01", "non-domain-kms/annex/kms01"
	for name, c := range map[string]struct {
		alone bool // there is no other outsider
		open  []string
		want  reason.Code
	}{
		"one of two": {open: []string{"guest"}, want: reason.OpenToSome},
		"both":       {open: []string{"guest", "annex"}, want: reason.OpenToAll},
		"the only":   {alone: true, open: []string{"guest"}, want: reason.OpenToOne},
	} {
		t.Run(name, func(t *testing.T) {
			cells := map[string]run.Cell{}
			for _, v := range c.open {
				cells["non-domain-kms/"+v+"/kms01"] = failed("it answers")
			}
			got, _ := diagnosed(t, cells, func(o *run.Observation) {
				switch n := o.Need; {
				case n.When != run.Window:
				case c.alone && n.Vantage == "annex":
					o.Need.Target = "another" // nobody but the guest asked this host
				case slices.Contains(c.open, n.Vantage):
					o.Class = run.Answered
				}
			})
			if causes := got[guest].Causes; !causes.Has(c.want) {
				t.Errorf("%s, want %s", causes.Key(), c.want)
			}
			if by := got[annex].CausedBy; len(c.open) > 1 && (by == nil || by.String() != guest) {
				t.Errorf("the other outsider follows from %v", by)
			}
		})
	}
}

// One thing in doubt leaves the checks of several rules in doubt, and is one cause.
func TestRulesInDoubt(t *testing.T) {
	doubt := run.Cell{Verdict: run.Inconclusive, Reasons: reason.One(reason.ToldUnreadable, "ends", "kms01", "why", reason.Quote("a rule of a new form"))}
	got, _ := diagnosed(t, map[string]run.Cell{"rule-present/directory/kms01": doubt, "rule-crypto/directory/kms01": doubt}, nil)
	if root := got["rule-present/directory/kms01"]; !root.Causes.Has(reason.RulesInDoubt) || root.CausedBy != nil {
		t.Errorf("%s", root.Causes.Key())
	}
	if by := got["rule-crypto/directory/kms01"].CausedBy; by == nil || by.String() != "rule-present/directory/kms01" {
		t.Errorf("it follows from %v", by)
	}
}
