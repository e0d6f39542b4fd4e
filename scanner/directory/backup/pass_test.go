package backup

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// decode passes over an element by the decoder alone.
func (d *document) decode() error {
	return d.children(func(xml.StartElement) error { return d.decode() })
}

// begun is a document of which the first element was begun.
func begun(t *testing.T, text string) *document {
	t.Helper()
	d := newDocument([]byte(text))
	if _, err := d.token(); err != nil {
		t.Fatal(err)
	}
	return d
}

// agree reads the element around content with passing and by the decoder alone:
// error and place must be the same. It returns whether something was passed.
func agree(t *testing.T, content string) bool {
	t.Helper()
	text := "<GPO>" + content + "</GPO> "
	quick, slow := begun(t, text), begun(t, text)
	err, want := quick.skip(), slow.decode()
	if (err == nil) != (want == nil) || err != nil && wrong(err).Error() != wrong(want).Error() {
		t.Errorf("%q: %v, and the decoder says %v", text, err, want)
	}
	if quick.offset() != slow.offset() {
		t.Errorf("%q is read up to octet %d, by the decoder up to %d", text, quick.offset(), slow.offset())
	}
	line, column := quick.position()
	// The decoder gives a column before the first where it takes a line end back.
	if l, c := slow.InputPos(); c > 0 && (line != l || column != c) {
		t.Errorf("%q is read up to %d:%d, by the decoder up to %d:%d", text, line, column, l, c)
	}
	return quick.passed > 0
}

func TestPass(t *testing.T) {
	for content, plain := range map[string]bool{
		"a":                               true,
		"<a>b</a>":                        true,
		"<a b=\"c\" d:e=\"\" />\r\n<f/>":  true,
		"<q1:a>&lt;ä&#xD;&#xA;\"'</q1:a>": true,
		"<a b=\"GPO>\">":                  false, // not the end of the tag
		"<a></b>":                         false,
		"<a><b></a></b>":                  false,
		"<a":                              false,
		"<a b>":                           false,
		"<a b=c/>":                        false,
		"<a b=\"<\"/>":                    false,
		"<a:b:c/>":                        false,
		"<:a/>":                           false,
		"<1/>":                            false,
		"<a b=\"c\"/ >":                   false,
		"&nbsp;":                          false,
		"&lt":                             false,
		"a ]]> b":                         false,
		"\x01":                            false,
		"\xff":                            false,
		"\uffff":                          false,
		"<!-- </GPO> -->":                 false,
		"<![CDATA[</GPO>]]>":              false,
		"<?a </GPO>?>":                    false,
		strings.Repeat("<a>", maxDepth-1) + strings.Repeat("</a>", maxDepth-1): true,
		strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth):     false,
	} {
		if got := agree(t, content); got != plain {
			t.Errorf("%q: passed is %v", content, got)
		}
	}
}

// TestPassReal passes over all that real reports have: else it were of no use.
func TestPassReal(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(realBackups, "*", "gpreport.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := newDocument(data)
		for {
			if t, err := d.token(); err != nil {
				break
			} else if _, ok := t.(xml.StartElement); ok {
				break
			}
		}
		d.pass()
		if rest := d.whole[d.offset():]; strings.TrimSpace(rest) != "</GPO>" {
			t.Errorf("%s is passed up to %.40q", file, rest)
		}
	}
}

// TestPassOdd looks once, not once for each element around it, at what is odd:
// else a foreign file of nested elements took a hundred times as long.
func TestPassOdd(t *testing.T) {
	text := strings.Repeat("<a>", 50) + "&nbsp;"
	d := begun(t, text)
	d.pass()
	if want := len(text) - len("&nbsp;"); d.odd != want {
		t.Fatalf("odd at octet %d, want %d", d.odd, want)
	}
	if _, err := d.token(); err != nil {
		t.Fatal(err)
	}
	d.odd = len(text)
	if d.pass(); d.odd != len(text) || d.passed != 0 {
		t.Errorf("looked again: odd %d, passed %d", d.odd, d.passed)
	}
}

func FuzzPass(f *testing.F) {
	for _, seed := range []string{"<a b=\"c\">d&amp;&#xD;</a>", "<a:b/><c><d/></c>", "]]>", "<!-- -->", "</GPO>", "<a b='c'/>", "é\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) { agree(t, content) })
}
