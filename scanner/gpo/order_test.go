package gpo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// at makes a container with links, each written as its letter with ! for
// enforced and - for disabled.
func at(dn string, blocks bool, links ...string) run.Container {
	c := run.Container{DN: dn, Blocks: blocks}
	for _, l := range links {
		c.Links = append(c.Links, run.Link{
			GPO: "{" + l[:1] + "}", DN: "cn={" + l[:1] + "},cn=policies,cn=system,DC=contoso,DC=test",
			Enforced: strings.Contains(l, "!"), Disabled: strings.Contains(l, "-"),
		})
	}
	return c
}

func TestOrder(t *testing.T) {
	const domain, servers, kms = "DC=contoso,DC=test", "OU=Servers,DC=contoso,DC=test", "OU=KMS,OU=Servers,DC=contoso,DC=test"
	for name, c := range map[string]struct {
		containers []run.Container
		site       []string
		container  string
		want       string // applied in order, lost ones in parentheses with the reason
	}{
		"the first of a container wins, so it goes last": {[]run.Container{at(domain, false, "A", "B")}, nil, domain, "B A"},
		"the nearest wins":                        {[]run.Container{at(domain, false, "A"), at(servers, false, "B"), at(kms, false, "C")}, nil, kms, "A B C"},
		"site, domain, OU":                        {[]run.Container{at(domain, false, "A"), at(kms, false, "B")}, []string{"S"}, kms, "S A B"},
		"enforced goes last, the highest last":    {[]run.Container{at(domain, false, "A!"), at(servers, false, "B!"), at(kms, false, "C")}, []string{"S!"}, kms, "C B A S"},
		"two enforced of one container":           {[]run.Container{at(domain, false, "A!", "B!")}, nil, kms, "B A"},
		"disabled":                                {[]run.Container{at(domain, false, "A-", "B")}, nil, kms, "B (A disabled-link)"},
		"disabled and enforced is disabled":       {[]run.Container{at(domain, false, "A-!")}, nil, kms, "(A disabled-link)"},
		"blocked from above":                      {[]run.Container{at(domain, false, "A"), at(kms, true, "B")}, nil, kms, "(A blocked-inheritance) B"},
		"its own links are not blocked":           {[]run.Container{at(kms, true, "B")}, nil, kms, "B"},
		"a block takes in the site":               {[]run.Container{at(servers, true)}, []string{"S"}, kms, "(S blocked-inheritance)"},
		"enforced goes through a block":           {[]run.Container{at(domain, false, "A!"), at(kms, true, "B")}, nil, kms, "B A"},
		"a block further up spares what is below": {[]run.Container{at(domain, false, "A"), at(servers, true, "B"), at(kms, false, "C")}, nil, kms, "(A blocked-inheritance) B C"},
		"linked twice comes twice":                {[]run.Container{at(domain, false, "A"), at(kms, false, "A")}, nil, kms, "A A"},
		"CN=Computers has the domain's only":      {[]run.Container{at(domain, false, "A"), at("CN=Computers,"+domain, false, "X")}, nil, "CN=Computers," + domain, "A"},
		"names in another case":                   {[]run.Container{at("ou=kms,OU=servers,dc=Contoso,dc=test", false, "A")}, nil, kms, "A"},
		"another branch is none of its business":  {[]run.Container{at("OU=Other,"+domain, false, "A")}, nil, kms, ""},
		"a comma in a name":                       {[]run.Container{at(`OU=KMS\, hosts,`+domain, false, "A"), at(domain, false, "B")}, nil, `OU=KMS\, hosts,` + domain, "B A"},
	} {
		t.Run(name, func(t *testing.T) {
			x := NewIndex(&run.Forest{Domains: []run.Domain{{Name: "contoso.test", Containers: c.containers}}})
			var site *run.Container
			if c.site != nil {
				s := at("CN=HQ,CN=Sites,CN=Configuration,"+domain, false, c.site...)
				site = &s
			}
			var got []string
			for _, l := range x.Order(c.container, site) {
				word := strings.Trim(l.Link.GPO, "{}")
				if len(l.Lost) > 0 {
					word = "(" + word + " " + string(l.Lost[0].Code) + ")"
				}
				got = append(got, word)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDomainOf(t *testing.T) {
	for dn, want := range map[string]string{
		"CN=x,OU=y,DC=contoso,DC=test": "contoso.test",
		"cn=x, dc=Contoso , dc=TEST":   "contoso.test",
		`CN=a\,DC=b,DC=c`:              "c",
		"CN=x":                         "",
		"":                             "",
	} {
		if got := DomainOf(dn); got != want {
			t.Errorf("DomainOf(%q) = %q, want %q", dn, got, want)
		}
	}
}

func TestLinkedAt(t *testing.T) {
	const domain = "DC=contoso,DC=test"
	f := run.Forest{Domains: []run.Domain{{Name: "contoso.test", Containers: []run.Container{at(domain, false, "A-"), at("OU=KMS,"+domain, false, "A", "B")}}},
		Sites: []run.Site{{Container: at("CN=HQ,CN=Sites", false, "A")}}}
	var got []string
	for _, l := range NewIndex(&f).LinkedAt("CONTOSO.test", "{a}") {
		lost := ""
		if l.Lost.Has(reason.LinkDisabled) {
			lost = "disabled"
		}
		got = append(got, l.Scope+" "+lost)
	}
	want := []string{domain + " disabled", "OU=KMS," + domain + " ", "CN=HQ,CN=Sites "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
