package backup

import (
	"io"
	"strings"
	"unicode/utf8"
)

// pass goes on to the end tag of the element that was just begun, past what is
// in it, where that is of the plain form in which programs write XML. A report
// is for the most part settings that nobody asks for, and the decoder takes ten
// times as long for them. What is not plain, or wrong, is left to it.
func (d *document) pass() {
	from := d.offset()
	if from < d.odd || strings.HasSuffix(d.whole[:from], "/>") {
		return
	}
	n, plain := inside(d.whole[from:], maxDepth-d.depth)
	if !plain {
		d.odd = from + n
		return
	}
	d.passed += n
	if _, err := d.in.Seek(int64(n), io.SeekCurrent); err != nil {
		panic(err) // n octets are there
	}
}

// inside returns how long the content of an element is, where text begins
// behind its start tag; or how far it is plain. Elements in it are at most so
// deep. What is plain here the decoder takes as well: the test holds both
// against each other.
func inside(text string, depth int) (n int, plain bool) {
	var open []string
	for i := 0; ; {
		j, ok := chars(text, i, '<')
		if !ok || j+1 >= len(text) {
			return j, false
		}
		if i = j + 1; text[i] != '/' {
			name, end, ok := startTag(text, i)
			switch {
			case !ok, len(open) == depth:
				return j, false
			case text[end-2] != '/':
				open = append(open, name)
			}
			i = end
			continue
		}
		if len(open) == 0 {
			return j, true
		}
		last := open[len(open)-1]
		if !strings.HasPrefix(text[i+1:], last) || !strings.HasPrefix(text[i+1+len(last):], ">") {
			return j, false
		}
		open = open[:len(open)-1]
		i += 1 + len(last) + 1
	}
}

// startTag reads a start tag behind its <, up to behind its >.
func startTag(text string, i int) (name string, end int, ok bool) {
	after := nameEnd(text, i)
	name = text[i:after]
	for i = after; name != ""; {
		switch {
		case strings.HasPrefix(text[i:], ">"):
			return name, i + 1, true
		case strings.HasPrefix(text[i:], "/>"):
			return name, i + 2, true
		case !strings.HasPrefix(text[i:], " "):
			return "", i, false
		}
		for i < len(text) && text[i] == ' ' {
			i++
		}
		if after = nameEnd(text, i); after == i {
			continue // white space before the end of the tag
		}
		if !strings.HasPrefix(text[after:], `="`) {
			break
		}
		if i, ok = chars(text, after+2, '"'); !ok {
			break
		}
		i++
	}
	return "", i, false
}

// nameEnd returns where a name ends that begins at i: letters, digits and signs of
// ASCII, with a prefix or without. It is i where there is no such name.
func nameEnd(text string, i int) int {
	part := func(i int) int {
		for j := i; ; j++ {
			switch {
			case j < len(text) && kinds[text[j]]&letter != 0:
			case j > i && j < len(text) && kinds[text[j]]&sign != 0:
			default:
				return j
			}
		}
	}
	end := part(i)
	if end == i || !strings.HasPrefix(text[end:], ":") {
		return end
	}
	if local := part(end + 1); local > end+1 && !strings.HasPrefix(text[local:], ":") {
		return local
	}
	return i
}

// chars returns where the text from i on, or the value of an attribute, ends:
// at the next octet end. It is no plain text that has none, or what only the
// decoder knows.
func chars(text string, i int, end byte) (at int, ok bool) {
	for i < len(text) {
		switch k := kinds[text[i]]; {
		case text[i] == end:
			return i, true
		case k&plainText != 0:
			i++
		case text[i] == '&':
			n := entity(text[i:])
			if n == 0 {
				return i, false
			}
			i += n
		case text[i] == '"': // in a text
			i++
		case text[i] >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError || r >= 0xfffe && r <= 0xffff {
				return i, false
			}
			i += n
		default:
			return i, false
		}
	}
	return i, false
}

// entity returns the length of an entity: one of the five of XML, or a
// character of Windows' line ends.
func entity(text string) int {
	for _, e := range []string{"&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#xD;", "&#xA;"} {
		if strings.HasPrefix(text, e) {
			return len(e)
		}
	}
	return 0
}

// What an octet can be.
const (
	letter    = 1 << iota // a name begins with it
	sign                  // it stands in a name
	plainText             // it stands for itself in text and in quotes
)

var kinds = func() (all [256]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			all[c] = letter | plainText
		case c >= '0' && c <= '9', c == '-', c == '.':
			all[c] = sign | plainText
		case c >= ' ' && !strings.ContainsRune(`<>&"`, rune(c)), c == '\t', c == '\n', c == '\r':
			all[c] = plainText
		}
	}
	return all
}()

// offset is how much of the text was read.
func (d *document) offset() int { return int(d.InputOffset()) + d.passed }

// position is the line and the column of the offset, as [xml.Decoder.InputPos]
// has it.
func (d *document) position() (line, column int) {
	read := d.whole[:d.offset()]
	return strings.Count(read, "\n") + 1, len(read) - strings.LastIndexByte(read, '\n')
}
