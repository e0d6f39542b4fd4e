package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The codes are in people's alerts.
func TestStatusCodesNeverChange(t *testing.T) {
	for want, c := range []run.Cell{
		square("a/v/t", run.Pass), square("a/v/t", run.Pass, unattributed), square("a/v/t", run.Skip), square("a/v/t", run.Waived),
		square("a/v/t", run.Inconclusive), square("a/v/t", run.Error), square("a/v/t", run.Fail),
	} {
		if got := status(&c); got != want {
			t.Errorf("%s has code %d, want %d", word(&c), got, want)
		}
		got := written(t, "prometheus", runOf(c), Options{})
		if line := fmt.Sprintf("\nkmsiso_cell_status{check=\"a\",target=\"t\",vantage=\"v\"} %d\n", want); !strings.Contains(got, line) {
			t.Errorf("no %s", line)
		}
	}
	odd := square("a/v/t", "odd")
	if got := statuses[status(&odd)].name; got != "error" {
		t.Errorf("what is no verdict is %s", got)
	}
}

// The series of a cell is the same one whatever the verdict, and two names that
// look the same are one series rather than an exposition that is refused.
func TestSeriesAreStable(t *testing.T) {
	r := runOf(square("a/v/t", run.Pass), square("a/v\u200b/t", run.Fail), square("a/v/t ", run.Error))
	got := written(t, "prometheus", r, Options{})
	if strings.Count(got, "\nkmsiso_cell_status{") != 1 || !strings.Contains(got, `vantage="v"} 6`) {
		t.Errorf("\n%s", got)
	}
}

// A credential is one series, 1 while it is held back, and says nothing else.
func TestCredentialsHeldBack(t *testing.T) {
	r := runOf(square("a/v/t", run.Pass))
	r.Credentials = []run.Credential{{Name: "reader", Held: true, Place: "dc01", Why: reason.One(reason.PasswordWrong)}, {Name: "clients"}, {Name: "clients ", Held: true}}
	got := written(t, "prometheus", r, Options{})
	for _, line := range []string{`kmsiso_credential_refused{credential="reader"} 1`, `kmsiso_credential_refused{credential="clients"} 1`} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
	if strings.Contains(got, "wrong password") || strings.Count(got, "\nkmsiso_credential_refused{") != 2 {
		t.Errorf("\n%s", got)
	}
}
