package check_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/judge"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A world is a deployment that can be asked. It stands for a network only where
// a judgement is tested; what real networks do is the lab's to show.
type world struct {
	policy *intent.Policy
	run    *run.Run
	// answer says what becomes of a need; healthy says what should.
	answer func(n run.Need, healthy run.Observation) run.Observation
	// lost says which needs nobody observed; nil is none.
	lost func(n run.Need) bool
	// bare is a vantage whose tries do not know their own end.
	bare string
}

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// deployment is two hosts, a member, a member behind NAT, two outsiders, an
// exempt neighbour, and a view of both hosts' wire.
func deployment() *intent.Policy {
	hosts := []intent.Host{
		{Name: "kms01", FQDN: "kms01.contoso.test", Port: 1688, DHCP: "never", PublishedIn: []string{"contoso.test"},
			Addresses: []netip.Addr{addr("198.18.10.30"), addr("2001:db8:10::30")}},
		{Name: "kms02", FQDN: "kms02.contoso.test", Port: 1688, DHCP: "never", PublishedIn: []string{"contoso.test"},
			Addresses: []netip.Addr{addr("198.18.10.31"), addr("2001:db8:10::31")}},
	}
	return &intent.Policy{
		Isolation: intent.Isolation{Stage: intent.StageRequire, Basis: intent.BasisHardened, Scope: intent.ScopeHost,
			Policies: []intent.GPO{{Name: "KMS Isolation Policy", Role: "both"}},
			Inbound:  []intent.Access{{From: []string{"client"}, To: []string{intent.NameAllHosts}, Ports: []uint16{3389}}},
			Outbound: []intent.Access{{From: []string{intent.NameAllHosts}, To: []string{"files:445", intent.NameDNS}}}},
		Hosts:      hosts,
		Exemptions: []intent.Exemption{{Name: "kiosks", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.40.0/25")}}},
		Vantages: []intent.Vantage{
			{Name: "client", Role: intent.RoleDomain, Path: "lan"},
			{Name: "branch", Role: intent.RoleDomain, Path: "nat", SeenAs: []netip.Addr{addr("198.18.20.200")}},
			{Name: "guest", Role: intent.RoleNonDomain, Alive: []string{"files:445"}},
			{Name: "annex", Role: intent.RoleNonDomain, Alive: []string{"files:445"}, PairedWith: "kiosk"},
			{Name: "kiosk", Role: intent.RoleExempt, Addresses: []netip.Addr{addr("198.18.40.10")}, Alive: []string{"files:445"}},
			{Name: "kms01", Role: intent.RoleKMSHost, Host: "kms01"},
			{Name: "kms02", Role: intent.RoleKMSHost, Host: "kms02"},
		},
		Limits: intent.Limits{Positive: 21 * time.Second, Window: 3500 * time.Millisecond, Ports: []uint16{3389, 5985}},
		Pins:   map[string]intent.Pin{"files": {Addrs: []netip.Addr{addr("198.18.11.40"), addr("2001:db8:11::40")}}},
	}
}

func newWorld() *world {
	p := deployment()
	own := map[string][]netip.Addr{
		"client": {addr("198.18.20.20"), addr("2001:db8:20::20")},
		"branch": {addr("198.18.21.20")},
		"guest":  {addr("198.18.30.9"), addr("2001:db8:30::9")},
		"annex":  {addr("198.18.40.130"), addr("2001:db8:40:0:1::130")},
		"kiosk":  {addr("198.18.40.10"), addr("2001:db8:40::10")},
		"kms01":  p.Hosts[0].Addresses,
		"kms02":  p.Hosts[1].Addresses,
	}
	r := &run.Run{Started: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	for _, v := range p.Vantages {
		r.Vantages = append(r.Vantages, run.Vantage{Name: v.Name, Role: string(v.Role), Path: v.Path, Addresses: own[v.Name],
			Resolvers: []netip.AddrPort{netip.MustParseAddrPort("198.18.11.10:53")}, Interfaces: []run.Interface{{Name: "eth0", Prefixes: prefixesOf(own[v.Name])}}})
	}
	return &world{policy: p, run: r}
}

// declared is the policy as it is by now.
// prefixesOf are addresses with the lengths of their networks.
func prefixesOf(all []netip.Addr) (some []netip.Prefix) {
	for _, a := range all {
		some = append(some, netip.PrefixFrom(a, a.BitLen()*3/4))
	}
	return some
}

func (w *world) declared() *intent.Policy { return intent.New(*w.policy) }

// judged observes all needs and judges.
func (w *world) judged(t *testing.T) map[string]run.Cell {
	t.Helper()
	w.run.Observations = nil
	for i, n := range checks.NewPlan(w.declared(), false).Needs() {
		if w.lost != nil && w.lost(n) {
			continue
		}
		o := w.healthy(n)
		if w.answer != nil {
			o = w.answer(n, o)
		}
		o.Need, o.ID = n, idOf(i)
		w.dress(&o)
		w.run.Observations = append(w.run.Observations, o)
	}
	w.markIKE()
	cells := map[string]run.Cell{}
	for _, c := range judge.Judge(checks.NewPlan(w.declared(), false), w.run) {
		cells[c.ID.String()] = c
		catalogtest.Complete(t, c)
		graded(t, c)
		if c.Verdict != run.Pass && len(c.Reasons) == 0 {
			t.Errorf("%s is %s without a reason", c.ID, c.Verdict)
		}
		if _, err := json.Marshal(c); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
	return cells
}

// idOf is the id of the observation of a need.
func idOf(index int) string { return fmt.Sprintf("o%d", index+1) }

// markIKE says of the IKE that watches saw which observation sent it, as a run does.
func (w *world) markIKE() {
	for i := range w.run.Observations {
		for k := range w.run.Observations[i].Flows {
			f := &w.run.Observations[i].Flows[k]
			for j := range w.run.Observations {
				o := &w.run.Observations[j]
				if f.Kind == run.FlowIKE && f.Own == "" && o.Need.Probe == run.ProbeIKE && o.Need.Addr == f.Dst && o.Need.Port == f.DstPort &&
					len(o.Tries) > 0 && o.Tries[0].Local.Addr() == f.Src {
					f.Own = o.ID
				}
			}
		}
	}
}

// graded complains of findings whose severity is not the catalogue's, but for those
// that the declared isolation makes milder or graver.
func graded(t *testing.T, c run.Cell) {
	t.Helper()
	catalogtest.Graded(t, &c, reason.FailsOpen, reason.ExemptionAny, reason.LocalMerge)
}

// answered, silent and friends make observations of one try.
func answered(n run.Need) run.Observation {
	o := tried(n, run.Answered, 5*time.Millisecond)
	o.Tries[0].TTL, o.Tries[0].From = 63, n.Addr
	if n.Probe == run.ProbeRPC {
		o.RPC = &run.RPC{Bind: "accepted"}
		switch n.Param {
		case run.RandomInterface:
			o.RPC.Bind = "rejected"
		case run.PaddedBind:
			o.RPC.Asked, o.RPC.Heard = 556, 320
		}
	}
	return o
}

func silent(n run.Need) run.Observation { return tried(n, run.Silent, 3800*time.Millisecond) }

func tried(n run.Need, c run.Class, took time.Duration) run.Observation {
	start := map[run.When]time.Duration{run.Before: time.Second, run.Once: time.Second, run.Window: 2 * time.Second, run.After: 6 * time.Second, run.Alone: 8 * time.Second}[n.When]
	t := run.Try{Start: start, RTT: took, Class: c, Attempt: run.Attempt{Sent: 3}}
	if c == run.Answered {
		t.Attempt = run.Attempt{Sent: 1, Answered: 1, Took: took}
	}
	if n.Probe == run.ProbeICMP && c == run.Silent {
		return threeRequests(n, t)
	}
	return run.Observation{Need: n, Class: c, Start: start, End: start + took, Tries: []run.Try{t}}
}

// threeRequests are silent echo requests as the denied window spreads them.
func threeRequests(n run.Need, whole run.Try) run.Observation {
	o := run.Observation{Need: n, Class: whole.Class, Start: whole.Start, End: whole.Start + whole.RTT}
	for i := range 3 {
		t, later := whole, whole.RTT*3/10*time.Duration(i)
		t.Start, t.RTT, t.Sent = t.Start+later, t.RTT-later, 1
		o.Tries = append(o.Tries, t)
	}
	return o
}

// dress gives tries the source address that their vantage has, where a far end of
// ours would know it.
func (w *world) dress(o *run.Observation) {
	for i := range o.Tries {
		t := &o.Tries[i]
		for _, v := range w.run.Vantages {
			if v.Name == w.bare || v.Name != o.Need.Vantage || t.Local.IsValid() || t.Class.Local() || t.Class == run.Unknown {
				continue
			}
			if same := check.Family(v.Addresses, o.Need.Addr.Is6()); len(same) > 0 {
				t.Local = netip.AddrPortFrom(same[0], 50000)
			}
		}
	}
}

// healthy is what a need comes to where everything is as it should be.
func (w *world) healthy(n run.Need) run.Observation {
	v, _ := w.policy.Vantage(n.Vantage)
	switch n.Probe {
	case run.ProbeFlows:
		return w.wire(n)
	case run.ProbeESP:
		o := answered(n)
		o.ESP = &run.ESP{Small: 3, SmallSeen: 3, Large: 2, LargeSeen: 2, LargeSize: 1400}
		return o
	case run.ProbeIKE, run.ProbeLargeIKE:
		if len(check.Family(w.addresses(n.Vantage), n.Addr.Is6())) == 0 {
			return tried(n, run.NoRoute, time.Millisecond)
		}
		o := answered(n)
		o.IKE = &run.IKE{Protocol: "ikev1-65001", Answer: "notify", Notify: "NO-PROPOSAL-CHOSEN", VendorIDs: []string{"MS NT5 ISAKMPOAKLEY"}}
		if n.Probe == run.ProbeLargeIKE {
			o.IKE.Size = 2000
		}
		return o
	case run.ProbeSRV:
		o := answered(n)
		ans := run.SRVAnswer{Resolver: netip.MustParseAddrPort("198.18.11.10:53"), Domain: n.Param, Class: run.Answered, RCode: "success"}
		for _, h := range w.policy.Hosts {
			ans.Records = append(ans.Records, run.SRVRecord{Target: h.FQDN, Port: h.Port, Addrs: h.Addresses})
		}
		o.SRV = []run.SRVAnswer{ans}
		return o
	case run.ProbeClock:
		o := answered(n)
		o.Clock = &run.Clock{Ahead: 20 * time.Millisecond, Within: 3 * time.Millisecond}
		return o
	case run.ProbeAddresses:
		return run.Observation{Need: n, Class: run.Answered}
	case run.ProbeRegistry:
		return run.Observation{Need: n, Missing: reason.One(reason.RegistryNotWindows)}
	}
	if at := w.addresses(n.Vantage); n.Addr.IsValid() && len(at) > 0 && len(check.Family(at, n.Addr.Is6())) == 0 {
		return tried(n, run.NoRoute, time.Millisecond)
	}
	if _, isHost := w.policy.HostOf(n.Addr); isHost && v.Role == intent.RoleNonDomain {
		return silent(n)
	}
	if n.Target == "files" && n.Port != 445 && n.Port != 0 {
		return tried(n, run.Refused, time.Millisecond)
	}
	return answered(n)
}
