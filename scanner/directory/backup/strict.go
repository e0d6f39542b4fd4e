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

// strict reads the tokens of a document by the decoder of encoding/xml. Entities
// other than the five of XML are errors, so a small file stays small.
type strict struct {
	*xml.Decoder
	whole string // its text
}

// newStrict makes the tokens of UTF-16 with a byte order mark, as gpreport.xml
// is, or of UTF-8.
func newStrict(data []byte) *strict {
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
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf-16", "unicode", "us-ascii": // the first two were decoded above
			return in, nil
		}
		return nil, reason.Fail(reason.XMLEncoding, "encoding", label)
	}
	return &strict{Decoder: d, whole: text}
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

// pass leaves it to next to read, and to check, what is in the element.
func (s *strict) pass(int) error { return nil }

// where adds the line and the column in which reading ended to a file's name.
func (s *strict) where(file string) string {
	// The decoder's own column may be before the first: it takes line ends back.
	read := s.whole[:s.InputOffset()]
	line, column := strings.Count(read, "\n")+1, len(read)-strings.LastIndexByte(read, '\n')
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
