package simulate

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// world is a deployment whose hosts and members have a GPO each.
type world struct {
	hosts, members []registry.Value
	own            []registry.Value  // of the host's own store; nil where that is not asked
	forests        []*run.Forest     // contoso and fabrikam
	profiles       map[string]string // by the name of the end
	maybe          []string          // ends that may have a GPO that nobody sees
}

const (
	kerberosSet = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}"
	noUserSet   = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}"
	quickSet    = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}"
	mainSet     = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}"

	hostsID, membersID, hiddenID = "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0001}", "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0002}", "{4D5C2A10-0C60-4B5E-9A77-2F3B6C1E0003}"
)

func newWorld() *world {
	return &world{profiles: map[string]string{}, forests: []*run.Forest{
		forest("contoso.test", "S-1-5-21-1-2-3", "host", "client", "branch", "remote"), forest("fabrikam.test", "S-1-5-21-7-8-9", "partner")}}
}

// forest is one of a domain in which each machine has an OU of its own.
func forest(name, sid string, machines ...string) *run.Forest {
	dn := "DC=" + strings.ReplaceAll(name, ".", ",DC=")
	d := run.Domain{Name: name, DN: dn, SID: sid, NetBIOS: strings.ToUpper(name[:7])}
	for i, m := range machines {
		d.Accounts = append(d.Accounts, run.Account{Name: strings.ToUpper(m), DNSName: m + "." + name, DN: "CN=" + m + ",OU=" + m + "," + dn, SID: sid + "-110" + strconv.Itoa(i), Enabled: true,
			Machine: run.Machine{Container: "OU=" + m + "," + dn, PrimaryGroup: 515, OS: "Windows Server 2022 Standard", OSVersion: "10.0 (20348)"}})
	}
	return &run.Forest{Name: name, Kind: run.SourceLive, Source: "a test", Domains: []run.Domain{d}}
}

// account of an end.
func (w *world) account(t *testing.T, name string) *run.Account {
	t.Helper()
	for _, f := range w.forests {
		for i := range f.Domains[0].Accounts {
			if a := &f.Domains[0].Accounts[i]; strings.EqualFold(a.Name, name) {
				return a
			}
		}
	}
	t.Fatalf("%s has no account", name)
	return nil
}

// simulator of the world as it was told.
func (w *world) simulator() *Simulator {
	p := &intent.Policy{
		Hosts: []intent.Host{{Name: "host", FQDN: "host.contoso.test", Port: 1688, Addresses: addrs("198.18.10.30", "2001:db8:10::30")}},
		Vantages: []intent.Vantage{
			{Name: "client", Role: intent.RoleDomain, Path: "lan", Addresses: addrs("198.18.20.20", "2001:db8:20::20")},
			{Name: "branch", Role: intent.RoleDomain, Path: "nat", Addresses: addrs("10.9.0.7"), SeenAs: addrs("198.18.30.1")},
			{Name: "remote", Role: intent.RoleDomain, Path: "vpn", Addresses: addrs("198.18.50.5")},
			{Name: "partner", Role: intent.RoleDomain, Addresses: addrs("198.18.60.6")},
			{Name: "lost", Role: intent.RoleDomain, Addresses: addrs("198.18.20.99")},
			{Name: "guest", Role: intent.RoleNonDomain, Addresses: addrs("203.0.113.9", "2001:db8:30::9")},
			{Name: "kiosk", Role: intent.RoleExempt, Addresses: addrs("198.18.40.10", "2001:db8:40::10")},
		},
	}
	for _, f := range w.forests {
		w.link(f)
		p.Forests = append(p.Forests, intent.Forest{Name: f.Name, Directory: intent.Directory{URLs: []string{"ldaps://dc." + f.Name}, Credential: "reader"}})
	}
	p = intent.New(*p)
	d := rsop.Deploy(p, func(name string) *run.Observation {
		for _, f := range w.forests {
			if f.Name == name {
				return &run.Observation{Forest: f}
			}
		}
		return nil
	})
	return New(p, d, nil, func(string) *Registry { return &Registry{GPO: w.hosts, Own: w.own} })
}

// link gives each machine its GPOs.
func (w *world) link(f *run.Forest) {
	d := &f.Domains[0]
	add := func(id, name string, values []registry.Value) run.Link {
		n := uint32(3)
		g := run.GPO{ID: id, Name: name, DN: "CN=" + id + ",CN=Policies,CN=System," + d.DN, Functionality: 2, Version: &n, FileVersion: &n,
			Extensions: "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{B05566AC-FE9C-4368-BE01-7A4CBB6CBA11}]", RegistryFile: true, Registry: values, Settings: len(values),
			Security: "O:BAG:BAD:P(A;CI;RPLCLORC;;;AU)(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)"}
		if id == hiddenID {
			g = run.GPO{ID: id, DN: g.DN, Problems: []run.Problem{{Aspect: run.AspectGPOs, Where: g.DN, Why: reason.List{reason.Quote("the account may not read it")}, Refused: true}}}
		}
		d.GPOs = append(d.GPOs, g)
		return run.Link{GPO: id, DN: g.DN}
	}
	hosts, members, hidden := add(hostsID, "Hosts", w.hosts), add(membersID, "Members", w.members), add(hiddenID, "", nil)
	for _, a := range d.Accounts {
		c := run.Container{DN: a.Container, Links: []run.Link{members}}
		if strings.EqualFold(a.Name, "host") {
			c.Links = []run.Link{hosts}
		}
		for _, name := range w.maybe {
			if strings.EqualFold(a.Name, name) {
				c.Links = append(c.Links, hidden)
			}
		}
		d.Containers = append(d.Containers, c)
	}
}

func addrs(texts ...string) []netip.Addr {
	var all []netip.Addr
	for _, s := range texts {
		all = append(all, netip.MustParseAddr(s))
	}
	return all
}

func number(t *testing.T, text string) uint16 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return uint16(n)
}

// trust makes the first forest trust the second.
func trust(one, two *run.Forest) {
	one.Domains[0].Trusts = []run.Trust{{Partner: two.Name, Direction: 2, Type: 2, Attributes: 8}}
	two.Domains[0].Trusts = []run.Trust{{Partner: one.Name, Direction: 1, Type: 2, Attributes: 8}}
}

// fact takes a line of a table that begins with "that".
func (w *world) fact(t *testing.T, text string) {
	t.Helper()
	name, rest, _ := strings.Cut(text, " ")
	if os, ok := strings.CutPrefix(rest, "runs "); ok {
		a := w.account(t, name)
		a.OS, a.OSVersion = os, ""
		if i := strings.LastIndex(os, " ("); i >= 0 {
			i = strings.LastIndex(os[:i], " ")
			a.OS, a.OSVersion = os[:i], os[i+1:]
		}
		return
	}
	profile, isProfile := strings.CutPrefix(rest, "in ")
	switch {
	case isProfile:
		w.profiles[name] = profile
	case rest == "may have another GPO":
		w.maybe = append(w.maybe, name)
	case text == "contoso trusts fabrikam":
		trust(w.forests[0], w.forests[1])
	case text == "fabrikam trusts contoso":
		trust(w.forests[1], w.forests[0])
	default:
		t.Fatalf("%q is no fact", text)
	}
}
