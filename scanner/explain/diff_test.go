package explain

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// changes asks for the difference that an edit makes, each change in a line:
// who to whom, in which profiles, and what becomes of it.
func changes(t *testing.T, before, after change, profiles ...string) ([]string, *run.Difference) {
	t.Helper()
	make := func(c change) *Explainer {
		p, f := deployment(), contoso()
		if c != nil {
			c(p, f)
		}
		return world(t, p, f)
	}
	d, err := Diff(make(before), make(after), profiles...)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range d.Changes {
		for _, g := range c.Packets {
			lines = append(lines, fmt.Sprintf("%s -> %s %s: %s to %s", g.From, g.To, strings.Join(g.Profiles, "+"), word(c.Old), word(c.New)))
		}
	}
	return lines, d
}

func word(a run.ChangedAnswer) string {
	return strings.TrimRight(string(a.Outcome.Verdict)+" "+a.Outcome.At, " ")
}

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		before, after change
		want, never   []string
	}{
		"a KMS host is taken out of the rule": {
			after: replace("EP2_4=198.18.10.31|", ""),
			want: []string{
				"outsider -> kms02 domain: dropped to to clear", "guest -> kms02 domain: dropped to to clear",
				"hq1 -> kms02 domain: protected to clear", "pc1.contoso.test -> kms02 domain: protected to clear",
			},
			never: []string{"-> kms01", "outsider in", "kms01 ->"},
		},
		"its IPv6 address is": {
			after: replace("EP2_6=2001:db8:10::30|", ""),
			want:  []string{"outsider -> kms01 domain: dropped to to clear"},
			never: []string{"guest ->", "-> kms02"},
		},
		"an exemption nobody declared": {
			after: also(rule("{N}", strings.NewReplacer("198.18.40.0/25", "198.18.50.0/24", "kiosks", "oops").Replace(kiosksRule))),
			want:  []string{"outsider in 198.18.50.0/24 -> kms01 domain: dropped to to clear"},
			never: []string{"outsider ->", "198.18.51.0", "hq1"},
		},
		"an exemption is narrower": {
			after: tell(rule("{R}", isolationRule), rule("{X}", strings.Replace(kiosksRule, "/25", "/26", 1))),
			want:  []string{"outsider in 198.18.40.64/26 -> kms01 domain: clear to dropped to"},
			never: []string{"kiosks ->", "kiosk ->", "outsider ->"},
		},
		"part of a wide exemption is under another one": {
			before: tell(rule("{R}", isolationRule), rule("{X}", kiosksRule), rule("{W}", strings.NewReplacer("198.18.40.0/25", "198.18.40.0/24", "kiosks", "wide").Replace(kiosksRule))),
			want:   []string{"outsider in 198.18.40.128/25 -> kms01 domain: clear to dropped to"},
			never:  []string{"kiosks ->", "outsider in 198.18.40.0"},
		},
		"the hosts only request": {
			after: replace("SecureServer", "Boundary"),
			want:  []string{"outsider -> kms01 domain: dropped to to clear", "hq1 -> kms01 domain: protected to protected"},
		},
		"the hosts require of what they send": {
			after: replace("SecureServer", "Secure"),
			want: []string{
				"kms01 -> outsider domain: clear to fails from", "kms01 -> guest domain: clear to fails from", "kms01 -> dc01.contoso.test domain: clear to fails from",
				"pc1.contoso.test -> kms01 domain: protected to protected",
			},
			never: []string{"outsider ->"},
		},
		"the rule is for every profile": {
			after: replace("Profile=Domain|", ""),
			want:  []string{"outsider -> kms01 private+public: clear to dropped to"},
			never: []string{"domain: dropped"},
		},
		"anonymous peers are accepted": {
			before: tell(append(authSet("MachineKerb"), rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", otherAuth, 1)))...),
			after:  tell(append(authSet("Anonymous"), rule("{R}", strings.Replace(isolationRule, "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}", otherAuth, 1)))...),
			want:   []string{"outsider -> kms01 domain: dropped to to dropped to", "hq1 -> kms01 domain: protected to protected"},
		},
		"the GPO is unlinked": {
			after: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil },
			want:  []string{"outsider -> kms01 domain: dropped to to clear", "pc1.contoso.test -> kms01 domain: protected to clear"},
		},
		"the clients' OU blocks inheritance": {
			after: func(_ *intent.Policy, f *run.Forest) {
				f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Blocks: true})
			},
			want:  []string{"pc1.contoso.test -> kms01 domain: protected to dropped to", "hq1 -> kms01 domain: protected to dropped to"},
			never: []string{"outsider", "guest", "kiosk", "dc01"},
		},
		"one computer is moved to where nothing is linked": {
			before: func(_ *intent.Policy, f *run.Forest) { move(f, "OU=Clients,"+dn) },
			after:  func(_ *intent.Policy, f *run.Forest) { move(f, "OU=Lab,"+dn) },
			want:   []string{"pc2.contoso.test -> kms01 domain: protected to dropped to"},
			never:  []string{"pc1.contoso.test", "outsider"},
		},
		"a rule for a port of its own": {
			after: also(rule("{P}", `v2.26|Action=DoNotSecure|Active=TRUE|Profile=Domain|Protocol=6|EP1_4=198.18.10.30|EP1Port=4711|Name=agent|`)),
			want:  []string{"outsider -> kms01 domain: dropped to to clear"},
			never: []string{"outsider -> kms02"},
		},
		"a client's rule that is for some of the clients": {
			before: clientsIn("198.18.20.0/24"),
			after:  clientsIn("198.18.20.0/25"),
			want:   []string{"pc1.contoso.test in 198.18.20.128/25 -> kms01 domain: protected to dropped to"},
			never:  []string{"outsider", "pc1.contoso.test ->"},
		},
		"from backups": {
			before: backedUp,
			after:  func(p *intent.Policy, f *run.Forest) { replace("EP2_4=198.18.10.31|", "")(p, f); backedUp(p, f) },
			want:   []string{"outsider -> kms02 domain: dropped to to clear", "a client of contoso.test -> kms02 domain: protected to clear"},
			never:  []string{"-> kms01"},
		},
		"whether the GPO comes to them is no longer known": {
			after: func(_ *intent.Policy, f *run.Forest) { f.Domains[0].GPOs[0].Security = "" },
			want:  []string{"outsider -> kms01 domain: dropped to to unknown"},
		},
		"a flow that the policy declares": {
			before: declared,
			after:  func(p *intent.Policy, f *run.Forest) { declared(p, f); replace("SecureServer", "Secure")(p, f) },
			want:   []string{"kms02 -> files.contoso.test domain: unknown to unknown", "kms01 -> dc01.contoso.test domain: clear to fails from"},
		},
		"the firewall of the hosts opens a port to a subnet": {
			before: also(closed()...),
			after:  also(append(closed(), firewallRule("{F}", `v2.26|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort=4712|RA4=198.18.60.0/24|Name=agent|`))...),
			want:   []string{"outsider in 198.18.60.0/24 -> kms01 public: dropped to to clear"},
			never:  []string{"outsider ->", "domain"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := changes(t, c.before, c.after)
			for _, w := range c.want {
				if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) }) {
					t.Errorf("%q is not among\n%s", w, strings.Join(got, "\n"))
				}
			}
			for _, n := range c.never {
				for _, g := range got {
					if strings.Contains(g, n) {
						t.Errorf("%q should not be there", g)
					}
				}
			}
			again, _ := changes(t, c.before, c.after)
			if !slices.Equal(got, again) {
				t.Errorf("another order the second time:\n%s\n\n%s", strings.Join(got, "\n"), strings.Join(again, "\n"))
			}
		})
	}
}

