package render

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for name, x := range map[string]struct{ in, want string }{
		"plain text stays":               {"guest 198.18.20.9 -> kms02:1688", "guest 198.18.20.9 -> kms02:1688"},
		"letters of the world stay":      {"Zürich 名前 Ω é", "Zürich 名前 Ω é"},
		"blanks at the ends go":          {"  a  b ", "a  b"},
		"line ends become a blank":       {"a\nb\rc\td\u2028e\u0085f", "a b c d e f"},
		"a colour sequence goes whole":   {"a\x1b[1;31mb\x1b[0mc", "abc"},
		"so does one with an 8-bit CSI":  {"a\u009b31mb", "ab"},
		"a window title goes whole":      {"a\x1b]0;owned\x07b", "ab"},
		"a title with a long terminator": {"a\x1b]0;owned\x1b\\b", "ab"},
		"a device control string goes":   {"a\x1bPq#0\x1b\\b", "ab"},
		"an open title keeps its text":   {"a\x1b]0;the rest", "a0;the rest"},
		"an open CSI keeps its text":     {"a\x1b[12", "a12"},
		"a CSI cut by a line end":        {"a\x1b[1\nb", "a1 b"},
		"a lone escape at the end":       {"a\x1b", "a"},
		"a two-byte sequence":            {"a\x1bcb", "ab"},
		"overprinting goes":              {"pass\b\b\b\bFAIL", "passFAIL"},
		"a null byte goes":               {"a\x00b", "ab"},
		"delete goes":                    {"a\x7fb", "ab"},
		"bidirectional overrides go":     {"a\u202egnp\u2066b\u200e", "agnpb"},
		"zero-width characters go":       {"k\u200bm\ufeffs\u2060", "kms"},
		"tag characters go":              {"a\U000e0041b", "ab"},
		"fillers that show nothing go":   {"a\u3164\u115fb", "ab"},
		"noncharacters go":               {"a\ufffeb\uffff", "ab"},
		"private use goes":               {"a\ue000b", "ab"},
		"bytes that are no UTF-8":        {"a\xff\xfeb", "a\ufffd\ufffdb"},
		"an 8-bit CSI as a bare byte":    {"a\x9b31mb", "a\ufffd31mb"},
		"nothing":                        {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Clean(x.in); got != x.want {
				t.Errorf("%q became %q, want %q", x.in, got, x.want)
			}
		})
	}
}

func TestCleanLines(t *testing.T) {
	got := CleanLines("GPMC: a\n\n  \x1b[2J\nPowerShell: b\r\n")
	if strings.Join(got, "|") != "GPMC: a|PowerShell: b" {
		t.Errorf("%q", got)
	}
}

func FuzzClean(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		c := Clean(s)
		if !utf8.ValidString(c) {
			t.Fatalf("%q became %q, which is no UTF-8", s, c)
		}
		for _, r := range c {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q became %q, which holds %U", s, c, r)
			}
		}
		if again := Clean(c); again != c {
			t.Fatalf("%q became %q, and that %q", s, c, again)
		}
		for _, width := range []int{1, 7, 80} {
			for _, l := range Wrap(c, width) {
				if Width(l) > max(width, 2) {
					t.Fatalf("%q wrapped to %d columns has a line of %d: %q", c, width, Width(l), l)
				}
			}
		}
	})
}

func TestWrap(t *testing.T) {
	for name, x := range map[string]struct {
		in    string
		width int
		want  string
	}{
		"short enough":        {"a b", 3, "a b"},
		"at the blank":        {"aaa bbb ccc", 7, "aaa bbb|ccc"},
		"a word too wide":     {"aa bbbbbbb c", 4, "aa|bbbb|bbb|c"},
		"wide letters":        {"名前名前", 5, "名前|名前"},
		"a letter over width": {"名前", 1, "名|前"},
		"nothing":             {"  ", 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(Wrap(x.in, x.width), "|"); got != x.want {
				t.Errorf("got %q, want %q", got, x.want)
			}
		})
	}
}

func TestHang(t *testing.T) {
	if got := Hang("  cause  ", "aaaa bbbb cccc", 18); got != "  cause  aaaa bbbb\n         cccc\n" {
		t.Errorf("%q", got)
	}
	if got := Hang("  cause  ", "", 18); got != "  cause\n" {
		t.Errorf("without text %q", got)
	}
	if got := Hang(Red.Paint("FAIL")+"  ", "aaaa bbbb", 10); got != "\x1b[1;31mFAIL\x1b[0m  aaaa\n      bbbb\n" {
		t.Errorf("a coloured label is counted by what shows: %q", got)
	}
}

func TestShorten(t *testing.T) {
	for in, want := range map[string]string{"kms01": "kms01", "a-long-name": "a-lo…", "名前名前": "名前…"} {
		if got := Shorten(in, 5); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestGrid(t *testing.T) {
	got, err := Grid([][]string{{"", "guest_1", "a.b"}, {"check", Red.Paint("FAIL"), "-"}, {"longer-check", "-", "名前"}})
	if err != nil {
		t.Fatal(err)
	}
	want := "              guest_1  a.b\n" +
		"check         \x1b[1;31mFAIL\x1b[0m     -\n" +
		"longer-check  -        名前\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBlocks(t *testing.T) {
	rows := [][]string{{"", "aaaa", "bbbb", "cccccccccccc", "d"}, {"xx", "1", "2", "3", "4"}}
	var shape []string
	for _, b := range Blocks(rows, 14) {
		shape = append(shape, strings.Join(b[0], "+")+"/"+strings.Join(b[1], "+"))
	}
	if got := strings.Join(shape, " "); got != "+aaaa+bbbb/xx+1+2 +cccccccccccc/xx+3 +d/xx+4" {
		t.Errorf("blocks %s", got)
	}
	if Blocks(nil, 80) != nil || Blocks([][]string{{""}}, 80) != nil {
		t.Error("a grid without columns has blocks")
	}
}
