package check_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// saysCode reports whether a list has a reason of a code, or rests on one, that has a
// word among its arguments or those of what it rests on; "" is any.
func saysCode(l reason.List, code reason.Code, word string) bool {
	for r := range l.All {
		if r.Is(code) && (word == "" || slices.Contains(wordsOf(r), word)) {
			return true
		}
	}
	return false
}

func wordsOf(r reason.Reason) (words []string) {
	for inner := range (reason.List{r}).All {
		for _, a := range inner.Args {
			switch v := a.Value.(type) {
			case string:
				words = append(words, v)
			case int64:
				words = append(words, strconv.FormatInt(v, 10))
			case []string:
				words = append(words, v...)
			}
		}
	}
	return words
}

// whyOf is all that a cell says by codes, findings included that are graded at
// least so.
func whyOf(c run.Cell, besides ...run.Severity) reason.List {
	l := slices.Clone(c.Reasons)
	for _, f := range c.Findings {
		if !slices.Contains(besides, f.Severity) {
			l = append(l, f.Reason...)
		}
	}
	return l
}

// asBackup makes the forest's source copies of GPOs.
func asBackup(f *run.Forest) {
	f.Kind, f.Lost = run.SourceBackup, map[run.Aspect]reason.List{run.AspectLinks: {reason.Quote("a backup has no links")}}
}

// nobodySays takes away how domain controllers activate.
func nobodySays(p *intent.Policy, adba bool) {
	p.Isolation.DCActivation, p.Isolation.ADBA = "", ptr(adba)
}

// otherCopy adds a second domain controller with a copy of the GPO.
func otherCopy(copied ...run.CopiedGPO) func(*intent.Policy, *run.Forest) {
	return func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Copies = append(f.Domains[0].Copies, run.Copy{Server: "dc02.contoso.test", GPOs: copied})
	}
}

// selective makes the trust selective, and gives the hosts' accounts a descriptor.
func selective(sddl string) func(*intent.Policy, *run.Forest) {
	return func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Trusts[0].Attributes |= 0x10
		for i := range f.Domains[0].Accounts {
			f.Domains[0].Accounts[i].Security = sddl
		}
	}
}

// elsewhere is a second forest with something changed.
func elsewhere(change func(*run.Forest)) []*run.Forest {
	f := fabrikam()
	change(f)
	return []*run.Forest{f}
}

func nothing(*intent.Policy, *run.Forest) {}

// A gpoRow is a world and the codes that a cell of it says.
type gpoRow struct {
	change func(*intent.Policy, *run.Forest)
	more   []*run.Forest
	cell   string // without the GPO, which is the isolation's
	codes  []reason.Code
	// beside is a change after which the same cell does not say so; nil is none.
	beside func(*intent.Policy, *run.Forest)
}

