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

// A change is one of a deployment and of what its directory says.
type change = func(*intent.Policy, *run.Forest)

// both are several changes, one after the other.
func both(changes ...change) change {
	return func(p *intent.Policy, f *run.Forest) {
		for _, c := range changes {
			c(p, f)
		}
	}
}

const elsewhereOU = "OU=Printers,DC=contoso,DC=test"

// unreadAt is an aspect that could not be read at a place.
func unreadAt(a run.Aspect, where string, why ...reason.Reason) change {
	return func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: a, Where: where, Why: append(reason.List{reason.Quote("no answer")}, why...), Unread: true})
	}
}

// untold is an aspect that the kind of source cannot tell.
func untold(a run.Aspect) change {
	return func(_ *intent.Policy, f *run.Forest) {
		f.Lost = map[run.Aspect]reason.List{a: {reason.Quote("this source has none")}}
	}
}

// sameGPO adds a GPO of the same name as the isolation, which so is a carrier too.
func sameGPO(of func(*run.GPO)) change {
	return func(_ *intent.Policy, f *run.Forest) {
		g := moreGPO(f, isolationOf(f).Name)
		g.Registry = isolationOf(f).Registry
		of(g)
	}
}

func undeclaredDomain(p *intent.Policy, f *run.Forest) {
	p.Isolation.Policies[0].Domains = []string{"contoso.test"}
	f.Domains = append(f.Domains, run.Domain{Name: "emea.contoso.test", DN: "DC=emea,DC=contoso,DC=test", Computers: []run.Computers{{Machine: f.Domains[0].Computers[1].Machine, Names: []string{"x.emea.contoso.test"}}}})
}

func blockedAt(ou string) change {
	return func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: ou, Blocks: true})
	}
}

// lacking is a copy in the other forest that lacks a host.
func lacking() *run.Forest {
	f := fabrikam()
	text := paperTold()
	text.rule = replaced(text.rule, "EP2_4=198.18.10.31|", "")
	isolationOf(f).Registry = text.values()
	return f
}

