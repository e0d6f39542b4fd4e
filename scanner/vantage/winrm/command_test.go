package winrm

import (
	"errors"
	"fmt"
	"testing"
)

func TestOutputWithoutItsMarkIsCut(t *testing.T) {
	const mark = "kmsiso-0123"
	for _, tc := range []struct {
		name, out string
		ok        bool
		want      string
		exit      int
	}{
		{"whole", "text\r\nkmsiso-0123 1\r\n", true, "text\r\n", 1},
		{"nothing but the mark", "kmsiso-0123 0\r\n", true, "", 0},
		{"empty", "", false, "", 0},
		{"no mark", "text\r\n", false, "", 0},
		{"half a mark", "text\r\nkmsiso-01", false, "", 0},
		{"a mark whose line is cut", "text\r\nkmsiso-0123 1", false, "", 0},
		{"text after the mark", "kmsiso-0123 1\r\ntext\r\n", false, "", 0},
		{"no exit code", "kmsiso-0123 %errorlevel%\r\n", false, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, exit, err := cutMark(tc.out, mark)
			if (err == nil) != tc.ok || out != tc.want || exit != tc.exit {
				t.Errorf("got %q, %d, %v", out, exit, err)
			}
		})
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
		"an error with that exit": {out: result{exit: notStarted}, err: errors.New("refused")},
	} {
		if got := askAgain(c.out, c.err); got != c.want {
			t.Errorf("%s: asked again %v, want %v", name, got, c.want)
		}
	}
}
