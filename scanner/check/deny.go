package check

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	needs := make([]run.Need, 0, 4*len(addrs)*(len(what)+1)) // with one control and one thing alive
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
		needs = append(needs, aroundNeeds(p, v, a)...)
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
	cell.Intended = reason.One(reason.IntendedSilence, "vantage", v.Name)
	return cell
}

// noAddress is why a cell over one family of addresses has nothing to try.
var noAddress = reason.One(reason.NoAddressOfFamily)

// denied judges one port of one address.
func (in *Input) denied(v policy.Vantage, h policy.Host, a netip.Addr, n port, window *run.Observation) part {
	pt := part{label: label(a, n)}
	set := func(verdict run.Verdict, code reason.Code, args ...any) part {
		pt.verdict, pt.why = verdict, reason.One(code, args...)
		return pt
	}
	switch window.Class {
	case run.Answered:
		return set(run.Fail, reason.OutsiderAnswered, "vantage", v.Name)
	case run.Cut:
		return set(run.Fail, reason.OutsiderAccepted, "vantage", v.Name)
	case run.Refused:
		return in.refused(v, h, a, window, pt)
	case run.Unreachable:
		return in.unreachable(a, window, pt)
	case run.Exhausted, run.NotPermitted:
		return set(run.Error, reason.OutsiderNotSent, "vantage", v.Name, "words", note(window))
	case run.NoRoute:
		return set(run.Inconclusive, reason.OutsiderNoRoute, "vantage", v.Name, "words", note(window))
	case run.Name:
		return set(run.Error, reason.OutsiderNoName, "host", h.Name)
	case run.Silent:
	case run.Unknown:
		return set(run.Inconclusive, reason.OutsiderUnknown, "words", note(window))
	default:
		return set(run.Error, reason.UnexpectedClass, "class", window.Class)
	}
	before, why := in.control(h, a, n, run.Before)
	if before == nil {
		return set(run.Inconclusive, reason.NoControlBefore, "why", why)
	}
	after, why := in.control(h, a, n, run.After)
	if after == nil {
		return set(run.Inconclusive, reason.NoControlAfter, "why", why)
	}
	pt.control = reason.One(reason.ControlsAnswered, "before", before.Need.Vantage, "earlier", ago(window.Start-before.End),
		"after", after.Need.Vantage, "later", ago(after.Start-window.End))
	if alive, why := in.alive(v, h, a); !alive {
		return set(run.Inconclusive, reason.VantageNotAlive, "vantage", v.Name, "why", why)
	}
	if egress, why := in.egress(v, a, n); !egress {
		return set(run.Inconclusive, reason.OwnEgressMayBlock, "vantage", v.Name, "protocol", protocol(n), "why", why)
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
		pt.why = reason.One(reason.OutsiderRefusedByHost, "vantage", v.Name, "hops", got)
	case got != 0 && want != 0:
		pt.verdict, pt.by = run.Pass, run.ByPath
		pt.ground = reason.One(reason.MiddleboxRefuses, "at", pt.label, "hops", got, "host-hops", want)
	default:
		pt.verdict = run.Inconclusive
		pt.why = reason.One(reason.RefuserUnknown)
	}
	return pt
}

// unreachable judges an ICMP error or a dead neighbour.
func (in *Input) unreachable(a netip.Addr, window *run.Observation, pt part) part {
	for _, t := range slices.Backward(window.Tries) {
		if t.From.IsValid() && t.From != a && t.ICMP.Prohibited(a.Is6()) {
			pt.verdict, pt.by = run.Pass, run.ByPath
			pt.ground = reason.One(reason.PathSays, "from", t.From, "at", pt.label, "words", cmp.Or(t.Note, string(t.Class)))
			return pt
		}
	}
	pt.verdict = run.Inconclusive
	pt.why = reason.One(reason.OutsiderUnreachable, "words", note(window))
	return pt
}

// denyCell folds the ports of a cell into one, and says what is denied and why.
func denyCell(f *fold) run.Cell {
	cell := f.cell()
	var silent []string
	for i := range f.parts {
		if p := &f.parts[i]; p.verdict == run.Pass {
			silent = append(silent, p.label)
			if len(cell.Controls) == 0 {
				cell.Controls = p.control
			}
		}
	}
	if len(silent) > 0 {
		cell.Seen = reason.One(reason.Denied, "at", silent)
	}
	if cell.Verdict != run.Pass {
		return cell
	}
	grounds := f.grounds(cell.By)
	switch cell.By {
	case run.ByUnknown:
		cell.Reasons = reason.One(reason.DenyUnattributed, "why", grounds)
	case run.ByPath:
		cell.Reasons = reason.One(reason.PathDenies, "why", grounds)
		cell.Findings = append(cell.Findings, found(reason.DeniedOnPath))
	default:
		cell.Reasons = grounds
	}
	return cell
}

// found is a finding.
func found(code reason.Code, args ...any) run.Finding { return run.Found(reason.New(code, args...)) }
