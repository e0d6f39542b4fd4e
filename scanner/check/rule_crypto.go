package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleCrypto = Check{
	ID:         "rule-crypto",
	Title:      "packets are protected by ESP, and both ends have a main mode proposal in common",
	Section:    "Protocol and Port Filtering",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      arrival,
	Cells:      endCells("rule-crypto"),
	Trials:     itsTarget,
	Claims: ruleClaims(reason.ClaimAgree, func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeCrypto(e, in.protecting(e, h), s)
	}, func(in *Input, e end, s *ruleSum) {
		flows := in.outboundFlows(e, e.Env)
		in.judgeCrypto(e, flows, s)
		in.judgeShared(e, flows, s)
	}),
}

func (in *Input) judgeCrypto(e end, flows []flowAt, s *ruleSum) {
	s.intended = reason.One(reason.IntendedCrypto)
	protected := false
	for _, f := range flows {
		d, c := f.effect.Security, f.effect.Crypto
		if d.Verdict != consec.Require && d.Verdict != consec.Request {
			continue
		}
		protected = true
		s.note(reason.ToldProposals, "by", ruleOf(d), "proposals", c.Proposals)
		switch {
		case c.NoEncap:
			s.exposes("", decided(reason.AcceptsNoEncap, e, d))
		case !c.ESP:
			s.breaks("", decided(reason.AcceptsNoESP, e, d))
		}
		if len(c.Weak) > 0 {
			s.find(run.Found(decided(reason.WeakCrypto, e, d, "algorithms", c.Weak)))
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
func (in *Input) judgeShared(e end, flows []flowAt, s *ruleSum) {
	var own consec.Effect
	for _, f := range flows {
		if v := f.effect.Security.Verdict; v == consec.Require || v == consec.Request {
			own = f.effect
			break
		}
	}
	for _, h := range in.Policy.Hosts {
		host, _, stop := in.hostEnd(h)
		if stop {
			continue // its own cells say why
		}
		switch shared, why := consec.SharedMainMode(*e.Resultant.Policy, *host.Resultant.Policy); shared {
		case consec.No:
			s.breaks("and "+h.Name, reason.New(reason.MainModesDiffer, "why", why, "store", store(e, "")))
		case consec.Maybe:
			s.unsure("and "+h.Name, reason.New(reason.MainModesMayDiffer, "why", why))
		}
		there := in.protecting(host, h)
		if own.Security.Rule == "" || len(there) == 0 {
			continue
		}
		for _, x := range []struct {
			code       reason.Code
			one, other []string
		}{
			{reason.QuickModesDiffer, own.Crypto.Proposals, there[0].effect.Crypto.Proposals},
			{reason.MethodsDiffer, own.Auth, there[0].effect.Auth},
		} {
			if !slices.ContainsFunc(x.one, func(p string) bool { return slices.Contains(x.other, p) }) {
				s.breaks("and "+h.Name, reason.New(x.code, "one", x.one, "by", ruleOf(own.Security), "other", x.other, "other-by", ruleOf(there[0].effect.Security)))
			}
		}
	}
}
