package winrm

import (
	"errors"
	"fmt"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func TestOutputWithoutItsMarksIsCut(t *testing.T) {
	const begin, end = "kmsiso-0123", "kmsiso-4567"
	for _, tc := range []struct {
		name, out string
		ok        bool
		want      string
		exit      int
	}{
		{"whole", "kmsiso-0123 \r\ntext\r\nkmsiso-4567 1\r\n", true, "text\r\n", 1},
		{"nothing but the marks", "kmsiso-0123\r\nkmsiso-4567 0\r\n", true, "", 0},
		{"AutoRun printed before", "Active code page: 65001\r\nkmsiso-0123\r\ntext\r\nkmsiso-4567 0\r\n", true, "text\r\n", 0},
		{"AutoRun printed no line end", "C:\\>kmsiso-0123\r\ntext\r\nkmsiso-4567 0\r\n", true, "text\r\n", 0},
		{"empty", "", false, "", 0},
		{"no first mark", "text\r\nkmsiso-4567 1\r\n", false, "", 0},
		{"the first mark comes last", "kmsiso-4567 1\r\nkmsiso-0123\r\n", false, "", 0},
		{"the whole line comes back", "echo kmsiso-0123 & text & call echo kmsiso-4567 1\r\n", false, "", 0},
		{"no last mark", "kmsiso-0123\r\ntext\r\n", false, "", 0},
		{"half a mark", "kmsiso-0123\r\ntext\r\nkmsiso-45", false, "", 0},
		{"a mark whose line is cut", "kmsiso-0123\r\ntext\r\nkmsiso-4567 1", false, "", 0},
		{"text after the mark", "kmsiso-0123\r\nkmsiso-4567 1\r\ntext\r\n", false, "", 0},
		{"no exit code", "kmsiso-0123\r\nkmsiso-4567 %errorlevel%\r\n", false, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, exit, err := cutMarks(tc.out, begin, end)
			if (err == nil) != tc.ok || out != tc.want || exit != tc.exit {
				t.Errorf("got %q, %d, %v", out, exit, err)
			}
		})
	}
}

func TestStderrHasItsMarks(t *testing.T) {
	const begin, end = "kmsiso-0123", "kmsiso-4567"
	for out, want := range map[string]string{
		"":                                  "",
		"kmsiso-0123  \r\nkmsiso-4567 \r\n": "",
		"AutoRun: not found\r\nkmsiso-0123\r\nkmsiso-4567\r\n": "",
		"kmsiso-0123\r\nERROR: denied\r\nkmsiso-4567 \r\n":     "ERROR: denied\r\n",
		"ERROR: denied\r\n":                                       "cut",
		"kmsiso-0123\r\nERROR: denied\r\n":                        "cut",
		"kmsiso-0123\r\nkmsiso-4567\r\nand more of something\r\n": "cut",
	} {
		got, err := cutComplaint(out, begin, end)
		if errors.Is(err, errCut) && reason.Of(err).Has(reason.OutputCut) {
			got = "cut"
		}
		if got != want {
			t.Errorf("%q: %q, %v; want %q", out, got, err, want)
		}
	}
}

func TestWhatIsAskedOnceMore(t *testing.T) {
	for name, c := range map[string]struct {
		out  result
		err  error
		want bool
	}{
		"a cut output":            {err: fmt.Errorf("reg: %w", errCut), want: true},
		"a program not started":   {out: result{exit: notStarted}, want: true},
		"an answer":               {out: result{exit: 0}},
		"a no":                    {out: result{exit: 1}},
		"another error":           {err: errors.New("refused")},
		"a fault":                 {err: &hostFault{code: codeOperations}, want: true},
		"a denial":                {err: &hostFault{code: codeDenied}},
		"an error with that exit": {out: result{exit: notStarted}, err: errors.New("refused")},
	} {
		if got := askAgain(c.out, c.err); got != c.want {
			t.Errorf("%s: asked again %v, want %v", name, got, c.want)
		}
	}
}
