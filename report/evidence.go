package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// evidence writes the observations of a cell as lines of text: who asked whom,
// when, and what became of every try.
func evidence(seen observations, c *cell) []string {
	var lines []string
	told := map[string]bool{}
	for _, id := range c.Evidence {
		if told[id] {
			continue
		}
		told[id] = true
		o := seen[id]
		if o == nil {
			lines = append(lines, render.Clean(id)+": not in the run document")
			continue
		}
		lines = append(lines, observed(o))
		for _, t := range o.Tries {
			lines = append(lines, "  "+tried(t))
		}
		for i := range o.Parts {
			lines = append(lines, part(o.Of(&o.Parts[i]))...)
		}
		for _, s := range append(details(o), rules(o, c)...) {
			lines = append(lines, "  "+render.Clean(s))
		}
	}
	return lines
}

// observed is the first line of an observation.
func observed(o *run.Observation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s", o.ID, o.Need.Vantage, o.Need.Probe)
	if o.Need.Addr.IsValid() {
		fmt.Fprintf(&b, " %s", o.Need.Addr)
	}
	if o.Need.Port != 0 {
		fmt.Fprintf(&b, " port %d", o.Need.Port)
	}
	switch {
	case o.Need.Peer == "":
	case o.Need.Probe == run.ProbeAddresses:
		fmt.Fprintf(&b, " that %s tells of, ports", o.Need.Peer)
	default:
		fmt.Fprintf(&b, " watched from %s", o.Need.Peer)
	}
	if o.Need.Param != "" {
		fmt.Fprintf(&b, " %s", o.Need.Param)
	}
	fmt.Fprintf(&b, " (%s, %s to %s", o.Need.When, at(o.Start), at(o.End))
	if o.Via != "" {
		fmt.Fprintf(&b, ", via %s", o.Via)
	}
	b.WriteString("): ")
	switch {
	case len(o.Trouble) > 0:
		b.WriteString("error: " + catalog.Text(o.Trouble))
	case len(o.Missing) > 0:
		b.WriteString("not possible: " + catalog.Text(o.Missing))
	default:
		b.WriteString(string(o.Class))
	}
	if o.Weak != "" {
		b.WriteString(" (weak: " + o.Weak + ")")
	}
	return render.Clean(b.String())
}

// part are the lines of a part of an observation.
func part(o *run.Observation) []string {
	what := string(o.Class)
	if len(o.Trouble) > 0 {
		what = "error: " + catalog.Text(o.Trouble)
	}
	lines := []string{render.Clean(fmt.Sprintf("  %s %s port %d: %s", o.Need.Probe, o.Need.Addr, o.Need.Port, what))}
	for _, t := range o.Tries {
		lines = append(lines, "    "+tried(t))
	}
	for _, s := range details(o) {
		lines = append(lines, "    "+render.Clean(s))
	}
	return lines
}

func tried(t run.Try) string {
	var b strings.Builder
	fmt.Fprintf(&b, "try at %s: %s after %s", at(t.Start), t.Class, t.RTT.Round(time.Microsecond))
	if t.From.IsValid() {
		fmt.Fprintf(&b, " from %s", t.From)
	}
	if t.TTL != 0 {
		fmt.Fprintf(&b, " ttl %d", t.TTL)
	}
	if t.Note != "" {
		fmt.Fprintf(&b, " (%s)", t.Note)
	}
	return render.Clean(b.String())
}

// details are what a probe learned beyond the class.
func details(o *run.Observation) []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if x := o.RPC; x != nil {
		to := "the KMS interface"
		if o.Need.Param == run.RandomInterface {
			to = "a random interface"
		}
		say("rpc bind to %s %s %s", to, x.Bind, x.Note)
	}
	if x := o.IKE; x != nil {
		of := ""
		if x.Size > 0 {
			of = fmt.Sprintf(" in messages of %d octets", x.Size)
		}
		say("ike asked %s%s; %s answered %s %s %s", strings.Join(x.Asked, ", "), of, x.Protocol, x.Answer, x.Notify, strings.Join(x.VendorIDs, ", "))
		if x.Again > 0 {
			say("ike of usual size answered %d times of %d then", x.AgainHeard, x.Again)
		}
	}
	if x := o.ESP; x != nil {
		say("esp spi %#08x: %d of %d small datagrams arrived, %d of %d of %d octets", x.SPI, x.SmallSeen, x.Small, x.LargeSeen, x.Large, x.LargeSize)
	}
	if x := o.Clock; x != nil {
		say("clock ahead of this machine's by %s, known to %s", x.Ahead.Round(time.Microsecond), x.Within.Round(time.Microsecond))
	}
	for _, x := range o.SRV {
		say("srv %s at %s: %s %s %s", x.Domain, x.Resolver, x.Class, x.RCode, x.Note)
		for _, rec := range x.Records {
			name := rec.Target
			switch {
			case name == "":
				name = "."
			case rec.Canonical != "":
				name += " (alias of " + rec.Canonical + ")"
			}
			say("  %s port %d priority %d weight %d ttl %d %v", name, rec.Port, rec.Priority, rec.Weight, rec.TTL, rec.Addrs)
		}
	}
	return append(lines, wire(o)...)
}

// rules says where in a registry the rules stand that the cell speaks of. The
// registry itself is in the run document alone: it is a map of the host.
func rules(o *run.Observation, c *cell) []string {
	if len(o.Registry) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("%d registry values below %s: in the run document, observation %s", len(o.Registry), o.Need.Param, o.ID)}
	said := strings.Join([]string{c.reason, c.configured, c.observed, c.cause}, "\n")
	for _, f := range c.findings {
		said += "\n" + f.text
	}
	for _, x := range o.Registry {
		for token := range strings.SplitSeq(x.Data, "|") {
			name, ok := strings.CutPrefix(token, "Name=")
			if ok && name != "" && strings.Contains(said, name) {
				lines = append(lines, fmt.Sprintf(`rule %q is %s\%s`, name, x.Key, x.Name))
			}
		}
	}
	return lines
}

// at is a moment of the run.
func at(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

// lasted is how long the observations of a cell took, from the first start to
// the last end.
func lasted(seen observations, c *run.Cell) time.Duration {
	var start, end time.Duration
	first := true
	for _, id := range c.Evidence {
		o := seen[id]
		if o == nil {
			continue
		}
		if first || o.Start < start {
			start = o.Start
		}
		end = max(end, o.End)
		first = false
	}
	return max(end-start, 0)
}
