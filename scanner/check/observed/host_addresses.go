package observed

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/inuse"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// HostAddresses is the check host-addresses: outsiders try the addresses that a KMS host
// uses and the policy does not list. An answer of the host fails; silence proves nothing.
var HostAddresses = check.Check{
	ID:        "host-addresses",
	Title:     "no outsider is answered by the host at an address that the policy does not list",
	Section:   "+",
	Confirmed: "lab",
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		if p.Limits.SkipOwn || len(p.WithRole(intent.RoleNonDomain)) == 0 {
			return nil
		}
		for _, k := range p.WithRole(intent.RoleKMSHost) {
			ids = append(ids, run.CellID{Check: "host-addresses", Vantage: k.Name, Target: k.Host})
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		if check.OutsidersPass(p) {
			return nil, reason.One(reason.StageIsRequest)
		}
		h, _ := p.Host(id.Target)
		var all []check.Trial
		for _, v := range p.WithRole(intent.RoleNonDomain) {
			all = append(all, check.Trial{Label: v.Name, From: v, Host: h, Own: []run.Need{elsewhereNeed(p, v, h, id.Vantage)}})
		}
		return all, nil
	},
	Claims: func(*intent.Policy, *check.Trial) []check.Claim {
		return []check.Claim{
			{Code: reason.ClaimRead, Needs: addressNeeds, Ask: addressesRead},
			{Code: reason.ClaimNoneElsewhere, Needs: elsewhereNeeds, Ask: noneElsewhere},
		}
	},
	Tell: tellAddresses,
}

// elsewhereNeed is the need of an outsider's tries at the addresses that a vantage in the
// host tells of and the policy does not list.
func elsewhereNeed(p *intent.Policy, v intent.Vantage, h intent.Host, inside string) run.Need {
	var ports []string
	if p.Isolation.Scope == intent.ScopeHost {
		ports = append(ports, strconv.Itoa(int(check.Echo)))
	}
	for _, n := range check.Ports(p, h) {
		ports = append(ports, strconv.Itoa(int(n)))
	}
	return run.Need{Vantage: v.Name, When: run.Window,
		Spec: run.Spec{Probe: run.ProbeAddresses, Target: h.Name, Peer: inside, Param: strings.Join(ports, " ")}}
}

// inside is the vantage that tells the addresses which a trial tries.
func inside(t *check.Trial) string { return t.Own[0].Peer }

// addressNeeds are the tries, and what tells the addresses where the way in does not.
func addressNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(check.OwnNeeds(p, t), check.RegistryNeed(inside(t), check.KeyInterfaces))
}

func elsewhereNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(addressNeeds(p, t), traffic.ElsewhereNeeds(p, t)...)
}

// told is what the host of a trial tells of its addresses, and the registry that says so
// where its way in does not.
func told(e *check.Evidence) (inuse.Told, *run.Observation) {
	o := e.See(check.RegistryNeed(inside(e.Trial), check.KeyInterfaces))
	return inuse.Of(e.At(inside(e.Trial)), o.Registry), o
}

// addressesRead: the host tells which addresses it uses.
func addressesRead(e *check.Evidence) claim.Support {
	t, o := told(e)
	switch {
	case t.Known && !t.Is(e.Host) && len(t.All) > 0:
		return claim.Void(reason.One(reason.AddressesOfAnother, "vantage", inside(e.Trial), "host", e.Host.Name, "addresses", t.All), o)
	case t.Known && !t.IPv4:
		return claim.Shown(e.Result())
	case t.Known:
		return claim.Shown(o)
	case len(o.Missing) > 0:
		return claim.Void(reason.One(reason.AddressesUntold, "vantage", inside(e.Trial)), o)
	}
	if s, made := claim.Unmade(o); !made {
		return s
	}
	return claim.Open(reason.One(reason.NoInterfaces), o)
}

