package backup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// document is an XML file that is read element by element. Entities other than
// the five of XML are errors, so a small file stays small.
type document struct {
	*xml.Decoder
	whole  string          // its text
	in     *strings.Reader // what the decoder is yet to take of it
	passed int             // octets of it that the decoder did not see
	odd    int             // where [document.pass] was stopped
	depth  int
}

// maxDepth is far deeper than any of these files.
const maxDepth = 100

var errDepth = reason.Fail(reason.XMLDeep, "most", maxDepth)

// newDocument makes a document of UTF-16 with a byte order mark, as
// gpreport.xml is, or of UTF-8.
func newDocument(data []byte) *document {
	var text string
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		text = registry.UTF16(data[2:])
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		swapped := make([]byte, len(data)-2)
		for i := 0; i+1 < len(swapped); i += 2 {
			swapped[i], swapped[i+1] = data[i+3], data[i+2]
		}
		text = registry.UTF16(swapped)
	default:
		text = string(bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf}))
	}
	in := strings.NewReader(text) // the decoder takes it octet by octet, and none too early
	d := xml.NewDecoder(in)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf-16", "unicode", "us-ascii": // the first two were decoded above
			return in, nil
		}
		return nil, reason.Fail(reason.XMLEncoding, "encoding", label)
	}
	return &document{Decoder: d, whole: text, in: in}
}

// token is the next token that is neither a comment nor a declaration; it
// keeps count of the depth.
func (d *document) token() (xml.Token, error) {
	for {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case xml.StartElement:
			if d.depth++; d.depth > maxDepth {
				return nil, errDepth
			}
		case xml.EndElement:
			d.depth--
		case xml.Comment, xml.ProcInst, xml.Directive:
			continue
		}
		return t, nil
	}
}

// children calls f for each element inside the one that was just begun, and
// returns behind its end. f leaves the document behind the end of its own.
func (d *document) children(f func(xml.StartElement) error) error {
	for {
		t, err := d.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := f(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip passes over the element that was just begun.
func (d *document) skip() error {
	d.pass()
	return d.children(func(xml.StartElement) error { return d.skip() })
}

// text returns the text of the element that was just begun; elements in it are
// passed over.
func (d *document) text() (string, error) {
	var b strings.Builder
	for {
		t, err := d.token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := d.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return strings.TrimSpace(b.String()), nil
		case xml.CharData:
			b.Write(t)
		}
	}
}

// root begins the document with the element of that name and calls f in it;
// nothing but white space may follow.
func (d *document) root(local string, f func() error) error {
	begun := false
	for {
		t, err := d.token()
		switch {
		case errors.Is(err, io.EOF) && begun:
			return nil
		case errors.Is(err, io.EOF):
			return reason.Fail(reason.XMLEmpty)
		case err != nil:
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if begun || t.Name.Local != local {
				return reason.Fail(reason.XMLOther, "element", t.Name.Local, "want", local)
			}
			begun = true
			if err := f(); err != nil {
				return err
			}
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return reason.Fail(reason.XMLStray)
			}
		}
	}
}

// where adds the line and the column in which reading ended to a file's name.
func (d *document) where(file string) string {
	line, column := d.position()
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}

// wrong is what is wrong with a document, without the line, which stands
// beside it.
func wrong(err error) error {
	var s *xml.SyntaxError
	if errors.As(err, &s) || errors.Is(err, io.EOF) {
		return reason.Wrap(err, reason.XMLMalformed) // what it says of an entity or a tag may be half of a preshared key
	}
	return err
}