// codesOfGPOs are worlds for the codes that no fault of the other tables has.
var codesOfGPOs = map[string]gpoRow{
	"no GPO":             {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs = nil }, cell: "gpo-linked", codes: []reason.Code{reason.GPOMissing}},
	"no GPO for clients": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs = nil }, cell: "gpo-coverage/domain:contoso.test", codes: []reason.Code{reason.CoverageLow, reason.ComputersMissed, reason.NoIsolationForClients}},
	"not in the backup": {change: func(_ *intent.Policy, f *run.Forest) { asBackup(f); isolationOf(f).Name = "Printers" },
		cell: "gpo-exists", codes: []reason.Code{reason.GPONotInBackup}},
	"no isolation in the backup": {change: func(p *intent.Policy, f *run.Forest) {
		asBackup(f)
		isolationOf(f).Registry, p.Isolation.Policies = nil, nil
	}, cell: "gpo-exists/domain:contoso.test", codes: []reason.Code{reason.NoIsolationInBackup}},
	"no isolation in the domain": {change: func(p *intent.Policy, f *run.Forest) { isolationOf(f).Registry, p.Isolation.Policies = nil, nil },
		cell: "gpo-exists/domain:contoso.test", codes: []reason.Code{reason.NoIsolationInDomain}},
	"the GPO could not be read": {change: func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Policies = []intent.GPO{{ID: isolationID, Role: "both"}}
		isolationOf(f).Problems = []run.Problem{{Aspect: run.AspectGPOs, Where: isolationOf(f).DN, Why: reason.List{reason.Quote("no answer")}, Unread: true}}
	}, cell: "gpo-exists/gpo:" + isolationID, codes: []reason.Code{reason.GPOUnread}},
	"no functionality version": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Functionality = 0 }, cell: "gpo-exists", codes: []reason.Code{reason.FunctionalityMissing}},
	"another one":              {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Functionality = 1 }, cell: "gpo-exists", codes: []reason.Code{reason.FunctionalityOther}},
	"versions 0": {change: func(_ *intent.Policy, f *run.Forest) {
		isolationOf(f).Version, isolationOf(f).FileVersion = ptr(uint32(0)), ptr(uint32(0x10000))
	}, cell: "gpo-exists", codes: []reason.Code{reason.VersionsZero}},
	"no firewall settings": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Registry = nil }, cell: "gpo-exists", codes: []reason.Code{reason.NoFirewallSettings}},

	"all links disabled": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers[0].Links[0].Disabled = true },
		cell: "gpo-linked", codes: []reason.Code{reason.NoEnabledLink, reason.LinkDisabled}},
	"inheritance blocked": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=KMS,DC=contoso,DC=test", Blocks: true})
	}, cell: "gpo-linked", codes: []reason.Code{reason.HostNotBelowLink, reason.InheritanceBlocked}},
	"linked at the hosts alone": {change: func(_ *intent.Policy, f *run.Forest) {
		d := &f.Domains[0]
		d.Containers[0].DN = "OU=KMS," + d.DN
		for _, ou := range []string{"A", "B", "C", "D", "E", "F", "G"} {
			c := d.Computers[1]
			c.Container, c.Names = "OU="+ou+","+d.DN, []string{ou + ".contoso.test"}
			d.Computers = append(d.Computers, c)
		}
	}, cell: "gpo-linked", codes: []reason.Code{reason.ComputersNotBelowLink, reason.NoLinkAbove, reason.MoreContainers}},

	"a controller without the GPO": {change: otherCopy(), cell: "gpo-replicated", codes: []reason.Code{reason.CopyMissing}},
	"a controller without the container": {change: otherCopy(run.CopiedGPO{ID: isolationID, FileVersion: ptr(uint32(3))}),
		cell: "gpo-replicated", codes: []reason.Code{reason.CopyWithoutContainer}},
	"other settings of one version": {change: otherCopy(run.CopiedGPO{ID: isolationID, Version: ptr(uint32(3)), FileVersion: ptr(uint32(3)), Settings: "b"}),
		cell: "gpo-replicated", codes: []reason.Code{reason.SettingsDiffer}},
	"no controller asked": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Copies = nil }, cell: "gpo-replicated", codes: []reason.Code{reason.NoControllerAsked}},
	"one not asked": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Controllers = append(f.Domains[0].Controllers, "dc02.contoso.test")
	}, cell: "gpo-replicated", codes: []reason.Code{reason.CopiesNotAsked}, beside: func(_ *intent.Policy, f *run.Forest) {
		// An account that does not replicate is no controller.
		f.Domains[0].Controllers = append(f.Domains[0].Controllers, "dc02.contoso.test")
		f.Domains[0].Servers = []string{"dc01.contoso.test"}
	}},
	"one not asked of all": {change: func(p *intent.Policy, f *run.Forest) {
		p.Forests[0].Directory.AllControllers = true
		f.Domains[0].Servers = []string{"dc01.contoso.test", "dc02.contoso.test", "rodc01.contoso.test"}
	}, cell: "gpo-replicated", codes: []reason.Code{reason.CopiesNotAsked}, beside: func(p *intent.Policy, f *run.Forest) {
		p.Forests[0].Directory.AllControllers = true
		f.Domains[0].Servers = []string{"dc01.contoso.test"}
	}},

	"no copy": {change: nothing, more: elsewhere(func(f *run.Forest) { f.Domains[0].GPOs = nil }),
		cell: "gpo-copies-agree/domain:fabrikam.test", codes: []reason.Code{reason.NoCopyInDomain}},
	"a copy without the exemption": {change: nothing, more: elsewhere(func(f *run.Forest) {
		text := paperTold()
		text.exemption = ""
		isolationOf(f).Registry = text.values()
	}), cell: "gpo-copies-agree/domain:fabrikam.test", codes: []reason.Code{reason.CopyLacksExemption}},
	"a copy that was not read whole": {change: nothing, more: elsewhere(func(f *run.Forest) {
		text := paperTold()
		text.exemption = ""
		isolationOf(f).Registry = text.values()
		isolationOf(f).Problems = []run.Problem{{Aspect: run.AspectSettings, Where: "registry.pol", Why: reason.List{reason.Quote("cut short")}}}
	}), cell: "gpo-copies-agree/domain:fabrikam.test", codes: []reason.Code{reason.CopyMayDiffer, reason.CopyLacksExemption}},

	"no clients": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Computers = f.Domains[0].Computers[:1] },
		cell: "gpo-coverage/domain:contoso.test", codes: []reason.Code{reason.NoClientsInDomain}},
	"no Windows": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Computers = append(f.Domains[0].Computers, run.Computers{Machine: run.Machine{Container: "OU=Old,DC=contoso,DC=test", OS: "Samba"}, Names: []string{"nas1.contoso.test"}})
	}, cell: "gpo-coverage/domain:contoso.test", codes: []reason.Code{reason.NoWindows}},
	"kept away": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Flags = 2 },
		cell: "gpo-coverage/domain:contoso.test", codes: []reason.Code{reason.GPOKeptAway}},
	"not linked above": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil },
		cell: "gpo-coverage/domain:contoso.test", codes: []reason.Code{reason.NotLinkedAbove}},
	"hidden": {change: unseen["the isolation is hidden from the reader"].change,
		cell: "gpo-coverage/domain:contoso.test", codes: []reason.Code{reason.CoverageUnsure, reason.NoIsolationSeen}},

	"clients without the right": {change: configuredFaults["Authenticated Users taken out"].change,
		cell: "gpo-readable", codes: []reason.Code{reason.HostRefused, reason.ComputersRefused}},
	"clients that need no right": {change: func(p *intent.Policy, f *run.Forest) {
		p.Isolation.Coverage.Threshold = 0
		isolationOf(f).Security = only(hostsGroup)
		for i := range f.Domains[0].Accounts {
			f.Domains[0].Accounts[i].Groups = []string{hostsGroup}
		}
	}, cell: "gpo-readable", codes: []reason.Code{reason.SomeRefused, reason.ComputersRefused}},
	"no accounts of controllers": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Computers = f.Domains[0].Computers[:3] },
		cell: "gpo-not-on-dcs", codes: []reason.Code{reason.NoControllerAccounts}},
	"no deny": {change: rightPolicies["WMI in place of the Deny"], cell: "gpo-not-on-dcs", codes: []reason.Code{reason.NoDenyForControllers}},
	"controllers get it": {change: configuredFaults["domain controllers get it"].change,
		cell: "gpo-not-on-dcs", codes: []reason.Code{reason.ControllersBound, reason.ControllerGetsGPO}},
	"a GPO without a name binds controllers": {change: func(p *intent.Policy, f *run.Forest) {
		unseen["another GPO requires IPsec of controllers"].change(p, f)
		f.Domains[0].GPOs[1].Name = ""
	}, cell: "gpo-not-on-dcs", codes: []reason.Code{reason.ControllerRequires, reason.LocalRule}},
	"a GPO binds controllers": {change: unseen["another GPO requires IPsec of controllers"].change,
		cell: "gpo-not-on-dcs", codes: []reason.Code{reason.ControllerRequires, reason.RuleOfGPO}},
	"the directory activates": {change: func(p *intent.Policy, f *run.Forest) {
		nobodySays(p, true)
		f.Activation = []run.Activation{{Name: "Windows"}}
	}, cell: "dc-activation/domain:contoso.test", codes: []reason.Code{reason.ADBA}},
	"whether it does is not known": {change: func(p *intent.Policy, f *run.Forest) {
		nobodySays(p, true)
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectActivation, Where: "CN=Activation Objects", Why: reason.List{reason.Quote("no answer")}, Unread: true})
	}, cell: "dc-activation/domain:contoso.test", codes: []reason.Code{reason.ADBAUnknown}},
	"XP that nobody uses": {change: nothing, cell: "legacy-exempt/domain:contoso.test", codes: []reason.Code{reason.LegacyIdle},
		beside: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Computers[5].Idle = false }},

	"no filters in the source": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Kind, f.Lost = run.SourceBackup, map[run.Aspect]reason.List{run.AspectFilters: {reason.Quote("a backup has no filters")}}
	}, cell: "gpo-wmi-filter", codes: []reason.Code{reason.FilterNotInSource}},
	"a reference that is none": {change: func(_ *intent.Policy, f *run.Forest) { isolationOf(f).Filter = "[nonsense]" },
		cell: "gpo-wmi-filter", codes: []reason.Code{reason.FilterReferenceUnreadable}},
	"which Windows are in use": {change: func(_ *intent.Policy, f *run.Forest) {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectComputers, Where: "DC=contoso,DC=test", Why: reason.List{reason.Quote("no answer")}, Unread: true})
	}, cell: "gpo-wmi-filter", codes: []reason.Code{reason.FilterUnsure, reason.WindowsInUseUnknown}},

	"one forest": {change: nothing, more: elsewhere(func(*run.Forest) {}), cell: "forest-trust/forest:contoso.test", codes: []reason.Code{reason.SameForest},
		beside: func(p *intent.Policy, _ *run.Forest) { p.Hosts[1].FQDN = "kms02.fabrikam.test" }},
	"a trust of one way": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Trusts[0].Direction = 2 }, more: elsewhere(func(*run.Forest) {}),
		cell: "forest-trust/forest:fabrikam.test", codes: []reason.Code{reason.OneWayTrust}},
	"selective, and the descriptor is damaged": {change: selective("nonsense"), more: elsewhere(func(*run.Forest) {}),
		cell: "forest-trust/forest:fabrikam.test", codes: []reason.Code{reason.SelectiveUnreadable}},
	"selective, and the clients' SID is not known": {change: selective("O:SYG:SYD:(A;;RPLCLORC;;;AU)"), more: elsewhere(func(f *run.Forest) { f.Domains[0].SID = "" }),
		cell: "forest-trust/forest:fabrikam.test", codes: []reason.Code{reason.SelectiveUnknown, reason.DomainSIDUnread}},
	"the clock": {change: func(_ *intent.Policy, f *run.Forest) { f.Skew = ptr(-6 * time.Minute) }, cell: "kerberos-ready/kms01", codes: []reason.Code{reason.ClockSkew}},
	"a host without an account": {change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = f.Domains[0].Accounts[1:] },
		cell: "rule-requirement/kms01", codes: []reason.Code{reason.EndUnknown}},
}

func TestCodesOfGPOs(t *testing.T) {
	for name, c := range codesOfGPOs {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(c.cell, "/") {
				c.cell += "/gpo:KMS Isolation Policy"
			}
			var healthy []*run.Forest
			if len(c.more) > 0 {
				healthy = []*run.Forest{fabrikam()}
			}
			cell, ok := audit(t, c.change, c.more...)[c.cell]
			beside := whyOf(audit(t, c.beside, healthy...)[c.cell])
			for _, code := range c.codes {
				if !ok || !saysCode(whyOf(cell), code, "") {
					t.Errorf("%s is %s and says %s, want %s", c.cell, cell.Verdict, whyOf(cell).Key(), code)
				}
				if beside.Names(code) {
					t.Errorf("%s says %s where it is not so: %s", c.cell, code, beside.Key())
				}
			}
		})
	}
}
