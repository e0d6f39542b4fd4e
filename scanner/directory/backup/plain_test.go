package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// spelled are all tokens of a document, and how reading ended. Elements with the
// name skip are passed over.
func spelled(d *document) (all []string, err error) {
	for {
		t, err := d.token()
		if err != nil {
			return all, err
		}
		all = append(all, fmt.Sprintf("%d %q %q %q", t.kind, t.begun.Name, t.begun.Attr, t.text))
		if t.kind == kindBegin && t.begun.Name.Local == "skip" {
			if err := d.skip(); err != nil {
				return all, err
			}
		}
	}
}

// decoder are the tokens by encoding/xml alone.
type decoder struct{ *strict }

func (decoder) pass(int) error { return nil }

// agree reads a document in all ways. What is plain has the same tokens, and ends in
// the same way, by the decoder alone; and so has everything by the decoder where it
// passes over what is plain. It returns whether it is plain.
func agree(t *testing.T, p *plain, data []byte) bool {
	t.Helper()
	quick, err := spelled(p.document(data))
	whole, passing := decoder{newStrict(p.text)}, newStrict(p.text)
	want, slow := spelled(&document{tokens: whole})
	if got, err := spelled(&document{tokens: passing}); !slices.Equal(got, want) || wrong(err).Error() != wrong(slow).Error() || passing.where("") != whole.where("") {
		t.Errorf("%q ends with %v at %s, by the decoder alone with %v at %s", data, err, passing.where(""), slow, whole.where(""))
	}
	if errors.Is(err, errNotPlain) || errors.Is(err, errDepth) {
		return false
	}
	if !errors.Is(err, io.EOF) || !errors.Is(slow, io.EOF) {
		t.Errorf("%q ends with %v, by the decoder with %v", data, err, slow)
	}
	if !slices.Equal(quick, want) {
		t.Errorf("%q is\n%s\nby the decoder\n%s", data, strings.Join(quick, "\n"), strings.Join(want, "\n"))
	}
	return true
}

func TestPlain(t *testing.T) {
	const declared = `<?xml version="1.0" encoding="utf-16"?>`
	var p plain // one for all: nothing of a document is left for the next
	for content, want := range map[string]bool{
		"a":                               true,
		"<a>b</a>":                        true,
		"<a b=\"c\" d:e=\"\" />\r\n<f/>":  true,
		"<q1:a>&lt;ä&#xD;&#xA;\"'</q1:a>": true,
		"a\r\nb\rc\n\r\r\nd":              true,
		"\r&amp;\n&#xD;\n":                true,
		"<a b=\"\r\n&quot;\"/>":           true,
		"<![CDATA[</GPO>&lt;& \r\n]]]>":   true,
		"<![CDATA[]]><![CDATA[ä]]>":       true,
		"<!-- </GPO> \x01 & -->b":         true,
		"<!---->":                         true,
		`<a xmlns="u" xmlns:p="v" p:b="c"><p:d e=""/><f xmlns=""/></a><p:g/>`: true,
		`<a xmlns:xml="u" xml:b="c"/><xml:d/>`:                                true,
		`<a xmlns:p="u"><b xmlns:p="v"><p:c/></b><p:d/></a>`:                  true,
		`<xmlns:a xmlns:xmlns="u"/>`:                                          true,
		"<a b=\"GPO>\">":                                                      false, // not the end of the tag
		"<a></b>":                                                             false,
		"<a><b></a></b>":                                                      false,
		"</a>":                                                                false,
		"<a":                                                                  false,
		"<a b>":                                                               false,
		"<a b=c/>":                                                            false,
		"<a b=\"<\"/>":                                                        false,
		"<a:b:c/>":                                                            false,
		"<:a/>":                                                               false,
		"<1/>":                                                                false,
		"<a b=\"c\"/ >":                                                       false,
		"&nbsp;":                                                              false,
		"&lt":                                                                 false,
		"a ]]> b":                                                             false,
		"\x01":                                                                false,
		"\xff":                                                                false,
		"\uffff":                                                              false,
		"<![CDATA[\x01]]>":                                                    false,
		"<![CDATA[\xff]]>":                                                    false,
		"<![CDATA[":                                                           false,
		"<!-- -- -->":                                                         false,
		"<!-- --ab":                                                           false,
		"<a xmlns=\"u\">":                                                     false, // and nothing of it is left
		"<!--":                                                                false,
		"<!-- --":                                                             false,
		"<?a </GPO>?>":                                                        false,
		"<!DOCTYPE a>":                                                        false,
		strings.Repeat("<a>", maxDepth-2) + strings.Repeat("</a>", maxDepth-2):              true,
		strings.Repeat("<a>", maxDepth-1) + strings.Repeat("</a>", maxDepth-1):              false,
		strings.Repeat("<a>", maxDepth-3) + "<b/><b/>" + strings.Repeat("</a>", maxDepth-3): true,
	} {
		for _, around := range []string{"<GPO><b>%s</b></GPO>", "<GPO><skip>%s</skip>a</GPO>\r\n", declared + "<GPO><b>%s</b></GPO>"} {
			text := fmt.Sprintf(around, content)
			for _, data := range [][]byte{[]byte(text), append([]byte("\xef\xbb\xbf"), text...), wide(text)} {
				if strings.Contains(content, "\xff") && data[0] == 0xff {
					continue // there is no such text in UTF-16
				}
				if got := agree(t, &p, data); got != want {
					t.Errorf("%q: plain is %v", data, got)
				}
			}
		}
	}
	for text, want := range map[string]bool{
		"": true, " ": true, "a": true, "<a/>": true, "<a/> <b/>": true, "<a>": false, "</a>": false, "\xfe\xff\x00<\x00a\x00/\x00>": true,
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n<a/>": true, `<?xml version="1.0" encoding="koi8-r"?><a/>`: false,
		`<?xml version="1.1" encoding="utf-8"?><a/>`: false, `<a/><?xml version="1.0" encoding="utf-8"?>`: false, "\xff\xfe<\x00a\x00/\x00>\x00x": true,
	} {
		if got := agree(t, &p, []byte(text)); got != want {
			t.Errorf("%q: plain is %v", text, got)
		}
	}
}

