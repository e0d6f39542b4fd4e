package check

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestWhatARunLacksIsAnErrorByCode looks at an observation and a vantage that a
// run does not have.
func TestWhatARunLacksIsAnErrorByCode(t *testing.T) {
	in := &Input{plan: new(Plan), observed: make([]*run.Observation, 1)}
	if o := in.notObserved(run.Need{Vantage: "guest"}, 0); !o.Trouble.Equal(reason.One(reason.NotObserved)) {
		t.Errorf("%s", o.Trouble.Key())
	}
	if v := in.At("guest"); !v.Trouble.Equal(reason.One(reason.VantageNotConnected, "vantage", "guest")) {
		t.Errorf("%s", v.Trouble.Key())
	}
}
