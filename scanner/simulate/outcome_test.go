package simulate

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

func TestCombine(t *testing.T) {
	const no = run.OutcomeDropped
	for _, c := range []struct {
		name     string
		from, to []Act
		agree    tri.State
		want     []Result
	}{
		{"client clear, host require", []Act{SendsClear}, []Act{TakesSecured}, tri.Yes, []Result{{no, "to"}}},
		{"client clear, host request", []Act{SendsClear}, []Act{TakesBoth}, tri.Yes, []Result{{run.OutcomeClear, ""}}},
		{"client clear, host exempt or without a rule", []Act{SendsClear}, []Act{TakesClear}, tri.Yes, []Result{{run.OutcomeClear, ""}}},
		{"client clear, host's firewall blocks", []Act{SendsClear}, []Act{TakesNothing}, tri.Yes, []Result{{no, "to"}}},
		{"client request, host require", []Act{SendsTrying}, []Act{TakesSecured}, tri.Yes, []Result{{run.OutcomeProtected, ""}}},
		{"client request, host request", []Act{SendsTrying}, []Act{TakesBoth}, tri.Yes, []Result{{run.OutcomeProtected, ""}}},
		{"client request, host exempt or without a rule", []Act{SendsTrying}, []Act{TakesClear}, tri.Yes, []Result{{run.OutcomeClear, ""}}},
		{"client request, host's firewall blocks", []Act{SendsTrying}, []Act{TakesNothing}, tri.Yes, []Result{{no, "to"}}},
		{"client require, host require", []Act{SendsSecured}, []Act{TakesSecured}, tri.Yes, []Result{{run.OutcomeProtected, ""}}},
		{"client require, host request", []Act{SendsSecured}, []Act{TakesBoth}, tri.Yes, []Result{{run.OutcomeProtected, ""}}},
		{"client require, host exempt or without a rule", []Act{SendsSecured}, []Act{TakesClear}, tri.Yes, []Result{{run.OutcomeFails, "from"}}},
		{"client require, host's firewall blocks", []Act{SendsSecured}, []Act{TakesNothing}, tri.Yes, []Result{{no, "to"}}},
		{"client's firewall keeps it in", []Act{SendsNothing}, anyReceiver, tri.Yes, []Result{{no, "from"}}},

		{"client request, host require, no agreement", []Act{SendsTrying}, []Act{TakesSecured}, tri.No, []Result{{no, "to"}}},
		{"client request, host request, no agreement", []Act{SendsTrying}, []Act{TakesBoth}, tri.No, []Result{{run.OutcomeClear, ""}}},
		{"client require, host require, no agreement", []Act{SendsSecured}, []Act{TakesSecured}, tri.No, []Result{{run.OutcomeFails, "from"}}},
		{"client require, host request, no agreement", []Act{SendsSecured}, []Act{TakesBoth}, tri.No, []Result{{run.OutcomeFails, "from"}}},
		{"client request, host require, who knows", []Act{SendsTrying}, []Act{TakesSecured}, tri.Unknown, []Result{{run.OutcomeProtected, ""}, {no, "to"}}},

		{"client clear, host require or blocks", []Act{SendsClear}, []Act{TakesSecured, TakesNothing}, tri.Yes, []Result{{no, "to"}}},
		{"client unknown, host's firewall blocks", anySender, []Act{TakesNothing}, tri.Unknown, []Result{{no, "to"}}},
		{"client unknown, host require", anySender, []Act{TakesSecured}, tri.Unknown, []Result{{no, "to"}, {run.OutcomeProtected, ""}, {run.OutcomeFails, "from"}}},
		{"client unknown, host clear", anySender, []Act{TakesClear}, tri.Unknown, []Result{{run.OutcomeClear, ""}, {run.OutcomeFails, "from"}}},
		{"client clear, host unknown", []Act{SendsClear}, anyReceiver, tri.Unknown, []Result{{no, "to"}, {run.OutcomeClear, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := combine(c.from, c.to, func() tri.State { return c.agree }); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// Whether the ends agree is asked only where both want IPsec.
func TestAgreementIsNotAskedForNothing(t *testing.T) {
	for f := range Act(4) {
		for to := range Act(4) {
			asked := false
			combine([]Act{f}, []Act{to}, func() tri.State { asked = true; return tri.Yes })
			if want := (f == SendsTrying || f == SendsSecured) && (to == TakesSecured || to == TakesBoth); asked != want {
				t.Errorf("sender %d, receiver %d: asked %v", f, to, asked)
			}
		}
	}
}
