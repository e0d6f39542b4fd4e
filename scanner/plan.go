package scanner

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/observe"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Plan is what a run would send: nothing else leaves any machine on its behalf,
// beside the connections into the vantages themselves. It holds the most that
// can be sent; tries that succeed early save the rest.
type Plan struct {
	lines  []planned
	totals map[string]total // by kind
	ways   map[string]string
	order  []string    // vantages
	asked  []string    // names the controller looks up
	names  reason.List // why some of them have no address
	runs   []string    // programs of this machine
	// directories says what is read of each forest.
	directories []string
}

// total is how many packets of a kind are sent at most, and how many where every
// link loses some.
type total struct{ count, lossy int }

// over is what more is sent there, "" for nothing.
func (t total) over() string {
	if t.lossy > t.count {
		return fmt.Sprintf(", %d where every link loses packets", t.lossy)
	}
	return ""
}

// planned is what one vantage sends to one target, or reads at itself.
type planned struct{ vantage, target, what string }

// MakePlan works out what a run of the policy would send. The policy's names
// must have been pinned.
func MakePlan(p *intent.Policy) *Plan {
	plan := &Plan{totals: map[string]total{}, ways: map[string]string{}}
	for _, f := range p.Directories() {
		plan.directories = append(plan.directories, "forest "+f.Name+": "+observe.Reading(f))
	}
	plan.directories = append(plan.directories, observe.Showings(p)...)
	for _, v := range p.Vantages {
		plan.order = append(plan.order, v.Name)
		var ways []string
		for _, w := range observe.Ways(p, v) {
			ways = append(ways, w.String())
			if r, ok := w.(interface{ Runs() string }); ok && r.Runs() != "" {
				plan.runs = append(plan.runs, "runs "+r.Runs())
			}
		}
		plan.ways[v.Name] = fmt.Sprintf("%s, by %s", v.Role, strings.Join(ways, ", then "))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Pins)) {
		plan.asked = append(plan.asked, name)
		plan.names = append(plan.names, p.Pins[name].Trouble...)
	}
	needs := checks.NewPlan(p, false).Needs()
	limits := observe.Limits(p, needs)
	for i, n := range needs {
		plan.add(n, limits(i))
	}
	return plan
}

func (pl *Plan) add(n run.Need, limits probes.Limits) {
	target := n.Target
	if n.Addr.IsValid() {
		target += " " + n.Addr.String()
	}
	switch n.Probe {
	case run.ProbeDirectory:
		return // said of the directory as a whole
	case run.ProbeSRV:
		target = "its own resolvers, for " + n.Param
	case run.ProbeRegistry, run.ProbeClock:
		target = "itself"
	case run.ProbeAddresses:
		target = fmt.Sprintf("addresses that %s uses and that are not listed, %d at most", n.Target, run.MostAddresses)
	case run.ProbeFlows:
		pl.lines = append(pl.lines, planned{n.Vantage, "itself", "watches its wire for packets between hosts and vantages, and for what hosts answer to others"})
		return
	}
	for _, k := range probes.Describe(n, limits) {
		most := max(k.Count, k.Lossy)
		sum := pl.totals[k.Kind]
		pl.totals[k.Kind] = total{sum.count + k.Count, sum.lossy + most}
		what := fmt.Sprintf("%d %s", k.Count, k.Kind)
		if n.Port != 0 {
			what += fmt.Sprintf(" (%d)", n.Port)
		}
		switch {
		case n.Probe == run.ProbeTCPFrom:
			what += " from port " + n.Param
		case n.Probe == run.ProbeUDP:
			what += " from any port and from " + listed(run.TrustedPorts)
		case n.Probe == run.ProbeRegistry:
			what = "reads " + n.Param
		case k.Kind == probes.ConnectElsewhere:
			what += " (" + strings.TrimPrefix(n.Param, "0 ") + ")"
		}
		what += " " + string(n.When)
		if n.Probe == run.ProbeTCP && limits.Exchanges > 1 {
			what += ", to measure the link"
		}
		if most > k.Count {
			what += fmt.Sprintf(", up to %d where the link loses packets", most)
		}
		pl.lines = append(pl.lines, planned{n.Vantage, target, what})
	}
}

// listed are ports, in words.
func listed(ports []uint16) string {
	words := make([]string, len(ports))
	for i, n := range ports {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}

// Write prints the plan, vantage by vantage, with the totals last. text makes the
// texts of reasons.
func (pl *Plan) Write(w io.Writer, text func(reason.List) string) error {
	var b strings.Builder
	if len(pl.asked) > 0 {
		fmt.Fprintf(&b, "this machine, to its own resolvers, for A and AAAA of\n  %s\n", strings.Join(pl.asked, "\n  "))
	}
	if len(pl.directories) > 0 {
		fmt.Fprintf(&b, "this machine\n  %s\n", strings.Join(pl.directories, "\n  "))
	}
	if len(pl.runs) > 0 {
		fmt.Fprintf(&b, "this machine\n  %s\n", strings.Join(pl.runs, "\n  "))
	}
	for _, v := range pl.order {
		fmt.Fprintf(&b, "%s (%s)\n", v, pl.ways[v])
		var targets []string
		byTarget := map[string][]string{}
		for _, l := range pl.lines {
			if l.vantage != v {
				continue
			}
			if byTarget[l.target] == nil {
				targets = append(targets, l.target)
			}
			byTarget[l.target] = append(byTarget[l.target], l.what)
		}
		if len(targets) == 0 {
			b.WriteString("  sends nothing\n")
		}
		for _, t := range targets {
			fmt.Fprintf(&b, "  to %s\n", t)
			for _, what := range byTarget[t] {
				fmt.Fprintf(&b, "    %s\n", what)
			}
		}
	}
	if len(pl.names) > 0 {
		b.WriteString("to what has no address nothing is sent\n")
	}
	for _, why := range pl.names {
		fmt.Fprintf(&b, "  %s\n", text(reason.List{why}))
	}
	b.WriteString("in all, at most\n")
	for _, kind := range slices.Sorted(maps.Keys(pl.totals)) {
		fmt.Fprintf(&b, "  %6d %s%s\n", pl.totals[kind].count, kind, pl.totals[kind].over())
	}
	_, err := io.WriteString(w, b.String())
	return err
}
