package explain

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// change alters what is declared and read before a question is asked.
type change func(p *policy.Policy, f *run.Forest)

// tell has the isolation GPO say something else.
func tell(values ...run.RegistryValue) change {
	return func(_ *policy.Policy, f *run.Forest) { f.Domains[0].GPOs[0].Registry = values }
}

// replace rewrites the rule of the isolation.
func replace(oldNew ...string) change {
	return tell(rule("{R}", strings.NewReplacer(oldNew...).Replace(isolationRule)), rule("{X}", kiosksRule))
}

// also has the isolation GPO say something more.
func also(values ...run.RegistryValue) change { return tell(append(paper(), values...)...) }

// backedUp makes the forest one that was read from a backup.
func backedUp(_ *policy.Policy, f *run.Forest) {
	f.Kind = run.SourceBackup
	why := "a backup has no accounts of computers"
	f.Lost = map[run.Aspect]string{run.AspectComputers: why, run.AspectLinks: "a backup has no links"}
	d := &f.Domains[0]
	d.Computers, d.Accounts, d.Containers = nil, nil, nil
}

const (
	blockKMS  = `v2.26|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=No KMS|`
	blockOut  = `v2.26|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Name=No way out|`
	require   = "protected(require)"
	request   = "protected(request)"
	clear     = "clear"
	exempt    = "exempt"
	unknown   = "unknown"
	dropped   = "dropped"
	otherAuth = "{7B2E0000-0000-0000-0000-000000000001}"
)

var firewallOn = setting("DomainProfile", "EnableFirewall", "0x1")

