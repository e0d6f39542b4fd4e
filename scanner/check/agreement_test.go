package check_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/explain"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// conducts are what a cell says that its ends do: the host, and perhaps the vantage.
func conducts(c run.Cell) (ends reason.List) {
	for _, r := range c.Conduct {
		if r.Is(reason.ConductBy, reason.ConductWithout, reason.ConductNotRead) {
			ends = append(ends, r)
		}
	}
	return ends
}

// verdictOf is what an end does by a conduct, in the words of kmsiso explain.
func verdictOf(conduct reason.Reason) string {
	if conduct.Is(reason.ConductNotRead) {
		return "unknown"
	}
	return conduct.Word("verdict")
}

// agrees holds the configured answer of every cell with a flow against what
// kmsiso explain says of the same packets, and returns how many it compared.
func agrees(t *testing.T, p *intent.Policy, r *run.Run, cells []run.Cell) int {
	t.Helper()
	x, err := explain.New(p, r.Observations, r.Vantages)
	if err != nil {
		return 0 // without a directory neither knows anything
	}
	pl := checks.NewPlan(p, r.Audit)
	n := 0
	for _, c := range cells {
		h, ok := p.Host(c.ID.Target)
		flow := check.CheckOf(pl, c.ID).Flow
		deny := flow.Intent == check.Denied
		if !ok || len(h.Addresses) == 0 || len(c.Conduct) == 0 || !flow.AtHost() {
			continue
		}
		said := conducts(c)
		nothing := len(said) == 0
		if nothing != c.Conduct.Has(reason.ConductUnknown) || len(said) > 2 {
			t.Errorf("%s: configured %s", c.ID, c.Conduct.Key())
			continue
		}
		right, found := true, nothing
		for _, k := range check.Packets(pl, r, c.ID) {
			q := explain.Question{From: k.From.Name + "@" + k.From.Addr.String(), To: h.Name + "@" + k.To.Addr.String(), Protocol: string(k.Flow.Protocol)}
			if k.Flow.Port != 0 {
				q.To = h.Name + "@" + "[" + k.To.Addr.String() + "]:" + strconv.Itoa(int(k.Flow.Port))
			}
			e, err := x.Explain(q)
			if err != nil {
				t.Errorf("%s: explain %s to %s: %v", c.ID, q.From, q.To, err)
				continue
			}
			n++
			if e.Packet.Source != k.From.Seen() {
				continue // a second address behind NAT, which a question cannot name
			}
			right = right && (e.Outcome.Verdict == run.OutcomeDropped || e.Outcome.Verdict == run.OutcomeFails)
			if nothing && e.Outcome.Verdict != run.OutcomeUnknown && len(e.To.Doubts) == 0 && e.To.Verdict != "unknown" {
				t.Errorf("%s says %s, and explain knows: %s", c.ID, c.Conduct.Key(), e.Outcome.Why.Key())
			}
			if nothing || said[0].Word("end") != k.To.Addr.String() || said[0].Word("from") != k.From.Seen().String() {
				continue
			}
			found = true
			if got := atEnd(&e.To); got != verdictOf(said[0]) {
				t.Errorf("%s says of the host %s, and explain %s: %s", c.ID, said[0].Key(), got, e.Outcome.Why.Key())
			}
			if got := atEnd(&e.From); len(said) > 1 && (got != verdictOf(said[1]) || said[1].Word("end") != k.From.Name) {
				t.Errorf("%s says of the vantage %s, and explain %s of %s: %s", c.ID, said[1].Key(), got, k.From.Name, e.Outcome.Why.Key())
			}
		}
		if !found {
			t.Errorf("%s says %s, which is no packet that explain was asked about", c.ID, c.Conduct.Key())
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
	return agrees(t, w.declared(), w.run, cells)
}

func TestExplainAgreesWithTheCells(t *testing.T) {
	compared := 0
	try := func(name string, change func(*intent.Policy, *run.Forest), applied *told) {
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
	changes := map[string]func(*intent.Policy, *run.Forest){}
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
		try(name+" and "+other, func(p *intent.Policy, f *run.Forest) {
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
	change  func(*intent.Policy, *run.Forest)
	cell    string
	says    reason.Reason // in what is configured
	outcome run.OutcomeVerdict
	at      string
	breaks  run.Breaks // of the cell, whose vantage gets no answer
}{
	"the client's account says that it runs Linux": {
		change: func(_ *intent.Policy, f *run.Forest) {
			a := &f.Domains[0].Accounts[2]
			a.OS, a.OSVersion = "pc-linux-gnu", ""
		},
		cell: "domain-kms/client/kms01", says: reason.New(reason.ConductWithout, "verdict", "clear", "end", "client", "why", reason.New(reason.SystemOther, "os", "pc-linux-gnu")), outcome: run.OutcomeDropped, at: "to", breaks: run.BreaksPolicy,
	},
	"the client is on a VPN, and the rule is for LAN interfaces": {
		change: func(p *intent.Policy, f *run.Forest) {
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
		cell: "domain-kms/client/kms01", says: reason.New(reason.ConductBy, "verdict", "clear", "end", "client"), outcome: run.OutcomeDropped, at: "to", breaks: run.BreaksPolicy,
	},
	"the host's account says that it runs Linux": {
		change: func(_ *intent.Policy, f *run.Forest) {
			a := &f.Domains[0].Accounts[0]
			a.OS, a.OSVersion = "Debian GNU/Linux", "12"
		},
		cell: "domain-kms/client/kms01", says: reason.New(reason.ConductWithout, "verdict", "clear", "end", "198.18.10.30", "from", "198.18.20.20",
			"why", reason.New(reason.HostWithoutRules, "host", "kms01.contoso.test", "why", reason.New(reason.SystemOther, "os", "Debian GNU/Linux"))), outcome: run.OutcomeClear, breaks: run.BreaksNetwork,
	},
	"the vantage has no account": {
		change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Accounts = f.Domains[0].Accounts[:2] },
		cell:   "domain-kms/client/kms01", says: reason.New(reason.ConductNotRead, "end", "client", "why", reason.New(reason.MemberWithoutAccount, "names", []string{"client"})), outcome: run.OutcomeUnknown,
	},
}

func TestContradictions(t *testing.T) {
	for name, c := range contradictions {
		t.Run(name, func(t *testing.T) {
			w := toldWorld(c.change, nil)
			w.but("client", "kms01", silent)
			got := w.judged(t)[c.cell]
			if got.Verdict != run.Fail || got.Breaks != c.breaks || !slices.ContainsFunc(got.Conduct, func(r reason.Reason) bool { return tells(r, c.says) }) {
				t.Errorf("%s is %s, breaks at %q, configured %s; want a fail that breaks at %q with %s", c.cell, got.Verdict, got.Breaks, got.Conduct.Key(), c.breaks, c.says.Key())
			}
			x, err := explain.New(w.declared(), w.run.Observations, w.run.Vantages)
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
	in := &check.Input{Policy: toldWorld(nil, nil).policy, Cell: check.DirectoryCell("gpo-exists", "gpo:nobody's")}
	in.IsolationOf()
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
			w := toldWorld(func(p *intent.Policy, _ *run.Forest) { p.Vantages[0].Path = c.path }, nil)
			before := w.answer
			w.answer = func(n run.Need, healthy run.Observation) run.Observation {
				if n.Probe != run.ProbeRegistry || n.Vantage != "client" || n.Param != check.KeyFirewall {
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
				t.Errorf("%s, want %s: %s", got.Verdict, c.verdict, got.Reasons.Key())
			}
		})
	}
}
