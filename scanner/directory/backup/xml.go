package backup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// document is an XML file that is read element by element. It is read by one of
// two: [plain] is quick and knows plain XML, [strict] is the decoder of
// encoding/xml and tells what is wrong.
type document struct {
	tokens
	depth int
	chars []byte // of one text, kept for the next one
}

// tokens are the parts of a document, in their order.
type tokens interface {
	// next is the next start tag, end tag or text. Comments and declarations
	// are no tokens. At the end of the document it is [io.EOF].
	next() (token, error)
	// pass may go on to the end tag of the element that was just begun, where
	// elements in it are at most so deep.
	pass(deep int) error
}

// token is one part of a document. What it has holds until the next one is read.
type token struct {
	kind  kind
	begun xml.StartElement // of a start tag
	text  []byte           // of a text
}

// kind says what a token is.
type kind int

const (
	kindBegin kind = iota + 1
	kindEnd
	kindText
)

// maxDepth is far deeper than any of these files.
const maxDepth = 100

var errDepth = reason.Fail(reason.XMLDeep, "most", maxDepth)

// token is the next token; it keeps count of the depth.
func (d *document) token() (token, error) {
	t, err := d.next()
	if err != nil {
		return t, err
	}
	switch t.kind {
	case kindBegin:
		if d.depth++; d.depth > maxDepth {
			return t, errDepth
		}
	case kindEnd:
		d.depth--
	}
	return t, nil
}

// children calls f for each element inside the one that was just begun, and
// returns behind its end. f leaves the document behind the end of its own.
func (d *document) children(f func(xml.StartElement) error) error {
	for {
		t, err := d.token()
		if err != nil {
			return err
		}
		switch t.kind {
		case kindBegin:
			if err := f(t.begun); err != nil {
				return err
			}
		case kindEnd:
			return nil
		}
	}
}

// skip passes over the element that was just begun.
func (d *document) skip() error {
	if err := d.pass(maxDepth - d.depth); err != nil {
		return err
	}
	return d.children(func(xml.StartElement) error { return d.skip() })
}

// text returns the text of the element that was just begun; elements in it are
// passed over.
func (d *document) text() (string, error) {
	d.chars = d.chars[:0]
	for {
		t, err := d.token()
		if err != nil {
			return "", err
		}
		switch t.kind {
		case kindBegin:
			if err := d.skip(); err != nil {
				return "", err
			}
		case kindEnd:
			return string(bytes.TrimSpace(d.chars)), nil
		case kindText:
			d.chars = append(d.chars, t.text...)
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
		switch t.kind {
		case kindBegin:
			if begun || t.begun.Name.Local != local {
				return reason.Fail(reason.XMLOther, "element", t.begun.Name.Local, "want", local)
			}
			begun = true
			if err := f(); err != nil {
				return err
			}
		case kindText:
			if len(bytes.TrimSpace(t.text)) > 0 {
				return reason.Fail(reason.XMLStray)
			}
		}
	}
}
