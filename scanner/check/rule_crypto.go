package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
	Needs:      directoryNeeds,
	Judge: ruleCell(func(in *Input, e end, h policy.Host, s *ruleSum) {
		in.judgeCrypto(e, in.protecting(e, h), s)
	}, func(in *Input, e end, s *ruleSum) {
		flows := in.outboundFlows(e, e.Env)
		in.judgeCrypto(e, flows, s)
		in.judgeShared(e, flows, s)
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
		remedy := `GPMC: edit the GPO, Windows Defender Firewall with Advanced Security, Properties, IPsec Settings, Customize, Data protection: ESP; ` +
			fmt.Sprintf("PowerShell: New-NetIPsecQuickModeCryptoSet -PolicyStore %s -Name KMSESP -DisplayName 'ESP' -Proposal (New-NetIPsecQuickModeCryptoProposal -Encapsulation ESP -ESPHash SHA1); ", quoted(e.Domain+`\`+orElse(d.Source, "GPO"))) +
			strings.TrimPrefix(inStore(e, d, "-QuickModeCryptoSet KMSESP"), "PowerShell: ")
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
		s.skipped = "nothing protects it: see rule-present and exemptions"
	}
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
		switch shared, why := consec.SharedMainMode(*e.Told.Policy, *host.Told.Policy); shared {
		case consec.No:
			s.fail("and "+h.Name, "have no main mode proposal in common: "+catalog.Text(why))
			s.remedy = `GPMC: in the GPO of each end, Windows Defender Firewall with Advanced Security, Properties, IPsec Settings, Customize, Key exchange: the same proposal on both; ` +
				fmt.Sprintf("PowerShell: New-NetIPsecMainModeCryptoSet -PolicyStore %s -DisplayName 'KMS' -Default -Proposal (New-NetIPsecMainModeCryptoProposal -Encryption AES128 -Hash SHA1 -KeyExchange DH14), and the same in the other GPO", quoted(e.Domain+`\GPO`))
		case consec.Maybe:
			s.unsure("and "+h.Name, "may have no main mode proposal in common: "+catalog.Text(why))
		}
		there := in.protecting(host, h)
		if own.Security.Rule == "" || len(there) == 0 {
			continue
		}
		for _, x := range []struct {
			what       string
			one, other []string
		}{
			{"quick mode proposal", own.Crypto.Proposals, there[0].effect.Crypto.Proposals},
			{"way to authenticate", own.Auth, there[0].effect.Auth},
		} {
			if !slices.ContainsFunc(x.one, func(p string) bool { return slices.Contains(x.other, p) }) {
				s.fail("and "+h.Name, fmt.Sprintf("have no %s in common: one end has %s (%s), the other %s (%s)",
					x.what, list(x.one), byRule(own.Security), list(x.other), byRule(there[0].effect.Security)))
				s.remedy = inEditor + "the rule's Authentication tab at both ends, and Windows Defender Firewall with Advanced Security, Properties, IPsec Settings, Customize: the same at both; " +
					"PowerShell: Set-NetIPsecRule with one -QuickModeCryptoSet and -Phase1AuthSet in both GPOs"
			}
		}
	}
}
