package wql

import (
	"regexp"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/tri"
)

func TestTable(t *testing.T) {
	version := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	seen := map[Windows]bool{}
	counts := map[Role]int{}
	for _, w := range Table() {
		if !version.MatchString(w.Version) || w.caption == "" || seen[w] {
			t.Errorf("%+v", w)
		}
		seen[w] = true
		if w.HasRules() {
			counts[w.Role]++
		}
		// What is known of a caption must be what the name may have.
		c := comparison{operator: "LIKE", constant: token{kind: tokenText, text: "%" + w.Name + "%"}, captions: captionParts(w.Name)}
		if c.caption(w).truth == tri.No {
			t.Errorf("%s: its own name is not in its caption", w)
		}
	}
	for name, has := range map[string]bool{
		"Windows XP": false, "Windows XP x64": false, "Windows Vista": true, "Windows 7": true, "Windows 11 24H2": true,
	} {
		if got := row(t, name, Client).HasRules(); got != has {
			t.Errorf("%s has rules: %t", name, got)
		}
	}
	for name, has := range map[string]bool{"Windows Server 2003": false, "Windows Server 2008": true, "Windows Server 2025": true} {
		for _, role := range []Role{MemberServer, Controller} {
			if got := row(t, name, role).HasRules(); got != has {
				t.Errorf("%s has rules: %t", name, got)
			}
		}
	}
	if counts[Client] != len(clientReleases)-2 || counts[MemberServer] != len(serverReleases)-1 || counts[Controller] != counts[MemberServer] {
		t.Errorf("got %v", counts)
	}
	Table()[0].Name = "changed"
	if Table()[0].Name == "changed" {
		t.Error("the table can be changed from outside")
	}
}

// A property whose value is known has a kind.
func TestClassesKnowTheirProperties(t *testing.T) {
	for class, names := range map[string][]string{
		"win32_operatingsystem": {"BuildNumber", "OSType", "ProductType", "ServicePackMajorVersion", "Version"},
		"win32_computersystem":  {"DomainRole", "PartOfDomain"},
	} {
		var got []string
		for _, p := range classes[class].properties {
			if p.values != nil && p.kind != kindOther {
				got = append(got, p.name)
			}
		}
		if slices.Sort(got); !slices.Equal(got, names) {
			t.Errorf("%s: got %v", class, got)
		}
	}
}

func TestServicePack(t *testing.T) {
	for name, want := range map[string][]string{
		"Windows XP": nil, "Windows Vista": {"0"}, "Windows Vista SP1": {"1"}, "Windows Vista SP2": {"2"}, "Windows 7": {"0"},
		"Windows 7 SP1": {"1"}, "Windows 8": {"0"}, "Windows 11 24H2": {"0"},
	} {
		if got := row(t, name, Client).servicePack(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if got := row(t, "Windows Server 2008 SP2, updated since 2019", Controller).servicePack(); !slices.Equal(got, []string{"2"}) {
		t.Errorf("got %v", got)
	}
}