// hidden are a fail, and trouble beside it that hides it no more.
var hidden = map[string]struct {
	cell    string // without the GPO, which is the isolation's
	more    func() []*run.Forest
	wrong   change
	code    reason.Code // of the fail
	trouble map[string]change
}{
	"gpo-exists": {
		wrong: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Flags = 2 }, code: reason.ComputerHalfOff,
		trouble: map[string]change{
			"no version of its form": func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Functionality = 0 },
			"settings": func(_ *intent.Policy, f *run.Forest) {
				isolationOf(f).Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "Registry.pol", Why: reason.List{reason.Quote("no answer")}, Unread: true}}
			},
			"another one": sameGPO(func(g *run.GPO) {
				g.Problems = []run.Problem{{Aspect: run.AspectGPOs, Where: g.DN, Why: reason.List{reason.Quote("no answer")}, Unread: true}}
			}),
		}},
	"gpo-linked, of an undeclared domain": {cell: "gpo-linked",
		wrong: undeclaredDomain, code: reason.UndeclaredDomain,
		trouble: map[string]change{
			"links":      unreadAt(run.AspectLinks, "DC=contoso,DC=test"),
			"no links":   untold(run.AspectLinks),
			"one domain": unreadAt(run.AspectGPOs, "apac.contoso.test", reason.New(reason.DomainUnread, "domain", "apac.contoso.test", "why", reason.Quote("no answer"))),
		}},
	"gpo-linked, of a host": {cell: "gpo-linked",
		wrong: blockedAt("OU=KMS,DC=contoso,DC=test"), code: reason.HostNotBelowLink,
		trouble: map[string]change{"links of another OU": unreadAt(run.AspectLinks, elsewhereOU)}},
	"gpo-linked, of clients": {cell: "gpo-linked",
		wrong: blockedAt("OU=Clients,DC=contoso,DC=test"), code: reason.ComputersNotBelowLink,
		trouble: map[string]change{"links of another OU": unreadAt(run.AspectLinks, elsewhereOU)}},
	"gpo-readable": {
		wrong: func(_ *intent.Policy, f *run.Forest) {
			isolationOf(f).Security = strings.NewReplacer("(A;CI;RPLCLORC;;;AU)", "", "(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)", "").Replace(gpoSDDL)
		}, code: reason.HostRefused,
		trouble: map[string]change{
			"computers":              unreadAt(run.AspectComputers, "DC=contoso,DC=test"),
			"no computers":           untold(run.AspectComputers),
			"another descriptor":     unreadAt(run.AspectSecurity, "CN=other"),
			"a GPO of the same name": sameGPO(func(g *run.GPO) { g.ID = "{0}" }),
		}},
	"gpo-replicated": {
		wrong: func(_ *intent.Policy, f *run.Forest) {
			f.Domains[0].Copies[0].GPOs[0].FileVersion = ptr(uint32(2))
		}, code: reason.HalvesDiffer,
		trouble: map[string]change{
			"another controller": func(_ *intent.Policy, f *run.Forest) {
				f.Domains[0].Copies = append(f.Domains[0].Copies, run.Copy{Server: "dc02.contoso.test", Error: reason.List{reason.Quote("no answer")}})
			},
			"its GPO":      otherCopy(run.CopiedGPO{ID: isolationID, Error: reason.List{reason.Quote("no answer")}}),
			"a controller": unreadAt(run.AspectCopies, "ldaps://dc02.contoso.test"),
			"no copies":    untold(run.AspectCopies),
		}},
	"gpo-not-on-dcs": {
		wrong: configuredFaults["domain controllers get it"].change, code: reason.ControllerGetsGPO,
		trouble: map[string]change{
			"computers":           unreadAt(run.AspectComputers, "DC=contoso,DC=test"),
			"no computers":        untold(run.AspectComputers),
			"a descriptor":        unreadAt(run.AspectSecurity, "CN=other"),
			"no descriptors":      untold(run.AspectSecurity),
			"links of another OU": unreadAt(run.AspectLinks, elsewhereOU),
		}},
	"gpo-wmi-filter": {
		wrong: configuredFaults["the paper's filter"].change, code: reason.FilterFalse,
		trouble: map[string]change{
			"computers":             unreadAt(run.AspectComputers, "DC=contoso,DC=test"),
			"the filter of another": both(unreadAt(run.AspectFilters, "CN=SOM"), sameGPO(func(g *run.GPO) { g.Filter = "[contoso.test;" + otherID + ";0]" })),
		}},
	"gpo-copies-agree": {cell: "gpo-copies-agree/domain:fabrikam.test", more: func() []*run.Forest { return []*run.Forest{lacking()} },
		wrong: nothing, code: reason.CopyLacksHost,
		trouble: map[string]change{
			"the other copy": retell(func(o *told) {
				o.more = append(o.more, registry.Value{Key: firewallPath + `\ConSecRules`, Name: "{Y}", Type: "REG_SZ", Data: "nonsense"})
			}),
			"a third forest": func(p *intent.Policy, _ *run.Forest) {
				p.Forests = append(p.Forests, intent.Forest{Name: "northwind.test", Directory: intent.Directory{URLs: []string{"ldaps://dc01.northwind.test"}, Credential: "reader"}})
			},
		}},
	"kerberos-ready": {cell: "kerberos-ready/kms01",
		wrong: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts[0].Enabled = false }, code: reason.AccountDisabled,
		trouble: map[string]change{
			"its address":  func(p *intent.Policy, _ *run.Forest) { p.Hosts[0].Addresses = nil },
			"its account":  unreadAt(run.AspectComputers, "CN=kms01,OU=KMS,DC=contoso,DC=test"),
			"no computers": untold(run.AspectComputers),
		}},
	"gpo-coverage": {cell: "gpo-coverage/domain:contoso.test",
		wrong: blockedAt("OU=Clients,DC=contoso,DC=test"), code: reason.CoverageLow,
		trouble: map[string]change{
			"computers":           unreadAt(run.AspectComputers, "DC=contoso,DC=test"),
			"no computers":        untold(run.AspectComputers),
			"links of another OU": unreadAt(run.AspectLinks, elsewhereOU),
		}},
	"legacy-exempt": {cell: "legacy-exempt/domain:contoso.test",
		wrong: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Computers[5].Idle = false }, code: reason.LegacyInUse,
		trouble: map[string]change{
			"computers":    unreadAt(run.AspectComputers, "DC=contoso,DC=test"),
			"no computers": untold(run.AspectComputers),
		}},
}

