package observed

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// questionsSent: the questions to the resolvers of the vantage left it. Without a
// resolver there is nobody to ask.
func questionsSent(e *check.Evidence) claim.Support {
	o := e.Result()
	if s, asked := asked(e, o); !asked {
		return s
	}
	var why reason.List
	for _, ans := range o.SRV {
		if unasked(ans) {
			why = append(why, reason.New(reason.ResolverNotAsked, "vantage", e.From.Name, "resolver", ans.Resolver, "words", ans.Note))
		}
	}
	if len(why) == len(o.SRV) {
		return claim.Failed(why, o)
	}
	return claim.Shown(o)
}

// asked reports whether some resolver was asked, and else why not.
func asked(e *check.Evidence, o *run.Observation) (s claim.Support, some bool) {
	s, made := claim.Unmade(o)
	if made && len(o.SRV) == 0 {
		return claim.Void(reason.One(reason.NoResolver, "vantage", e.From.Name), o), false
	}
	return s, made
}

// unasked reports whether the vantage's own system did not send the question.
func unasked(ans run.SRVAnswer) bool {
	return ans.Class == run.NotPermitted || ans.Class == run.Exhausted
}

// anyResolverAnswered: the host reaches a resolver that works.
func anyResolverAnswered(e *check.Evidence) claim.Support {
	o := e.Result()
	var why, unknown reason.List
	for _, ans := range o.SRV {
		switch wrong := resolverFault(ans); {
		case unasked(ans):
		case wrong == nil:
			return claim.Shown(o)
		case ans.Class == run.Unknown:
			unknown = append(unknown, wrong...)
		default:
			why = append(why, wrong...)
		}
	}
	if why == nil || unknown != nil {
		return claim.Open(unknown, o)
	}
	return claim.Broken(why, o)
}

// resolverFault says why the answer of a resolver tells nothing of records, nil where
// it does: that there are none is an answer.
func resolverFault(ans run.SRVAnswer) reason.List {
	switch {
	case ans.Class != run.Answered:
		return reason.One(reason.ResolverSilent, "resolver", ans.Resolver, "class", ans.Class, "words", ans.Note)
	case ans.RCode != "success" && ans.RCode != "nxdomain":
		return reason.One(reason.ResolverError, "resolver", ans.Resolver, "rcode", ans.RCode)
	}
	return nil
}

// allResolversAnswered: every resolver of the vantage was asked, and answered. One
// that was not may say something else.
func allResolversAnswered(e *check.Evidence) claim.Support {
	o := e.Result()
	if s, asked := asked(e, o); !asked {
		return s
	}
	var unsent, unknown reason.List
	told := map[string]bool{}
	for _, ans := range o.SRV {
		told[ans.Resolver.String()] = true
		switch {
		case unasked(ans):
			unsent = append(unsent, reason.New(reason.ResolverNotAsked, "vantage", e.From.Name, "resolver", ans.Resolver, "words", ans.Note))
		default:
			unknown = append(unknown, resolverFault(ans)...)
		}
	}
	for _, r := range e.At(e.From.Name).Resolvers {
		if !told[r.String()] {
			unknown = append(unknown, reason.New(reason.ResolverUnheard, "resolver", r))
		}
	}
	switch {
	case unsent != nil:
		return claim.Failed(unsent, o)
	case unknown != nil:
		return claim.Open(unknown, o)
	}
	return claim.Shown(o)
}

// fault is what is wrong of one thing in all answers, and what is not known of it.
type fault struct{ wrong, open reason.List }

// recordFaults are those of the records.
type recordFaults struct {
	useful                       bool // some resolver told its records
	names, missing, ports, addrs fault
}

// recordClaim is the claim that what the records say of one thing is as declared.
func recordClaim(code reason.Code, of func(*recordFaults) fault) check.Claim {
	return check.Claim{Code: code, Needs: check.OwnNeeds, Ask: func(e *check.Evidence) claim.Support {
		o := e.Result()
		all := faultsOfRecords(e, o)
		f := of(&all)
		switch {
		case f.wrong != nil:
			return claim.Broken(f.wrong, o)
		case f.open != nil || !all.useful:
			return claim.Open(f.open, o)
		}
		return claim.Shown(o)
	}}
}