// noneElsewhere: the host answered the outsider at none of these addresses.
func noneElsewhere(e *check.Evidence) claim.Support {
	o := e.Result()
	if s, made := claim.Unmade(o); !made {
		return s
	}
	tries := append(traffic.TriedElsewhere(e), untried(e, o)...)
	for _, kind := range []struct {
		level run.Support
		made  func(reason.List, ...*run.Observation) claim.Support
	}{{run.Exposure, claim.Exposed}, {run.ToolFailed, claim.Failed}, {run.Setup, claim.Misdeclared}, {run.NotShown, claim.Open}} {
		var why reason.List
		var by []*run.Observation
		for _, x := range tries {
			if x.Level == kind.level {
				why, by = why.Add(x.Why...), append(by, x.By...)
			}
		}
		if len(why) > 0 {
			return kind.made(why.Merge("where"), by...)
		}
	}
	return claim.Shown(o)
}

// untried are the addresses that were to be tried and were not: the observation lost
// them.
func untried(e *check.Evidence, o *run.Observation) (all []traffic.Elsewhere) {
	t, _ := told(e)
	some, _ := t.Undeclared(e.Host, e.At(e.From.Name))
	for _, a := range some {
		if slices.ContainsFunc(o.Parts, func(p run.Part) bool { return p.Addr == a }) {
			continue
		}
		why := reason.One(reason.ElsewhereUnknown, "vantage", e.From.Name, "where", []string{a.String()}, "why", reason.One(reason.NotObserved))
		all = append(all, traffic.Elsewhere{Addr: a, Level: run.NotShown, Why: why, By: []*run.Observation{o}})
	}
	return all
}

// tellAddresses says which addresses the host uses, and what came of those that nobody
// declared, where that decides nothing.
func tellAddresses(in *check.Input, done []*check.Judged, cell *run.Cell) {
	if cell.Verdict == run.Skip {
		return
	}
	cell.Intended = reason.One(reason.IntendedNowhereElse, "host", in.Cell.Target)
	t, _ := told(in.EvidenceOf(done[0]))
	if len(t.All) > 0 {
		cell.Seen = reason.One(reason.SeenAddresses, "host", in.Cell.Target, "addresses", t.All)
	}
	found, more := elsewheres(in, done, &t)
	if more > 0 {
		found = append(found, reason.New(reason.TooManyAddresses, "host", in.Cell.Target, "more", more))
	}
	if t.Known && t.IPv4 {
		found = append(found, reason.New(reason.OnlyIPv4Told, "host", in.Cell.Target))
	}
	for _, why := range found {
		cell.Findings = append(cell.Findings, run.Found(why))
	}
}

// elsewheres says of each address that nobody declared who answered there that is not
// known to be the host, who was not answered, and where nobody could try; and how many
// more there are.
func elsewheres(in *check.Input, done []*check.Judged, t *inuse.Told) (found reason.List, more int) {
	var order []netip.Addr
	silent, shut := map[netip.Addr][]string{}, map[netip.Addr]bool{}
	for _, one := range done {
		e := in.EvidenceOf(one)
		_, left := t.Undeclared(e.Host, e.At(e.From.Name))
		more = max(more, left)
		answered := map[netip.Addr]bool{}
		for _, x := range traffic.TriedElsewhere(e) {
			order = check.AppendNew(order, x.Addr)
			switch {
			case x.Untried:
				shut[x.Addr] = true
			case x.Somebody:
				found = append(found, reason.New(reason.SomebodyElsewhere, "vantage", e.From.Name, "host", e.Host.Name, "where", []string{check.Label(x.Addr, x.Port)}))
				answered[x.Addr] = true
			case x.Level != "":
				answered[x.Addr] = true
			default:
				silent[x.Addr] = check.AppendNew(silent[x.Addr], e.From.Name)
			}
		}
		for a := range answered {
			silent[a] = slices.DeleteFunc(silent[a], func(name string) bool { return name == e.From.Name })
		}
	}
	for _, a := range order {
		where := []string{a.String()}
		if by, tried := silent[a]; len(by) > 0 {
			found = append(found, reason.New(reason.SilentElsewhere, "host", in.Cell.Target, "where", where, "vantages", by))
		} else if !tried && shut[a] {
			found = append(found, reason.New(reason.UntriedElsewhere, "host", in.Cell.Target, "where", where))
		}
	}
	return found.Merge("where"), more
}
