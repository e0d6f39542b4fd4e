package explain

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestNotesOfADiff(t *testing.T) {
	_, d := changes(t, nil, func(_ *intent.Policy, f *run.Forest) {
		f.Domains[0].Computers[1].Names = []string{"pc1.contoso.test", "pc3.contoso.test", "pc4.contoso.test"}
	})
	for _, want := range []reason.Reason{
		reason.New(reason.ComputersInOneState, "n", 2, "state", "new"), reason.New(reason.ComputersInOneState, "n", 1, "state", "old"),
		reason.New(reason.EndLeftOut, "name", "lost", "why", reason.New(reason.MemberWithoutAccount, "names", []string{"lost", "lost.contoso.test"})),
	} {
		if !slices.ContainsFunc(d.Notes, want.Equal) {
			t.Errorf("%s is not in %s", want.Key(), d.Notes.Key())
		}
	}
	for code, c := range map[reason.Code][2]change{
		reason.StatesUnlike: {nil, backedUp},
		reason.HostLeftOut:  {nil, func(p *intent.Policy, _ *run.Forest) { p.Hosts[1].Addresses = nil }},
		reason.AddressesUnasked: {nil, func(p *intent.Policy, f *run.Forest) {
			values := paper()
			for i := range 130 {
				one := fmt.Sprintf("198.18.%d.%d", 50+i/60, 1+i%60*3)
				values = append(values, rule(fmt.Sprintf("{%d}", i), strings.NewReplacer("198.18.40.0/25", one, "kiosks", one).Replace(kiosksRule)))
			}
			tell(values...)(p, f)
		}},
	} {
		if _, d = changes(t, c[0], c[1], "domain"); !d.Notes.Has(code) {
			t.Errorf("%s is not in %s", code, d.Notes.Key())
		}
	}
}

// Two states of which nothing is known are not the same.
func TestNothingIsKnownOfTheHosts(t *testing.T) {
	unknown := func(_ *intent.Policy, f *run.Forest) {
		f.Machines = []run.MachinePolicy{{Name: "other.reg", Registry: f.Domains[0].GPOs[0].Registry}}
		f.Domains = nil
	}
	make := func() *Explainer {
		p, f := deployment(), contoso()
		unknown(p, f)
		return world(t, p, f)
	}
	d, err := Diff(make(), make())
	if why := reason.Of(err); !why.Has(reason.HostsUnknown) || !why[0].Because("why").Has(reason.EndLeftOut) || !why.Names(reason.ExportOfOthers) {
		t.Errorf("%v, %v", d, err)
	}
}

// A state in which a forest could not be read says so.
func TestAForestThatOneStateLacks(t *testing.T) {
	one, two := world(t, deployment(), contoso(), fabrikam()), world(t, deployment(), contoso(), fabrikam())
	one.sources[1].Why = reason.One(reason.NoAnswerWithin)
	d, err := Diff(one, two)
	if err != nil || !d.Notes.Equal(reason.One(reason.StateUnread, "state", "old", "forest", "fabrikam.test", "why", one.sources[1].Why).Add(d.Notes...)) {
		t.Errorf("%v, notes %s", err, d.Notes.Key())
	}
}

// A GPO that may come to the hosts and says something else in the new state is
// no "nothing changes".
func TestUnknownInBothStates(t *testing.T) {
	maybe := func(text string) change {
		return func(_ *intent.Policy, f *run.Forest) {
			lab := newGPO(labID, "Lab", dn, []registry.Value{rule("{L}", text)})
			lab.Security = ""
			f.Domains[0].GPOs = append(f.Domains[0].GPOs, lab)
			f.Domains[0].Containers[0].Links = append(f.Domains[0].Containers[0].Links, run.Link{GPO: labID, DN: lab.DN})
		}
	}
	got, d := changes(t, maybe(kiosksRule), maybe(strings.Replace(kiosksRule, "198.18.40.0/25", "0.0.0.0/0", 1)))
	if len(got) > 0 || d.Unknown == 0 {
		t.Errorf("%d are unknown, and these change: %v", d.Unknown, got)
	}
	if got, d = changes(t, maybe(kiosksRule), maybe(kiosksRule)); len(got) > 0 || d.Unknown > 0 {
		t.Errorf("of the same facts %d are unknown, and these change: %v", d.Unknown, got)
	}
}
