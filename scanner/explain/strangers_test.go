package explain

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Every address at which the host's answer differs is among those that the
// difference names: asked by brute force.
func TestDiffMissesNoAddress(t *testing.T) {
	before := also(rule("{A}", strings.NewReplacer("198.18.40.0/25", "198.18.41.16-198.18.41.99", "kiosks", "a").Replace(kiosksRule)),
		rule("{B}", strings.NewReplacer("198.18.40.0/25", "198.18.41.64/27", "kiosks", "b").Replace(kiosksRule)))
	after := also(rule("{A}", strings.NewReplacer("198.18.40.0/25", "198.18.41.8-198.18.41.20", "kiosks", "a").Replace(kiosksRule)),
		rule("{B}", strings.NewReplacer("198.18.40.0/25", "198.18.41.64/27", "kiosks", "b").Replace(kiosksRule)))
	_, d := changes(t, before, after, "domain")
	named := map[netip.Addr]bool{}
	for _, c := range d.Changes {
		for _, g := range c.Packets {
			if cell, ok := strings.CutPrefix(g.From, "outsider in "); ok && g.To == "kms01" {
				for a := range each(t, cell) {
					named[a] = true
				}
			} else if one, ok := strings.CutPrefix(g.From, "outsider@"); ok && g.To == "kms01" {
				named[addr(one)] = true
			}
		}
	}
	p1, f1 := deployment(), contoso()
	before(p1, f1)
	p2, f2 := deployment(), contoso()
	after(p2, f2)
	one, two := world(t, p1, f1), world(t, p2, f2)
	for a := addr("198.18.41.0"); a != addr("198.18.41.128"); a = a.Next() {
		q := Question{From: "outsider@" + a.String(), To: "kms01"}
		was, err := one.Explain(q)
		if err != nil {
			t.Fatal(err)
		}
		is, err := two.Explain(q)
		if err != nil {
			t.Fatal(err)
		}
		if differs := was.Outcome.Verdict != is.Outcome.Verdict; differs != named[a] {
			t.Errorf("%s: %s to %s, named: %v", a, was.Outcome.Verdict, is.Outcome.Verdict, named[a])
		}
	}
}

// TestANameOfTheOtherState has a name that one of two states does not know.
func TestANameOfTheOtherState(t *testing.T) {
	d := &differ{before: world(t, deployment(), contoso()), after: world(t, deployment(), contoso())}
	if a := d.endpoint(intent.Endpoint{Name: "nobody-of-this-name"}); !a.old.Unknown.Has(reason.NameOfNobody) || a.old.Policy != nil {
		t.Errorf("%s", a.old.Unknown.Key())
	}
}

// each goes through the addresses of a range as it is written.
func each(t *testing.T, text string) func(func(netip.Addr) bool) {
	t.Helper()
	var first, last netip.Addr
	if n, err := netip.ParsePrefix(text); err == nil {
		first, last = n.Addr(), n.Addr()
		for n.Contains(last.Next()) {
			last = last.Next()
		}
	} else {
		a, b, _ := strings.Cut(text, "-")
		first, last = addr(a), addr(b)
	}
	return func(yield func(netip.Addr) bool) {
		for a := first; ; a = a.Next() {
			if !yield(a) || a == last {
				return
			}
		}
	}
}
