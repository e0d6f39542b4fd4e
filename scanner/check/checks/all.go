package checks

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/gpo"
	"github.com/kmsiso/kmsiso/scanner/check/host"
	"github.com/kmsiso/kmsiso/scanner/check/observed"
	"github.com/kmsiso/kmsiso/scanner/check/rule"
	"github.com/kmsiso/kmsiso/scanner/intent"
)

// All is every check, in the order of the paper.
var All = []check.Check{
	gpo.Exists,
	gpo.Linked,
	gpo.Replicated,
	gpo.CopiesAgree,
	gpo.Coverage,
	gpo.NotOnDCs,
	gpo.DCActivation,
	gpo.LegacyExempt,
	gpo.Readable,
	gpo.WMIFilter,
	rule.Present,
	rule.Requirement,
	rule.Authentication,
	rule.Profile,
	rule.FailsOpen,
	rule.Crypto,
	rule.Conflicts,
	rule.Exemptions,
	gpo.ForestTrust,
	gpo.KerberosReady,
	rule.NATPolicy,
	host.ICMPTold,
	host.GPOApplied,
	host.StaticAddress,
	host.Clock,
	host.ICMPExempt,
	observed.HostAddresses,
	observed.Unexpected,
	observed.DomainPing,
	observed.NonDomainPing,
	observed.DomainKMS,
	observed.DomainProtected,
	observed.NonDomainKMS,
	observed.SourcePorts, observed.UDPServices,
	observed.ExemptKMS,
	observed.KMSOutbound,
	observed.KMSInbound,
	observed.IKE500,
	observed.NATT4500,
	observed.ESP50,
	observed.NATClient,
	observed.IPv6Isolated,
	observed.DNSSRV,
}

// Of lists the checks of an audit, which are those of what is configured, or of
// a whole run.
func Of(audit bool) []check.Check {
	if !audit {
		return All
	}
	var some []check.Check
	for _, c := range All {
		if c.Configured {
			some = append(some, c)
		}
	}
	return some
}

// NewPlan makes the plan of a policy: of an audit, which looks at what is
// configured, or of a whole run.
func NewPlan(p *intent.Policy, audit bool) *check.Plan { return check.PlanOf(p, Of(audit)) }
