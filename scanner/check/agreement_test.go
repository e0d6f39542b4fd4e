package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/explain"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A configuredLine is what a cell says is configured: of the host, and perhaps
// of the vantage.
var configuredLine = regexp.MustCompile(`^(\S+) at (\S+) from (\S+?)(?: by |: ).*?(?:; (not known|\S+) at ([^\s:]+)(?: by |: ).*)?$`)

// agrees holds the configured answer of every cell with a flow against what
// kmsiso explain says of the same packets, and returns how many it compared.
func agrees(t *testing.T, p *policy.Policy, r *run.Run, cells []run.Cell) int {
	t.Helper()
	x, err := explain.New(p, r.Observations, r.Vantages)
	if err != nil {
		return 0 // without a directory neither knows anything
	}
	pl := NewPlan(p, r.Audit)
	all := newJudgement(r).input(pl)
	n := 0
	for _, c := range cells {
		at := &pl.cells[pl.byID[c.ID]]
		h, ok := p.Host(c.ID.Target)
		flow := at.check.Flow
		deny := flow.Intent == Denied
		if !ok || len(h.Addresses) == 0 || catalog.Text(c.Conduct) == "" || !flow.AtHost() {
			continue
		}
		in := all.of(at)
		said := configuredLine.FindStringSubmatch(strings.SplitN(catalog.Text(c.Conduct), "; applied there: ", 2)[0])
		if said == nil && !strings.HasPrefix(catalog.Text(c.Conduct), "not known: ") {
			t.Errorf("%s: configured %q", c.ID, catalog.Text(c.Conduct))
		}
		right, found := true, said == nil
		for _, k := range in.packets(in.sim.Host(h), h) {
			q := explain.Question{From: k.from.Name + "@" + k.from.Addr.String(), To: h.Name + "@" + k.to.Addr.String(), Protocol: string(k.flow.Protocol)}
			if k.flow.Port != 0 {
				q.To = h.Name + "@" + "[" + k.to.Addr.String() + "]:" + strconv.Itoa(int(k.flow.Port))
			}
			e, err := x.Explain(q)
			if err != nil {
				t.Errorf("%s: explain %s to %s: %v", c.ID, q.From, q.To, err)
				continue
			}
			n++
			if e.Packet.Source != k.from.Seen() {
				continue // a second address behind NAT, which a question cannot name
			}
			right = right && (e.Outcome.Verdict == run.OutcomeDropped || e.Outcome.Verdict == run.OutcomeFails)
			if said == nil && e.Outcome.Verdict != run.OutcomeUnknown && len(e.To.Doubts) == 0 && e.To.Verdict != "unknown" {
				t.Errorf("%s says %q, and explain knows: %s", c.ID, catalog.Text(c.Conduct), e.Outcome.Why.Key())
			}
			if said == nil || said[2] != k.to.Addr.String() || said[3] != k.from.Seen().String() {
				continue
			}
			found = true
			if got := atEnd(&e.To); got != said[1] {
				t.Errorf("%s says %s at the host (%s), and explain %s: %s", c.ID, said[1], catalog.Text(c.Conduct), got, e.Outcome.Why.Key())
			}
			if got := atEnd(&e.From); said[4] != "" && got != strings.Replace(said[4], "not known", "unknown", 1) {
				t.Errorf("%s says %s at the vantage (%s), and explain %s: %s", c.ID, said[4], catalog.Text(c.Conduct), got, e.Outcome.Why.Key())
			}
		}
		if !found {
			t.Errorf("%s says %q, which is no packet that explain was asked about", c.ID, catalog.Text(c.Conduct))
		}
		if deny && c.Verdict == run.Fail && (c.Breaks == run.BreaksPolicy) == right && c.Breaks != "" {
			t.Errorf("%s breaks at %q, and by explain the policy is right: %v", c.ID, c.Breaks, right)
		}
	}
	return n
}

