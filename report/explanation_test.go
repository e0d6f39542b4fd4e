package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The documents are those that package explain is tested with.
const explained = "../scanner/explain/testdata"

func readDocument(t *testing.T, name string, to any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(explained, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestExplanations(t *testing.T) {
	for _, name := range []string{"outsider", "member", "unknown"} {
		t.Run(name, func(t *testing.T) {
			var x run.Explanation
			readDocument(t, name, &x)
			golden(t, "explain-"+name+".text", text(t, func(w io.Writer) error { return WriteExplanation(w, &x, Options{}) }))
			var b bytes.Buffer
			if err := WriteDocument(&b, &x); err != nil {
				t.Fatal(err)
			}
			if want, err := os.ReadFile(filepath.Join(explained, name+".json")); err != nil || !bytes.Equal(want, b.Bytes()) {
				t.Errorf("the document is not what was read (%v)", err)
			}
		})
	}
}

func TestDifference(t *testing.T) {
	var d run.Difference
	readDocument(t, "difference", &d)
	golden(t, "difference.text", text(t, func(w io.Writer) error { return WriteDifference(w, &d, Options{}) }))
	d.Changes, d.Notes = nil, nil
	if got := text(t, func(w io.Writer) error { return WriteDifference(w, &d, Options{Width: 200}) }); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "Nothing changes between monday and tuesday") {
		t.Errorf("without a change: %q", got)
	}
}

// What a directory says cannot draw on the terminal of who reads it, nor make a
// line of its own.
func TestExplanationOfHostileNames(t *testing.T) {
	var x run.Explanation
	readDocument(t, "outsider", &x)
	const bad = "a\x1b[31m\nFORGED at kms01: \u202enothing\t\x00"
	said := reason.List{reason.Quote(bad)}
	x.From.Name, x.Outcome.Sends, x.Outcome.Why, x.To.Why, x.From.Premise = bad, said, said, said, said
	x.To.GPOs[0].Name, x.To.Security.Rules[0].Rule, x.To.Account.DN, x.Sources[0].Source = bad, bad, bad, bad
	x.To.Notes = said
	got := text(t, func(w io.Writer) error { return WriteExplanation(w, &x, Options{}) })
	for _, line := range strings.Split(got, "\n") {
		if strings.HasPrefix(line, "FORGED") {
			t.Errorf("a name begins a line: %q", line)
		}
		for _, r := range line {
			if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("%q has %U", line, r)
			}
		}
	}
}

// An error says its reasons in words, and what was put before them stays.
func TestWordsOfErrors(t *testing.T) {
	one, other := reason.Fail(reason.ShareMissing), reason.Wrap(errors.New("x"), reason.NoDirectoryRead, "why", reason.Quote("the folder is empty"))
	for want, err := range map[string]error{
		"plain": errors.New("plain"),
		"a.json: no directory could be read: the folder is empty":                               fmt.Errorf("a.json: %w", other),
		"there is no share of that name":                                                        one,
		"both: there is no share of that name\nno directory could be read: the folder is empty": fmt.Errorf("both: %w", errors.Join(one, other)),
	} {
		if got := Words(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
