package check

import (
	"cmp"
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

// judgeDeny judges that the cell's vantage is denied the ports on each of the
// addresses. A port other than the first that is closed to everybody says nothing,
// but an outsider whom the host answers there is exposure all the same.
func judgeDeny(in *Input, addrs []netip.Addr, what []port) run.Cell {
	v, h := in.vantage(), in.host()
	f := fold{none: noAddress}
	for _, a := range addrs {
		for i, n := range what {
			window := in.See(reach(v.Name, h, a, n, run.Window))
			if !f.sees(label(a, n), window) {
				continue
			}
			before, _ := in.control(h, a, n, run.Before)
			if pt := in.denied(v, h, a, n, window); i == 0 || before != nil || pt.verdict == run.Fail {
				f.add(pt)
			}
		}
	}
	cell := denyCell(&f)
	cell.Intended = fmt.Sprintf("silence: %s is neither a domain member nor exempt", v.Name)
	return cell
}

// noAddress is why a cell over one family of addresses has nothing to try.
const noAddress = "no address of this family is declared"

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
	case run.Unknown:
		return set(run.Inconclusive, "has no known outcome: %s", note(window))
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
	for _, t := range slices.Backward(window.Tries) {
		if t.From.IsValid() && t.From != a && t.ICMP.Prohibited(a.Is6()) {
			pt.verdict, pt.by = run.Pass, run.ByPath
			pt.ground = fmt.Sprintf("%s said of %s: %s", t.From, pt.label, t.Note)
			return pt
		}
	}
	pt.verdict = run.Inconclusive
	pt.reason = "cannot be reached at all: " + note(window)
	return pt
}

// denyCell folds the ports of a cell into one, and says what is denied and why.
func denyCell(f *fold) run.Cell {
	cell := f.cell()
	var silent []string
	for i := range f.parts {
		if p := &f.parts[i]; p.verdict == run.Pass {
			silent = append(silent, p.label)
			cell.Controls = cmp.Or(cell.Controls, p.control)
		}
	}
	if len(silent) > 0 {
		cell.Observed = "denied: " + strings.Join(silent, ", ")
	}
	if cell.Verdict != run.Pass {
		return cell
	}
	grounds := f.grounds(cell.By)
	switch cell.By {
	case run.ByUnknown:
		cell.Reason = "denied, but the reason is not known: " + grounds
	case run.ByPath:
		cell.Reason = "denied on the path: " + grounds
		cell.Findings = append(cell.Findings, run.Finding{ID: "denied-on-path", Severity: run.Warn,
			Text:   "the path denies before the host can: its isolation is not tested from here",
			Remedy: "test from a vantage in the host's own segment, or open the path for the test"})
	default:
		cell.Reason = grounds
	}
	return cell
}