// atEnd is what connection security does at an end, or the end as a whole where
// no policy was asked.
func atEnd(e *run.ExplainedEnd) string {
	if e.Security != nil {
		return e.Security.Verdict
	}
	return e.Verdict
}

func (w *world) agrees(t *testing.T) int {
	t.Helper()
	var cells []run.Cell
	for _, c := range w.judged(t) {
		cells = append(cells, c)
	}
	return agrees(t, w.policy, w.run, cells)
}

func TestExplainAgreesWithTheCells(t *testing.T) {
	compared := 0
	try := func(name string, change func(*policy.Policy, *run.Forest), applied *told) {
		t.Run(name, func(t *testing.T) {
			w := toldWorld(change, applied)
			for _, v := range []string{"guest", "client", "kiosk"} {
				w.but(v, "kms01", map[bool]func(run.Need) run.Observation{true: answered, false: silent}[v == "guest"])
			}
			compared += w.agrees(t)
		})
	}
	try("healthy", nil, nil)
	try("applied", nil, appliedTold(boundaryTold))
	for name, f := range configuredFaults {
		if len(f.more) == 0 {
			try(name, f.change, nil)
		}
	}
	for name, change := range rightPolicies {
		try(name, change, nil)
	}
	for name, c := range contradictions {
		try(name, c.change, nil)
	}
	var all []string
	changes := map[string]func(*policy.Policy, *run.Forest){}
	for name, f := range configuredFaults {
		changes["fault: "+name] = f.change
	}
	for name, change := range rightPolicies {
		changes["right: "+name] = change
	}
	for name, c := range contradictions {
		changes["contradiction: "+name] = c.change
	}
	for name := range changes {
		all = append(all, name)
	}
	slices.Sort(all)
	// Two changes at once, each with one some places further on.
	for i, name := range all {
		other := all[(i*7+13)%len(all)]
		try(name+" and "+other, func(p *policy.Policy, f *run.Forest) {
			for _, n := range []string{name, other} {
				func() {
					defer func() { _ = recover() }() // a change may need what the first took away
					changes[n](p, f)
				}()
			}
		}, nil)
	}
	if compared < 1000 {
		t.Errorf("only %d packets were compared", compared)
	}
}

// contradictions are worlds in which cells and kmsiso explain said different
// things of one packet.
var contradictions = map[string]struct {
	change  func(*policy.Policy, *run.Forest)
	cell    string
	says    string // in the configured line
	outcome run.OutcomeVerdict
	at      string
	breaks  run.Breaks // of the cell, whose vantage gets no answer
}{
	"the client's account says that it runs Linux": {
		change: func(_ *policy.Policy, f *run.Forest) {
			a := &f.Domains[0].Accounts[2]
			a.OS, a.OSVersion = "pc-linux-gnu", ""
		},
		cell: "domain-kms/client/kms01", says: "; clear at client: its account says that it runs pc-linux-gnu", outcome: run.OutcomeDropped, at: "to", breaks: run.BreaksPolicy,
	},
	"the client is on a VPN, and the rule is for LAN interfaces": {
		change: func(p *policy.Policy, f *run.Forest) {
			p.Vantages[0].Path = "vpn"
			lan := isolationOf(f)
			all := *lan
			all.ID, all.Name, all.DN = otherID, "Hosts", "CN="+otherID+",CN=Policies,CN=System,DC=contoso,DC=test"
			text := paperTold()
			text.rule = replaced(text.rule, "EmbedCtxt=|", "EmbedCtxt=|IFType=Lan|")
			lan.Registry = text.values()
			f.Domains[0].GPOs = append(f.Domains[0].GPOs, all)
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=KMS,DC=contoso,DC=test", Links: []run.Link{{GPO: otherID, DN: all.DN}}})
		},
		cell: "domain-kms/client/kms01", says: "; clear at client by rule", outcome: run.OutcomeDropped, at: "to", breaks: run.BreaksPolicy,
	},
	"the host's account says that it runs Linux": {
		change: func(_ *policy.Policy, f *run.Forest) {
			a := &f.Domains[0].Accounts[0]
			a.OS, a.OSVersion = "Debian GNU/Linux", "12"
		},
		cell: "domain-kms/client/kms01", says: "clear at 198.18.10.30 from 198.18.20.20: its account says that it runs Debian", outcome: run.OutcomeClear, breaks: run.BreaksNetwork,
	},
	"the vantage has no account": {
		change: func(_ *policy.Policy, f *run.Forest) { f.Domains[0].Accounts = f.Domains[0].Accounts[:2] },
		cell:   "domain-kms/client/kms01", says: "; not known at client: it is declared to be a member", outcome: run.OutcomeUnknown,
	},
}

