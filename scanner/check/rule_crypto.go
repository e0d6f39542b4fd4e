package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleCrypto = Check{
	ID:         "rule-crypto",
	Title:      "packets are protected by ESP, and both ends have a main mode proposal in common",
	Section:    "Protocol and Port Filtering",
	Confirmed:  "spec",
	Configured: true,
	Cells:      endCells("rule-crypto"),
	Needs:      directoryNeeds,
	Judge: ruleCell(func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeCrypto(e, in.protecting(e, h), s)
	}, func(in *Input, e end, s *ruleSum) {
		in.judgeCrypto(e, in.outboundFlows(e, e.Env), s)
		in.judgeMainMode(e, s)
	}),
}

func (in *Input) judgeCrypto(e end, flows []flowAt, s *ruleSum) {
	s.intended = "ESP with integrity, encrypted or not"
	protected := false
	for _, f := range flows {
		d, c := f.effect.Security, f.effect.Crypto
		if d.Verdict != consec.Require && d.Verdict != consec.Request {
			continue
		}
		protected = true
		s.note("%s: %s", byRule(d), list(c.Proposals))
		remedy := `GPMC: edit the GPO, Windows Defender Firewall properties, IPsec Settings, Customize, Data protection: ESP; ` +
			"PowerShell: New-NetIPsecQuickModeCryptoSet with New-NetIPsecQuickModeCryptoProposal -Encapsulation ESP -ESPHash SHA1, and " + inStore(e, d, "-QuickModeCryptoSet NAME")
		switch {
		case len(c.Proposals) == 0:
			s.unsure("", "has quick mode proposals that are not known, by "+byRule(d))
		case c.NoEncap:
			s.fail("", "accepts AUTH_NO_ENCAP, by "+byRule(d)+": after the authentication nothing is protected, so whoever stands between can take the connection over")
			s.remedy = remedy
		case !c.ESP:
			s.fail("", "accepts no ESP: "+byRule(d)+" has AH only, which passes no NAT and no filter that was opened for ESP")
			s.remedy = remedy
		}
		if len(c.Weak) > 0 {
			s.find(run.Finding{ID: "weak-crypto", Severity: run.Warn, Text: fmt.Sprintf("%s accepts %s", byRule(d), strings.Join(c.Weak, ", ")), Remedy: remedy})
		}
	}
	if !protected {
		s.skipped = "no rule covers it: see rule-present"
	}
}

// judgeMainMode compares the main mode proposals of a client with those of
// every host.
func (in *Input) judgeMainMode(e end, s *ruleSum) {
	for _, h := range in.Policy.Hosts {
		host, _, stop := in.hostEnd(h)
		if stop {
			continue // its own cells say why
		}
		switch shared, why := consec.SharedMainMode(*e.Told.Policy, *host.Told.Policy); shared {
		case consec.No:
			s.fail("and "+h.Name, "have no main mode proposal in common: "+why)
			s.remedy = `GPMC: in the GPO of each end, Windows Defender Firewall properties, IPsec Settings, Customize, Key exchange: the same proposal on both; ` +
				"PowerShell: New-NetIPsecMainModeCryptoSet -Default -PolicyStore DOMAIN\\GPO with the same proposal in both"
		case consec.Maybe:
			s.unsure("and "+h.Name, "may have no main mode proposal in common: "+why)
		}
	}
}
