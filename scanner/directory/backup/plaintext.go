package backup

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// What follows is the form of plain XML, in octets of a text. Each function takes
// where something begins, and returns where it ends.

// inside returns where the content of an element ends, at its end tag, that begins
// at i; or up to where it is plain. Elements in it are at most so deep. room is for
// their names.
func inside(text []byte, i, deep int, room *[][]byte) (end int, ok bool) {
	open := (*room)[:0]
	for {
		if i = upTo(text, i, '<'); i >= len(text) || text[i] != '<' {
			return i, false
		}
		switch rest := text[i:]; {
		case bytes.HasPrefix(rest, []byte("</")):
			last := len(open) - 1
			if last < 0 {
				return i, true
			}
			if i, ok = afterEndTag(text, i, open[last]); !ok {
				return i, false
			}
			open = open[:last]
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			if _, i, ok = afterCDATA(text, i); !ok {
				return i, false
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if i, ok = afterComment(text, i); !ok {
				return i, false
			}
		default:
			name, end, ok := startTag(text, i+1, nil)
			if !ok || len(open) == deep {
				return i, false
			}
			if text[end-2] != '/' {
				open = append(open, text[i+1:name])
				*room = open
			}
			i = end
		}
	}
}

// startTag reads a start tag behind its <, up to behind its >. after is where its
// name ends. attr is called for each attribute, in its order, if there is an attr.
func startTag(text []byte, i int, attr func(name, value []byte)) (after, end int, ok bool) {
	if after = nameEnd(text, i); after == i {
		return i, i, false
	}
	for i = after; ; {
		switch rest := text[i:]; {
		case bytes.HasPrefix(rest, []byte(">")):
			return after, i + 1, true
		case bytes.HasPrefix(rest, []byte("/>")):
			return after, i + 2, true
		case !bytes.HasPrefix(rest, []byte(" ")):
			return after, i, false
		}
		for i < len(text) && text[i] == ' ' {
			i++
		}
		name := i
		if i = nameEnd(text, i); i == name {
			continue // white space before the end of the tag
		}
		if !bytes.HasPrefix(text[i:], []byte(`="`)) {
			return after, i, false
		}
		equals := i
		if i = upTo(text, equals+2, '"'); i >= len(text) || text[i] != '"' {
			return after, i, false
		}
		if attr != nil {
			attr(text[name:equals], text[equals+2:i])
		}
		i++
	}
}

// nameEnd returns where a name ends that begins at i: letters, digits and signs of
// ASCII, with a prefix or without. It is i where there is no such name.
func nameEnd(text []byte, i int) int {
	end := partEnd(text, i)
	if end == i || end == len(text) || text[end] != ':' {
		return end
	}
	if local := partEnd(text, end+1); local > end+1 && (local == len(text) || text[local] != ':') {
		return local
	}
	return i
}

// partEnd returns where a name without prefix ends that begins at i.
func partEnd(text []byte, i int) int {
	if i == len(text) || kinds[text[i]]&letter == 0 {
		return i
	}
	for i < len(text) && kinds[text[i]]&(letter|sign) != 0 {
		i++
	}
	return i
}

// afterEndTag returns where the end tag of that name ends.
func afterEndTag(text []byte, i int, name []byte) (end int, ok bool) {
	end = i + len("</") + len(name)
	return end + 1, end < len(text) && text[end] == '>' && bytes.Equal(text[i+len("</"):end], name)
}

// afterComment returns where the comment ends.
func afterComment(text []byte, i int) (end int, ok bool) {
	i += len("<!--")
	n := bytes.Index(text[i:], []byte("--"))
	end = i + n + len("-->")
	return end, n >= 0 && end <= len(text) && text[end-1] == '>'
}

// afterCDATA returns where the text of a CDATA section begins, and where the
// section ends.
func afterCDATA(text []byte, i int) (from, end int, ok bool) {
	from = i + len("<![CDATA[")
	n := bytes.Index(text[from:], []byte("]]>"))
	if n < 0 {
		return from, i, false
	}
	for end = from; end < from+n; end++ { // what has a meaning elsewhere has none here
		if end = upTo(text[:from+n], end, 0); end < from+n && !strings.ContainsRune(`<>&`, rune(text[end])) {
			return from, end, false
		}
	}
	return from, from + n + len("]]>"), true
}

// upTo returns the place of the next octet end, where a text or the value of an
// attribute ends. It stops before that at an octet that only the decoder can read, and
// at the end of the document.
func upTo(text []byte, i int, end byte) int {
	for {
		if i = plainEnd(text, i); i >= len(text) {
			return i
		}
		c := text[i]
		switch {
		case c == end:
			return i
		case kinds[c]&plainText != 0:
			i++
		case c == '&':
			n, _ := entity(text[i:])
			if n == 0 {
				return i
			}
			i += n
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError || r >= 0xfffe && r <= 0xffff {
				return i
			}
			i += n
		default:
			return i
		}
	}
}

// plainEnd passes over octets, eight at a time, that stand for themselves wherever
// they are. Fewer than eight it leaves where they are.
func plainEnd(text []byte, i int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	for ; len(text)-i >= 8; i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		// An octet of these is zero for < and >, and for & and ", which differ by
		// one bit. The lowest octet that is marked is marked rightly.
		angle, mark := (x|ones*0x02)^ones*'>', (x|ones*0x04)^ones*'&'
		odd := (x | (x-ones*' ')&^x | (angle-ones)&^angle | (mark-ones)&^mark) & highs
		if odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	return i
}

// entities are the five of XML, and the characters of Windows' line ends.
var entities = []struct {
	text  string
	means byte
}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#xD;", '\r'}, {"&#xA;", '\n'}}

// entity returns the length of the entity that begins here, and what it stands
// for.
func entity(text []byte) (n int, means byte) {
	for _, e := range entities {
		if len(text) >= len(e.text) && string(text[:len(e.text)]) == e.text {
			return len(e.text), e.means
		}
	}
	return 0, 0
}

// unescaped is a text that [upTo] has read, with what its entities and line ends
// stand for.
func (p *plain) unescaped(raw []byte) []byte {
	if bytes.IndexByte(raw, '&') < 0 {
		return p.lines(raw)
	}
	out := p.chars[:0]
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '&':
			n, means := entity(raw[i:])
			out = append(out, means)
			i += n - 1
		case '\r':
			out = append(out, '\n')
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
		default:
			out = append(out, c)
		}
	}
	p.chars = out
	return out
}

// lines is a text with the line ends that XML has, a newline each.
func (p *plain) lines(raw []byte) []byte {
	if bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	out := p.chars[:0]
	for i, c := range raw {
		switch {
		case c == '\r':
			out = append(out, '\n')
		case c == '\n' && i > 0 && raw[i-1] == '\r':
		default:
			out = append(out, c)
		}
	}
	p.chars = out
	return out
}

// What an octet can be.
const (
	letter    = 1 << iota // a name begins with it
	sign                  // it stands in a name
	plainText             // it stands for itself in a text
)

var kinds = func() (all [256]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			all[c] = letter | plainText
		case c >= '0' && c <= '9', c == '-', c == '.':
			all[c] = sign | plainText
		case c >= ' ' && !strings.ContainsRune(`<>&`, rune(c)), c == '\t', c == '\n', c == '\r':
			all[c] = plainText
		}
	}
	return all
}()
