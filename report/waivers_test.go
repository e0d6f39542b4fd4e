package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestWaiversInReports(t *testing.T) {
	r := runOf(square("a/v/t", run.Pass))
	for _, name := range []string{"table", "markdown"} {
		f, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		write := func(w ...run.Waiver) (first, all string) {
			r.Waivers = w
			var b bytes.Buffer
			if err := f.Write(&b, r, Options{Width: 200}); err != nil {
				t.Fatal(err)
			}
			head, _, _ := strings.Cut(b.String(), "\n\n")
			return head + strings.SplitN(b.String(), "\n\n", 3)[1], b.String()
		}
		if first, all := write(run.Waiver{Cell: "a/v/t", Owner: "ops", Until: "2027-01-01", Covers: true, Waived: 1}); strings.Contains(first+all, "not declared") || strings.Contains(all, "Unused") {
			t.Errorf("%s tells of a waiver that is used:\n%s", name, all)
		}
		if _, all := write(run.Waiver{Cell: "b/v/t", Owner: "ops", Until: "2027-01-01"}); !strings.Contains(all, "Unused waivers") || !strings.Contains(all, "b/v/t (ops, until 2027-01-01)") {
			t.Errorf("%s does not tell of an unused waiver:\n%s", name, all)
		}
		if first, all := write(run.Waiver{Cell: "b/gest/t", Owner: "ops", Until: "2027-01-01", Unknown: "there is no vantage gest"}); !strings.Contains(first, "1 waiver") || !strings.Contains(all, "no vantage gest") {
			t.Errorf("%s does not tell of a waiver of nothing:\n%s", name, all)
		}
		if _, all := write(run.Waiver{Cell: "b/v/t", Owner: "ops", Until: "2026-01-01", Expired: true}); strings.Contains(all, "Unused") {
			t.Errorf("%s tells of a waiver that has ended as of one that is unused:\n%s", name, all)
		}
	}
}