// authSet is a set of its own with one method.
func authSet(method string) []run.RegistryValue {
	key := run.FirewallKey + `\Phase1AuthenticationSets\` + otherAuth
	return []run.RegistryValue{
		{Key: key, Name: "Version", Type: "REG_SZ", Data: "2.26"},
		{Key: key + `\0000`, Name: "Method", Type: "REG_SZ", Data: method},
	}
}

func TestExplain(t *testing.T) {
	for name, c := range map[string]struct {
		change  change
		more    []*run.Forest
		ask     Question
		from    string // verdict of the sender
		to      string // of the receiver
		outcome run.OutcomeVerdict
		at      string
		says    []string // in the closing sentence
		told    []string // anywhere in what is said of the ends
	}{
		"an outsider is dropped at the host": {
			ask: Question{From: "outsider", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			says: []string{"dropped at kms01", `rule "KMS Isolation" of "KMS Isolation Policy"`, "no member of any domain"},
		},
		"a declared outsider too, at its own address": {
			ask: Question{From: "guest", To: "kms01:445"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		},
		"by ping as well": {
			ask: Question{From: "guest", To: "kms01", Protocol: "ICMP"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
		},
		"unless ICMP is exempt": {
			change: also(setting("", "IPsecExempt", "0x2")),
			ask:    Question{From: "guest", To: "kms01", Protocol: "icmp"}, from: clear, to: exempt, outcome: run.OutcomeClear,
			says: []string{"IPsecExempt"},
		},
		"a member is protected": {
			ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
			says: []string{"asks for IPsec", "takes it inside IPsec only"}, told: []string{"KMS Isolation Policy"},
		},
		"a computer of the directory by its plain name": {
			ask: Question{From: "PC1", To: "198.18.10.31:1688"}, from: request, to: require, outcome: run.OutcomeProtected,
		},
		"any client": {
			ask: Question{From: "client", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
			told: []string{"taken for one such as pc1.contoso.test and 1 more"},
		},
		"behind NAT it is the outer address that the host sees": {
			change: also(rule("{N}", strings.NewReplacer("198.18.40.0/25", "198.18.30.1", "kiosks", "branch").Replace(kiosksRule))),
			ask:    Question{From: "branch", To: "kms01"}, from: request, to: exempt, outcome: run.OutcomeClear,
		},
		"an exempt vantage": {
			ask: Question{From: "kiosk", To: "kms01"}, from: clear, to: exempt, outcome: run.OutcomeClear,
			says: []string{`rule "kiosks" of "`, "does not document"},
		},
		"an exemption by its name": {
			ask: Question{From: "kiosks", To: "kms02"}, from: clear, to: exempt, outcome: run.OutcomeClear,
		},
		"just outside the exemption": {
			ask: Question{From: "outsider@198.18.40.128", To: "kms02"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			told: []string{"it is for 198.18.10.30, 198.18.10.31 with 198.18.40.0/25"},
		},
		"an address of nobody": {
			ask: Question{From: "198.18.99.9", To: "kms01"}, from: unknown, to: require, outcome: run.OutcomeUnknown,
			says: []string{"dropped at kms01", "protected by IPsec", "nothing tells whose address it is"},
		},
		"a member that has no account": {
			ask: Question{From: "lost", To: "kms01"}, from: unknown, to: require, outcome: run.OutcomeUnknown,
			says: []string{"no directory that was read has an account of the name lost, lost.contoso.test"},
		},
		"a domain controller is cut off": {
			ask: Question{From: "dc01.contoso.test", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			told: []string{"Apply Group Policy is denied to"},
		},
		"Windows XP as well": {
			ask: Question{From: "xp1.contoso.test", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			says: []string{"older than connection security rules"},
		},
		"and a machine that is no Windows": {
			ask: Question{From: "web1", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			says: []string{"pc-linux-gnu"},
		},
		"the host gets out to anybody": {
			ask: Question{From: "kms01", To: "outsider:445"}, from: request, to: clear, outcome: run.OutcomeClear,
		},
		"unless it requires IPsec of what it sends": {
			change: replace("SecureServer", "Secure"),
			ask:    Question{From: "kms01", To: "guest:445"}, from: require, to: clear, outcome: run.OutcomeFails, at: "from",
		},
		"a host that only requests lets everybody in": {
			change: replace("SecureServer", "Boundary"),
			ask:    Question{From: "guest", To: "kms01"}, from: clear, to: request, outcome: run.OutcomeClear,
		},
		"a member is protected there all the same": {
			change: replace("SecureServer", "Boundary"),
			ask:    Question{From: "hq1", To: "kms01"}, from: request, to: request, outcome: run.OutcomeProtected,
		},
		"an address that the rule leaves out": {
			change: replace("EP2_4=198.18.10.31|", ""),
			ask:    Question{From: "guest", To: "kms02"}, from: clear, to: clear, outcome: run.OutcomeClear,
			told: []string{"covers 198.18.10.30 and not 198.18.10.31"},
		},
		"the rule sleeps in another profile": {
			ask:  Question{From: "guest", To: "kms01", Profile: "Public"},
			from: clear, to: clear, outcome: run.OutcomeClear, says: []string{"sleeps in profile public"},
		},
		"at the client as well": {
			ask:  Question{From: "hq1", To: "kms01", FromProfile: "private"},
			from: clear, to: require, outcome: run.OutcomeDropped, at: "to", says: []string{"sleeps in profile private"},
		},
		"the profile of the host where the host is the sender": {
			ask:  Question{From: "kms01", To: "guest:445", Profile: "public"},
			from: clear, to: clear, outcome: run.OutcomeClear,
		},
		"the firewall of the host blocks, protected or not": {
			change: also(firewallOn, firewallRule("{F}", blockKMS)),
			ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
		},
		"the firewall of the client keeps it in": {
			change: also(firewallOn, firewallRule("{F}", blockOut)),
			ask:    Question{From: "hq1", To: "kms01"}, from: dropped, to: require, outcome: run.OutcomeDropped, at: "from",
		},
		"no method of authentication in common": {
			more: []*run.Forest{}, change: func(_ *policy.Policy, f *run.Forest) {
				second := newGPO(labID, "Clients", dn, append(authSet("MachineCert"),
					rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", otherAuth, 1))))
				f.Domains[0].GPOs = append(f.Domains[0].GPOs, second)
				f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Links: []run.Link{{GPO: labID, DN: second.DN}}})
			},
			ask: Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
			says: []string{"they do not agree: hq1 authenticates by computer certificate and kms01 by computer Kerberos"},
		},
		"certificates at both ends": {
			change: tell(append(authSet("MachineCert"), rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", otherAuth, 1)))...),
			ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
			says: []string{"whether they agree is not known"},
		},
		"the isolation does not come to a client": {
			change: func(_ *policy.Policy, f *run.Forest) {
				f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Blocks: true})
			},
			ask: Question{From: "hq1", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			told: []string{"OU=Clients,DC=contoso,DC=test blocks inheritance"},
		},
		"it is linked nowhere": {
			change: func(_ *policy.Policy, f *run.Forest) { f.Domains[0].Containers = nil },
			ask:    Question{From: "hq1", To: "kms01"}, from: clear, to: clear, outcome: run.OutcomeClear,
			told: []string{"it is linked neither at OU=KMS,DC=contoso,DC=test nor above it"},
		},
		"whether it comes to them is not known": {
			change: func(_ *policy.Policy, f *run.Forest) { f.Domains[0].GPOs[0].Security = "" },
			ask:    Question{From: "guest", To: "kms01"}, from: clear, to: unknown, outcome: run.OutcomeUnknown,
			says: []string{"its security descriptor was not read"},
		},
		"a rule that cannot be read": {
			change: also(rule("{B}", "v2.26|Action=What|")),
			ask:    Question{From: "guest", To: "kms01"}, from: clear, to: unknown, outcome: run.OutcomeUnknown,
		},
		"a host without an account": {
			change: func(p *policy.Policy, _ *run.Forest) { p.Hosts[0].FQDN = "kms09.contoso.test" },
			ask:    Question{From: "guest", To: "kms01"}, from: clear, to: clear, outcome: run.OutcomeClear,
			says: []string{"has no computer account in contoso.test"},
		},
		"from a backup": {
			change: backedUp,
			ask:    Question{From: "outsider", To: "kms01"}, from: clear, to: require, outcome: run.OutcomeDropped, at: "to",
			told: []string{"taken to get what is declared for hosts, because a backup has no accounts of computers"},
		},
		"a member, from a backup": {
			change: backedUp,
			ask:    Question{From: "hq1", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
			told: []string{"taken to get what is declared for clients"},
		},
		"across forests with the right trust": {
			more: []*run.Forest{fabrikam()},
			change: func(_ *policy.Policy, f *run.Forest) {
				other := fabrikam()
				trust(f, other, 2, 8)
			},
			ask: Question{From: "pc9.fabrikam.test", To: "kms01"}, from: request, to: require, outcome: run.OutcomeProtected,
		},
		"across forests without a trust": {
			more: []*run.Forest{fabrikam()},
			ask:  Question{From: "pc9.fabrikam.test", To: "kms01"}, from: request, to: require, outcome: run.OutcomeDropped, at: "to",
			says: []string{"contoso.test has no trust with fabrikam.test"},
		},
		"across forests with a selective trust": {
			more:   []*run.Forest{fabrikam()},
			change: func(_ *policy.Policy, f *run.Forest) { trust(f, fabrikam(), 3, 0x18) },
			ask:    Question{From: "pc9.fabrikam.test", To: "kms01"}, from: request, to: require, outcome: run.OutcomeUnknown,
			says: []string{"selective"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, f := deployment(), contoso()
			if c.change != nil {
				c.change(p, f)
			}
			forests := append([]*run.Forest{f}, c.more...)
			for _, o := range c.more {
				if trusts := f.Domains[0].Trusts; len(trusts) > 0 {
					trust(f, o, trusts[0].Direction, trusts[0].Attributes)
				}
			}
			got, err := world(t, p, forests...).Explain(c.ask)
			if err != nil {
				t.Fatal(err)
			}
			if got.From.Verdict != c.from || got.To.Verdict != c.to {
				t.Errorf("the sender does %s and the receiver %s, want %s and %s", got.From.Verdict, got.To.Verdict, c.from, c.to)
			}
			if got.Outcome.Verdict != c.outcome || got.Outcome.At != c.at {
				t.Errorf("%s at %q, want %s at %q: %s", got.Outcome.Verdict, got.Outcome.At, c.outcome, c.at, got.Outcome.Text)
			}
			for _, s := range c.says {
				if !strings.Contains(got.Outcome.Text, s) {
					t.Errorf("%q is not in: %s", s, got.Outcome.Text)
				}
			}
			all := said(&got.From) + said(&got.To)
			for _, s := range c.told {
				if !strings.Contains(all, s) {
					t.Errorf("%q is not in: %s", s, all)
				}
			}
		})
	}
}

// said is everything that is said of an end.
func said(e *run.ExplainedEnd) string {
	all := []string{e.Why, e.Premise}
	for _, g := range e.GPOs {
		all = append(all, g.Name, g.Why)
	}
	for _, h := range []*run.ExplainedHalf{e.Security, e.Firewall} {
		if h != nil {
			for _, r := range h.Rules {
				all = append(all, r.Rule, r.Text)
			}
		}
	}
	return strings.Join(slices.Concat(all, e.Notes, e.Doubts), "\n")
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		change change
		ask    Question
		want   string
	}{
		"a name with a slip":          {nil, Question{From: "gest", To: "kms01"}, `--from gest: no host, vantage or exemption of the policy and no computer of the directory has this name; did you mean "guest"?`},
		"a name of nobody":            {nil, Question{From: "zzzzzzz", To: "kms01"}, "there is outsider, client, kms01, kms02"},
		"from a backup":               {backedUp, Question{From: "pc1", To: "kms01"}, "(a backup has no accounts of computers)"},
		"a name of two":               {func(_ *policy.Policy, f *run.Forest) { twin(f) }, Question{From: "pc1", To: "kms01"}, "the name is not clear: there is pc1.contoso.test of contoso.test, pc1.emea.test of contoso.test; name one in full"},
		"no address of the family":    {nil, Question{From: "guest", To: "kms01@2001:db8:10::30"}, "guest has 203.0.113.9 and kms01 has 2001:db8:10::30: they have no address of one family"},
		"an address of another":       {nil, Question{From: "guest", To: "kms01@198.18.10.31"}, "198.18.10.31 is no address of kms01, which has 198.18.10.30, 2001:db8:10::30"},
		"outside of the exemption":    {nil, Question{From: "kiosks@198.18.40.200", To: "kms01"}, "198.18.40.200 is not in exemption kiosks, which has 198.18.40.0/25"},
		"no port":                     {nil, Question{From: "kms01", To: "guest"}, "--to guest: name a port, as in --to guest:445"},
		"no UDP port":                 {nil, Question{From: "guest", To: "kms01", Protocol: "udp"}, "name a port"},
		"a port of a ping":            {nil, Question{From: "guest", To: "kms01:1688", Protocol: "icmp"}, "an echo request has no port"},
		"a port of the sender":        {nil, Question{From: "guest:99", To: "kms01"}, "chosen freely"},
		"a port that is none":         {nil, Question{From: "guest", To: "kms01:http"}, `"http" is no port`},
		"a port that is too high":     {nil, Question{From: "guest", To: "kms01:65536"}, `"65536" is no port`},
		"a protocol that is none":     {nil, Question{From: "guest", To: "kms01", Protocol: "gre"}, `protocol "gre": want tcp, udp, icmp`},
		"a profile that is none":      {nil, Question{From: "guest", To: "kms01", Profile: "work"}, `--profile "work": want domain, private, public`},
		"a profile without a host":    {nil, Question{From: "guest", To: "hq1:445", Profile: "public"}, "--profile is that of a KMS host's end"},
		"one machine":                 {nil, Question{From: "kms02", To: "198.18.10.31"}, "are the same machine"},
		"an @ without a name":         {nil, Question{From: "@198.18.1.1", To: "kms01"}, "there is no name before the @"},
		"an @ without an address":     {nil, Question{From: "guest@here", To: "kms01"}, `"here" behind the @ is no address`},
		"a host that has no address":  {func(p *policy.Policy, _ *run.Forest) { p.Hosts[0].Addresses = nil }, Question{From: "guest", To: "kms01"}, "kms01 has no address"},
		"no client at all":            {func(_ *policy.Policy, f *run.Forest) { f.Domains[0].Containers = nil }, Question{From: "client", To: "kms01"}, "no client is known"},
		"everything and nothing":      {nil, Question{From: "", To: "kms01"}, "it is empty"},
		"an exemption of the network": {func(p *policy.Policy, _ *run.Forest) { exemptAll(p) }, Question{From: "outsider", To: "kms01"}, "name one, as in outsider@203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			p, f := deployment(), contoso()
			if c.change != nil {
				c.change(p, f)
			}
			got, err := world(t, p, f).Explain(c.ask)
			if err == nil {
				t.Fatalf("answered: %s", got.Outcome.Text)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q is not in: %v", c.want, err)
			}
		})
	}
}

// twin gives a second computer the plain name of a first.
func twin(f *run.Forest) {
	c := &f.Domains[0].Computers[1]
	c.Names = append(c.Names, "pc1.emea.test")
}

// exemptAll exempts every address that could stand for somebody.
func exemptAll(p *policy.Policy) {
	for _, a := range nobody {
		p.Exemptions = append(p.Exemptions, policy.Exemption{Name: "all", Addresses: []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}})
	}
}

func TestNothingRead(t *testing.T) {
	p := deployment()
	if _, err := New(p, nil, nil); err == nil || !strings.Contains(err.Error(), "no directory is declared") {
		t.Errorf("without a directory: %v", err)
	}
	p.Forests = []policy.Forest{{Name: "contoso.test", Directory: policy.Directory{Backup: "b"}}}
	read := []run.Observation{{Need: run.Need{Spec: run.Spec{Probe: run.ProbeDirectory, Param: "contoso.test"}}, Error: "the folder is empty"}}
	if _, err := New(p, read, nil); err == nil || !strings.Contains(err.Error(), "the folder is empty") {
		t.Errorf("with one that could not be read: %v", err)
	}
}

// The other addresses of a host are asked about as well.
func TestOtherAddresses(t *testing.T) {
	p, f := deployment(), contoso()
	replace("EP2_6=2001:db8:10::30|", "")(p, f)
	got, err := world(t, p, f).Explain(Question{From: "outsider", To: "kms01"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Others) != 1 || got.Others[0].Address != addr("2001:db8:10::30") || got.Others[0].Outcome.Verdict != run.OutcomeClear {
		t.Errorf("%+v", got.Others)
	}
}
