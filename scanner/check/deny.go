package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A deny is proved, or it is no pass. The needs below gather the proof that
// the design asks for, and judgeDeny weighs it:
//
//   - the tries were silent, not refused, unreachable or failed at the vantage;
//   - an allowed vantage was answered by the same address and port before and
//     after the silence;
//   - the denied vantage is alive: something beyond its gateway answers it, and
//     on that very port some host does, so its own egress is not the reason.

// denyNeeds lists what proves that a vantage is denied some ports of a host.
func denyNeeds(p *policy.Policy, v policy.Vantage, h policy.Host, addrs []netip.Addr, what []port) []run.Need {
	var needs []run.Need
	for _, a := range addrs {
		for _, n := range what {
			needs = append(needs, reach(v.Name, h, a, n, run.Window))
			for _, c := range controls(p, h) {
				needs = append(needs, reach(c, h, a, n, run.Before), reach(c, h, a, n, run.After))
			}
			if v.PairedWith != "" {
				needs = append(needs, reach(v.PairedWith, h, a, n, run.Before))
			}
			needs = append(needs, egressNeeds(p, v, a, n)...)
		}
		needs = append(needs, ike(v.Name, h, a, portIKE))
		needs = append(needs, aliveNeeds(p, v, a)...)
	}
	for _, w := range watchers(p, h.Name) {
		needs = append(needs, flows(w))
	}
	return needs
}

// part is what became of one port of one address.
type part struct {
	label   string
	verdict run.Verdict
	reason  string
	by      run.Attribution
	ground  string // of the attribution
	control string
}

// judgeDeny judges that the cell's vantage is denied the ports on each of the
// addresses. Ports other than the first count only where an allowed vantage
// gets an answer from them.
func judgeDeny(in *Input, addrs []netip.Addr, what []port) run.Cell {
	v, h := in.vantage(), in.host()
	var parts []part
	for _, a := range addrs {
		for i, n := range what {
			window := in.See(reach(v.Name, h, a, n, run.Window))
			if cell, stop := blocked(window); stop {
				return cell
			}
			answered := window.Class == run.Answered || window.Class == run.Cut
			if before, _ := in.control(h, a, n, run.Before); i > 0 && before == nil && !answered {
				continue // closed to everybody: says nothing
			}
			parts = append(parts, in.denied(v, h, a, n, window))
		}
	}
	cell := foldDeny(parts)
	cell.Intended = fmt.Sprintf("silence: %s is neither a domain member nor exempt", v.Name)
	return cell
}

// denied judges one port of one address.
func (in *Input) denied(v policy.Vantage, h policy.Host, a netip.Addr, n port, window *run.Observation) part {
	pt := part{label: label(a, n)}
	// The reason begins where the label ends, so that ports with the same reason
	// can share a sentence.
	set := func(verdict run.Verdict, format string, args ...any) part {
		pt.verdict, pt.reason = verdict, fmt.Sprintf(format, args...)
		return pt
	}
	switch window.Class {
	case run.Answered:
		return set(run.Fail, "answered %s in clear", v.Name)
	case run.Cut:
		return set(run.Fail, "accepted the connection of %s in clear", v.Name)
	case run.Refused:
		return in.refused(v, h, a, window, pt)
	case run.Unreachable:
		return in.unreachable(a, window, pt)
	case run.Exhausted, run.NotPermitted:
		return set(run.Error, "not tried: %s could not send: %s; that is the vantage's own fault and proves nothing", v.Name, note(window))
	case run.NoRoute:
		return set(run.Inconclusive, "not tried: %s has no route (%s)", v.Name, note(window))
	case run.Name:
		return set(run.Error, "not tried: %s has no address", h.Name)
	case run.Silent:
	default:
		return set(run.Error, "came to the unexpected class %q", window.Class)
	}
	before, why := in.control(h, a, n, run.Before)
	if before == nil {
		return set(run.Inconclusive, "silent, but no allowed vantage was answered there before: %s", why)
	}
	after, why := in.control(h, a, n, run.After)
	if after == nil {
		return set(run.Inconclusive, "silent, but no allowed vantage was answered there afterwards: %s", why)
	}
	pt.control = fmt.Sprintf("%s answered there %s before and %s answered %s after",
		before.Need.Vantage, ago(window.Start-before.End), after.Need.Vantage, ago(after.Start-window.End))
	if alive, why := in.alive(v, h, a); !alive {
		return set(run.Inconclusive, "silent, but nothing shows that %s is alive: %s", v.Name, why)
	}
	if egress, why := in.egress(v, a, n); !egress {
		return set(run.Inconclusive, "silent, but %s's own %s may be the reason: %s", v.Name, protocol(n), why)
	}
	pt.verdict = run.Pass
	pt.by, pt.ground = in.attribute(v, h, a, n)
	return pt
}

