package backup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// strict reads the tokens of a document by the decoder of encoding/xml. Entities
// other than the five of XML are errors, so a small file stays small.
type strict struct {
	*xml.Decoder
	whole  []byte        // its text
	in     *bytes.Reader // what the decoder is yet to take of it
	passed int           // octets of it that the decoder did not see
	odd    int           // where pass was stopped
	inner  [][]byte      // room for pass
}

// newStrict makes the tokens of a text in UTF-8.
func newStrict(text []byte) *strict {
	in := bytes.NewReader(text) // the decoder takes it octet by octet, and none too early
	d := xml.NewDecoder(in)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf-16", "unicode", "us-ascii": // the first two were decoded before
			return in, nil
		}
		return nil, reason.Fail(reason.XMLEncoding, "encoding", label)
	}
	return &strict{Decoder: d, whole: text, in: in}
}

func (s *strict) next() (token, error) {
	for {
		t, err := s.Token()
		if err != nil {
			return token{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return token{kind: kindBegin, begun: t}, nil
		case xml.EndElement:
			return token{kind: kindEnd}, nil
		case xml.CharData:
			return token{kind: kindText, text: t}, nil
		}
	}
}

// pass goes past what is plain, for which the decoder takes ten times as long. What
// is not it leaves to next to read, and to tell what is wrong.
func (s *strict) pass(deep int) error {
	from := s.offset()
	if from < s.odd || bytes.HasSuffix(s.whole[:from], []byte("/>")) {
		return nil
	}
	end, plain := inside(s.whole, from, deep, &s.inner)
	if !plain {
		s.odd = end
		return nil
	}
	s.passed += end - from
	_, err := s.in.Seek(int64(end-from), io.SeekCurrent)
	return err
}

// offset is how much of the text was read.
func (s *strict) offset() int { return int(s.InputOffset()) + s.passed }

// where adds the line and the column in which reading ended to a file's name.
func (s *strict) where(file string) string {
	read := s.whole[:s.offset()]
	line, column := bytes.Count(read, []byte("\n"))+1, len(read)-bytes.LastIndexByte(read, '\n')
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
