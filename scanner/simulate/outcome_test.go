package simulate

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestCombine(t *testing.T) {
	const no = run.OutcomeDropped
	for _, c := range []struct {
		name     string
		from, to []Act
		agree    agreement
		want     []Result
	}{
		{"client clear, host require", []Act{SendsClear}, []Act{TakesSecured}, agrees, []Result{{no, "to"}}},
		{"client clear, host request", []Act{SendsClear}, []Act{TakesBoth}, agrees, []Result{{run.OutcomeClear, ""}}},
		{"client clear, host exempt or without a rule", []Act{SendsClear}, []Act{TakesClear}, agrees, []Result{{run.OutcomeClear, ""}}},
		{"client clear, host's firewall blocks", []Act{SendsClear}, []Act{TakesNothing}, agrees, []Result{{no, "to"}}},
		{"client request, host require", []Act{SendsTrying}, []Act{TakesSecured}, agrees, []Result{{run.OutcomeProtected, ""}}},
		{"client request, host request", []Act{SendsTrying}, []Act{TakesBoth}, agrees, []Result{{run.OutcomeProtected, ""}}},
		{"client request, host exempt or without a rule", []Act{SendsTrying}, []Act{TakesClear}, agrees, []Result{{run.OutcomeClear, ""}}},
		{"client request, host's firewall blocks", []Act{SendsTrying}, []Act{TakesNothing}, agrees, []Result{{no, "to"}}},
		{"client require, host require", []Act{SendsSecured}, []Act{TakesSecured}, agrees, []Result{{run.OutcomeProtected, ""}}},
		{"client require, host request", []Act{SendsSecured}, []Act{TakesBoth}, agrees, []Result{{run.OutcomeProtected, ""}}},
		{"client require, host exempt or without a rule", []Act{SendsSecured}, []Act{TakesClear}, agrees, []Result{{run.OutcomeFails, "from"}}},
		{"client require, host's firewall blocks", []Act{SendsSecured}, []Act{TakesNothing}, agrees, []Result{{no, "to"}}},
		{"client's firewall keeps it in", []Act{SendsNothing}, anyReceiver, agrees, []Result{{no, "from"}}},

		{"client request, host require, no agreement", []Act{SendsTrying}, []Act{TakesSecured}, disagrees, []Result{{no, "to"}}},
		{"client request, host request, no agreement", []Act{SendsTrying}, []Act{TakesBoth}, disagrees, []Result{{run.OutcomeClear, ""}}},
		{"client require, host require, no agreement", []Act{SendsSecured}, []Act{TakesSecured}, disagrees, []Result{{run.OutcomeFails, "from"}}},
		{"client require, host request, no agreement", []Act{SendsSecured}, []Act{TakesBoth}, disagrees, []Result{{run.OutcomeFails, "from"}}},
		{"client request, host require, who knows", []Act{SendsTrying}, []Act{TakesSecured}, mayAgree, []Result{{run.OutcomeProtected, ""}, {no, "to"}}},

		{"client clear, host require or blocks", []Act{SendsClear}, []Act{TakesSecured, TakesNothing}, agrees, []Result{{no, "to"}}},
		{"client unknown, host's firewall blocks", anySender, []Act{TakesNothing}, mayAgree, []Result{{no, "to"}}},
		{"client unknown, host require", anySender, []Act{TakesSecured}, mayAgree, []Result{{no, "to"}, {run.OutcomeProtected, ""}, {run.OutcomeFails, "from"}}},
		{"client unknown, host clear", anySender, []Act{TakesClear}, mayAgree, []Result{{run.OutcomeClear, ""}, {run.OutcomeFails, "from"}}},
		{"client clear, host unknown", []Act{SendsClear}, anyReceiver, mayAgree, []Result{{no, "to"}, {run.OutcomeClear, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := combine(c.from, c.to, func() agreement { return c.agree }); !slices.Equal(got, c.want) {
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
			combine([]Act{f}, []Act{to}, func() agreement { asked = true; return agrees })
			if want := (f == SendsTrying || f == SendsSecured) && (to == TakesSecured || to == TakesBoth); asked != want {
				t.Errorf("sender %d, receiver %d: asked %v", f, to, asked)
			}
		}
	}
}
