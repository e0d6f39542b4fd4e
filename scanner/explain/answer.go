package explain

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// answer says what both ends do with a packet and what comes of it.
func (x *Explainer) answer(p pair, k *packets, full bool) (from, to *end, out run.Outcome) {
	ask := x.sim.Packet
	if full {
		ask = x.sim.Trace
	}
	o := ask(p.from, p.to, k.flow)
	from, to = x.describe(p.from, o.From, full), x.describe(p.to, o.To, full)
	if full && p.from.Outer.IsValid() && o.Negotiated {
		from.doc.Notes = append(from.doc.Notes, "it is behind NAT, which IPsec passes only inside UDP 4500 and where both ends allow that (IPsecThroughNAT): see nat-client")
	}
	return from, to, outcome(from, to, o)
}

// outcome puts what may become of the packet into words.
func outcome(from, to *end, o simulate.Outcome) run.Outcome {
	out := run.Outcome{Verdict: o.Verdict, At: string(o.At), Undocumented: o.Undocumented}
	ends := from.does(sends) + ", and " + to.does(takes)
	if len(o.Why) > 0 {
		ends += "; "
		if out.Verdict == run.OutcomeUnknown {
			ends += "whether they agree is not known: "
		} else {
			ends += "they do not agree: "
		}
		ends += catalog.Text(o.Why)
	}
	if len(o.May) == 1 {
		out.Text = words(o.May[0], from, to) + ": " + ends
		if by := o.To.Effect.Firewall; out.Verdict != run.OutcomeDropped && by.Verdict == consec.Unknown {
			out.Text += fmt.Sprintf("; the firewall of %s may still drop it: %s", to.Name, catalog.Text(by.Why))
		}
		if out.Undocumented {
			out.Text += "; Microsoft does not document which rule of " + to.Name + " comes first, so this is the looser reading"
		}
		return out
	}
	var may []string
	for _, r := range o.May {
		may = append(may, words(r, from, to))
	}
	last := len(may) - 1
	out.Text = "unknown, it is " + strings.Join(may[:last], ", ") + " or " + may[last] + ": " + ends
	return out
}

// words says what may become of the packet, for a sentence.
func words(r simulate.Result, from, to *end) string {
	at := from.Name
	if r.At == simulate.AtTo {
		at = to.Name
	}
	switch r.Verdict {
	case run.OutcomeProtected:
		return "protected by IPsec"
	case run.OutcomeClear:
		return "passed in clear"
	case run.OutcomeFails:
		return "failed at " + at + ", which gets no IPsec"
	}
	return "dropped at " + at
}

// does says what an end does and by what.
func (e *end) does(act map[simulate.Act]string) string {
	if len(e.conduct.Acts) > 1 {
		return "what " + e.Name + " does is not known" + e.because()
	}
	return e.Name + " " + act[e.conduct.Acts[0]] + e.because()
}

var sends = map[simulate.Act]string{
	simulate.SendsClear:   "sends it in clear",
	simulate.SendsTrying:  "asks for IPsec, and sends in clear where that fails",
	simulate.SendsSecured: "sends it inside IPsec only",
	simulate.SendsNothing: "does not send it",
}

var takes = map[simulate.Act]string{
	simulate.TakesSecured: "takes it inside IPsec only",
	simulate.TakesBoth:    "takes it inside IPsec and in clear",
	simulate.TakesClear:   "takes it in clear",
	simulate.TakesNothing: "takes it neither in clear nor inside IPsec",
}

// mostReasons is how many rules a closing sentence names at each end.
const mostReasons = 2

// because names what decides at an end.
func (e *end) because() string {
	d := &e.doc
	if d.Rule != "" && !d.Undocumented && (d.Verdict == string(consec.Require) || d.Verdict == string(consec.Request) || d.Verdict == string(consec.Exempt)) {
		return " (rule " + d.Rule + ofSource(d.Source) + ")"
	}
	return " (" + brief(d) + ")"
}

// brief is why an end does what it does, with no more rules than
// [mostReasons] that leave a packet out.
func brief(d *run.ExplainedEnd) string {
	reasons := strings.Split(d.Why, "; ")
	if len(reasons) > mostReasons && d.Verdict == string(consec.Clear) {
		reasons = append(reasons[:mostReasons], "and more")
	}
	return strings.Join(reasons, "; ")
}
