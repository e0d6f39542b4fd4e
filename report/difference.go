package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// WriteDifference writes in sentences which answers change between two states,
// those that open something first.
func WriteDifference(w io.Writer, d *run.Difference, o Options) error {
	t := &prose{width: o.columns()}
	switch n := len(d.Changes); {
	case n == 0 && d.Unknown > 0:
		t.hang("", "Nothing that is known changes between %s and %s, of %d packets that were asked about.", d.Old, d.New, d.Asked)
	case n == 0:
		t.hang("", "Nothing changes between %s and %s: %d packets were asked about, and each has the same answer.", d.Old, d.New, d.Asked)
	default:
		t.hang("", "%d %s between %s and %s, of %d packets that were asked about.", n, plural(n, "answer changes", "answers change"), d.Old, d.New, d.Asked)
	}
	if d.Unknown > 0 {
		t.hang("", "%d %s in both, and may change: kmsiso explain --from --to says why of each.", d.Unknown, plural(d.Unknown, "answer is not known", "answers are not known"))
	}
	for i := range d.Changes {
		t.change(&d.Changes[i])
	}
	for i, note := range sentences(d.Notes) {
		if i == 0 {
			t.gap()
		}
		t.hang("note  ", "%s", sentence(note))
	}
	return t.to(w)
}

func (t *prose) change(c *run.Change) {
	t.gap()
	was, is := outcomeWords(c.Old.Outcome), outcomeWords(c.New.Outcome)
	if was == is {
		t.hang("", "%s as before, in another way", strings.ToUpper(is))
	} else {
		t.hang("", "%s -> %s", strings.ToUpper(was), strings.ToUpper(is))
	}
	sender := t.conduct("sender", c.Old.From, c.New.From)
	receiver := t.conduct("receiver", c.Old.To, c.New.To)
	if !sender && !receiver { // what changes lies between them
		word, rest := outcome(&c.New.Outcome, c.New.From.Name, c.New.To.Name)
		t.hang("  now       ", "%s %s", word, sentence(rest))
	}
	for _, line := range packetLines(c.Packets) {
		t.hang("  for       ", "%s", line)
	}
}

// conduct says what an end did and what it does now, where that differs; else
// once what it does. It reports whether it does.
func (t *prose) conduct(end string, was, is run.Conduct) bool {
	old, now := conductWords(was), conductWords(is)
	if was.Verdict == is.Verdict && acceptWords(was) == acceptWords(is) {
		t.hang(fmt.Sprintf("  %-10s", end), "%s", sentence(now))
		return false
	}
	t.hang(fmt.Sprintf("  %-10s", end), "was   %s", sentence(old))
	t.hang("            ", "is    %s", sentence(now))
	return true
}

func conductWords(c run.Conduct) string {
	text := c.Verdict
	if c.Rule != "" && c.Verdict != "unknown" && c.Verdict != "dropped" {
		text += fmt.Sprintf(", by rule %s%s", c.Rule, ofSource(c.Source))
	} else {
		text += ": " + catalog.Text(c.Why)
	}
	return text + acceptWords(c)
}

// acceptWords say whom an end lets in.
func acceptWords(c run.Conduct) string {
	text := ""
	if len(c.Authentication) > 0 {
		text += ", with " + run.MethodWords(c.Authentication)
	}
	if len(c.UserAuthentication) > 0 {
		text += " and then " + run.MethodWords(c.UserAuthentication)
	}
	if len(c.Peers) > 0 {
		text += ", only the peers in " + strings.Join(c.Peers, ", ")
	}
	return text
}

func outcomeWords(o run.Outcome) string {
	text := map[run.OutcomeVerdict]string{
		run.OutcomeProtected: "protected by IPsec", run.OutcomeClear: "passed in clear",
		run.OutcomeDropped: "dropped on arrival", run.OutcomeFails: "failed at the sender", run.OutcomeUnknown: "unknown",
	}[o.Verdict]
	if o.Verdict == run.OutcomeDropped && o.At == "from" {
		text = "dropped at the sender"
	}
	if o.Undocumented {
		text += " (order not documented)"
	}
	return text
}

// packetLines says for which packets an answer changes: senders with the same
// targets share a line, and so do receivers that are asked for the same.
func packetLines(groups []run.ChangedGroup) []string {
	var to lines
	for _, g := range groups {
		from := g.From
		if g.Count > 1 {
			from = fmt.Sprintf("%s and %d more", from, g.Count-1)
		}
		to.add(from, g.To, fmt.Sprintf("%s; profile %s", targetWords(g.Targets), strings.Join(g.Profiles, ", ")))
	}
	var from lines
	for _, l := range to.all {
		from.add(l.second, strings.Join(l.first, ", "), l.rest)
	}
	var texts []string
	for _, l := range from.all {
		texts = append(texts, sentence(l.second+" -> "+strings.Join(l.first, ", ")+": "+l.rest))
	}
	return texts
}

// lines collects those that have all but the first part in common.
type lines struct{ all []*sharedLine }

type sharedLine struct {
	first        []string
	second, rest string
}

func (l *lines) add(first, second, rest string) {
	for _, have := range l.all {
		if have.second == second && have.rest == rest {
			have.first = append(have.first, first)
			return
		}
	}
	l.all = append(l.all, &sharedLine{[]string{first}, second, rest})
}

// targetWords names addresses, each with what it is asked for behind it:
// "198.18.10.30 TCP 1688/445 ping".
func targetWords(targets []run.ChangedTarget) string {
	var addresses []string
	for _, at := range targets {
		if a := at.Address.String(); !slices.Contains(addresses, a) {
			addresses = append(addresses, a)
		}
	}
	for i, a := range addresses {
		for _, protocol := range []string{"tcp", "udp", "icmp"} {
			var ports []string
			for _, x := range targets {
				if x.Address.String() == a && x.Protocol == protocol {
					ports = append(ports, fmt.Sprint(x.Port))
				}
			}
			switch {
			case len(ports) == 0:
			case protocol == "icmp":
				addresses[i] += " " + service(protocol, 0)
			default:
				addresses[i] += " " + strings.ToUpper(protocol) + " " + strings.Join(ports, "/")
			}
		}
	}
	return strings.Join(addresses, ", ")
}
