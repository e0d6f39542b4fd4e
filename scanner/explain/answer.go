package explain

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// answer works out what both ends do with a packet and what comes of it.
func (x *Explainer) answer(p pair, k *packets, full bool) (from, to *end, out run.Outcome) {
	from = x.does(p.from, false, p.to.seen(), k, full)
	to = x.does(p.to, true, p.from.seen(), k, full)
	asked, agreed := false, agrees
	var why []string
	results := combine(from.conducts, to.conducts, func() agreement {
		if !asked {
			asked = true
			agreed, why = mayAgree, nil
			if from.negotiates() && to.negotiates() {
				agreed, why = x.agree(from, to)
			}
		}
		return agreed
	})
	if full && p.from.outer.IsValid() && asked {
		from.doc.Notes = append(from.doc.Notes, "it is behind NAT, which IPsec passes only inside UDP 4500 and where both ends allow that (IPsecThroughNAT): see nat-client")
	}
	return from, to, outcome(from, to, results, why)
}

// negotiates reports whether an end surely wants IPsec for the packet.
func (e *end) negotiates() bool {
	return e.told != nil && (e.effect.Security.Verdict == consec.Require || e.effect.Security.Verdict == consec.Request)
}

// outcome puts what may become of the packet into words.
func outcome(from, to *end, results []result, why []string) run.Outcome {
	out := run.Outcome{Verdict: run.OutcomeUnknown, Undocumented: to.doc.Undocumented}
	ends := from.sends() + ", and " + to.takes()
	if len(results) == 1 {
		out.Verdict, out.At = results[0].verdict, results[0].at
	}
	if len(why) > 0 {
		ends += "; "
		if out.Verdict == run.OutcomeUnknown {
			ends += "whether they agree is not known: "
		} else {
			ends += "they do not agree: "
		}
		ends += strings.Join(why, "; ")
	}
	if len(results) == 1 {
		out.Text = results[0].words(from, to) + ": " + ends
		if out.Verdict != run.OutcomeDropped && to.told != nil && to.effect.Firewall.Verdict == consec.Unknown {
			out.Text += fmt.Sprintf("; the firewall of %s may still drop it: %s", to.name, to.effect.Firewall.Why)
		}
		if out.Undocumented {
			out.Text += "; Microsoft does not document which rule of " + to.name + " comes first, so this is the looser reading"
		}
		return out
	}
	var may []string
	for _, r := range results {
		may = append(may, r.words(from, to))
	}
	last := len(may) - 1
	out.Text = "unknown, it is " + strings.Join(may[:last], ", ") + " or " + may[last] + ": " + ends
	return out
}

// words says the result for a sentence.
func (r result) words(from, to *end) string {
	at := from.name
	if r.at == "to" {
		at = to.name
	}
	switch r.verdict {
	case run.OutcomeProtected:
		return "protected by IPsec"
	case run.OutcomeClear:
		return "passed in clear"
	case run.OutcomeFails:
		return "failed at " + at + ", which gets no IPsec"
	}
	return "dropped at " + at
}

// sends says what a sender does and by what.
func (e *end) sends() string {
	if len(e.conducts) > 1 {
		return "what " + e.name + " does is not known" + e.because()
	}
	return e.name + " " + sends[e.conducts[0]] + e.because()
}

var sends = map[conduct]string{
	sendsClear:   "sends it in clear",
	sendsTrying:  "asks for IPsec, and sends in clear where that fails",
	sendsSecured: "sends it inside IPsec only",
	sendsNothing: "does not send it",
}

// takes says what a receiver does and by what.
func (e *end) takes() string {
	if len(e.conducts) > 1 {
		return "what " + e.name + " does is not known" + e.because()
	}
	return e.name + " " + takes[e.conducts[0]] + e.because()
}

var takes = map[conduct]string{
	takesSecured: "takes it inside IPsec only",
	takesBoth:    "takes it inside IPsec and in clear",
	takesClear:   "takes it in clear",
	takesNothing: "takes it neither in clear nor inside IPsec",
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
