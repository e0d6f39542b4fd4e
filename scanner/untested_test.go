package scanner

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// spoken is a policy and a run of which nothing is left out.
func spoken() (*intent.Policy, *run.Run) {
	p := threePlaces()
	p.Forests = []intent.Forest{{Name: "contoso.test", Directory: intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "gpos")}}}
	p.Hosts[0].Addresses = append(p.Hosts[0].Addresses, netip.MustParseAddr("2001:db8:10::30"))
	p.Isolation.Scope = intent.ScopeKMSPort
	p.Vantages = append(p.Vantages,
		intent.Vantage{Name: "kms01", Role: intent.RoleKMSHost, Host: "kms01"},
		intent.Vantage{Name: "kiosk", Role: intent.RoleExempt, Path: "nat"})
	return p, &run.Run{Vantages: []run.Vantage{{Name: "guest", Addresses: []netip.Addr{netip.MustParseAddr("198.18.10.99")}}}}
}

// What a policy leaves out is said by a code each, and nothing else is.
func TestWhatIsNotTested(t *testing.T) {
	without := func(role intent.Role) func(*intent.Policy, *run.Run) {
		return func(p *intent.Policy, _ *run.Run) {
			var kept []intent.Vantage
			for _, v := range p.Vantages {
				if v.Role != role {
					kept = append(kept, v)
				}
			}
			p.Vantages = kept
		}
	}
	for name, c := range map[string]struct {
		leave func(*intent.Policy, *run.Run)
		want  reason.List
	}{
		"nothing":     {func(*intent.Policy, *run.Run) {}, nil},
		"the network": {func(_ *intent.Policy, r *run.Run) { r.Audit = true }, reason.One(reason.NetworkNotObserved)},
		"a directory": {func(p *intent.Policy, _ *run.Run) { p.Forests = nil }, reason.One(reason.DirectoryNotDeclared, "instead", "gpo-applied")},
		"an address": {func(p *intent.Policy, _ *run.Run) {
			p.Pins = map[string]intent.Pin{"files.contoso.test": {Trouble: reason.One(reason.NameUnresolved, "host", "files.contoso.test")}}
		}, reason.One(reason.NameWithoutAddress, "name", "files.contoso.test", "why", reason.One(reason.NameUnresolved, "host", "files.contoso.test"))},
		"outsiders":       {without(intent.RoleNonDomain), reason.One(reason.NoOutsiderVantage)},
		"members":         {without(intent.RoleDomain), reason.One(reason.NoMemberVantage)},
		"the host itself": {without(intent.RoleKMSHost), reason.One(reason.HostNotAVantage, "host", "kms01")},
		"the host's segment": {func(_ *intent.Policy, r *run.Run) {
			r.Vantages[0].Addresses = []netip.Addr{netip.MustParseAddr("198.18.11.99")}
		}, reason.One(reason.NoOutsiderInSegment, "host", "kms01")},
		"IPv6": {func(p *intent.Policy, _ *run.Run) { p.Hosts[0].Addresses = p.Hosts[0].Addresses[:1] }, reason.One(reason.NoIPv6Address, "host", "kms01")},
		"NAT":  {func(p *intent.Policy, _ *run.Run) { p.Vantages[4].Path = "lan" }, reason.One(reason.NoVantageBehindNAT)},
		"the exempt": {func(p *intent.Policy, _ *run.Run) {
			p.Vantages[4].Role, p.Exemptions = intent.RoleDomain, []intent.Exemption{{Name: "kiosks"}}
		}, reason.One(reason.NoExemptVantage)},
		"a flow": {func(p *intent.Policy, _ *run.Run) {
			p.Isolation.Inbound = []intent.Access{{From: []string{"client", "backup"}}}
		}, reason.One(reason.FlowSourceNotAVantage, "from", "backup")},
		"a flow that is not tried": {func(_ *intent.Policy, r *run.Run) {
			r.Obligations = []run.Obligation{{What: reason.One(reason.NATOwed, "host", "kms01"), Paid: run.Void, Why: reason.One(reason.FlowNotTriable, "from", "branch")}}
		}, reason.One(reason.FlowUntried, "flow", reason.One(reason.NATOwed, "host", "kms01"), "why", reason.One(reason.FlowNotTriable, "from", "branch"))},
		"source ports": {func(_ *intent.Policy, r *run.Run) {
			void := func(at string) run.Trial {
				why := reason.One(reason.SourcePortUnwatched, "vantage", "guest", "port", 53, "at", []string{at})
				return run.Trial{At: at, Claims: []run.Claim{{Support: run.Shown}, {Support: run.Void, Why: why}}}
			}
			hole := run.Trial{At: "c", Claims: []run.Claim{{Support: run.Void, Why: void("c").Claims[1].Why}, {Support: run.Exposure}}}
			trials := []run.Trial{void("a"), void("b"), hole, {At: "d", Claims: []run.Claim{{Support: run.Shown}}}}
			r.Cells = []run.Cell{
				{ID: run.CellID{Check: "source-ports", Vantage: "guest", Target: "kms01"}, Trials: trials},
				{ID: run.CellID{Check: "non-domain-kms", Vantage: "guest", Target: "kms01"}, Trials: trials},
			}
		}, reason.One(reason.DenyUntried, "host", "kms01", "vantage", "guest",
			"why", reason.One(reason.SourcePortUnwatched, "vantage", "guest", "port", 53, "at", []string{"a", "b"}))},
		"a source port of UDP": {func(_ *intent.Policy, r *run.Run) {
			why := append(reason.One(reason.UDPServiceSilent, "vantage", "guest", "from", []uint16{67}, "at", []string{"a"}),
				reason.New(reason.UDPSourceNotGiven, "vantage", "guest", "from", 500, "at", []string{"a"}))
			r.Cells = []run.Cell{{ID: run.CellID{Check: "udp-services", Vantage: "guest", Target: "kms01"},
				Trials: []run.Trial{{At: "a", Claims: []run.Claim{{Support: run.Void, Why: why}}}}}}
		}, reason.One(reason.DenyUntried, "host", "kms01", "vantage", "guest",
			"why", reason.One(reason.UDPSourceNotGiven, "vantage", "guest", "from", 500, "at", []string{"a"}))},
		"IPv4": {func(p *intent.Policy, r *run.Run) {
			p.Hosts[0].Addresses = p.Hosts[0].Addresses[1:]
			r.Vantages[0].Addresses = []netip.Addr{netip.MustParseAddr("2001:db8:10::99")}
		}, reason.One(reason.NoIPv4Address, "host", "kms01")},
	} {
		t.Run(name, func(t *testing.T) {
			p, r := spoken()
			c.leave(p, r)
			want := append(slices.Clip(c.want), untried(p, r)...)
			if got := untested(p, r); !got.Equal(want) {
				t.Errorf("got %s, want %s", got.Key(), want.Key())
			}
		})
	}
}