// TestPassOdd: the decoder's tokens look once, not once for each element around it, at
// what is odd: else a foreign file of nested elements took a hundred times as long.
func TestPassOdd(t *testing.T) {
	text := strings.Repeat("<a>", 50) + "&nbsp;"
	s := newStrict([]byte(text))
	d := document{tokens: s}
	next := func() {
		if _, err := d.token(); err != nil {
			t.Fatal(err)
		}
		if err := d.pass(maxDepth); err != nil {
			t.Fatal(err)
		}
	}
	if next(); s.odd != len(text)-len("&nbsp;") {
		t.Fatalf("odd at octet %d", s.odd)
	}
	s.odd = len(text)
	if next(); s.odd != len(text) || s.passed != 0 {
		t.Errorf("looked again: odd %d, passed %d", s.odd, s.passed)
	}
	s = newStrict([]byte("<a><b>c</b></a>"))
	d = document{tokens: s}
	if next(); s.passed != len("<b>c</b>") {
		t.Errorf("passed %d", s.passed)
	}
}

// TestPlainEnd puts each octet in each place of some that are plain.
func TestPlainEnd(t *testing.T) {
	for c := range 256 {
		plain := c >= ' ' && c < 0x80 && !strings.ContainsRune(`<>&"`, rune(c))
		for at := range 16 {
			text := []byte(strings.Repeat("a", 20))
			text[at] = byte(c)
			want := 16
			if !plain {
				want = at
			}
			if got := plainEnd(text, 0); got != want {
				t.Errorf("%#02x at %d: %d", c, at, got)
			}
		}
	}
}

// TestPlainReal: all that real backups have is plain, else it were of no use.
func TestPlainReal(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(realBackups, "*", "*.xml"))
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	var p plain
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !agree(t, &p, data) {
			t.Errorf("%s is not plain", file)
		}
	}
}

// TestPlainStrings: a foreign file fills no memory with names.
func TestPlainStrings(t *testing.T) {
	var p plain
	var b strings.Builder
	for i := range 2 * manyStrings {
		fmt.Fprintf(&b, "<a%d/>", i)
	}
	agree(t, &p, []byte("<a><"+strings.Repeat("b", longString+1)+"/>"+b.String()+"</a>"))
	if n := len(p.strings); n != manyStrings {
		t.Errorf("%d strings are kept", n)
	}
	for s := range p.strings {
		if len(s) > longString {
			t.Errorf("%d octets are kept", len(s))
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{
		"<a b=\"c\">d&amp;&#xD;</a>", "<a:b/><c><d/></c>", "]]>", "<!-- -->", "</GPO>", "<a b='c'/>", "é\u2028",
		"<![CDATA[a]]>", "<skip><a>\r</a></skip>", `<a xmlns="b" xmlns:c="d"><c:e c:f=""/></a>`, "\r<!---->\n",
	} {
		f.Add([]byte("<GPO>" + seed + "</GPO>"))
	}
	f.Add([]byte(`<?xml version="1.0" encoding="utf-8"?><a/>`))
	f.Add(wide("<a>\u20ac</a>\r\n"))
	var p plain
	f.Fuzz(func(t *testing.T, data []byte) { agree(t, &p, data) })
}
