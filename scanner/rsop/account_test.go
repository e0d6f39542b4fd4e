package rsop

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestFind(t *testing.T) {
	account := func(name, dns string, enabled bool) run.Account {
		return run.Account{Name: name, DNSName: dns, Enabled: enabled}
	}
	e := New(&run.Forest{Name: "a.test", Domains: []run.Domain{{Name: "a.test",
		Accounts:  []run.Account{account("KMS01", "kms01.a.test", true), account("WEB", "", true), account("OLD", "pc1.a.test", false)},
		Computers: []run.Computers{{Names: []string{"kms01.a.test", "pc1.a.test", "Laptop.a.test", "twin.a.test"}}},
	}}}, &run.Forest{Name: "b.test", Domains: []run.Domain{{Name: "b.test",
		Accounts:  []run.Account{account("MAIL", "mail.b.test", false), account("MAIL2", "mail.b.test", true)},
		Computers: []run.Computers{{Names: []string{"twin.b.test", "kms01.b.test"}}},
	}}})
	for name, want := range map[string]struct {
		found   string // "" for nobody, "?" where it is not clear
		account bool
	}{
		"kms01.a.test":  {"kms01.a.test", true},
		"KMS01.A.test.": {"kms01.a.test", true},
		"kms01":         {"kms01.a.test", true}, // a declared machine comes before the list of all
		"web":           {"web", true},
		"web.a.test":    {"", false},
		"laptop":        {"laptop.a.test", false},
		"LAPTOP.a.test": {"laptop.a.test", false},
		"twin":          {"?", false},
		"twin.b.test":   {"twin.b.test", false},
		"mail.b.test":   {"mail.b.test", true}, // the enabled one of two
		"pc1":           {"pc1.a.test", true},  // disabled, and the only one
		"nobody":        {"", false},
	} {
		f, err := e.Find(name)
		got := ""
		switch {
		case err != nil:
			got = "?"
		case f != nil:
			got = f.Name
		}
		if got != want.found || f != nil && (f.Account != nil) != want.account {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want.found)
		}
		if f != nil && f.Account != nil && f.Name == "mail.b.test" && !f.Account.Enabled {
			t.Errorf("%s is the disabled account", name)
		}
	}
}

// Machines with the same GPOs share a policy, whatever those are called.
func TestPoliciesAreOfGPOs(t *testing.T) {
	e := New()
	one, two := &run.GPO{ID: "{1}"}, &run.GPO{ID: "{1}"}
	first := e.policy([]*run.GPO{one})
	if first != e.policy([]*run.GPO{one}) {
		t.Error("one GPO has two policies")
	}
	if e.policy([]*run.GPO{one}) == e.policy([]*run.GPO{two}) || e.policy([]*run.GPO{one, two}) == e.policy([]*run.GPO{two, one}) {
		t.Error("two GPOs, or two orders of them, have one policy")
	}
}
