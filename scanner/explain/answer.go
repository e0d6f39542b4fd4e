package explain

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// answer says what both ends do with a packet and what comes of it.
func (x *Explainer) answer(p pair, k *packets, full bool) (from, to *end, o simulate.Outcome) {
	ask := x.sim.Packet
	if full {
		ask = x.sim.Trace
	}
	o = ask(p.from, p.to, k.flow)
	from, to = x.describe(p.from, o.From, full), x.describe(p.to, o.To, full)
	if full && p.from.Outer.IsValid() && o.Negotiated {
		from.doc.Notes = append(from.doc.Notes, reason.New(reason.BehindNAT))
	}
	return from, to, o
}

// outcome is what becomes of a packet, for the document.
func outcome(from, to *end, o *simulate.Outcome) run.Outcome {
	out := run.Outcome{Fate: run.Fate{Verdict: o.Verdict, At: string(o.At)}, Undocumented: o.Undocumented, Sends: from.does(sends), Takes: to.does(takes)}
	if len(o.Why) > 0 {
		code := reason.EndsDisagree
		if out.Verdict == run.OutcomeUnknown {
			code = reason.AgreementUnknown
		}
		out.Why = reason.One(code, "why", o.Why)
	}
	if len(o.May) > 1 {
		for _, r := range o.May {
			out.May = append(out.May, run.Fate{Verdict: r.Verdict, At: string(r.At)})
		}
		return out
	}
	if by := &o.To.Effect.Firewall; out.Verdict != run.OutcomeDropped && by.Verdict == effect.Unknown {
		out.Why = append(out.Why, reason.New(reason.FirewallMayDrop, "end", to.Name, "why", by.Why))
	}
	if out.Undocumented {
		out.Why = append(out.Why, reason.New(reason.OrderUndocumented, "end", to.Name))
	}
	return out
}

// does says what an end does and by what.
func (e *end) does(act map[simulate.Act]reason.Code) reason.List {
	code := reason.EndUndecided
	if len(e.conduct.Acts) == 1 {
		code = act[e.conduct.Acts[0]]
	}
	return reason.One(code, "end", e.Name, "by", e.because())
}

var sends = map[simulate.Act]reason.Code{
	simulate.SendsClear:   reason.SenderClear,
	simulate.SendsTrying:  reason.SenderTrying,
	simulate.SendsSecured: reason.SenderSecured,
	simulate.SendsNothing: reason.SenderSilent,
}

var takes = map[simulate.Act]reason.Code{
	simulate.TakesSecured: reason.ReceiverSecured,
	simulate.TakesBoth:    reason.ReceiverBoth,
	simulate.TakesClear:   reason.ReceiverClear,
	simulate.TakesNothing: reason.ReceiverClosed,
}

// mostReasons is how many rules are named at each end in what closes an answer.
const mostReasons = 2

// because is what decides at an end.
func (e *end) because() reason.List {
	d := &e.doc
	if d.Rule != "" && !d.Undocumented && (d.Verdict == string(effect.Require) || d.Verdict == string(effect.Request) || d.Verdict == string(effect.Exempt)) {
		return reason.One(reason.DecidedByRule, "rule", d.Rule, "source", d.Source)
	}
	return brief(d)
}

// brief is why an end does what it does, with no more rules than
// [mostReasons] that leave a packet out.
func brief(d *run.ExplainedEnd) reason.List {
	more := len(d.Why) - mostReasons
	if more <= 0 || d.Verdict != string(effect.Clear) {
		return d.Why
	}
	return append(slices.Clone(d.Why[:mostReasons]), reason.New(reason.MoreReasons, "n", more))
}