// declared adds flows from the hosts.
func declared(p *intent.Policy, _ *run.Forest) {
	p.Isolation.Outbound = []intent.Access{{From: []string{intent.NameAllHosts}, To: []string{"files.contoso.test:445", "dc01.contoso.test"}, Ports: []uint16{389}}}
	p.Pins = map[string]intent.Pin{"files.contoso.test": {Addrs: []netip.Addr{addr("198.18.10.50")}}, "dc01.contoso.test": {Addrs: []netip.Addr{addr("198.18.10.10")}}}
}

// closed is a firewall that lets nothing in, in the public profile.
func closed() []registry.Value {
	return []registry.Value{setting("PublicProfile", "EnableFirewall", "0x1"), setting("PublicProfile", "DefaultInboundAction", "0x1"), setting("PublicProfile", "AllowLocalPolicyMerge", "0x0")}
}

// The trust between the forests of clients and hosts is part of the answer.
func TestDiffOfTrusts(t *testing.T) {
	make := func(direction uint32) *Explainer {
		one, two := contoso(), fabrikam()
		trust(one, two, direction, 8)
		return world(t, deployment(), one, two)
	}
	d, err := Diff(make(2), make(1))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Changes) == 0 || d.Changes[0].New.Outcome.Verdict != run.OutcomeDropped || !strings.HasPrefix(d.Changes[0].Packets[0].From, "pc1.fabrikam.test") {
		t.Errorf("%+v", d.Changes)
	}
}