// What could not be read of a directory is said once, unless a cell rests on it.
func TestWhatCouldNotBeRead(t *testing.T) {
	const many = 13
	f := &run.Forest{Name: "contoso.test", Source: "backup gpos", Lost: map[run.Aspect]reason.List{run.AspectLinks: reason.One(reason.NotInBackup, "aspect", "links")}}
	for i := range many {
		f.Problems = append(f.Problems, run.Problem{Aspect: run.AspectGPOs, Where: fmt.Sprintf("place %c", 'A'+i), Why: reason.List{reason.Quote("no answer")}})
	}
	own := run.Problem{Aspect: run.AspectSettings, Where: "registry.pol", Why: reason.List{reason.Quote("cut short")}}
	f.Domains = []run.Domain{{GPOs: []run.GPO{{Name: "A", Problems: []run.Problem{own, f.Problems[0]}}}}}
	export := &run.Forest{Name: "fabrikam.test", Source: "registry export kms01.reg", Lost: f.Lost, Machines: []run.MachinePolicy{{Name: "kms01.reg", Problems: []run.Problem{f.Problems[0]}}}}
	r := &run.Run{Observations: []run.Observation{{}, {Forest: f}, {Forest: export}}}
	got := unread(r)
	if len(got) != 1+mostUnread+1+2 || !got[1].Because("problem").Has(reason.DirectoryProblem) || !got[0].Is(reason.BackupReachUnknown) || !got[len(got)-2].Is(reason.ExportReachUnknown) ||
		!got[len(got)-1].Equal(reason.New(reason.DirectoryUnread, "problem", f.Problems[0].Reason())) {
		t.Fatalf("got %s", got.Key())
	}
	if more := got[1+mostUnread]; !more.Is(reason.MoreUnread) || more.Number("count") != many+1-mostUnread {
		t.Errorf("of the others it says %s", more.Key())
	}
	for _, rest := range []run.Cell{
		{Reasons: reason.One("outer", "why", own.Reason())},
		{Findings: []run.Finding{{Reason: reason.One("found", "problem", own.Reason())}}},
	} {
		f.Problems = f.Problems[:1]
		r.Cells = nil
		want := reason.New(reason.DirectoryUnread, "gpo", "A", "problem", own.Reason())
		if got := unread(r); len(got) != 5 || !got[2].Equal(want) {
			t.Errorf("no cell rests on it: %s", got.Key())
		}
		if r.Cells = []run.Cell{rest}; len(unread(r)) != 4 || unread(r).Names("outer") {
			t.Errorf("a cell rests on it: %s", unread(r).Key())
		}
	}
}

// Of a domain it is said which controllers were not asked, unless all were.
func TestControllersThatWereNotAsked(t *testing.T) {
	d := run.Domain{Name: "contoso.test", Controllers: []string{"dc01.contoso.test", "dc02.contoso.test", "rodc01.contoso.test"}}
	r := &run.Run{Observations: []run.Observation{{Forest: &run.Forest{Name: "contoso.test", Domains: []run.Domain{d}}}}}
	of := &r.Observations[0].Forest.Domains[0]
	for name, c := range map[string]struct {
		servers, asked []string
		want           reason.List
	}{
		"nobody asked": {},
		"one asked": {asked: []string{"DC01.contoso.test"}, want: reason.One(reason.ControllersNotAsked, "domain", d.Name, "asked", 1, "total", 3,
			"servers", []string{"dc02.contoso.test", "rodc01.contoso.test"})},
		"two replicate": {servers: []string{"dc01.contoso.test", "dc02.contoso.test"}, asked: []string{"dc01.contoso.test"},
			want: reason.One(reason.ControllersNotAsked, "domain", d.Name, "asked", 1, "total", 2, "servers", []string{"dc02.contoso.test"})},
		"all asked": {servers: []string{"dc01.contoso.test"}, asked: []string{"dc01.contoso.test"}},
	} {
		of.Servers, of.Copies = c.servers, nil
		for _, a := range c.asked {
			of.Copies = append(of.Copies, run.Copy{Server: a})
		}
		if got := unread(r); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got.Key(), c.want.Key())
		}
	}
}

// A list that cannot be made is said to be missing.
func TestTheListOfWhatIsNotTestedBreaks(t *testing.T) {
	belttest.Recover(t)
	broken := &run.Run{}
	listUntested(broken, func() reason.List { panic("a fault of kmsiso") })
	if len(broken.Broken) != 1 || !broken.Untested.Has(reason.UntestedUnknown) {
		t.Errorf("broken %v, not tested %s", broken.Broken, broken.Untested.Key())
	}
}
