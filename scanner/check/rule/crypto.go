package rule

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Crypto is the check rule-crypto: packets are protected by ESP, and both ends have a main mode proposal in common.
var Crypto = check.Check{
	ID:         "rule-crypto",
	Title:      "packets are protected by ESP, and both ends have a main mode proposal in common",
	Section:    "Protocol and Port Filtering",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      check.Arrival,
	Cells:      check.EndCells("rule-crypto"),
	Trials:     check.ItsTarget,
	Claims: ruleClaims(reason.ClaimAgree, func(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
		judgeCrypto(e, protecting(in, e, h), s)
	}, func(in *check.Input, e configured.End, s *ruleSum) {
		flows := configured.OutboundFlows(in, e, e.Env)
		judgeCrypto(e, flows, s)
		judgeShared(in, e, flows, s)
	}),
}

func judgeCrypto(e configured.End, flows []configured.FlowAt, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedCrypto)
	protected := false
	for _, f := range flows {
		d, c := f.Effect.Security, f.Effect.Crypto
		if d.Verdict != effect.Require && d.Verdict != effect.Request {
			continue
		}
		protected = true
		s.note(reason.ToldProposals, "by", check.RuleOf(d), "proposals", c.Proposals)
		switch {
		case c.NoEncap:
			s.exposes("", decided(reason.AcceptsNoEncap, e, d))
		case !c.ESP:
			s.breaks("", decided(reason.AcceptsNoESP, e, d))
		}
		if len(c.Weak) > 0 {
			s.Find(run.Found(decided(reason.WeakCrypto, e, d, "algorithms", c.Weak)))
		}
	}
	if !protected {
		s.skip(reason.NothingProtects)
		return
	}
	s.shown(s.claim)
}

// judgeShared compares the proposals of a client with those of every host: in
// main mode and in quick mode, and the ways to authenticate.
func judgeShared(in *check.Input, e configured.End, flows []configured.FlowAt, s *ruleSum) {
	var own effect.Effect
	for _, f := range flows {
		if v := f.Effect.Security.Verdict; v == effect.Require || v == effect.Request {
			own = f.Effect
			break
		}
	}
	for _, h := range in.Policy.Hosts {
		host, _, stop := configured.HostEnd(in, h)
		if stop {
			continue // its own cells say why
		}
		switch shared, why := effect.SharedMainMode(*e.Resultant.Policy, *host.Resultant.Policy); shared {
		case tri.No:
			s.breaks("and "+h.Name, reason.New(reason.MainModesDiffer, "why", why, "store", store(e, "")))
		case tri.Unknown:
			s.unsure("and "+h.Name, reason.New(reason.MainModesMayDiffer, "why", why))
		}
		there := protecting(in, host, h)
		if own.Security.Rule == "" || len(there) == 0 {
			continue
		}
		for _, x := range []struct {
			code       reason.Code
			one, other []string
		}{
			{reason.QuickModesDiffer, own.Crypto.Proposals, there[0].Effect.Crypto.Proposals},
			{reason.MethodsDiffer, own.Auth, there[0].Effect.Auth},
		} {
			if !slices.ContainsFunc(x.one, func(p string) bool { return slices.Contains(x.other, p) }) {
				s.breaks("and "+h.Name, reason.New(x.code, "one", x.one, "by", check.RuleOf(own.Security), "other", x.other, "other-by", check.RuleOf(there[0].Effect.Security)))
			}
		}
	}
}