// faultsOfRecords compares the answers with what is declared.
func faultsOfRecords(e *check.Evidence, o *run.Observation) (all recordFaults) {
	for _, ans := range o.SRV {
		if resolverFault(ans) != nil {
			continue
		}
		all.useful = true
		var named []string
		for _, r := range ans.Records {
			if !noService(r) {
				named = append(named, recordFault(e, &all, ans, r))
			}
		}
		for _, h := range publishedHosts(e.Policy, e.Target) {
			if !slices.Contains(named, h) {
				all.missing.wrong = append(all.missing.wrong, reason.New(reason.HostNotInDNS, "resolver", ans.Resolver, "host", h))
			}
		}
	}
	return all
}

// recordFault compares one record, and returns the host that it names.
func recordFault(e *check.Evidence, all *recordFaults, ans run.SRVAnswer, r run.SRVRecord) string {
	h, ok := hostNamed(e.Policy, r.Target)
	if !ok && r.Canonical != "" {
		h, ok = hostNamed(e.Policy, r.Canonical)
	}
	about := func(code reason.Code, args ...any) reason.Reason {
		return reason.New(code, append([]any{"resolver", ans.Resolver, "name", r.Target}, args...)...)
	}
	switch {
	case !ok && r.Unanswered: // it may be an alias of a declared host
		all.names.open = append(all.names.open, about(reason.ResolverUnknownName))
		return ""
	case !ok:
		all.names.wrong = append(all.names.wrong, about(reason.StrangerInDNS))
		return ""
	}
	if r.Unanswered {
		all.addrs.open = append(all.addrs.open, about(reason.ResolverNoAddresses))
	}
	if r.Port != h.Port {
		all.ports.wrong = append(all.ports.wrong, about(reason.WrongPortInDNS, "port", r.Port, "declared", h.Port))
	}
	for _, a := range r.Addrs {
		if !slices.Contains(h.Addresses, a) {
			all.addrs.wrong = append(all.addrs.wrong, about(reason.StrangerAddressInDNS, "address", a))
		}
	}
	return h.Name
}

// tellSRV says what each resolver answered, and of a cell that fails all that is
// wrong.
func tellSRV(in *check.Input, done []*check.Judged, cell *run.Cell) {
	t := done[0]
	if t.Void() || t.Unmade() {
		return
	}
	cell.Intended = reason.One(reason.IntendedRecords, "domain", t.Target, "hosts", publishedHosts(in.Policy, t.Target))
	for _, ans := range in.See(t.Own[0]).SRV {
		if !unasked(ans) {
			cell.Seen = append(cell.Seen, seenSRV(ans))
		}
	}
	if cell.Verdict != run.Fail {
		return
	}
	for _, level := range []run.Support{run.Broken, run.ToolFailed} {
		for _, a := range t.Claims {
			if a.Level() == level {
				cell.Reasons = cell.Reasons.Add(claim.Where(t.Label, a.Why())...)
			}
		}
	}
}

// seenSRV is what a resolver answered. Of each record it has the name, with its
// port and its alias where it is one.
func seenSRV(ans run.SRVAnswer) reason.Reason {
	r := reason.New(reason.SeenSRV, "resolver", ans.Resolver)
	if ans.Class != run.Answered {
		return r.With("class", ans.Class)
	}
	if len(ans.Records) == 0 {
		return r.With("rcode", ans.RCode)
	}
	var names reason.List
	for _, rec := range ans.Records {
		switch {
		case noService(rec):
			names = append(names, reason.New(reason.NoServiceInDNS))
		case rec.Canonical != "":
			names = append(names, reason.New(reason.AliasInDNS, "name", rec.Target, "port", rec.Port, "alias", rec.Canonical))
		default:
			names = append(names, reason.New(reason.RecordInDNS, "name", rec.Target, "port", rec.Port))
		}
	}
	slices.SortFunc(names, func(a, b reason.Reason) int {
		return strings.Compare(a.Word("name")+":"+a.Word("port"), b.Word("name")+":"+b.Word("port"))
	})
	return r.With("records", names)
}