// What could not be read, what a source cannot tell and what is not known hide no
// fail of what is configured. An error and a missing capability are named after it.
func TestTroubleBesideAConfiguredFail(t *testing.T) {
	for name, c := range hidden {
		if c.cell == "" {
			c.cell = name
		}
		if !strings.Contains(c.cell, "/") {
			c.cell += "/gpo:KMS Isolation Policy"
		}
		judged := func(changes ...change) run.Cell {
			var more []*run.Forest
			if c.more != nil {
				more = c.more()
			}
			all := audit(t, both(changes...), more...)
			if cell, ok := all[c.cell]; ok {
				return cell
			}
			return all[c.cell+"@contoso.test"] // where another forest is declared
		}
		alone := judged(c.wrong)
		if alone.Verdict != run.Fail || !alone.Reasons.Names(c.code) {
			t.Errorf("%s alone is %s: %s", name, alone.Verdict, alone.Reasons.Key())
		}
		for what, trouble := range c.trouble {
			cell := judged(c.wrong, trouble)
			if cell.Verdict != run.Fail || len(cell.Reasons) == 0 || !cell.Reasons[:1].Names(c.code) {
				t.Errorf("%s beside %s is %s: %s", name, what, cell.Verdict, cell.Reasons.Key())
			}
			if c.more != nil {
				continue // what is wrong cannot be taken away
			}
			without := judged(trouble)
			if without.Verdict == run.Fail {
				t.Errorf("%s: %s alone fails: %s", name, what, without.Reasons.Key())
			}
			named := slices.Collect(cell.Reasons.All)
			for _, why := range without.Reasons {
				if without.Verdict != run.Inconclusive && !slices.ContainsFunc(named, why.Equal) {
					t.Errorf("%s beside %s: %s does not name %s", name, what, cell.Reasons.Key(), why.Key())
				}
			}
		}
	}
}

// What is missing fails only where all was read in which it may be.
func TestWhatMayBeThereDoesNotFail(t *testing.T) {
	kms, clients := "OU=KMS,DC=contoso,DC=test", "OU=Clients,DC=contoso,DC=test"
	lenient := func(p *intent.Policy, _ *run.Forest) { p.Isolation.Coverage.Threshold = 90 }
	for name, c := range map[string]struct {
		change change
		cell   string
	}{
		"no link is seen, and not all are": {both(func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil }, unreadAt(run.AspectLinks, "DC=contoso,DC=test")), "gpo-linked/gpo:KMS Isolation Policy"},
		"the links of the OU itself":       {both(blockedAt(kms), unreadAt(run.AspectLinks, kms)), "gpo-linked/gpo:KMS Isolation Policy"},
		"those of sites":                   {both(blockedAt(kms), unreadAt(run.AspectLinks, "CN=Sites,CN=Configuration,DC=contoso,DC=test")), "gpo-linked/gpo:KMS Isolation Policy"},
		"those above clients":              {both(blockedAt(clients), unreadAt(run.AspectLinks, "DC=contoso,DC=test")), "gpo-coverage/domain:contoso.test"},
		"most clients are not seen":        {both(lenient, blockedAt(clients), unreadAt(run.AspectComputers, "DC=contoso,DC=test")), "gpo-coverage/domain:contoso.test"},
		"links above the controllers": {both(configuredFaults["domain controllers get it"].change,
			unreadAt(run.AspectLinks, "OU=Domain Controllers,DC=contoso,DC=test")), "gpo-not-on-dcs/gpo:KMS Isolation Policy"},
	} {
		if cell := audit(t, c.change)[c.cell]; cell.Verdict != run.Error {
			t.Errorf("%s: %s is %s: %s", name, c.cell, cell.Verdict, cell.Reasons.Key())
		}
	}
	sure := both(lenient, blockedAt(clients), func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectComputers, Where: "CN=g", Why: reason.One(reason.NestedGroupsUnread, "why", reason.Quote("no answer")), Unread: true})
	})
	if cell := audit(t, sure)["gpo-coverage/domain:contoso.test"]; cell.Verdict != run.Fail {
		t.Errorf("a group that was not read: %s: %s", cell.Verdict, cell.Reasons.Key())
	}
}

// Each domain that nobody declared is named.
func TestEachUndeclaredDomainIsNamed(t *testing.T) {
	second := func(_ *intent.Policy, f *run.Forest) {
		f.Domains = append(f.Domains, run.Domain{Name: "asia.contoso.test", DN: "DC=asia,DC=contoso,DC=test", Computers: f.Domains[1].Computers})
	}
	cell := audit(t, both(undeclaredDomain, second))["gpo-linked/gpo:KMS Isolation Policy"]
	if cell.Verdict != run.Fail || len(cell.Reasons) != 2 || len(cell.Findings) != 2 {
		t.Errorf("%s: %s", cell.Verdict, cell.Reasons.Key())
	}
}