// move puts the second client somewhere else.
func move(f *run.Forest, ou string) {
	c := &f.Domains[0].Computers[1]
	c.Names = c.Names[:1]
	other := run.Computers{Machine: c.Machine, Names: []string{"pc2.contoso.test"}}
	other.Container = ou
	f.Domains[0].Computers = append(f.Domains[0].Computers, other)
	f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Lab," + dn, Blocks: true})
}

// clientsIn gives the clients a GPO of their own, whose rule names them.
func clientsIn(subnet string) change {
	return func(_ *intent.Policy, f *run.Forest) {
		own := newGPO(labID, "Clients", dn, []registry.Value{rule("{R}", strings.Replace(isolationRule, "EP2_4", "EP1_4="+subnet+"|EP2_4", 1))})
		f.Domains[0].GPOs = append(f.Domains[0].GPOs, own)
		f.Domains[0].Containers = append(f.Domains[0].Containers, run.Container{DN: "OU=Clients," + dn, Links: []run.Link{{GPO: labID, DN: own.DN}}})
	}
}

func TestNothingChanges(t *testing.T) {
	for name, c := range map[string]change{
		"nothing at all":     nil,
		"the order of rules": tell(rule("{X}", kiosksRule), rule("{R}", isolationRule)),
		"a name and an id":   tell(rule("{RR}", strings.Replace(isolationRule, "KMS Isolation", "Isolation", 1)), rule("{X}", kiosksRule)),
		"a rule for others":  also(rule("{O}", `v2.26|Action=SecureServer|Active=TRUE|EP1_4=10.1.0.0/16|EP2_4=10.2.0.0/16|Name=others|`+sets)),
		"an inactive rule":   also(rule("{I}", strings.Replace(kiosksRule, "TRUE", "FALSE", 1))),
	} {
		t.Run(name, func(t *testing.T) {
			got, d := changes(t, nil, c)
			if len(got) > 0 {
				t.Errorf("%v, notes %v", got, d.Notes)
			}
			if d.Asked < 40 {
				t.Errorf("asked about %d packets", d.Asked)
			}
		})
	}
}

// What opens comes first, and what is as before last.
func TestChangesAreInOrderOfWeight(t *testing.T) {
	_, d := changes(t, nil, replace("EP2_4=198.18.10.31|", "", "SecureServer", "Secure"))
	var got []string
	for _, c := range d.Changes {
		if g := word(c.Old) + " to " + word(c.New); !slices.Contains(got, g) {
			got = append(got, g)
		}
	}
	if want := "dropped to to clear"; len(got) < 3 || got[0] != want {
		t.Errorf("%q does not come first: %q", want, got)
	}
	if last := got[len(got)-1]; last != "protected to protected" && last != "clear to clear" {
		t.Errorf("%q comes last: %q", last, got)
	}
}

func TestProfilesOfADiff(t *testing.T) {
	got, _ := changes(t, nil, replace("Profile=Domain|", ""), "domain")
	if len(got) > 0 {
		t.Errorf("in the Domain profile: %v", got)
	}
	x := world(t, deployment(), contoso())
	if _, err := Diff(x, x, "work"); err == nil || !strings.Contains(err.Error(), `"work"`) {
		t.Errorf("profile work: %v", err)
	}
}