// refused judges a refusal: something answered in clear, the host itself or a
// middlebox. Their hop counts tell them apart.
func (in *Input) refused(v policy.Vantage, h policy.Host, a netip.Addr, window *run.Observation, pt part) part {
	got, want := window.TTL(), in.See(ike(v.Name, h, a, portIKE)).TTL()
	switch {
	case got != 0 && want != 0 && got == want:
		pt.verdict = run.Fail
		pt.reason = fmt.Sprintf("refused %s itself (hop count %d, as in its IKE answer): it took the packet in clear", v.Name, got)
	case got != 0 && want != 0:
		pt.verdict, pt.by = run.Pass, run.ByPath
		pt.ground = fmt.Sprintf("a middlebox refused %s (hop count %d; the host's is %d)", pt.label, got, want)
	default:
		pt.verdict = run.Inconclusive
		pt.reason = "refused in clear; without the hop counts of the refusal and of an IKE answer nobody can tell the host from a middlebox (run the vantage with the right to raw sockets)"
	}
	return pt
}

// unreachable judges an ICMP error or a dead neighbour.
func (in *Input) unreachable(a netip.Addr, window *run.Observation, pt part) part {
	from := lastFrom(window)
	if from.IsValid() && from != a {
		pt.verdict, pt.by = run.Pass, run.ByPath
		pt.ground = fmt.Sprintf("%s said of %s: %s", from, pt.label, note(window))
		if strings.Contains(pt.ground, "prohibited") {
			return pt
		}
	}
	pt.by = ""
	pt.verdict = run.Inconclusive
	pt.reason = "cannot be reached at all: " + note(window)
	return pt
}

// foldDeny folds the ports of a cell into one: the worst decides, and so does
// the least known reason of a deny.
func foldDeny(parts []part) run.Cell {
	if len(parts) == 0 {
		return skip("no address of this family is declared")
	}
	cell := run.Cell{Verdict: run.Pass}
	for _, pt := range parts {
		if pt.verdict.Worse(cell.Verdict) {
			cell.Verdict = pt.verdict
		}
	}
	var silent, grounds []string
	var reasons sentences
	for _, pt := range parts {
		switch pt.verdict {
		case run.Pass:
			silent = append(silent, pt.label)
			if cell.Controls == "" {
				cell.Controls = pt.control
			}
			if lessKnown(pt.by, cell.By) {
				cell.By, grounds = pt.by, nil
			}
			if pt.by == cell.By {
				grounds = appendNew(grounds, pt.ground)
			}
		case cell.Verdict:
			reasons.add(pt.label, pt.reason)
		}
	}
	if cell.Verdict != run.Pass {
		cell.By = ""
		cell.Reason = reasons.String()
	}
	if len(silent) > 0 {
		cell.Observed = "denied: " + strings.Join(silent, ", ")
	}
	if cell.Verdict != run.Pass {
		return cell
	}
	switch cell.By {
	case run.ByUnknown:
		cell.Reason = "denied, but the reason is not known: " + clauses(grounds)
	case run.ByPath:
		cell.Reason = "denied on the path: " + clauses(grounds)
		cell.Findings = append(cell.Findings, run.Finding{ID: "denied-on-path", Severity: run.Warn,
			Text:   "the path denies before the host can: its isolation is not tested from here",
			Remedy: "test from a vantage in the host's own segment, or open the path for the test"})
	default:
		cell.Reason = clauses(grounds)
	}
	return cell
}

// lessKnown orders attributions: unknown, path, host firewall, isolation.
func lessKnown(a, b run.Attribution) bool {
	order := []run.Attribution{run.ByUnknown, run.ByPath, run.ByHostFirewall, run.ByIsolation, ""}
	return slices.Index(order, a) < slices.Index(order, b)
}
