package explain

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestCombine(t *testing.T) {
	const no = run.OutcomeDropped
	for _, c := range []struct {
		name     string
		from, to []conduct
		agree    agreement
		want     []result
	}{
		{"client clear, host require", []conduct{sendsClear}, []conduct{takesSecured}, agrees, []result{{no, "to"}}},
		{"client clear, host request", []conduct{sendsClear}, []conduct{takesBoth}, agrees, []result{{run.OutcomeClear, ""}}},
		{"client clear, host exempt or without a rule", []conduct{sendsClear}, []conduct{takesClear}, agrees, []result{{run.OutcomeClear, ""}}},
		{"client clear, host's firewall blocks", []conduct{sendsClear}, []conduct{takesNothing}, agrees, []result{{no, "to"}}},
		{"client request, host require", []conduct{sendsTrying}, []conduct{takesSecured}, agrees, []result{{run.OutcomeProtected, ""}}},
		{"client request, host request", []conduct{sendsTrying}, []conduct{takesBoth}, agrees, []result{{run.OutcomeProtected, ""}}},
		{"client request, host exempt or without a rule", []conduct{sendsTrying}, []conduct{takesClear}, agrees, []result{{run.OutcomeClear, ""}}},
		{"client request, host's firewall blocks", []conduct{sendsTrying}, []conduct{takesNothing}, agrees, []result{{no, "to"}}},
		{"client require, host require", []conduct{sendsSecured}, []conduct{takesSecured}, agrees, []result{{run.OutcomeProtected, ""}}},
		{"client require, host request", []conduct{sendsSecured}, []conduct{takesBoth}, agrees, []result{{run.OutcomeProtected, ""}}},
		{"client require, host exempt or without a rule", []conduct{sendsSecured}, []conduct{takesClear}, agrees, []result{{run.OutcomeFails, "from"}}},
		{"client require, host's firewall blocks", []conduct{sendsSecured}, []conduct{takesNothing}, agrees, []result{{no, "to"}}},
		{"client's firewall keeps it in", []conduct{sendsNothing}, anyReceiver, agrees, []result{{no, "from"}}},

		{"client request, host require, no agreement", []conduct{sendsTrying}, []conduct{takesSecured}, disagrees, []result{{no, "to"}}},
		{"client request, host request, no agreement", []conduct{sendsTrying}, []conduct{takesBoth}, disagrees, []result{{run.OutcomeClear, ""}}},
		{"client require, host require, no agreement", []conduct{sendsSecured}, []conduct{takesSecured}, disagrees, []result{{run.OutcomeFails, "from"}}},
		{"client require, host request, no agreement", []conduct{sendsSecured}, []conduct{takesBoth}, disagrees, []result{{run.OutcomeFails, "from"}}},
		{"client request, host require, who knows", []conduct{sendsTrying}, []conduct{takesSecured}, mayAgree, []result{{run.OutcomeProtected, ""}, {no, "to"}}},

		{"client clear, host require or blocks", []conduct{sendsClear}, []conduct{takesSecured, takesNothing}, agrees, []result{{no, "to"}}},
		{"client unknown, host's firewall blocks", anySender, []conduct{takesNothing}, mayAgree, []result{{no, "to"}}},
		{"client unknown, host require", anySender, []conduct{takesSecured}, mayAgree, []result{{no, "to"}, {run.OutcomeProtected, ""}, {run.OutcomeFails, "from"}}},
		{"client unknown, host clear", anySender, []conduct{takesClear}, mayAgree, []result{{run.OutcomeClear, ""}, {run.OutcomeFails, "from"}}},
		{"client clear, host unknown", []conduct{sendsClear}, anyReceiver, mayAgree, []result{{no, "to"}, {run.OutcomeClear, ""}}},
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
	for f := range conduct(4) {
		for to := range conduct(4) {
			asked := false
			combine([]conduct{f}, []conduct{to}, func() agreement { asked = true; return agrees })
			if want := (f == sendsTrying || f == sendsSecured) && (to == takesSecured || to == takesBoth); asked != want {
				t.Errorf("sender %d, receiver %d: asked %v", f, to, asked)
			}
		}
	}
}