func TestContradictions(t *testing.T) {
	for name, c := range contradictions {
		t.Run(name, func(t *testing.T) {
			w := toldWorld(c.change, nil)
			w.but("client", "kms01", silent)
			got := w.judged(t)[c.cell]
			if got.Verdict != run.Fail || got.Breaks != c.breaks || !strings.Contains(catalog.Text(got.Conduct), c.says) {
				t.Errorf("%s is %s, breaks at %q, configured %q; want a fail that breaks at %q with %q", c.cell, got.Verdict, got.Breaks, catalog.Text(got.Conduct), c.breaks, c.says)
			}
			x, err := explain.New(w.policy, w.run.Observations, w.run.Vantages)
			if err != nil {
				t.Fatal(err)
			}
			e, err := x.Explain(explain.Question{From: "client", To: "kms01"})
			if err != nil {
				t.Fatal(err)
			}
			if e.Outcome.Verdict != c.outcome || e.Outcome.At != c.at {
				t.Errorf("explain says %s at %q, want %s at %q: %s", e.Outcome.Verdict, e.Outcome.At, c.outcome, c.at, e.Outcome.Why.Key())
			}
		})
	}
}

// A cell of another target than an isolation breaks its check: it is judged by
// no isolation rather than by any.
func TestNoIsolationOfTheTarget(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("another isolation was taken for it")
		}
	}()
	in := &Input{Policy: toldWorld(nil, nil).policy, Cell: directoryCell("gpo-exists", "gpo:nobody's")}
	in.isolation()
}

// A member on a VPN is judged by what its registry does on a VPN.
func TestAppliedOnVPN(t *testing.T) {
	for name, c := range map[string]struct {
		path, interfaces string
		verdict          run.Verdict
	}{
		"a rule for every interface":                   {"vpn", "", run.Pass},
		"a rule for remote access":                     {"vpn", "IFType=RemoteAccess|", run.Pass},
		"a rule for LAN interfaces":                    {"vpn", "IFType=Lan|", run.Fail},
		"a rule for LAN interfaces, a member on a LAN": {"lan", "IFType=Lan|", run.Inconclusive}, // it may be wireless
	} {
		t.Run(name, func(t *testing.T) {
			text := paperTold()
			text.rule = replaced(text.rule, "EmbedCtxt=|", "EmbedCtxt=|"+c.interfaces)
			w := toldWorld(func(p *policy.Policy, _ *run.Forest) { p.Vantages[0].Path = c.path }, nil)
			before := w.answer
			w.answer = func(n run.Need, healthy run.Observation) run.Observation {
				if n.Probe != run.ProbeRegistry || n.Vantage != "client" || n.Param != keyFirewall {
					return before(n, healthy)
				}
				o := run.Observation{Class: run.Answered}
				for _, v := range text.values() {
					v.Key = `HKLM\` + v.Key
					o.Registry = append(o.Registry, v)
				}
				return o
			}
			if got := w.judged(t)["gpo-applied/client/gpo:KMS Isolation Policy"]; got.Verdict != c.verdict {
				t.Errorf("%s, want %s: %s", got.Verdict, c.verdict, catalog.Text(got.Reasons))
			}
		})
	}
}
