package explain

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// asked is a question in a world of its own, and its answer.
type asked struct {
	change  change
	more    []*run.Forest
	ask     Question
	from    string // verdict of the sender
	to      string // of the receiver
	outcome run.OutcomeVerdict
	at      string
	says    codes // of the outcome
	told    codes // anywhere in what is said of the ends
}

var questions = map[string]asked{
	"an outsider is dropped at the host": {
		ask: Question{From: "outsider", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.SenderClear, reason.MemberOfNothing, reason.ReceiverSecured, reason.DecidedByRule},
	},
	"a declared outsider too, at its own address": {
		ask: Question{From: "guest", To: "kms01:445"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
	},
	"by ping as well": {
		ask: Question{From: "guest", To: "kms01", Protocol: "ICMP"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.SenderClear, reason.ReceiverSecured},
	},
	"unless ICMP is exempt": {
		change: also(setting("", "IPsecExempt", "0x2")),
		ask:    Question{From: "guest", To: "kms01", Protocol: "icmp"}, from: clear, to: exempt, outcome: run.OutcomeClear,
		says: codes{reason.IPsecExempt},
	},
	"a member is protected": {
		ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
		says: codes{reason.SenderTrying, reason.ReceiverSecured, reason.FirewallMayDrop},
	},
	"a computer of the directory by its plain name": {
		ask: Question{From: "PC1", To: "198.18.10.31:1688"}, from: request, to: require, outcome: run.OutcomeProtected,
	},
	"any client": {
		ask: Question{From: "client", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
		told: codes{reason.TakenForOneSuch},
	},
	"behind NAT it is the outer address that the host sees": {
		change: also(rule("{N}", strings.NewReplacer("198.18.40.0/25", "198.18.30.1", "kiosks", "branch").Replace(kiosksRule))),
		ask:    Question{From: "branch", To: "kms01"}, from: request, to: exempt, outcome: run.OutcomeClear,
	},
	"an exempt vantage": {
		ask: Question{From: "kiosk", To: "kms01"}, from: clear, to: exempt, outcome: run.OutcomeClear,
		says: codes{reason.RuleExemptsFirst, reason.OrderUndocumented},
	},
	"an exemption by its name": {
		ask: Question{From: "kiosks", To: "kms02"}, from: clear, to: exempt, outcome: run.OutcomeClear,
	},
	"just outside the exemption": {
		ask: Question{From: "outsider@198.18.40.128", To: "kms02"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		told: codes{reason.RuleMissesAddress, reason.RuleIsFor},
	},
	"an address of nobody": {
		ask: Question{From: "198.18.99.9", To: "kms01"}, from: unknown, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.EndUndecided, reason.AddressOfNobody},
	},
	"a member that has no account": {
		ask: Question{From: "lost", To: "kms01"}, from: unknown, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.EndUndecided, reason.MemberWithoutAccount},
	},
	"a domain controller is cut off": {
		ask: Question{From: "dc01.contoso.test", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		told: codes{reason.PermissionDenied},
	},
	"Windows XP as well": {
		ask: Question{From: "xp1.contoso.test", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.SystemLegacy},
	},
	"and a machine that is no Windows": {
		ask: Question{From: "web1", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.SystemOther},
	},
	"the host gets out to anybody": {
		ask: Question{From: "kms01", To: "outsider:445"}, from: request, to: clear, outcome: run.OutcomeClear,
	},
	"unless it requires IPsec of what it sends": {
		change: replace("SecureServer", "Secure"),
		ask:    Question{From: "kms01", To: "guest:445"}, from: require, to: clear, outcome: run.OutcomeFails, at: "from",
		says: codes{reason.SenderSecured, reason.ReceiverClear},
	},
	"a host that only requests lets everybody in": {
		change: replace("SecureServer", "Boundary"),
		ask:    Question{From: "guest", To: "kms01"}, from: clear, to: request, outcome: run.OutcomeClear,
		says: codes{reason.ReceiverBoth},
	},
	"a member is protected there all the same": {
		change: replace("SecureServer", "Boundary"),
		ask:    Question{From: "hq1", To: "kms01"}, from: request, to: request, outcome: run.OutcomeProtected,
	},
	"an address that the rule leaves out": {
		change: replace("EP2_4=198.18.10.31|", ""),
		ask:    Question{From: "guest", To: "kms02"}, from: clear, to: clear, outcome: run.OutcomeClear,
		told: codes{reason.RuleForOtherHost},
	},
	"the rule sleeps in another profile": {
		ask:  Question{From: "guest", To: "kms01", Profile: "Public"},
		from: clear, to: clear, outcome: run.OutcomeClear, says: codes{reason.RuleOtherProfile},
	},
	"at the client as well": {
		ask:  Question{From: "hq1", To: "kms01", FromProfile: "private"},
		from: clear, to: require, outcome: run.OutcomeDropped, at: "to", says: codes{reason.RuleOtherProfile},
	},
	"the profile of the host where the host is the sender": {
		ask:  Question{From: "kms01", To: "guest:445", Profile: "public"},
		from: clear, to: clear, outcome: run.OutcomeClear,
	},
	"the firewall of the host blocks, protected or not": {
		change: also(firewallOn, firewallRule("{F}", blockKMS)),
		ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.SenderTrying, reason.ReceiverClosed},
	},
	"the firewall of the client keeps it in": {
		change: also(firewallOn, firewallRule("{F}", blockOut)),
		ask:    Question{From: "hq1", To: "kms01"}, from: dropped, to: require, outcome: run.OutcomeDropped, at: "from",
		says: codes{reason.SenderSilent},
	},
	"no method of authentication in common": {
		more: []*run.Forest{}, change: func(_ *intent.Policy, f *run.Forest) {
			second := newGPO(labID, "Clients", dn, append(authSet("MachineCert"),
				rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", otherAuth, 1))))
			f.Domains[0].GPOs = append(f.Domains[0].GPOs, second)
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Links: []run.Link{{GPO: labID, DN: second.DN}}})
		},
		ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.EndsDisagree, reason.MethodsDisagree},
	},
	"certificates at both ends": {
		change: tell(append(authSet("MachineCert"), rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", otherAuth, 1)))...),
		ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.AgreementUnknown, reason.MethodsNotInRules},
	},
	"the isolation does not come to a client": {
		change: func(_ *intent.Policy, f *run.Forest) {
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Blocks: true})
		},
		ask: Question{From: "hq1", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		told: codes{reason.InheritanceBlocked},
	},
	"it is linked nowhere": {
		change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil },
		ask:    Question{From: "hq1", To: "kms01"}, from: clear, to: clear, outcome: run.OutcomeClear,
		told: codes{reason.GPONotAbove},
	},
	"whether it comes to them is not known": {
		change: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs[0].Security = "" },
		ask:    Question{From: "guest", To: "kms01"}, from: clear, to: unknown, outcome: run.OutcomeUnknown,
		says: codes{reason.EndDoubtful, reason.PermissionsUnread},
	},
	"a rule that cannot be read": {
		change: also(rule("{B}", "v2.26|Action=What|")),
		ask:    Question{From: "guest", To: "kms01"}, from: clear, to: unknown, outcome: run.OutcomeUnknown,
		told: codes{reason.PartUnreadable},
	},
	"a host without an account": {
		change: func(p *intent.Policy, _ *run.Forest) { p.Hosts[0].FQDN = "kms09.contoso.test" },
		ask:    Question{From: "guest", To: "kms01"}, from: clear, to: clear, outcome: run.OutcomeClear,
		says: codes{reason.HostWithoutAccount},
	},
	"an exemption at the client, whose order is not documented": {
		change: func(_ *intent.Policy, f *run.Forest) {
			own := newGPO(labID, "Clients", dn, append(paper(), rule("{C}", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|EP1_4=198.18.20.0/24|EP2_4=198.18.10.30|Name=no IPsec|`)))
			f.Domains[0].GPOs = append(f.Domains[0].GPOs, own)
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Links: []run.Link{{GPO: labID, DN: own.DN}}})
		},
		ask: Question{From: "hq1", To: "kms01"}, from: exempt, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.EndUndecided, reason.RuleExemptsFirst},
	},
	"IKE is never protected": {
		ask: Question{From: "guest", To: "kms01:500", Protocol: "udp"}, from: clear, to: exempt, outcome: run.OutcomeClear,
	},
	"only some peers may communicate": {
		change: replace("Name=KMS Isolation|", "Name=KMS Isolation|TransportMachineAuthzSDDL=O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1234)|"),
		ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.AgreementUnknown, reason.PeersLimited},
	},
	"a user has to authenticate as well": {
		change: tell(append(userSet("UserKerb"), rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}", otherAuth, 1)))...),
		ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.AgreementUnknown, reason.UserNeeded},
	},
	"main mode proposals that differ": {
		change: func(_ *intent.Policy, f *run.Forest) {
			own := newGPO(labID, "Clients", dn, mainMode("DH24", "AES-256"))
			f.Domains[0].GPOs = append(f.Domains[0].GPOs, own)
			f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Links: []run.Link{{GPO: labID, DN: own.DN}}})
		},
		ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.EndsDisagree, reason.MainModeNone},
	},
	"the firewall of the host lets in what IPsec has authenticated": {
		change: also(firewallOn, setting("DomainProfile", "AllowLocalPolicyMerge", "0x0"), setting("DomainProfile", "DefaultInboundAction", "0x1"),
			firewallRule("{F}", `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Security=Authenticate|Name=secure|`)),
		ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
	},
	"and may let it in": {
		change: also(firewallOn, setting("DomainProfile", "AllowLocalPolicyMerge", "0x0"), setting("DomainProfile", "DefaultInboundAction", "0x1"),
			firewallRule("{F}", `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Security=Authenticate|RA4=LocalSubnet|Name=secure|`)),
		ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
	},
	"but in no case an outsider": {
		change: also(firewallOn, setting("DomainProfile", "AllowLocalPolicyMerge", "0x0"), setting("DomainProfile", "DefaultInboundAction", "0x1"),
			firewallRule("{F}", `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Security=Authenticate|RA4=LocalSubnet|Name=secure|`)),
		ask: Question{From: "guest", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
	},
	"a client whose firewall sends only what is authenticated": {
		change: also(firewallOn, setting("DomainProfile", "AllowLocalPolicyMerge", "0x0"), setting("DomainProfile", "DefaultOutboundAction", "0x1"),
			firewallRule("{F}", `v2.26|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Security=Authenticate|Name=secure|`)),
		ask: Question{From: "hq1", To: "kms01"}, from: require, to: require, outcome: run.OutcomeProtected,
	},
	"a vantage by its address": {
		ask: Question{From: "198.18.20.7", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
		says: codes{reason.SenderTrying, reason.ReceiverSecured},
	},
	"a vantage by its address behind NAT": {
		ask: Question{From: "198.18.30.1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
		told: codes{reason.BehindNAT},
	},
	"the export of a host's registry": {
		change: func(_ *intent.Policy, f *run.Forest) {
			f.Kind, f.Lost = run.SourceRegistry, map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("an export has no accounts")}}
			f.Machines = []run.MachinePolicy{{Name: "kms01.reg", Registry: f.Domains[0].GPOs[0].Registry}}
			f.Domains = nil
		},
		ask: Question{From: "guest", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		told: codes{reason.TakenForExport},
	},
	"from a backup": {
		change: backedUp,
		ask:    Question{From: "outsider", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		told: codes{reason.TakenAsDeclared},
	},
	"a GPO of the backup that is declared for others": {
		change: func(p *intent.Policy, f *run.Forest) {
			backedUp(p, f)
			f.Domains[0].GPOs = append(f.Domains[0].GPOs, newGPO(labID, "Lab", dn, []registry.Value{rule("{L}", kiosksRule)}))
		},
		ask: Question{From: "outsider", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		told: codes{reason.GPONotDeclaredFor},
	},
	"more rules that leave an address out than are named": {
		change: tell(rule("{A}", strings.Replace(isolationRule, "EP2_4=198.18.10.30|", "", 1)), rule("{B}", strings.Replace(kiosksRule, "EP1_4=198.18.10.30|", "", 1)),
			rule("{C}", strings.Replace(kiosksRule, "EP1_4=198.18.10.30|", "", 1))),
		ask: Question{From: "guest", To: "kms01"}, from: clear, to: clear, outcome: run.OutcomeClear,
		says: codes{reason.ReceiverClear, reason.MoreReasons},
	},
	"a member, from a backup": {
		change: backedUp,
		ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
		told: codes{reason.TakenAsDeclared},
	},
	"across forests with the right trust": {
		more: []*run.Forest{fabrikam()},
		change: func(_ *intent.Policy, f *run.Forest) {
			other := fabrikam()
			trust(f, other, 2, 8)
		},
		ask: Question{From: "pc9.fabrikam.test", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
	},
	"across forests without a trust": {
		more: []*run.Forest{fabrikam()},
		ask:  Question{From: "pc9.fabrikam.test", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
		says: codes{reason.EndsDisagree, reason.TrustMissing},
	},
	"across forests with a selective trust": {
		more:   []*run.Forest{fabrikam()},
		change: func(_ *intent.Policy, f *run.Forest) { trust(f, fabrikam(), 3, 0x18) },
		ask:    Question{From: "pc9.fabrikam.test", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
		says: codes{reason.AgreementUnknown, reason.TrustSelective},
	},
}
