package backup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// plain reads the tokens of a document of the plain form in which programs write
// XML, many times as quick as the decoder. What it reads, the decoder reads in
// the same way: the tests hold both against each other. What is not plain, or
// wrong, is [errNotPlain], and the decoder is to read the document from its
// start. One plain is for many documents: it keeps what it needs for the next.
type plain struct {
	text     []byte
	at       int  // how much of the text was read
	empty    bool // the tag that was just read is that of an empty element
	open     []opened
	declared []namespace // in the elements that are open, the innermost last

	utf8    []byte // room for text that was in UTF-16
	chars   []byte // room for text that had entities
	attrs   []xml.Attr
	inner   [][]byte // names of elements that are passed over
	strings map[string]string
}

// opened is an element that has begun.
type opened struct {
	name     []byte // as it stands in the tag
	declared int    // how many namespaces are declared outside of it
}

// namespace is what a prefix stands for; "" is no prefix.
type namespace struct{ prefix, uri string }

// errNotPlain has no words of its own: nobody is told it.
var errNotPlain = errors.New("not plain XML")

// document begins with a document, and ends with the one before. It is UTF-16 with a
// byte order mark, as gpreport.xml is, or UTF-8.
func (p *plain) document(data []byte) *document {
	if max(cap(p.utf8), cap(p.chars)) > mostKept {
		p.utf8, p.chars = nil, nil
	}
	p.empty, p.open, p.declared = false, p.open[:0], p.declared[:0]
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		p.utf8 = registry.AppendUTF16(p.utf8[:0], data[2:])
		p.text = p.utf8
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		swapped := make([]byte, len(data)-2)
		for i := 0; i+1 < len(swapped); i += 2 {
			swapped[i], swapped[i+1] = data[i+3], data[i+2]
		}
		p.utf8 = registry.AppendUTF16(p.utf8[:0], swapped)
		p.text = p.utf8
	default:
		p.text = bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})
	}
	p.at = declaration(p.text)
	return &document{tokens: p}
}

// declaration returns how long the XML declaration is: one of version 1.0, that
// names the encoding in which these files are.
func declaration(text []byte) int {
	const head, tail = `<?xml version="1.0" encoding="`, `"?>`
	rest, ok := bytes.CutPrefix(text, []byte(head))
	if !ok {
		return 0
	}
	n := bytes.Index(rest, []byte(tail))
	if n < 0 || !bytes.EqualFold(rest[:n], []byte("utf-8")) && !bytes.EqualFold(rest[:n], []byte("utf-16")) {
		return 0
	}
	return len(head) + n + len(tail)
}

func (p *plain) next() (token, error) {
	for {
		switch rest := p.text[p.at:]; {
		case p.empty:
			p.empty = false
			return p.end()
		case len(rest) == 0 && len(p.open) == 0:
			return token{}, io.EOF
		case len(rest) == 0:
			return token{}, errNotPlain
		case rest[0] != '<':
			return p.charsUpTo(upTo(p.text, p.at, '<'))
		case bytes.HasPrefix(rest, []byte("</")):
			return p.endTag()
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			return p.cdata()
		case bytes.HasPrefix(rest, []byte("<!--")):
			end, ok := afterComment(p.text, p.at)
			if !ok {
				return token{}, errNotPlain
			}
			p.at = end
		default:
			return p.startTag()
		}
	}
}

// charsUpTo is a text up to a tag, or up to the end of the document.
func (p *plain) charsUpTo(end int) (token, error) {
	if end < len(p.text) && p.text[end] != '<' {
		return token{}, errNotPlain
	}
	raw := p.text[p.at:end]
	p.at = end
	return token{kind: kindText, text: p.unescaped(raw)}, nil
}

func (p *plain) cdata() (token, error) {
	from, end, ok := afterCDATA(p.text, p.at)
	if !ok {
		return token{}, errNotPlain
	}
	raw := p.text[from : end-len("]]>")]
	p.at = end
	return token{kind: kindText, text: p.lines(raw)}, nil
}

func (p *plain) startTag() (token, error) {
	outside := len(p.declared)
	p.attrs = p.attrs[:0]
	after, end, ok := startTag(p.text, p.at+1, func(name, value []byte) {
		a := xml.Attr{Name: p.split(name), Value: p.string(p.unescaped(value))}
		switch {
		case a.Name.Space == "xmlns":
			p.declared = append(p.declared, namespace{a.Name.Local, a.Value})
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			p.declared = append(p.declared, namespace{"", a.Value})
		}
		p.attrs = append(p.attrs, a)
	})
	if !ok {
		return token{}, errNotPlain
	}
	name := p.text[p.at+1 : after]
	p.open = append(p.open, opened{name, outside})
	p.at, p.empty = end, p.text[end-2] == '/'
	t := token{kind: kindBegin, begun: xml.StartElement{Name: p.split(name), Attr: p.attrs}}
	t.begun.Name.Space = p.space(t.begun.Name.Space)
	for i := range p.attrs {
		if n := &p.attrs[i].Name; n.Space != "" && n.Space != "xmlns" {
			n.Space = p.space(n.Space)
		}
	}
	return t, nil
}

// split parts a name at its prefix.
func (p *plain) split(name []byte) xml.Name {
	prefix, local, ok := bytes.Cut(name, []byte(":"))
	if !ok {
		return xml.Name{Local: p.string(name)}
	}
	return xml.Name{Space: p.string(prefix), Local: p.string(local)}
}

// space is what a prefix stands for; one that was not declared stands for itself.
func (p *plain) space(prefix string) string {
	if prefix == "xml" {
		return "http://www.w3.org/XML/1998/namespace"
	}
	for i := len(p.declared) - 1; i >= 0 && prefix != "xmlns"; i-- {
		if p.declared[i].prefix == prefix {
			return p.declared[i].uri
		}
	}
	return prefix
}

func (p *plain) endTag() (token, error) {
	if len(p.open) == 0 {
		return token{}, errNotPlain
	}
	end, ok := afterEndTag(p.text, p.at, p.open[len(p.open)-1].name)
	if !ok {
		return token{}, errNotPlain
	}
	p.at = end
	return p.end()
}

// end ends the innermost element.
func (p *plain) end() (token, error) {
	last := len(p.open) - 1
	p.declared, p.open = p.declared[:p.open[last].declared], p.open[:last]
	return token{kind: kindEnd}, nil
}

func (p *plain) pass(deep int) error {
	if p.empty {
		return nil
	}
	end, ok := inside(p.text, p.at, deep, &p.inner)
	if !ok {
		return errNotPlain
	}
	p.at = end
	return nil
}

// What p.strings keeps: most names and namespaces stand in every file.
const (
	longString  = 100 // octets
	manyStrings = 2000
)

// string is a string of octets that are about to change.
func (p *plain) string(b []byte) string {
	if len(b) > longString {
		return string(b)
	}
	if s, ok := p.strings[string(b)]; ok {
		return s
	}
	s := string(b)
	if p.strings == nil {
		p.strings = map[string]string{}
	}
	if len(p.strings) < manyStrings {
		p.strings[s] = s
	}
	return s
}
